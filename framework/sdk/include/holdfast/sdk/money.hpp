#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <holdfast/sdk/ensure.hpp>

namespace holdfast {

namespace detail {
std::optional<std::int64_t> parse_scaled(std::string_view text);
std::string print_scaled(std::int64_t raw);

__extension__ using Wide = __int128;

/// 128 bits hold every product of two amounts. Fails: aborts when the result needs more than 64.
constexpr std::int64_t narrow(Wide wide) {
  HOLDFAST_ENSURE(wide >= INT64_MIN && wide <= INT64_MAX, "an amount overflows 64 bits");
  return static_cast<std::int64_t>(wide);
}
/// `a * b / c` rounded half to even (IEEE 754, 4.3.1), exact in between.
std::int64_t mul_div(std::int64_t a, std::int64_t b, std::int64_t c);
}  // namespace detail

/// A decimal amount in units of 1e-8, never floating point; arithmetic that overflows aborts.
template <class Tag>
class Fixed {
 public:
  static constexpr std::int64_t kOne = 100'000'000;

  constexpr Fixed() = default;
  static constexpr Fixed from_raw(std::int64_t raw) { return Fixed{raw}; }
  /// Whole units: `Quantity::of(3)` is 3.
  static constexpr Fixed of(std::int64_t units) {
    return Fixed{detail::narrow(static_cast<detail::Wide>(units) * kOne)};
  }
  /// Reads plain decimal text such as "-12.5". Empty when it is not one, has more than eight
  /// significant decimals, or is out of range; never aborts, so it is safe on data from outside.
  static std::optional<Fixed> parse(std::string_view text) {
    const auto raw = detail::parse_scaled(text);
    return raw ? std::optional{Fixed{*raw}} : std::nullopt;
  }

  constexpr std::int64_t raw() const { return raw_; }
  /// For indicators and pictures only; never for money.
  constexpr double approx() const { return static_cast<double>(raw_) / static_cast<double>(kOne); }
  /// Shortest exact decimal text.
  std::string str() const { return detail::print_scaled(raw_); }

  constexpr bool is_zero() const { return raw_ == 0; }
  constexpr Fixed abs() const { return raw_ < 0 ? -*this : *this; }
  constexpr Fixed operator-() const { return Fixed{detail::narrow(-static_cast<detail::Wide>(raw_))}; }
  friend constexpr Fixed operator+(Fixed a, Fixed b) {
    return Fixed{detail::narrow(static_cast<detail::Wide>(a.raw_) + b.raw_)};
  }
  friend constexpr Fixed operator-(Fixed a, Fixed b) {
    return Fixed{detail::narrow(static_cast<detail::Wide>(a.raw_) - b.raw_)};
  }
  friend constexpr Fixed operator*(Fixed a, std::int64_t n) {
    return Fixed{detail::narrow(static_cast<detail::Wide>(a.raw_) * n)};
  }
  Fixed& operator+=(Fixed b) { return *this = *this + b; }
  Fixed& operator-=(Fixed b) { return *this = *this - b; }
  friend constexpr auto operator<=>(Fixed, Fixed) = default;

 private:
  explicit constexpr Fixed(std::int64_t raw) : raw_{raw} {}
  std::int64_t raw_ = 0;
};

/// Price of one unit, in the instrument's currency.
using Price = Fixed<struct PriceTag>;
/// Number of units; signed where it is a position (short is negative).
using Quantity = Fixed<struct QuantityTag>;
/// Amount of one currency.
using Money = Fixed<struct MoneyTag>;

/// Value of `quantity` units at `price`, rounded half to even at 1e-8.
inline Money notional(Price price, Quantity quantity) {
  return Money::from_raw(detail::mul_div(price.raw(), quantity.raw(), Price::kOne));
}

/// `amount` times a rate in basis points of a basis point (1e-8 steps), rounded half to even.
inline Money scaled(Money amount, Fixed<struct RateTag> rate) {
  return Money::from_raw(detail::mul_div(amount.raw(), rate.raw(), Money::kOne));
}
/// A plain ratio: 0.001 is ten basis points.
using Rate = Fixed<struct RateTag>;

}  // namespace holdfast
