#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/fix/message.hpp>

namespace holdfast::fix {

/// A message that is encoded but for what is known only when it leaves: MsgSeqNum, SendingTime and TransactTime.
/// Endpoint::prepare() makes them. A value.
class Prepared {
 public:
  /// `encoded`: all of the message on the wire, with any values there; empty: it could not be encoded yet.
  Prepared(Message message, std::string_view encoded);

  const Message& message() const { return message_; }
  bool encoded() const { return !pieces_.empty(); }
  /// On the wire. REQUIRES: encoded(). Times are UTCTimestamps.
  std::string bytes(std::uint64_t seq, std::string_view sending_time, std::string_view transact_time) const;

 private:
  struct Piece {
    std::string text;
    int then = 0;  ///< The tag whose value follows; zero: nothing does.
  };
  Message message_;
  std::vector<Piece> pieces_;
};

}  // namespace holdfast::fix
