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
    case OrdStatus::unknown: return "unknown";
    case OrdStatus::pending_cancel: return "pending cancel";
    case OrdStatus::pending_replace: return "pending replace";
  }
  return "?";
}

void Order::state(Archive& a) {
  a(terms, status, cum_qty, leaves_qty, intent_time, cancel_requested, venue_order_id, venue_cl_ord_id, revision,
    asked_revision, asked_qty, asked_px, heir);
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
    case EventType::order_replaced: return event.as<OrderReplaced>().cl_ord_id;
    case EventType::order_unknown: return event.as<OrderUnknown>().cl_ord_id;
    case EventType::order_adopted: return event.as<OrderAdopted>().terms.cl_ord_id;
    case EventType::fill_busted: return event.as<FillBusted>().cl_ord_id;
    case EventType::order_handed_over: return event.as<OrderHandedOver>().terms.cl_ord_id;
    case EventType::replace_intent: return event.as<ReplaceIntent>().cl_ord_id;
    case EventType::replace_approved: return event.as<ReplaceApproved>().cl_ord_id;
    case EventType::replace_denied: return event.as<ReplaceDenied>().cl_ord_id;
    case EventType::replace_sent: return event.as<ReplaceSent>().cl_ord_id;
    case EventType::replace_rejected: return event.as<ReplaceRejected>().cl_ord_id;
    case EventType::order_routed: return event.as<OrderRouted>().cl_ord_id;
    default: return std::nullopt;
  }
}

std::optional<PositionChange> position_change(const Event& event) {
  if (event.type() == EventType::order_filled) {
    const auto& fill = event.as<OrderFilled>();
    return PositionChange{fill.instrument, signed_quantity(fill.side, fill.last_qty)};
  }
  if (event.type() == EventType::fill_busted) {
    const auto& bust = event.as<FillBusted>();
    if (bust.cl_ord_id.value == 0) return std::nullopt;
    return PositionChange{bust.instrument, -signed_quantity(bust.side, bust.last_qty)};
  }
  return std::nullopt;
}

