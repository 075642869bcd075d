#include "removals.hpp"

#include <algorithm>

namespace holdfast::risk {

namespace {

/// Between two tries: a second, twice as long each time, at most a minute.
Duration wait_after(std::uint32_t tries) {
  return std::chrono::seconds{std::min<std::uint32_t>(60, 1U << std::min(tries, 6U))};
}

bool is_closing(ClOrdId id) { return id.counter() >= kClosingIds; }
bool works(const Order& order) { return order.status != OrdStatus::intended; }

}  // namespace

void Removals::hear(const Event& event, const Orders& orders) {
  switch (event.type()) {
    case EventType::strategy_removed: {
      const auto& removed = event.as<StrategyRemoved>();
      if (const auto before = removed_.find(removed.strategy); before != removed_.end()) {
        lost_ = lost_ || before->second == removed.what;
        removed_.erase(before);
      }
      if (removed.what == Removal::cancel || removed.what == Removal::flatten)
        removed_[removed.strategy] = removed.what;
      // Said again, it means that what was asked for and not judged yet is lost.
      for (auto& [where, closing] : held_)
        if (const Order* order = orders.find(closing.order);
            where.owner == removed.strategy && (order == nullptr || !works(*order)))
          closing.order = {};
      if (removed.what == Removal::hand_over)
        for (auto at = held_.begin(); at != held_.end();) {
          const Where from = at->first;
          const Quantity held = at->second.held;
          at = from.owner == removed.strategy ? held_.erase(at) : std::next(at);
          if (from.owner == removed.strategy) held_[{removed.heir, from.broker, from.instrument}].held += held;
        }
      waits_ = true;
      return;
    }
    case EventType::latch_released: stirred_ = true; return;
    case EventType::system_restored: skipped_ += ClOrdId::kSkipped; return;
    case EventType::position_adjusted: {
      const auto& adjusted = event.as<PositionAdjusted>();
      held_[{adjusted.owner, event.author(), adjusted.instrument}].held += adjusted.change;
      stirred_ = true;
      return;
    }
    default:
      if (const auto id = order_of(event)) hear_order(event, *id, orders);
  }
}

void Removals::hear_order(const Event& event, ClOrdId id, const Orders& orders) {
  const ActorId owner = orders.owner(id);
  if (const auto moved = position_change(event)) {
    const Where where{owner, event.author(), moved->instrument};
    Closing& closing = held_[where];
    closing.held += moved->quantity;
    closing.tries = 0;
    if (closing.held.is_zero() && closing.order == ClOrdId{}) held_.erase(where);
  }
  if (!flattens(owner)) return;
  stirred_ = true;
  if (orders.find(id) != nullptr) return;
  for (auto at = held_.begin(); at != held_.end();) {
    Closing& closing = at->second;
    if (closing.order == id) {
      closing.order = {};
      closing.next = event.type() == EventType::order_filled ? Time{} : event.time() + wait_after(closing.tries++);
    }
    at = closing.held.is_zero() && closing.order == ClOrdId{} ? held_.erase(at) : std::next(at);
  }
}

bool Removals::flattens(ActorId owner) const {
  const auto removed = removed_.find(owner);
  return removed != removed_.end() && removed->second == Removal::flatten;
}

bool Removals::asked(const OrderTerms& terms) const {
  return is_closing(terms.cl_ord_id) && flattens(terms.cl_ord_id.owner());
}

void Removals::begin(const Orders& orders, Stage& stage) {
  waits_ = false;
  stirred_ = true;
  for (const auto& [id, order] : orders.open())
    if (removed_.contains(order.owner())) {
      if (lost_ && !works(order))
        stage.answer(OrderDenied{id, DenyReason::stale, order.terms.instrument}, "its verdict was lost");
      else if (!is_closing(id) || !flattens(order.owner()))
        stage.answer(CancelIntent{id}, "its strategy was removed");
    }
  lost_ = false;
}

bool Removals::may_close(const Where& where, const Closing& closing, const Orders& orders, const Latches& latches,
                         Time now) const {
  if (!flattens(where.owner) || closing.held.is_zero() || closing.order != ClOrdId{} || closing.next > now)
    return false;
  if (latches.level(where.owner, where.instrument) == LatchLevel::halted) return false;
  // An order that still works may change what is to be closed.
  return std::ranges::none_of(orders.open(), [&](const auto& entry) {
    const Order& order = entry.second;
    return works(order) && !is_closing(entry.first) && order.owner() == where.owner &&
           order.terms.instrument == where.instrument;
  });
}

void Removals::ask(const Where& where, Closing& closing, Quantity quantity, Stage& stage) {
  if (quantity.is_zero()) return;
  OrderIntent intent;
  const OrderRequest wanted = market(closing.held > Quantity{} ? Side::sell : Side::buy, quantity, where.instrument);
  intent.terms.cl_ord_id = closing.order = ClOrdId::make(where.owner, kClosingIds + skipped_ + counter_[where.owner]++);
  intent.terms.instrument = wanted.instrument;
  intent.terms.side = wanted.side;
  intent.terms.type = wanted.type;
  intent.terms.tif = wanted.tif;
  intent.terms.quantity = wanted.quantity;
  intent.terms.broker = where.broker;
  intent.asked = stage.now();
  stage.answer(intent, "its strategy was removed, and its position is to be closed");
}

void Removals::settle(Time now) {
  stirred_ = false;
  next_ = {};
  for (const auto& [where, closing] : held_)
    if (flattens(where.owner) && closing.order == ClOrdId{} && closing.next > now &&
        (next_ == Time{} || closing.next < next_))
      next_ = closing.next;
}

}  // namespace holdfast::risk
