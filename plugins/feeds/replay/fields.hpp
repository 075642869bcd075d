#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <holdfast/sdk.hpp>
#include <optional>
#include <span>
#include <string_view>

/// Reading the fields of text formats: never floating point, never an abort. Empty means "not a
/// number" or out of range.
namespace holdfast::replay {

/// Cuts `line` at commas into `fields`. Returns how many there are, also beyond what fits.
std::size_t split(std::string_view line, std::span<std::string_view> fields);

std::optional<std::int64_t> whole(std::string_view text);
/// A decimal count of units as nanoseconds: "40.1868" of 1'000'000 is 40'186'800.
std::optional<std::int64_t> nanoseconds(std::string_view text, std::int64_t unit);
/// `base + text * unit`, checked.
std::optional<Time> time_after(Time base, std::string_view text, std::int64_t unit);
/// A whole number of 1/scale; REQUIRES: scale divides Price::kOne.
std::optional<Price> scaled_price(std::string_view text, std::int64_t scale);
/// "2013-10-08T13:30:00.5-04:00" or with Z.
std::optional<Time> rfc3339(std::string_view text);
/// "2013-10-08" or "20131008": midnight UTC.
std::optional<Time> day(std::string_view text);
/// The first day written in a file's name.
std::optional<Time> day_in_name(std::string_view path);
/// "-4h" or "-04:00".
std::optional<Duration> utc_offset(std::string_view text);

/// Who began a trade, where the source does not say: up is a buyer, down a seller, the same
/// price the same as before (the tick rule).
struct TickRule {
  Price last;
  Side side = Side::buy;
  Side next(Price price) {
    if (price != last) side = price > last ? Side::buy : Side::sell;
    last = price;
    return side;
  }
  void state(Archive& a) { a(last, side); }
};

}  // namespace holdfast::replay
