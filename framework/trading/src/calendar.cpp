#include <array>
#include <holdfast/trading/calendar.hpp>

namespace holdfast {

namespace {

constexpr Duration kDay = std::chrono::hours{24};
constexpr const char* kShape = R"(it is 24x7, or such as "Mon-Fri 09:30-16:00 America/New_York except 2026-12-25")";
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// As many digits, or a number that is nowhere allowed.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return 100'000;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// "HH:MM" as time after midnight.
std::optional<Duration> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':' || digits(text, 0, 2) > 23 || digits(text, 3, 2) > 59) return std::nullopt;
  return std::chrono::hours{digits(text, 0, 2)} + std::chrono::minutes{digits(text, 3, 2)};
}

/// "YYYY-MM-DD" as days since 1970.
std::optional<std::int64_t> date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || digits(text, 0, 4) > 9999) return std::nullopt;
  const year_month_day day{year{digits(text, 0, 4)}, month{static_cast<unsigned>(digits(text, 5, 2))},
                           std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
  if (!day.ok()) return std::nullopt;
  return sys_days{day}.time_since_epoch().count();
}

std::optional<unsigned> weekday(std::string_view text) {
  for (unsigned i = 0; i < kDays.size(); ++i)
    if (kDays[i] == text) return i;
  return std::nullopt;
}

/// The first word of `text`, which is taken away.
std::string_view word(std::string_view& text) {
  const auto begin = text.find_first_not_of(' ');
  text.remove_prefix(begin == std::string_view::npos ? text.size() : begin);
  const auto end = std::min(text.find(' '), text.size());
  const auto found = text.substr(0, end);
  text.remove_prefix(end);
  return found;
}

Time midnight(std::int64_t day) { return {day * kDay.count()}; }
std::int64_t day_of(Time now) { return now.ns / kDay.count() - (now.ns % kDay.count() < 0 ? 1 : 0); }

}  // namespace

std::optional<Calendar> Calendar::parse(std::string_view text, std::string* reason) {
  if (text == "24x7") return Calendar{};
  std::string ignored;
  std::string& why = reason == nullptr ? ignored : *reason;
  why = kShape;
  Calendar calendar;
  std::string_view next = word(text);
  if (!next.empty() && (next.front() < '0' || next.front() > '9')) {
    if (!calendar.parse_days(next, why)) return std::nullopt;
    next = word(text);
  }
  if (next.size() != 11 || next[5] != '-') return std::nullopt;
  const auto opens = minute_of_day(next.substr(0, 5)), closes = minute_of_day(next.substr(6));
  if (!opens || !closes || *opens == *closes) return std::nullopt;
  calendar.opens_ = *opens;
  calendar.lasts_ = *closes > *opens ? *closes - *opens : *closes - *opens + kDay;
  next = word(text);
  if (!next.empty() && next != "except") {
    if (next != "UTC") calendar.zone_ = TimeZone::load(std::string{next}, why);
    if (next != "UTC" && calendar.zone_ == nullptr) return std::nullopt;
    next = word(text);
  }
  if (next.empty()) return calendar;
  why = kShape;
  if (next != "except") return std::nullopt;
  for (next = word(text); !next.empty(); next = word(text))
    if (!calendar.parse_exception(next, why)) return std::nullopt;
  if (calendar.exceptions_.empty()) return std::nullopt;
  return calendar;
}

bool Calendar::parse_days(std::string_view words, std::string& why) {
  weekdays_ = 0;
  while (!words.empty()) {
    const auto comma = std::min(words.find(','), words.size());
    const auto part = words.substr(0, comma);
    words.remove_prefix(std::min(comma + 1, words.size()));
    const auto first = weekday(part.substr(0, 3));
    const auto last = part.size() == 3                     ? first
                      : part.size() == 7 && part[3] == '-' ? weekday(part.substr(4))
                                                           : std::nullopt;
    if (!first || !last) {
      why = "'" + std::string{part} + "' is no day: write such as Mon-Fri or Mon,Wed";
      return false;
    }
    for (unsigned day = *first;; day = (day + 1) % 7) {
      weekdays_ |= 1U << day;
      if (day == *last) break;
    }
  }
  return true;
}

bool Calendar::parse_exception(std::string_view words, std::string& why) {
  const auto day = date(words.substr(0, 10));
  Duration ends{};
  bool good = day.has_value();
  if (good && words.size() > 10) {
    const auto early = words[10] == '@' ? minute_of_day(words.substr(11)) : std::nullopt;
    good = early.has_value();
    if (good) ends = *early > opens_ ? *early - opens_ : *early - opens_ + kDay;
    good = good && ends < lasts_;
  }
  if (!good) {
    why = "'" + std::string{words} +
          "' is no exception: write a date such as 2026-12-25, or with an earlier end, 2026-12-24@13:00";
    return false;
  }
  exceptions_[*day] = ends;
  return true;
}

std::optional<Calendar::Session> Calendar::on(std::int64_t day) const {
  // 1970 began on a Thursday.
  const auto weekday = static_cast<unsigned>(((day + 4) % 7 + 7) % 7);
  if ((weekdays_ >> weekday & 1U) == 0) return std::nullopt;
  Duration lasts = lasts_;
  if (const auto exception = exceptions_.find(day); exception != exceptions_.end()) lasts = exception->second;
  if (lasts == Duration{}) return std::nullopt;
  const auto utc = [&](Time local) { return zone_ ? zone_->utc(local) : local; };
  return Session{utc(midnight(day) + opens_), utc(midnight(day) + opens_ + lasts)};
}

Calendar::Session Calendar::session(Time now) const {
  const std::int64_t today = day_of(zone_ ? now + zone_->offset(now) : now);
  for (std::int64_t day = today - 1; day < today + 2 * 366; ++day)
    if (const auto session = on(day); session && session->closes > now) return *session;
  return {Time{INT64_MAX}, Time{INT64_MAX}};
}

}  // namespace holdfast
