#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast::fix {

/// What a message of these bytes ends with: CheckSum (10).
std::string trailer_of(std::string_view bytes);

/// Finds messages in a stream of bytes. What is garbled as FIX defines it (BodyLength or CheckSum is wrong, the
/// first three fields are not 8, 9 and 35, there is no tag where one should be) is passed over up to the next
/// message, and uses no sequence number.
class Framer {
 public:
  explicit Framer(std::size_t limit) : limit_{limit} {}

  void add(std::string_view bytes);
  /// The next whole message, checksum included; valid until the next call of add(). Empty: there is none yet.
  std::string_view next();
  /// More than the limit was passed over since the last message: the stream is not worth reading on.
  bool lost() const { return passed_over_ > limit_; }

 private:
  std::string buffer_;
  std::size_t at_ = 0;  ///< What was before is done with.
  std::size_t limit_;
  std::size_t passed_over_ = 0;
};

/// The value of the first field with this tag in a framed message; empty when there is none.
std::string_view raw_field(std::string_view message, int tag);

}  // namespace holdfast::fix
