#include "desk_state.hpp"

#include <algorithm>
#include <holdfast/trading/latches.hpp>

#include "pen.hpp"

namespace holdfast::broker {

void DeskState::hear(const Event& event) {
  if (event.author() == self_ && event.spontaneous()) {
    if ((event.header().origin & kRequestPositions) != 0) ++requests_;
    else if ((event.header().origin & kReportPositions) != 0) ++reports_;
  }
  if (const auto id = order_of(event)) return hear_order(event, *id);
  if (event.type() == EventType::strategy_removed) return hand_over(event);
  if (event.author() != self_) return;
  listings_.hear(event);
  switch (event.type()) {
    case EventType::position_adjusted: {
      const auto& adjusted = event.as<PositionAdjusted>();
      account_[adjusted.instrument] += adjusted.change;
      positions_[{adjusted.owner, adjusted.instrument}] += adjusted.change;
      unexplained_.erase(adjusted.instrument);
      return;
    }
    case EventType::difference_found:
      return hear_difference(event.as<DifferenceFound>(), event.tail<DifferenceFound>());
    case EventType::reconciled: fills_up_to_ = event.as<Reconciled>().fills_up_to; return;
    default: return;
  }
}

void DeskState::hand_over(const Event& event) {
  orders_.hear(event);
  const auto& removed = event.as<StrategyRemoved>();
  if (removed.what == Removal::hand_over)
    holdfast::hand_over(positions_, removed.strategy, removed.heir, [](Quantity& to, Quantity from) { to += from; });
}

void DeskState::hear_order(const Event& event, ClOrdId id) {
  const auto change = orders_.hear(event);
  if (!change.legal) return;
  if (position_change(event)) book_trade(event, id);
  if (event.author() == self_ && event.type() == EventType::fill_busted) busts_.insert(event.as<FillBusted>().exec_id);
  if (change.order != nullptr) settle(event, *change.order, id);
}

void DeskState::hear_difference(const DifferenceFound& found, std::string_view evidence) {
  if (found.kind == DifferenceKind::position) {
    if (found.theirs == found.ours) unexplained_.erase(found.instrument);
    else unexplained_[found.instrument] = found.theirs - found.ours;
  }
  if (found.kind == DifferenceKind::order) missing_.insert(found.cl_ord_id);
  if (found.kind == DifferenceKind::balance)
    opening_[std::string{evidence.substr(0, evidence.find(' '))}] = Money::from_raw((found.theirs - found.ours).raw());
}

void DeskState::book_trade(const Event& event, ClOrdId id) {
  const auto moved = *position_change(event);
  positions_[{orders_.owner(id), moved.instrument}] += moved.quantity;
  if (event.author() != self_) return;
  account_[moved.instrument] += moved.quantity;
  if (event.type() == EventType::order_filled) {
    const auto& fill = event.as<OrderFilled>();
    cash_[moved.instrument] += -notional(fill.last_px, moved.quantity) - fill.fee;
    fills_.insert(fill.exec_id);
  } else {
    const auto& bust = event.as<FillBusted>();
    cash_[moved.instrument] += bust.fee - notional(bust.last_px, moved.quantity);
  }
}

void DeskState::settle(const Event& event, const Order& order, ClOrdId id) {
  switch (event.type()) {
    case EventType::order_approved:
    case EventType::order_routed: take_over(order, id); break;
    case EventType::order_sent: std::erase(outbox_, id); break;
    case EventType::order_adopted:
      // Whoever asked for it was told that it had ended, and minds it no more: it is taken back.
      if (mine(order) && id.owner() != ActorId{}) ask_cancel(id);
      break;
    case EventType::order_acknowledged:
      missing_.erase(id);
      // It works after all: a cancel whose outcome was lost with it is asked for again.
      if (cancelling_.erase(id) != 0) ask_cancel(id);
      break;
    case EventType::order_filled:
    case EventType::fill_busted: missing_.erase(id); break;  // Whether it differs still, the next comparison says.
    case EventType::cancel_intent:
      if (mine(order)) ask_cancel(id);
      break;
    case EventType::cancel_sent:
      std::erase(cancels_, id);
      cancelling_.insert(id);
      break;
    case EventType::cancel_rejected: cancelling_.erase(id); break;
    case EventType::replace_approved:
      std::erase(changes_, id);
      if (mine(order)) changes_.push_back(id);
      break;
    case EventType::replace_sent: std::erase(changes_, id); break;
    case EventType::order_replaced:
    case EventType::replace_rejected:
      if (order.asked_qty.is_zero()) std::erase(changes_, id);
      break;
    default: break;
  }
  if (order.status == OrdStatus::unknown && mine(order)) unknown_.insert(id);
  else unknown_.erase(id);
  if (is_terminal(order.status)) forget(id);
}

/// From now on it is known who brings it to a venue: before, a cancel of it was everybody's.
void DeskState::take_over(const Order& order, ClOrdId id) {
  std::erase(outbox_, id);
  std::erase(cancels_, id);
  if (!mine(order)) return;
  outbox_.push_back(id);
  if (order.cancel_requested != 0) ask_cancel(id);
}

void DeskState::forget(ClOrdId id) {
  std::erase(outbox_, id);
  std::erase(cancels_, id);
  std::erase(changes_, id);
  cancelling_.erase(id);
  missing_.erase(id);
}

void DeskState::ask_cancel(ClOrdId id) {
  // Asked twice is asked once, until the venue says no.
  if (cancelling_.contains(id) || std::find(cancels_.begin(), cancels_.end(), id) != cancels_.end()) return;
  cancels_.push_back(id);
}

bool DeskState::reduces(const Order& order) const {
  Quantity released;
  for (const auto& [id, other] : orders_.open()) {
    const bool left = other.status != OrdStatus::intended && other.status != OrdStatus::approved;
    if (left && other.owner() == order.owner() && other.terms.instrument == order.terms.instrument &&
        other.terms.side == order.terms.side)
      released += other.exposed();
  }
  const auto held = positions_.find({order.owner(), order.terms.instrument});
  return holdfast::reduces(order.terms.side, order.terms.quantity,
                           held == positions_.end() ? Quantity{} : held->second, released);
}

bool DeskState::knows(const InstrumentChanged& change) const {
  const InstrumentChanged* known = listings_.find(self_, change.instrument);
  return known != nullptr && *known == change;
}

}  // namespace holdfast::broker
