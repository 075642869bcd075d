#include <algorithm>
#include <holdfast/trading/position.hpp>
#include <utility>

namespace holdfast {

Position::Effect Position::fill(Side side, Price price, Quantity quantity, Money fee) {
  HOLDFAST_ENSURE(quantity > Quantity{}, "a fill has no quantity");
  const Quantity change = signed_quantity(side, quantity);
  const Money value = notional(price, change);  // Signed: what the fill costs.
  const bool against = quantity_.raw() != 0 && (quantity_.raw() < 0) != (change.raw() < 0);
  const Quantity closed = against ? std::min(quantity_.abs(), quantity) : Quantity{};

  Effect effect;
  Money opening = value;
  if (!closed.is_zero()) {
    const Quantity held = quantity_.abs();
    // The closing part is rounded once and the rest of the fill is the remainder, as is the cost
    // that stays: so what goes in is what comes out.
    const Money cost_out = Money::from_raw(detail::mul_div(cost_.raw(), closed.raw(), held.raw()));
    const Money value_out = Money::from_raw(detail::mul_div(value.raw(), closed.raw(), quantity.raw()));
    effect.realized = -value_out - cost_out;
    cost_ -= cost_out;
    opening -= value_out;
  }
  cost_ += opening;
  quantity_ += change;
  effect.cash = -value - fee;
  realized_ += effect.realized;
  fees_ += fee;
  cash_ += effect.cash;
  return effect;
}

Money Position::take_over(Position& from) {
  const bool both = !quantity_.is_zero() && !from.quantity_.is_zero();
  const bool against = both && (quantity_ < Quantity{}) != (from.quantity_ < Quantity{});
  Money closing;
  if (against) {
    const Quantity closed = std::min(quantity_.abs(), from.quantity_.abs());
    const auto part = [&](const Position& p) {
      return Money::from_raw(detail::mul_div(p.cost_.raw(), closed.raw(), p.quantity_.abs().raw()));
    };
    closing = part(*this) + part(from);
  }
  quantity_ += std::exchange(from.quantity_, {});
  cost_ += std::exchange(from.cost_, {}) - closing;
  realized_ -= closing;
  return -closing;
}

Price Position::average_price() const {
  if (quantity_.is_zero()) return {};
  return Price::from_raw(detail::mul_div(cost_.raw(), Price::kOne, quantity_.raw()));
}

Money Position::unrealized(Price mark) const { return notional(mark, quantity_) - cost_; }

}  // namespace holdfast
