#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/time.hpp>

#include <holdfast/fix/content.hpp>

namespace holdfast::fix {

/// A business message: its type and its body. Header and trailer are the session's affair; what they
/// say about a received message stands beside it. A plain value: one thread at a time.
class Message {
 public:
  explicit Message(std::string type) { content_.type = std::move(type); }
  explicit Message(Content content, const Head& head = {});

  /// MsgType (35), such as "D".
  const std::string& type() const { return content_.type; }
  const Content& content() const { return content_; }

  /// Replaces the field or appends it. An empty value takes it out: FIX knows no empty fields.
  Message& set(int tag, std::string_view value);
  Message& set(int tag, const char* value) { return set(tag, std::string_view{value}); }
  Message& set(int tag, char value) { return set(tag, std::string_view{&value, 1}); }
  Message& set(int tag, std::int64_t value) { return set(tag, std::string_view{std::to_string(value)}); }
  Message& set(int tag, std::uint64_t value) { return set(tag, std::string_view{std::to_string(value)}); }
  Message& set(int tag, int value) { return set(tag, std::int64_t{value}); }
  Message& set(int tag, bool value) { return set(tag, value ? 'Y' : 'N'); }
  /// Price, Quantity, Money, Rate: the shortest exact decimal text.
  template <class Tag>
  Message& set(int tag, Fixed<Tag> value) {
    return set(tag, std::string_view{value.str()});
  }
  /// UTCTimestamp with microseconds.
  Message& set(int tag, Time value);

  /// Valid until the message changes.
  std::optional<std::string_view> get(int tag) const;

  /// Appends an entry to the repeating group that `count_tag` counts.
  Message& add(int count_tag, Entry entry);
  /// Empty when there is no such group.
  const std::vector<Entry>& entries(int count_tag) const;

  bool poss_dup = false;     ///< PossDupFlag (43): the session sent it before, with the same number.
  bool poss_resend = false;  ///< PossResend (97). Sent, too, when it is set.
  std::uint64_t seq = 0;     ///< MsgSeqNum (34), for Endpoint::acknowledge(); only on receipt.
  Time sending_time{};       ///< SendingTime (52); only on receipt.

 private:
  Content content_;
};

/// "YYYYMMDD-HH:MM:SS.uuuuuu".
std::string timestamp(Time time);
/// "YYYYMMDD".
std::string date(Time time);
/// UTCTimestamp with any number of decimals up to nine; second 60 is none. Empty when it is not one.
std::optional<Time> parse_timestamp(std::string_view text);

/// The field of an entry; valid while the entry is.
std::optional<std::string_view> get(const Entry& entry, int tag);

// Typed readers of a Message or an Entry: empty when the field is missing or not such a value.

/// A decimal number with at most eight decimals that fits; see Fixed::parse().
template <class Amount, class Source>
std::optional<Amount> amount(const Source& source, int tag);
template <class Source>
std::optional<Price> price(const Source& source, int tag) {
  return amount<Price>(source, tag);
}
template <class Source>
std::optional<Quantity> quantity(const Source& source, int tag) {
  return amount<Quantity>(source, tag);
}
template <class Source>
std::optional<Money> money(const Source& source, int tag) {
  return amount<Money>(source, tag);
}
std::optional<std::int64_t> integer(std::optional<std::string_view> text);
template <class Source>
std::optional<std::int64_t> integer(const Source& source, int tag);
/// The first and only character.
template <class Source>
std::optional<char> character(const Source& source, int tag);
/// Y or N.
template <class Source>
std::optional<bool> boolean(const Source& source, int tag);
template <class Source>
std::optional<Time> time(const Source& source, int tag);
/// The text itself, empty when there is none.
template <class Source>
std::string text(const Source& source, int tag);

namespace detail {
inline std::optional<std::string_view> field(const Message& message, int tag) { return message.get(tag); }
inline std::optional<std::string_view> field(const Entry& entry, int tag) { return get(entry, tag); }
}  // namespace detail

template <class Amount, class Source>
std::optional<Amount> amount(const Source& source, int tag) {
  const auto value = detail::field(source, tag);
  return value ? Amount::parse(*value) : std::nullopt;
}
template <class Source>
std::optional<std::int64_t> integer(const Source& source, int tag) {
  return integer(detail::field(source, tag));
}
template <class Source>
std::optional<char> character(const Source& source, int tag) {
  const auto value = detail::field(source, tag);
  return value && value->size() == 1 ? std::optional{value->front()} : std::nullopt;
}
template <class Source>
std::optional<bool> boolean(const Source& source, int tag) {
  const auto value = character(source, tag);
  return value == 'Y' || value == 'N' ? std::optional{value == 'Y'} : std::nullopt;
}
template <class Source>
std::optional<Time> time(const Source& source, int tag) {
  const auto value = detail::field(source, tag);
  return value ? parse_timestamp(*value) : std::nullopt;
}
template <class Source>
std::string text(const Source& source, int tag) {
  return std::string{detail::field(source, tag).value_or("")};
}

}  // namespace holdfast::fix
