#include <holdfast/trading/orders.hpp>

namespace holdfast {

std::string_view to_string(OrdStatus status) {
  switch (status) {
    case OrdStatus::intended: return "intended";
    case OrdStatus::approved: return "approved";
    case OrdStatus::sent: return "sent";
    case OrdStatus::acknowledged: return "acknowledged";
    case OrdStatus::partially_filled: return "partially filled";
    case OrdStatus::filled: return "filled";
    case OrdStatus::cancelled: return "cancelled";
    case OrdStatus::expired: return "expired";
    case OrdStatus::rejected: return "rejected";
    case OrdStatus::denied: return "denied";
  }
  return "unknown";
}

void Order::state(Archive& a) {
  a(terms.cl_ord_id, terms.instrument, terms.side, terms.type, terms.tif, terms.quantity, terms.price,
    terms.release_deadline, status, cum_qty, leaves_qty, intent_time, cancel_requested);
}

std::optional<ClOrdId> order_of(const Event& event) {
  switch (event.type()) {
    case EventType::order_intent: return event.as<OrderIntent>().terms.cl_ord_id;
    case EventType::order_approved: return event.as<OrderApproved>().terms.cl_ord_id;
    case EventType::order_denied: return event.as<OrderDenied>().cl_ord_id;
    case EventType::order_sent: return event.as<OrderSent>().terms.cl_ord_id;
    case EventType::order_acknowledged: return event.as<OrderAcknowledged>().cl_ord_id;
    case EventType::order_filled: return event.as<OrderFilled>().cl_ord_id;
    case EventType::order_cancelled: return event.as<OrderCancelled>().cl_ord_id;
    case EventType::order_expired: return event.as<OrderExpired>().cl_ord_id;
    case EventType::order_rejected: return event.as<OrderRejected>().cl_ord_id;
    case EventType::cancel_intent: return event.as<CancelIntent>().cl_ord_id;
    case EventType::cancel_sent: return event.as<CancelSent>().cl_ord_id;
    case EventType::cancel_rejected: return event.as<CancelRejected>().cl_ord_id;
    default: return std::nullopt;
  }
}

namespace {

struct Row {
  OrdStatus from;
  EventType type;
  OrdStatus to;
};
using S = OrdStatus;
using E = EventType;
// A fill leads to partially_filled, or to filled when nothing is left. Venues may fill before they
// acknowledge, and an approved order may end without ever being released.
constexpr Row kTable[] = {
    {S::intended, E::order_approved, S::approved},
    {S::intended, E::order_denied, S::denied},
    {S::intended, E::cancel_intent, S::intended},

    {S::approved, E::order_sent, S::sent},
    {S::approved, E::order_cancelled, S::cancelled},
    {S::approved, E::order_expired, S::expired},
    {S::approved, E::cancel_intent, S::approved},

    {S::sent, E::order_acknowledged, S::acknowledged},
    {S::sent, E::order_filled, S::partially_filled},
    {S::sent, E::order_cancelled, S::cancelled},
    {S::sent, E::order_expired, S::expired},
    {S::sent, E::order_rejected, S::rejected},
    {S::sent, E::cancel_intent, S::sent},
    {S::sent, E::cancel_sent, S::sent},
    {S::sent, E::cancel_rejected, S::sent},

    {S::acknowledged, E::order_filled, S::partially_filled},
    {S::acknowledged, E::order_cancelled, S::cancelled},
    {S::acknowledged, E::order_expired, S::expired},
    {S::acknowledged, E::order_rejected, S::rejected},
    {S::acknowledged, E::cancel_intent, S::acknowledged},
    {S::acknowledged, E::cancel_sent, S::acknowledged},
    {S::acknowledged, E::cancel_rejected, S::acknowledged},

    {S::partially_filled, E::order_acknowledged, S::partially_filled},
    {S::partially_filled, E::order_filled, S::partially_filled},
    {S::partially_filled, E::order_cancelled, S::cancelled},
    {S::partially_filled, E::order_expired, S::expired},
    {S::partially_filled, E::cancel_intent, S::partially_filled},
    {S::partially_filled, E::cancel_sent, S::partially_filled},
    {S::partially_filled, E::cancel_rejected, S::partially_filled},
};

/// What may arrive when the order has just ended: requests and answers that crossed its end.
bool may_come_late(EventType type) {
  return type == E::order_acknowledged || type == E::cancel_intent || type == E::cancel_sent ||
         type == E::cancel_rejected;
}

/// Writes what `event` says beyond the status. False when its numbers make no sense.
bool apply(const Event& event, Order& order) {
  if (event.type() == E::order_approved) {
    order.terms = event.as<OrderApproved>().terms;  // Risk may have set the release deadline.
    order.leaves_qty = order.terms.quantity;
  } else if (event.type() == E::order_filled) {
    const auto& fill = event.as<OrderFilled>();
    if (fill.last_qty <= Quantity{} || fill.cum_qty < fill.last_qty) return false;
    if (fill.cum_qty <= order.cum_qty) return false;  // Reported before.
    order.cum_qty = fill.cum_qty;
    order.leaves_qty = fill.leaves_qty;
  } else if (event.type() == E::cancel_intent) {
    order.cancel_requested = 1;
  }
  return true;
}

}  // namespace

std::optional<OrdStatus> next_status(OrdStatus status, EventType type, Quantity leaves) {
  if (type == E::order_filled && leaves < Quantity{}) return std::nullopt;
  for (const Row& row : kTable)
    if (row.from == status && row.type == type)
      return type == E::order_filled && leaves.is_zero() ? S::filled : row.to;
  return std::nullopt;
}

Orders::Change Orders::hear(const Event& event) {
  const auto id = order_of(event);
  if (!id) return {};
  const auto found = open_.find(*id);
  if (event.type() == E::order_intent) {
    if (found != open_.end()) return {&found->second, false};
    Order order;
    order.terms = event.as<OrderIntent>().terms;
    order.leaves_qty = order.terms.quantity;
    order.intent_time = event.time();
    return {&open_.emplace(*id, order).first->second, true};
  }
  if (found == open_.end()) return {nullptr, may_come_late(event.type())};
  Order& order = found->second;
  const Quantity leaves =
      event.type() == E::order_filled ? event.as<OrderFilled>().leaves_qty : order.leaves_qty;
  const auto next = next_status(order.status, event.type(), leaves);
  if (!next || !apply(event, order)) return {&order, false};
  order.status = *next;
  if (!is_terminal(*next)) return {&order, true};
  ended_ = order;
  open_.erase(found);
  return {&ended_, true};
}

const Order* Orders::find(ClOrdId id) const {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

Quantity Orders::working(InstrumentId instrument, Side side, std::optional<ActorId> owner) const {
  Quantity total;
  for (const auto& [id, order] : open_)
    if (order.status != S::intended && order.terms.instrument == instrument && order.terms.side == side &&
        (!owner || *owner == id.owner()))
      total += order.leaves_qty;
  return total;
}

}  // namespace holdfast
