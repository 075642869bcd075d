#pragma once

#include <cstdint>
#include <holdfast/sdk/archive.hpp>
#include <map>

namespace holdfast {

/// A set of numbers kept as ranges: counters without gaps cost one entry however long they run.
class Seen {
 public:
  /// False when it was in already.
  bool insert(std::uint64_t number) {
    auto next = ranges_.upper_bound(number);
    if (next != ranges_.begin()) {
      const auto before = std::prev(next);
      if (number <= before->second) return false;
      if (before->second + 1 == number) {
        before->second = number;
        if (next != ranges_.end() && next->first == number + 1) {
          before->second = next->second;
          ranges_.erase(next);
        }
        return true;
      }
    }
    std::uint64_t last = number;
    if (next != ranges_.end() && next->first == number + 1) {
      last = next->second;
      ranges_.erase(next);
    }
    ranges_.emplace(number, last);
    return true;
  }
  bool contains(std::uint64_t number) const {
    const auto next = ranges_.upper_bound(number);
    return next != ranges_.begin() && number <= std::prev(next)->second;
  }
  void state(Archive& a) { a(ranges_); }

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  ///< First to last, neither touching the next.
};

}  // namespace holdfast
