#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/events.hpp>

namespace holdfast {

/// Total resting quantity by price for one instrument: what market data tells about a venue.
class OrderBook {
 public:
  struct Level {
    Price price;
    Quantity quantity;
  };

  /// The total at `price` is now `quantity`; zero or less removes the level.
  void set(Side side, Price price, Quantity quantity);
  void clear();
  void hear(const BookLevel& level) { set(level.side, level.price, level.quantity); }

  /// Empty when the side is.
  std::optional<Level> best(Side side) const;
  Quantity at(Side side, Price price) const;
  /// Up to `depth` levels, best first.
  std::vector<Level> levels(Side side, std::size_t depth) const;
  std::size_t depth(Side side) const;
  bool empty() const { return bids_.empty() && asks_.empty(); }
  /// Walks levels best first until `visit` returns false.
  void walk(Side side, const std::function<bool(const Level&)>& visit) const;

  void state(Archive& a) { a(bids_, asks_); }

 private:
  std::map<Price, Quantity, std::greater<>> bids_;
  std::map<Price, Quantity> asks_;
};

}  // namespace holdfast
