#pragma once

#include <holdfast/sdk.hpp>
#include <limits>
#include <map>
#include <vector>

namespace holdfast {

/// The timers of one strategy; part of its state.
class Timers {
 public:
  void set(TimerId id, Time when);
  /// Nothing is due before; asked at every event, so it must cost one comparison.
  bool due(Time now) const { return now >= next_; }
  /// Zero when none is set.
  Time next() const { return next_ == kNever ? Time{} : next_; }
  /// What is due at `now`, earliest first, by number where times are equal. They stay set until
  /// take(), because the first one fired may move the second.
  std::vector<std::pair<Time, TimerId>> due_list(Time now) const;
  /// Removes the timer if it is still set to `when`; false when it has moved.
  bool take(TimerId id, Time when);
  void state(Archive& a);

 private:
  static constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};
  void find_next();

  std::map<TimerId, Time> set_;
  Time next_ = kNever;  ///< Derived from set_.
};

}  // namespace holdfast
