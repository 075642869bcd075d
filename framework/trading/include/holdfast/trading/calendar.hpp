#pragma once

#include <holdfast/sdk/time.hpp>
#include <holdfast/trading/time_zone.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

/// When an instrument trades, as its `session` says:
///
///   24x7                                                     always; its days end at midnight, UTC
///   08:00-16:30                                              each day, UTC; over midnight, too
///   Mon-Fri 09:30-16:00 America/New_York                     on these days, by that zone's clocks
///   Mon-Fri 09:30-16:00 America/New_York except 2026-11-26 2026-11-27@13:00
///                                                            not on the first date; until 13:00 on the second
///
/// Days and dates are those on which a session opens. Immutable; [any-thread].
class Calendar {
 public:
  /// From when to when there is trade; `closes` is no part of it.
  struct Session {
    Time opens, closes;
  };

  /// Always open.
  Calendar() = default;
  /// Empty, with the reason in `why`, when `text` is nothing of the above, or names a zone that this machine does not
  /// know.
  static std::optional<Calendar> parse(std::string_view text, std::string* why = nullptr);

  /// The session that `now` lies in, or the next one: `day` orders end when it closes. Empty in time, at the end of
  /// all times, when there is none within two years.
  Session session(Time now) const;
  bool open_at(Time now) const { return session(now).opens <= now; }
  /// What its zone's clocks do, so that a change of it can be told. Empty: UTC.
  std::string zone_rules() const { return zone_ ? zone_->rules() : std::string{}; }

 private:
  std::optional<Session> on(std::int64_t day) const;
  bool parse_days(std::string_view words, std::string& why);
  bool parse_exception(std::string_view words, std::string& why);

  Duration opens_{}, lasts_ = std::chrono::hours{24};  ///< Opens: after midnight.
  unsigned weekdays_ = 0x7f;                           ///< Bit 0 is Sunday.
  std::map<std::int64_t, Duration> exceptions_;        ///< By days since 1970: when it ends; zero: does not begin.
  std::shared_ptr<const TimeZone> zone_;               ///< Null: UTC.
};

}  // namespace holdfast
