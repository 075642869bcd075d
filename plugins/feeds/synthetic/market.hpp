#pragma once

#include <cstdint>
#include <holdfast/sdk.hpp>
#include <vector>

namespace holdfast::synthetic {

/// What stays the same for one instrument, worked out once.
struct Terms {
  InstrumentId instrument;
  std::int64_t tick = 1;         ///< Raw price of one tick.
  std::int64_t lot = 1;          ///< Raw quantity of one lot.
  std::int64_t start = 0;        ///< Ticks; the middle of all prices ever quoted.
  std::int64_t swing = 0;        ///< Ticks the level may be away from `start`.
  std::int64_t spread = 1;       ///< Ticks between bid and ask.
  std::uint64_t volatility = 1;  ///< Ticks a price moves at most in one step, pull aside.
  std::uint64_t quote_lots = 1;  ///< Sizes are 1 up to so many lots.
  std::uint64_t trade_lots = 1;
};

/// One instrument's price: a random walk in whole ticks that is pulled to a level, which itself
/// wanders to one target after another. Pull makes prices revert, targets make them trend.
struct Walk {
  std::int64_t price = 0;
  std::int64_t level = 0;
  std::int64_t target = 0;
  void state(Archive& a) { a(price, level, target); }
};

/// The bits of one random number that decide one step; a second draw would double the cost.
struct Step {
  bool buyer = false;
  std::uint32_t size = 0;  ///< 16 random bits.
};

/// Moves `walk` by one step. Cheap: one random number, no division by a variable.
Step advance(Walk& walk, const Terms& terms, Random& random);

}  // namespace holdfast::synthetic
