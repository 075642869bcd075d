#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace holdfast {

using Duration = std::chrono::nanoseconds;

/// An instant: nanoseconds since 1970-01-01T00:00:00Z. Only ever read from events.
struct Time {
  std::int64_t ns = 0;

  /// RFC 3339 with nanoseconds, UTC.
  std::string str() const;

  friend constexpr auto operator<=>(Time, Time) = default;
  friend constexpr Time operator+(Time t, Duration d) { return {t.ns + d.count()}; }
  friend constexpr Time operator-(Time t, Duration d) { return {t.ns - d.count()}; }
  friend constexpr Duration operator-(Time a, Time b) { return Duration{a.ns - b.ns}; }
};

}  // namespace holdfast
