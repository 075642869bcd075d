#include <holdfast/venue/listing.hpp>

namespace holdfast::venue {

namespace {

constexpr Duration kDay = std::chrono::hours{24};

/// "HH:MM" as time after midnight.
std::optional<Duration> minute_of_day(std::string_view text) {
  const auto digits = [&](std::size_t at) -> int {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
    return digit(at) * 10 + digit(at + 1);
  };
  if (text.size() != 5 || text[2] != ':' || digits(0) > 23 || digits(3) > 59) return std::nullopt;
  return std::chrono::hours{digits(0)} + std::chrono::minutes{digits(3)};
}

Duration since_midnight(Time now) {
  const auto rest = now.ns % kDay.count();
  return Duration{rest < 0 ? rest + kDay.count() : rest};
}

}  // namespace

std::optional<Hours> Hours::parse(std::string_view text) {
  if (text == "24x7") return Hours{};
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto opens = minute_of_day(text.substr(0, 5)), closes = minute_of_day(text.substr(6));
  if (!opens || !closes || *opens == *closes) return std::nullopt;
  Hours hours;
  hours.opens_ = *opens;
  hours.lasts_ = *closes > *opens ? *closes - *opens : *closes - *opens + kDay;
  return hours;
}

bool Hours::open_at(Time now) const {
  const Duration since = since_midnight(now) - opens_;
  return (since < Duration{} ? since + kDay : since) < lasts_;
}

Time Hours::end_after(Time now) const {
  const Time midnight = now - since_midnight(now);
  for (const Time opens : {midnight + opens_ - kDay, midnight + opens_})
    if (opens + lasts_ > now) return opens + lasts_;
  return midnight + opens_ + kDay + lasts_;
}

}  // namespace holdfast::venue
