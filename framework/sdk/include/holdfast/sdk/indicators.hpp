#pragma once

#include <cstddef>
#include <deque>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/money.hpp>

namespace holdfast {

/// Mean and variance of the last `length` prices, exact: sums are integers, so the result does
/// not depend on the order of additions and survives a restart to the last bit.
class RollingMean {
 public:
  explicit RollingMean(std::size_t length = 1) : length_{length} {}

  void add(Price price);
  bool full() const { return window_.size() == length_; }
  /// REQUIRES: at least one price.
  Price mean() const;
  /// Population standard deviation, for bands and scores.
  double deviation() const;
  /// Keeps the newest prices when the length in the settings has changed since they were saved.
  void state(Archive& a);

 private:
  std::size_t length_;
  std::deque<std::int64_t> window_;
  detail::Wide sum_ = 0;
};

}  // namespace holdfast