namespace {

using S = OrdStatus;
using E = EventType;

/// Where a row leads.
struct To {
  enum Kind : std::uint8_t { status, same, working } kind;
  S what{};
  constexpr To(S s) : kind{status}, what{s} {}
  constexpr To(Kind k) : kind{k} {}
};
struct Row {
  S from;
  E type;
  To to;
};
// A fill leads to the status given, or to filled when nothing is left; `working` is acknowledged or partially
// filled. Venues may fill before they acknowledge, and an approved order may end without being released.
constexpr Row kTable[] = {
    {S::intended, E::order_approved, S::approved},
    {S::intended, E::order_denied, S::denied},
    {S::intended, E::cancel_intent, To::same},
    {S::intended, E::replace_denied, To::same},

    {S::approved, E::order_sent, S::sent},
    {S::approved, E::order_routed, To::same},
    {S::approved, E::order_cancelled, S::cancelled},
    {S::approved, E::order_expired, S::expired},
    {S::approved, E::cancel_intent, To::same},
    {S::approved, E::replace_denied, To::same},

    {S::sent, E::order_acknowledged, S::acknowledged},
    {S::sent, E::order_filled, S::partially_filled},
    {S::sent, E::order_cancelled, S::cancelled},
    {S::sent, E::order_expired, S::expired},
    {S::sent, E::order_rejected, S::rejected},
    {S::sent, E::order_unknown, S::unknown},
    {S::sent, E::cancel_intent, To::same},
    {S::sent, E::cancel_sent, To::same},
    {S::sent, E::cancel_rejected, To::same},
    {S::sent, E::replace_denied, To::same},

    {S::acknowledged, E::order_filled, S::partially_filled},
    {S::acknowledged, E::order_cancelled, S::cancelled},
    {S::acknowledged, E::order_expired, S::expired},
    {S::acknowledged, E::order_rejected, S::rejected},
    {S::acknowledged, E::order_unknown, S::unknown},
    {S::acknowledged, E::cancel_intent, To::same},
    {S::acknowledged, E::cancel_sent, S::pending_cancel},
    {S::acknowledged, E::cancel_rejected, To::same},
    {S::acknowledged, E::replace_intent, To::same},
    {S::acknowledged, E::replace_approved, To::same},
    {S::acknowledged, E::replace_denied, To::same},
    {S::acknowledged, E::replace_sent, S::pending_replace},
    {S::acknowledged, E::replace_rejected, To::same},
    {S::acknowledged, E::order_replaced, To::same},

    {S::partially_filled, E::order_acknowledged, To::same},
    {S::partially_filled, E::order_filled, To::same},
    {S::partially_filled, E::order_cancelled, S::cancelled},
    {S::partially_filled, E::order_expired, S::expired},
    {S::partially_filled, E::order_unknown, S::unknown},
    {S::partially_filled, E::fill_busted, To::working},
    {S::partially_filled, E::cancel_intent, To::same},
    {S::partially_filled, E::cancel_sent, S::pending_cancel},
    {S::partially_filled, E::cancel_rejected, To::same},
    {S::partially_filled, E::replace_intent, To::same},
    {S::partially_filled, E::replace_approved, To::same},
    {S::partially_filled, E::replace_denied, To::same},
    {S::partially_filled, E::replace_sent, S::pending_replace},
    {S::partially_filled, E::replace_rejected, To::same},
    {S::partially_filled, E::order_replaced, To::same},

    {S::pending_cancel, E::order_filled, To::same},
    {S::pending_cancel, E::fill_busted, To::same},
    {S::pending_cancel, E::order_cancelled, S::cancelled},
    {S::pending_cancel, E::order_expired, S::expired},
    {S::pending_cancel, E::order_rejected, S::rejected},
    {S::pending_cancel, E::order_unknown, S::unknown},
    {S::pending_cancel, E::order_replaced, To::same},
    {S::pending_cancel, E::replace_rejected, To::same},
    {S::pending_cancel, E::replace_denied, To::same},
    {S::pending_cancel, E::cancel_intent, To::same},
    {S::pending_cancel, E::cancel_sent, To::same},
    {S::pending_cancel, E::cancel_rejected, To::working},

    {S::pending_replace, E::order_filled, To::same},
    {S::pending_replace, E::fill_busted, To::same},
    {S::pending_replace, E::order_cancelled, S::cancelled},
    {S::pending_replace, E::order_expired, S::expired},
    {S::pending_replace, E::order_rejected, S::rejected},
    {S::pending_replace, E::order_unknown, S::unknown},
    {S::pending_replace, E::order_replaced, To::working},
    {S::pending_replace, E::replace_rejected, To::working},
    {S::pending_replace, E::replace_intent, To::same},
    {S::pending_replace, E::replace_denied, To::same},
    {S::pending_replace, E::cancel_intent, To::same},
    {S::pending_replace, E::cancel_sent, S::pending_cancel},
    {S::pending_replace, E::cancel_rejected, To::same},

    {S::unknown, E::order_acknowledged, To::working},
    {S::unknown, E::order_filled, S::partially_filled},
    {S::unknown, E::fill_busted, To::same},
    {S::unknown, E::order_cancelled, S::cancelled},
    {S::unknown, E::order_expired, S::expired},
    {S::unknown, E::order_rejected, S::rejected},
    {S::unknown, E::order_replaced, To::working},
    {S::unknown, E::replace_rejected, To::same},
    {S::unknown, E::replace_denied, To::same},
    {S::unknown, E::cancel_intent, To::same},
    {S::unknown, E::cancel_sent, To::same},
    {S::unknown, E::cancel_rejected, To::same},
};

/// What may arrive when the order has just ended: requests and answers that crossed its end, and fills.
bool may_come_late(EventType type) {
  switch (type) {
    case E::order_acknowledged: case E::order_filled: case E::fill_busted: case E::order_unknown:
    case E::cancel_intent: case E::cancel_sent: case E::cancel_rejected:
    case E::replace_intent: case E::replace_approved: case E::replace_denied: case E::replace_sent:
    case E::replace_rejected: return true;
    default: return false;
  }
}

void forget_change(Order& order) {
  order.asked_qty = {};
  order.asked_px = {};
}

bool apply_fill(const OrderFilled& fill, Order& order) {
  if (fill.last_qty <= Quantity{} || fill.cum_qty < fill.last_qty) return false;
  if (fill.cum_qty <= order.cum_qty) return false;  // Reported before.
  order.cum_qty = fill.cum_qty;
  order.leaves_qty = fill.leaves_qty;
  return true;
}

void apply_replaced(const OrderReplaced& replaced, Order& order) {
  order.terms.quantity = replaced.quantity;
  order.terms.price = replaced.price;
  order.leaves_qty = replaced.leaves_qty;
  order.revision = replaced.revision;
  if (replaced.venue_order_id != 0) order.venue_order_id = replaced.venue_order_id;
  if (replaced.revision >= order.asked_revision) forget_change(order);
}

/// Writes what `event` says beyond the status. False when its numbers make no sense.
bool apply(const Event& event, Order& order) {
  switch (event.type()) {
    case E::order_approved:
      order.terms = event.as<OrderApproved>().terms;  // Risk may have set the release deadline.
      order.leaves_qty = order.terms.quantity;
      break;
    case E::order_routed: order.terms.broker = event.as<OrderRouted>().to; break;
    case E::order_acknowledged:
      if (const auto id = event.as<OrderAcknowledged>().venue_order_id; id != 0) order.venue_order_id = id;
      break;
    case E::order_filled: return apply_fill(event.as<OrderFilled>(), order);
    case E::fill_busted:
      order.cum_qty -= std::min(order.cum_qty, event.as<FillBusted>().last_qty);
      order.leaves_qty = std::max(Quantity{}, order.terms.quantity - order.cum_qty);  // To be had again.
      break;
    case E::cancel_intent: order.cancel_requested = 1; break;
    case E::replace_approved:
      order.asked_qty = event.as<ReplaceApproved>().quantity;
      order.asked_px = event.as<ReplaceApproved>().price;
      break;
    case E::replace_sent: order.asked_revision = event.as<ReplaceSent>().revision; break;
    case E::replace_rejected: forget_change(order); break;
    case E::order_replaced: apply_replaced(event.as<OrderReplaced>(), order); break;
    default: break;
  }
  return true;
}

Order adopted(const Event& event) {
  const auto& what = event.as<OrderAdopted>();
  Order order;
  order.terms = what.terms;
  order.status = what.cum_qty.is_zero() ? S::acknowledged : S::partially_filled;
  order.cum_qty = what.cum_qty;
  order.leaves_qty = what.leaves_qty;
  order.intent_time = event.time();
  order.venue_order_id = what.venue_order_id;
  order.venue_cl_ord_id = event.tail<OrderAdopted>();
  return order;
}

Order handed_over(const Event& event) {
  const auto& what = event.as<OrderHandedOver>();
  Order order;
  order.terms = what.terms;
  order.status = OrdStatus{what.status};
  order.cum_qty = what.cum_qty;
  order.leaves_qty = what.leaves_qty;
  order.intent_time = event.time();
  order.venue_order_id = what.venue_order_id;
  order.revision = order.asked_revision = what.revision;
  order.heir = what.heir;
  return order;
}

Order intended(const Event& event) {
  Order order;
  order.terms = event.as<OrderIntent>().terms;
  order.leaves_qty = order.terms.quantity;
  order.intent_time = event.time();
  return order;
}

}  // namespace

