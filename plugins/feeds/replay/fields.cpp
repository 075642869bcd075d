#include "fields.hpp"

#include <charconv>
#include <chrono>
#include <cstring>

namespace holdfast::replay {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

bool digits_only(std::string_view text) {
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

std::optional<std::int64_t> digits(std::string_view text) {
  return digits_only(text) ? whole(text) : std::nullopt;
}

std::optional<std::int64_t> add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

std::optional<std::int64_t> times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// Hours and minutes as written after a sign.
std::optional<Duration> hours_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = digits(text.substr(0, 2)), minutes = digits(text.substr(3, 2));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return Duration{(*hours * 3600 + *minutes * 60) * kSecond};
}

}  // namespace

std::size_t split(std::string_view line, std::span<std::string_view> fields) {
  std::size_t count = 0;
  for (const char *at = line.data(), *end = at + line.size();; ++count) {
    const auto* comma = static_cast<const char*>(std::memchr(at, ',', static_cast<std::size_t>(end - at)));
    const char* stop = comma != nullptr ? comma : end;
    if (count < fields.size()) fields[count] = {at, static_cast<std::size_t>(stop - at)};
    if (comma == nullptr) return count + 1;
    at = comma + 1;
  }
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> nanoseconds(std::string_view text, std::int64_t unit) {
  const std::size_t point = text.find('.');
  const auto units = digits(text.substr(0, point));
  if (!units) return std::nullopt;
  const auto base = times(*units, unit);
  if (!base || point == std::string_view::npos) return base;
  const std::string_view decimals = text.substr(point + 1);
  if (!digits_only(decimals)) return std::nullopt;
  std::int64_t fraction = 0, worth = unit;
  for (const char c : decimals) fraction += (c - '0') * (worth /= 10);
  return add(*base, fraction);
}

std::optional<Time> time_after(Time base, std::string_view text, std::int64_t unit) {
  const auto passed = nanoseconds(text, unit);
  const auto sum = passed ? add(base.ns, *passed) : std::nullopt;
  return sum ? std::optional{Time{*sum}} : std::nullopt;
}

std::optional<Price> scaled_price(std::string_view text, std::int64_t scale) {
  const auto value = whole(text);
  const auto raw = value ? times(*value, Price::kOne / scale) : std::nullopt;
  return raw ? std::optional{Price::from_raw(*raw)} : std::nullopt;
}

std::optional<Time> rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const auto date = day(text.substr(0, 10));
  const auto clock = hours_minutes(text.substr(11, 5));
  if (!date || !clock || text[16] != ':') return std::nullopt;
  const std::size_t zone = text.find_first_not_of("0123456789.", 17);
  if (zone == std::string_view::npos) return std::nullopt;
  const auto seconds = nanoseconds(text.substr(17, zone - 17), kSecond);
  if (!seconds || *seconds >= 61 * kSecond) return std::nullopt;
  const auto offset = text.substr(zone) == "Z" ? Duration{0} : utc_offset(text.substr(zone));
  if (!offset) return std::nullopt;
  return *date + *clock + Duration{*seconds} - *offset;
}

std::optional<Time> day(std::string_view text) {
  if (text.size() == 10 && (text[4] != '-' || text[7] != '-')) return std::nullopt;
  if (text.size() != 10 && text.size() != 8) return std::nullopt;
  const std::size_t gap = text.size() == 10 ? 1 : 0;
  const auto y = digits(text.substr(0, 4)), m = digits(text.substr(4 + gap, 2)),
             d = digits(text.substr(6 + 2 * gap, 2));
  // Nanoseconds in 64 bits reach from 1678 to 2262; markets do not reach that far.
  if (!y || !m || !d || *y < 1700 || *y > 2261) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*y)},
                                         std::chrono::month{static_cast<unsigned>(*m)},
                                         std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date}.time_since_epoch().count() * 86'400 * kSecond};
}

std::optional<Time> day_in_name(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  for (std::size_t at = 0; at < name.size(); ++at)
    for (const std::size_t size : {std::size_t{10}, std::size_t{8}})
      if (at + size <= name.size())
        if (const auto found = day(name.substr(at, size))) return found;
  return std::nullopt;
}

std::optional<Duration> utc_offset(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  auto amount = hours_minutes(text);
  if (!amount && text.ends_with('h')) {
    const auto hours = digits(text.substr(0, text.size() - 1));
    if (hours && *hours <= 23) amount = Duration{*hours * 3600 * kSecond};
  }
  if (!amount) return std::nullopt;
  return negative ? -*amount : *amount;
}

}  // namespace holdfast::replay
