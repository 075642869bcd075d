#pragma once

#include <holdfast/sdk/money.hpp>

namespace holdfast::detail {

/// `numerator / denominator` rounded half to even. REQUIRES: the denominator is not zero.
constexpr Wide divide_half_even(Wide numerator, Wide denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  Wide quotient = numerator / denominator;
  Wide rest = numerator % denominator;
  if (rest < 0) {  // Floor first: then the rest is never negative and only rounding up is left.
    rest += denominator;
    --quotient;
  }
  // Compares the rest with what is missing, because doubling it could overflow.
  const Wide missing = denominator - rest;
  if (rest > missing || (rest == missing && (quotient & 1) != 0)) ++quotient;
  return quotient;
}

}  // namespace holdfast::detail
