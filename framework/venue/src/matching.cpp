#include <holdfast/venue/book.hpp>

#include <algorithm>

/// How orders trade.
namespace holdfast::venue {

bool Book::crosses(Side side, Price price) const {
  const auto& others = (side == Side::buy ? offers_ : bids_).queues;
  if (others.empty()) return false;
  return side == Side::buy ? others.back().price <= price : others.back().price >= price;
}

/// Whether all of it would trade now, in one go.
bool Book::fillable(const Order& taker) const {
  const NewOrder& terms = taker.terms;
  const Ladder& others = terms.side == Side::buy ? offers_ : bids_;
  Quantity wanted = taker.leaves;
  for (auto queue = others.queues.rbegin(); queue != others.queues.rend() && !wanted.is_zero(); ++queue) {
    if (!terms.price.is_zero() && others.better(terms.price, queue->price)) break;
    const auto [offered, ends_there] = offered_to(terms, *queue);
    wanted -= std::min(offered, wanted);
    if (ends_there && !wanted.is_zero()) return false;
  }
  return wanted.is_zero();
}

/// What the orders of a queue would give, and whether an own one ends it there: that one is met before any
/// iceberg shows its next part.
Book::Offered Book::offered_to(const NewOrder& terms, const Queue& queue) const {
  Quantity shown, all;
  for (Slot slot = queue.first; slot != kNone; slot = orders_[slot].after) {
    const Order& order = orders_[slot];
    const bool own = terms.self_trade != SelfTrade::allowed && order.terms.account == terms.account;
    if (own && terms.self_trade != SelfTrade::cancel_resting) return {shown, true};
    if (own) continue;
    shown += order.shown;
    all += order.leaves;
  }
  return {all, false};
}

/// An order that is no stop, or no longer: takes what there is, then rests or ends.
void Book::enter(Slot slot, std::vector<BookEvent>& out) {
  Order& order = orders_[slot];
  const NewOrder& terms = order.terms;
  if (terms.tif == TimeInForce::fok && !fillable(order)) return end(slot, Reason::no_liquidity, out);
  if (terms.price.is_zero() || crosses(terms.side, terms.price)) match(slot, out);
  if (order.state == Order::absent) return;
  if (terms.price.is_zero() || terms.tif == TimeInForce::ioc || terms.tif == TimeInForce::fok)
    return end(slot, Reason::no_liquidity, out);
  order.state = Order::resting;
  order.shown = terms.display_qty.is_zero() ? order.leaves : std::min(terms.display_qty, order.leaves);
  append(ladder_of(order), slot);
}

void Book::match(Slot slot, std::vector<BookEvent>& out) {
  const NewOrder& terms = orders_[slot].terms;
  Ladder& others = terms.side == Side::buy ? offers_ : bids_;
  while (!others.queues.empty() && (terms.price.is_zero() || crosses(terms.side, terms.price)))
    if (meet(slot, others, others.queues.back().first, out) == Verdict::taker_ends) return;
}

/// With the first in the best queue.
Book::Verdict Book::meet(Slot slot, Ladder& ladder, Slot maker_slot, std::vector<BookEvent>& out) {
  Order &taker = orders_[slot], &maker = orders_[maker_slot];
  const SelfTrade policy = taker.terms.self_trade;
  if (policy != SelfTrade::allowed && taker.terms.account == maker.terms.account) {
    if (policy != SelfTrade::cancel_taking) end(maker_slot, Reason::self_trade, out);
    if (policy == SelfTrade::cancel_resting) return Verdict::goes_on;
    end(slot, Reason::self_trade, out);
    return Verdict::taker_ends;
  }
  const auto queue = ladder.queues.end() - 1;
  const Quantity traded = std::min(taker.leaves, maker.shown);
  for (Order* order : {&taker, &maker}) {
    order->leaves -= traded;
    open_[order->terms.side == Side::buy ? 0 : 1] -= traded;
  }
  maker.shown -= traded;
  queue->shown -= traded;
  last_ = queue->price;
  highest_ = std::max(highest_, queue->price);
  lowest_ = lowest_.is_zero() ? queue->price : std::min(lowest_, queue->price);
  out.push_back({BookEvent::Kind::traded, Reason::none, id_of(slot), id_of(maker_slot), queue->price, traded, taker.leaves,
                 maker.leaves});
  if (maker.shown.is_zero()) {
    unlink(ladder, queue, maker_slot);
    if (maker.leaves.is_zero()) {
      release(maker_slot);
    } else {
      maker.shown = std::min(maker.terms.display_qty, maker.leaves);
      append(ladder, maker_slot);
    }
  }
  if (!taker.leaves.is_zero()) return Verdict::goes_on;
  release(slot);
  return Verdict::taker_ends;
}

/// Stops that trades have reached since this was last done, and those that theirs reach in turn.
void Book::set_free(std::vector<BookEvent>& out) {
  while (!highest_.is_zero()) {
    const auto &buys = buy_stops_.queues, &sells = sell_stops_.queues;
    Slot slot = kNone;
    if (!buys.empty() && buys.back().price <= highest_) slot = buys.back().first;
    else if (!sells.empty() && sells.back().price >= lowest_) slot = sells.back().first;
    else break;
    remove(slot);
    Order& order = orders_[slot];
    order.state = Order::taking;
    out.push_back({BookEvent::Kind::triggered, Reason::none, id_of(slot), 0, order.terms.price, {}, order.leaves, {}});
    enter(slot, out);
  }
  highest_ = lowest_ = {};
}

}  // namespace holdfast::venue
