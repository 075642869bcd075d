#include "market.hpp"

#include <algorithm>

namespace holdfast::synthetic {

namespace {

/// A price this many ticks from its level is pulled back by one tick a step.
constexpr std::int64_t kPull = 32;
/// One step in so many moves the level by a tick, and one in so many picks a new target.
constexpr std::uint64_t kLevelMask = 0x7;
constexpr std::uint64_t kTargetMask = 0xfff;

}  // namespace

Step advance(Walk& walk, const Terms& terms, Random& random) {
  const std::uint64_t bits = random.next();
  if ((bits & kLevelMask) == 0) {
    walk.level += (walk.target > walk.level) - (walk.target < walk.level);
    if ((bits & kTargetMask) == 0) {
      const auto reach = static_cast<std::uint64_t>(2 * terms.swing + 1);
      walk.target = terms.start - terms.swing + static_cast<std::int64_t>(random.below(reach));
    }
  }
  const std::uint64_t range = 2 * terms.volatility + 1;
  const auto noise = static_cast<std::int64_t>(((bits >> 32) * range) >> 32);
  walk.price += noise - static_cast<std::int64_t>(terms.volatility) + (walk.level - walk.price) / kPull;
  walk.price = std::max(walk.price, terms.spread + 1);
  return {(bits & 0x1000) != 0, static_cast<std::uint32_t>((bits >> 13) & 0xffff)};
}

}  // namespace holdfast::synthetic
