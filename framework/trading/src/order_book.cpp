#include <holdfast/trading/order_book.hpp>

namespace holdfast {

namespace {

template <class Levels>
void set_level(Levels& levels, Price price, Quantity quantity) {
  if (quantity > Quantity{}) levels.insert_or_assign(price, quantity);
  else levels.erase(price);
}

template <class Levels>
Quantity quantity_at(const Levels& levels, Price price) {
  const auto found = levels.find(price);
  return found == levels.end() ? Quantity{} : found->second;
}

template <class Levels>
void walk_levels(const Levels& levels, const std::function<bool(const OrderBook::Level&)>& visit) {
  for (const auto& [price, quantity] : levels)
    if (!visit({price, quantity})) return;
}

template <class Levels>
std::optional<OrderBook::Level> first(const Levels& levels) {
  if (levels.empty()) return std::nullopt;
  return OrderBook::Level{levels.begin()->first, levels.begin()->second};
}

}  // namespace

void OrderBook::set(Side side, Price price, Quantity quantity) {
  if (side == Side::buy) set_level(bids_, price, quantity);
  else set_level(asks_, price, quantity);
}

void OrderBook::clear() {
  bids_.clear();
  asks_.clear();
}

std::optional<OrderBook::Level> OrderBook::best(Side side) const {
  return side == Side::buy ? first(bids_) : first(asks_);
}

Quantity OrderBook::at(Side side, Price price) const {
  return side == Side::buy ? quantity_at(bids_, price) : quantity_at(asks_, price);
}

std::vector<OrderBook::Level> OrderBook::levels(Side side, std::size_t depth) const {
  std::vector<Level> found;
  if (depth == 0) return found;
  walk(side, [&](const Level& level) {
    found.push_back(level);
    return found.size() < depth;
  });
  return found;
}

std::size_t OrderBook::depth(Side side) const { return side == Side::buy ? bids_.size() : asks_.size(); }

void OrderBook::walk(Side side, const std::function<bool(const Level&)>& visit) const {
  if (side == Side::buy) walk_levels(bids_, visit);
  else walk_levels(asks_, visit);
}

}  // namespace holdfast
