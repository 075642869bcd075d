#pragma once

#include <map>
#include <string>
#include <vector>

#include "dialect.hpp"

namespace holdfast::venue {

/// A message on its way to a session, named by its CompID.
struct Outgoing {
  std::string session;
  fix::Message message;
  bool waits = true;  ///< For the session to log on, if it is not.
};

/// Who subscribed to what, and what each has been shown: a snapshot (W), then what changed (X), numbered per
/// subscription (RptSeq) without gaps. One thread at a time.
class MarketData {
 public:
  /// FIX V. `stale`: the snapshot is that of long ago, and its number, too.
  void request(const std::string& session, const fix::Message& message, const Exchange& exchange, bool stale, Time now,
               std::vector<Outgoing>& out);
  /// Everything a session subscribed to.
  void drop(const std::string& session);
  /// What changed since the last call.
  void publish(const Exchange& exchange, Time now, std::vector<Outgoing>& out);

 private:
  struct View {
    std::vector<Book::Level> bids, offers;
  };
  struct Subscription {
    std::string session, id, symbol;
    std::size_t depth = 0;
    bool bids = false, offers = false, trades = false;
    View shown;
    std::uint64_t updates = 0, trade = 0, seq = 0;
  };
  View view_of(const Exchange& exchange, const Subscription& to) const;
  static fix::Message snapshot(const Subscription& to, const View& view, const Exchange& exchange, std::uint64_t seq, Time now);
  void changes(Subscription& to, const Exchange& exchange, Time now, std::vector<Outgoing>& out);

  std::vector<Subscription> subscriptions_;
  std::map<std::string, View> first_;  ///< What was shown of a symbol first.
};

}  // namespace holdfast::venue