std::optional<OrdStatus> next_status(OrdStatus status, EventType type, Quantity leaves, Quantity cum) {
  if (type == E::order_filled && leaves < Quantity{}) return std::nullopt;
  for (const Row& row : kTable) {
    if (row.from != status || row.type != type) continue;
    if (type == E::order_filled && leaves.is_zero()) return S::filled;
    if (row.to.kind == To::same) return status;
    if (row.to.kind == To::working) return cum.is_zero() ? S::acknowledged : S::partially_filled;
    return row.to.what;
  }
  return std::nullopt;
}

Orders::Change Orders::hear(const Event& event) {
  if (owners_.hear(event)) {
    const auto& removed = event.as<StrategyRemoved>();
    for (auto& [id, order] : open_)
      if (order.owner() == removed.strategy) order.heir = removed.heir;
  }
  const auto id = order_of(event);
  if (!id) return {};
  const auto found = open_.find(*id);
  if (event.type() == E::order_handed_over) {
    // Known to all but the heir, which minds its own.
    if (found != open_.end()) return {&found->second, true};
    return {&open_.emplace(*id, handed_over(event)).first->second, true};
  }
  if (event.type() == E::order_intent || event.type() == E::order_adopted) {
    if (found != open_.end()) return {&found->second, false};
    Order order = event.type() == E::order_intent ? intended(event) : adopted(event);
    return {&open_.emplace(*id, std::move(order)).first->second, true};
  }
  if (found == open_.end()) return {nullptr, may_come_late(event.type())};
  Order& order = found->second;
  const Quantity leaves =
      event.type() == E::order_filled ? event.as<OrderFilled>().leaves_qty : order.leaves_qty;
  Quantity cum = order.cum_qty;
  if (event.type() == E::fill_busted) cum -= std::min(cum, event.as<FillBusted>().last_qty);
  const auto next = next_status(order.status, event.type(), leaves, cum);
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
        (!owner || *owner == order.owner()))
      total += order.exposed();
  return total;
}

}  // namespace holdfast
