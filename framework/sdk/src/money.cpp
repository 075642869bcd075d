#include <holdfast/sdk/money.hpp>

#include "rounding.hpp"

namespace holdfast::detail {

namespace {
constexpr int kDecimals = 8;
constexpr std::uint64_t kOne = 100'000'000;
constexpr std::uint64_t kMagnitudeLimit = std::uint64_t{1} << 63;  // Of INT64_MIN.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Appends a decimal digit; false when the result leaves the range.
bool append(std::uint64_t& magnitude, char digit) {
  const auto value = static_cast<std::uint64_t>(digit - '0');
  if (magnitude > (kMagnitudeLimit - value) / 10) return false;
  magnitude = magnitude * 10 + value;
  return true;
}
}  // namespace

std::optional<std::int64_t> parse_scaled(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.empty()) return std::nullopt;
  std::string_view decimals;
  if (point != std::string_view::npos) {
    decimals = text.substr(point + 1);
    if (decimals.empty()) return std::nullopt;
  }
  std::uint64_t magnitude = 0;
  for (const char c : whole)
    if (!is_digit(c) || !append(magnitude, c)) return std::nullopt;
  for (std::size_t i = 0; i < kDecimals; ++i) {
    const char c = i < decimals.size() ? decimals[i] : '0';
    if (!is_digit(c) || !append(magnitude, c)) return std::nullopt;
  }
  for (std::size_t i = kDecimals; i < decimals.size(); ++i)
    if (decimals[i] != '0') return std::nullopt;
  if (!negative && magnitude == kMagnitudeLimit) return std::nullopt;
  // Unsigned, so that the smallest number of all is reached without overflow on the way.
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

std::string print_scaled(std::int64_t raw) {
  const auto bits = static_cast<std::uint64_t>(raw);
  const std::uint64_t magnitude = raw < 0 ? 0 - bits : bits;
  std::string text = raw < 0 ? "-" : "";
  text += std::to_string(magnitude / kOne);
  std::string decimals = std::to_string(magnitude % kOne);
  decimals.insert(0, kDecimals - decimals.size(), '0');
  decimals.erase(decimals.find_last_not_of('0') + 1);
  if (!decimals.empty()) text += "." + decimals;
  return text;
}

std::int64_t mul_div(std::int64_t a, std::int64_t b, std::int64_t c) {
  HOLDFAST_ENSURE(c != 0, "an amount is divided by zero");
  return narrow(divide_half_even(static_cast<Wide>(a) * b, c));
}

}  // namespace holdfast::detail
