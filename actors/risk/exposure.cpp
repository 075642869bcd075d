#include "exposure.hpp"

namespace holdfast::risk {

void Ledgers::Prices::state(Archive& a) {
  a(quoted, traded, quote.instrument, quote.flaw, quote.bid, quote.ask, quote.bid_size, quote.ask_size,
    quote.venue_time, last);
}

bool Ledgers::hear(const Event& event) {
  if (stream_of(event.type()) == Stream::market) hear_market(event.bytes());
  else if (const auto id = order_of(event)) return hear_order(event, *id);
  else if (event.type() == EventType::strategy_removed) hand_over(event);
  else if (event.type() == EventType::position_adjusted) {
    const auto& adjusted = event.as<PositionAdjusted>();
    by_owner_[{adjusted.owner, adjusted.instrument}].position += adjusted.change;
    total_[adjusted.instrument].position += adjusted.change;
  }
  return true;
}

void Ledgers::hand_over(const Event& event) {
  orders_.hear(event);
  const auto& removed = event.as<StrategyRemoved>();
  if (removed.what != Removal::hand_over) return;
  holdfast::hand_over(by_owner_, removed.strategy, removed.heir, [](Holding& to, const Holding& from) {
    to.position += from.position;
    to.buying += from.buying;
    to.selling += from.selling;
  });
}

void Ledgers::hear_market(std::span<const std::byte> stretch) {
  // Of quotes that follow one another in one instrument only the last one is known afterwards.
  const Quote* newest = nullptr;
  const auto keep = [&] {
    if (newest == nullptr) return;
    Prices& known = prices(newest->instrument);
    known.quoted = true;
    known.quote = *newest;
  };
  for_each_event(stretch, [&](const Event& event) {
    if (event.type() == EventType::quote) {
      // A flagged quote is no price to check an order against.
      const auto& quote = event.as<Quote>();
      if (quote.flaw != TickFlaw::none) return;
      if (newest != nullptr && newest->instrument != quote.instrument) keep();
      newest = &quote;
    } else if (event.type() == EventType::trade) {
      Prices& known = prices(event.as<Trade>().instrument);
      known.traded = true;
      known.last = event.as<Trade>().price;
    }
  });
  keep();
}

bool Ledgers::hear_order(const Event& event, ClOrdId id) {
  const Quantity before = counted(orders_.find(id));
  if (event.type() == EventType::order_approved || event.type() == EventType::order_denied)
    reserved_.erase(id);
  if (event.type() == EventType::replace_approved) changes_.erase(id);
  const auto change = orders_.hear(event);
  const auto moved = position_change(event);
  if (change.legal && moved) {
    by_owner_[{orders_.owner(id), moved->instrument}].position += moved->quantity;
    total_[moved->instrument].position += moved->quantity;
  }
  if (change.order == nullptr) return false;
  if (is_terminal(change.order->status)) changes_.erase(id);
  // Also after an illegal event: it changed nothing but perhaps the reservation.
  count(change.order->terms, counted(change.order) - before);
  return change.legal;
}

void Ledgers::reserve_change(ClOrdId id, Quantity quantity) {
  const Order* order = orders_.find(id);
  const Quantity before = counted(order);
  changes_[id] = quantity;
  count(order->terms, counted(order) - before);
}

void Ledgers::reserve(ClOrdId id) {
  const Order* order = orders_.find(id);
  const Quantity before = counted(order);
  reserved_.insert(id);
  count(order->terms, counted(order) - before);
}

Quantity Ledgers::counted(const Order* order) const {
  if (order == nullptr || is_terminal(order->status)) return {};
  if (order->status == OrdStatus::intended && !reserved_.contains(order->terms.cl_ord_id)) return {};
  const auto change = changes_.find(order->terms.cl_ord_id);
  const Quantity wanted = change == changes_.end() ? Quantity{} : change->second - order->cum_qty;
  return std::max(order->exposed(), wanted);
}

void Ledgers::count(const OrderTerms& terms, Quantity change) {
  if (change.is_zero()) return;
  for (Holding* holding :
       {&by_owner_[{orders_.owner(terms.cl_ord_id), terms.instrument}], &total_[terms.instrument]})
    (terms.side == Side::buy ? holding->buying : holding->selling) += change;
}

const Ledgers::Holding& Ledgers::of(ActorId owner, InstrumentId id) const {
  static const Holding kNone;
  const auto found = by_owner_.find({orders_.owners().of(owner), id});
  return found == by_owner_.end() ? kNone : found->second;
}

const Ledgers::Holding& Ledgers::of(InstrumentId id) const {
  static const Holding kNone;
  const auto found = total_.find(id);
  return found == total_.end() ? kNone : found->second;
}

const Quote* Ledgers::quote(InstrumentId id) const {
  return id.value < prices_.size() && prices_[id.value].quoted ? &prices_[id.value].quote : nullptr;
}

std::optional<Price> Ledgers::last_price(InstrumentId id) const {
  if (id.value >= prices_.size() || !prices_[id.value].traded) return std::nullopt;
  return prices_[id.value].last;
}

}  // namespace holdfast::risk
