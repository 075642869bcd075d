#include <algorithm>
#include <cmath>
#include <holdfast/sdk/indicators.hpp>

#include "rounding.hpp"

namespace holdfast {

void RollingMean::add(Price price) {
  window_.push_back(price.raw());
  sum_ += price.raw();
  while (window_.size() > length_) {
    sum_ -= window_.front();
    window_.pop_front();
  }
}

Price RollingMean::mean() const {
  HOLDFAST_ENSURE(!window_.empty(), "the mean of no prices was asked for");
  const auto count = static_cast<detail::Wide>(window_.size());
  return Price::from_raw(detail::narrow(detail::divide_half_even(sum_, count)));
}

double RollingMean::deviation() const {
  const auto count = static_cast<detail::Wide>(window_.size());
  const std::int64_t centre = mean().raw();
  // Distances from the centre are small where prices are large, so their squares fit; for prices
  // spread over the whole range, bits below the precision of the result are dropped first.
  detail::Wide widest = 0;
  for (const std::int64_t price : window_) {
    const detail::Wide distance = static_cast<detail::Wide>(price) - centre;
    widest = std::max(widest, distance < 0 ? -distance : distance);
  }
  constexpr detail::Wide kLimit = detail::Wide{1} << 63;
  int shift = 0;
  while (((widest >> shift) + 1) * count >= kLimit) ++shift;
  detail::Wide sum = 0, squares = 0;
  for (const std::int64_t price : window_) {
    const detail::Wide distance = (static_cast<detail::Wide>(price) - centre) >> shift;
    sum += distance;
    squares += distance * distance;
  }
  const auto spread = static_cast<double>(squares * count - sum * sum);
  return std::ldexp(std::sqrt(spread) / static_cast<double>(count), shift) / static_cast<double>(Price::kOne);
}

void RollingMean::state(Archive& a) {
  a(window_);
  if (!a.loading()) return;
  while (window_.size() > length_) window_.pop_front();
  sum_ = 0;
  for (const std::int64_t price : window_) sum_ += price;
}

}  // namespace holdfast
