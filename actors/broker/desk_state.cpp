#include "desk_state.hpp"

#include <algorithm>
#include <holdfast/trading/latches.hpp>

#include "blotters.hpp"

namespace holdfast::broker {

void DeskState::hear(const Event& event, ActorId self) {
  const auto id = order_of(event);
  if (!id) return;
  if (event.author() == self && event.spontaneous()) {
    if (event.type() == EventType::cancel_sent) ++cancels_sent_;
    else if (event.header().origin & kReportPositions) ++reports_;
  }
  const auto change = orders_.hear(event);
  if (change.order != nullptr && change.legal) settle(event, change, *id);
}

void DeskState::settle(const Event& event, const Orders::Change& change, ClOrdId id) {
  switch (event.type()) {
    case EventType::order_approved: outbox_.push_back(id); break;
    case EventType::order_sent: std::erase(outbox_, id); break;
    case EventType::order_filled:
      positions_[{id.owner(), change.order->terms.instrument}] +=
          signed_quantity(change.order->terms.side, event.as<OrderFilled>().last_qty);
      break;
    case EventType::cancel_intent: ask_cancel(id); break;
    case EventType::cancel_sent:
      std::erase(cancels_, id);
      cancelling_.insert(id);
      break;
    case EventType::cancel_rejected: cancelling_.erase(id); break;
    default: break;
  }
  if (!is_terminal(change.order->status)) return;
  std::erase(outbox_, id);
  std::erase(cancels_, id);
  cancelling_.erase(id);
}

void DeskState::ask_cancel(ClOrdId id) {
  // Asked twice is asked once, until the venue says no.
  if (cancelling_.contains(id) || std::find(cancels_.begin(), cancels_.end(), id) != cancels_.end()) return;
  cancels_.push_back(id);
}

bool DeskState::reduces(const Order& order, const std::map<ClOrdId, bool>& in_flight) const {
  const auto left = [&](const Order& other) {
    const auto found = in_flight.find(other.terms.cl_ord_id);
    return other.status >= OrdStatus::sent || (found != in_flight.end() && found->second);
  };
  Quantity released;
  for (const auto& [id, other] : orders_.open())
    if (left(other) && other.owner() == order.owner() && other.terms.instrument == order.terms.instrument &&
        other.terms.side == order.terms.side)
      released += other.leaves_qty;
  const auto held = positions_.find({order.owner(), order.terms.instrument});
  return holdfast::reduces(order.terms.side, order.terms.quantity,
                           held == positions_.end() ? Quantity{} : held->second, released);
}

}  // namespace holdfast::broker
