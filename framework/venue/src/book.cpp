#include <holdfast/venue/book.hpp>

#include <algorithm>

/// Orders and the queues they stand in; how they trade is in matching.cpp.
namespace holdfast::venue {

namespace {

constexpr std::size_t index(Side side) { return side == Side::buy ? 0 : 1; }
constexpr bool is_stop(OrdType type) { return type == OrdType::stop || type == OrdType::stop_limit; }
constexpr bool has_limit(OrdType type) { return type == OrdType::limit || type == OrdType::stop_limit; }
constexpr bool may_rest(TimeInForce tif) {
  return tif == TimeInForce::day || tif == TimeInForce::gtc || tif == TimeInForce::gtd;
}

}  // namespace

std::vector<Book::Queue>::iterator Book::Ladder::find(Price price) {
  constexpr std::ptrdiff_t kNear = 8;
  auto at = queues.end();
  const auto near = queues.end() - std::min<std::ptrdiff_t>(kNear, queues.end() - queues.begin());
  while (at != near && !better(price, (at - 1)->price)) {
    --at;
    if (at->price == price) return at;
  }
  if (at != near || near == queues.begin()) return at;
  const auto found = std::lower_bound(queues.begin(), near, price,
                                      [&](const Queue& queue, Price p) { return better(p, queue.price); });
  return found;
}

OrderId Book::id_of(Slot slot) const { return (static_cast<OrderId>(orders_[slot].generation) << 32) | slot; }

Book::Order* Book::find(OrderId id) {
  const Slot slot = static_cast<Slot>(id);
  if (slot >= orders_.size() || orders_[slot].generation != id >> 32 || orders_[slot].state == Order::absent) return nullptr;
  return &orders_[slot];
}

Book::Slot Book::make(const NewOrder& terms) {
  Slot slot = free_;
  if (slot != kNone) {
    free_ = orders_[slot].after;
  } else {
    slot = static_cast<Slot>(orders_.size());
    orders_.emplace_back();
  }
  Order& order = orders_[slot];
  order.terms = terms;
  order.leaves = terms.quantity;
  order.shown = {};
  order.arrival = ++arrivals_;
  order.before = order.after = kNone;
  ++order.generation;
  order.state = Order::taking;
  open_[index(terms.side)] += terms.quantity;
  ++size_;
  return slot;
}

void Book::release(Slot slot) {
  Order& order = orders_[slot];
  open_[index(order.terms.side)] -= order.leaves;
  order.state = Order::absent;
  order.after = free_;
  free_ = slot;
  --size_;
}

Book::Ladder& Book::ladder_of(const Order& order) {
  const bool buys = order.terms.side == Side::buy;
  if (order.state == Order::waiting) return buys ? buy_stops_ : sell_stops_;
  return buys ? bids_ : offers_;
}

/// At the end of its queue.
void Book::append(Ladder& ladder, Slot slot) {
  Order& order = orders_[slot];
  const Price price = order.state == Order::waiting ? order.terms.stop_px : order.terms.price;
  auto at = ladder.find(price);
  if (at == ladder.queues.end() || at->price != price) at = ladder.queues.insert(at, Queue{price, {}, 0, kNone, kNone});
  order.before = at->last;
  order.after = kNone;
  (at->last == kNone ? at->first : orders_[at->last].after) = slot;
  at->last = slot;
  at->shown += order.shown;
  ++at->orders;
}

void Book::unlink(Ladder& ladder, std::vector<Queue>::iterator queue, Slot slot) {
  const Order& order = orders_[slot];
  (order.before == kNone ? queue->first : orders_[order.before].after) = order.after;
  (order.after == kNone ? queue->last : orders_[order.after].before) = order.before;
  queue->shown -= order.shown;
  if (--queue->orders == 0) ladder.queues.erase(queue);
}

void Book::remove(Slot slot) {
  const Order& order = orders_[slot];
  if (order.state == Order::taking) return;
  Ladder& ladder = ladder_of(order);
  unlink(ladder, ladder.find(order.state == Order::waiting ? order.terms.stop_px : order.terms.price), slot);
}

void Book::end(Slot slot, Reason reason, std::vector<BookEvent>& out) {
  const Order& order = orders_[slot];
  remove(slot);
  out.push_back({BookEvent::Kind::cancelled, reason, id_of(slot), 0, order.terms.price, {}, order.leaves, {}});
  release(slot);
}

Reason Book::refusal(const NewOrder& o) const {
  const bool stop = is_stop(o.type), limit = has_limit(o.type);
  if (o.quantity <= Quantity{} || o.display_qty < Quantity{} || o.display_qty > o.quantity) return Reason::malformed;
  if (limit ? o.price <= Price{} : !o.price.is_zero()) return Reason::malformed;
  if (stop ? o.stop_px <= Price{} : !o.stop_px.is_zero()) return Reason::malformed;
  if ((o.tif == TimeInForce::gtd) == (o.expire_time == Time{})) return Reason::malformed;
  const bool rests = o.type == OrdType::limit && may_rest(o.tif);
  if (o.post_only && !rests) return Reason::malformed;
  if (!o.display_qty.is_zero() && !(limit && may_rest(o.tif))) return Reason::malformed;
  if (!fits(o.side, o.quantity)) return Reason::too_much;
  return o.post_only && crosses(o.side, o.price) ? Reason::would_take : Reason::none;
}

/// All there is on a side can be added up.
bool Book::fits(Side side, Quantity more) const { return more.raw() <= INT64_MAX - open_[index(side)].raw(); }

OrderId Book::submit(const NewOrder& order, std::vector<BookEvent>& out) {
  if (const Reason reason = refusal(order); reason != Reason::none) {
    out.push_back({BookEvent::Kind::rejected, reason, 0, 0, order.price, order.quantity, {}, {}});
    return 0;
  }
  const Slot slot = make(order);
  const OrderId id = id_of(slot);
  out.push_back({BookEvent::Kind::accepted, Reason::none, id, 0, order.price, order.quantity, order.quantity, {}});
  const bool reached = last_ && (order.side == Side::buy ? *last_ >= order.stop_px : *last_ <= order.stop_px);
  if (is_stop(order.type) && !reached) {
    orders_[slot].state = Order::waiting;
    append(ladder_of(orders_[slot]), slot);
    return id;
  }
  if (is_stop(order.type)) out.push_back({BookEvent::Kind::triggered, Reason::none, id, 0, order.price, {}, order.quantity, {}});
  enter(slot, out);
  set_free(out);
  return id;
}

OrderId Book::restore(const NewOrder& terms, Quantity leaves, Quantity shown, bool waits) {
  const Slot slot = make(terms);
  Order& order = orders_[slot];
  open_[index(terms.side)] -= terms.quantity - leaves;
  order.leaves = leaves;
  order.shown = waits ? Quantity{} : shown;
  order.state = waits ? Order::waiting : Order::resting;
  append(ladder_of(order), slot);
  return id_of(slot);
}

bool Book::cancel(OrderId id, std::vector<BookEvent>& out) {
  if (find(id) == nullptr) {
    out.push_back({BookEvent::Kind::rejected, Reason::unknown_order, id, 0, {}, {}, {}, {}});
    return false;
  }
  end(static_cast<Slot>(id), Reason::asked, out);
  return true;
}

bool Book::replace(OrderId id, Price price, Quantity quantity, std::vector<BookEvent>& out) {
  const auto refuse = [&](Reason reason) {
    out.push_back({BookEvent::Kind::rejected, reason, id, 0, price, quantity, {}, {}});
    return false;
  };
  Order* const order = find(id);
  if (order == nullptr) return refuse(Reason::unknown_order);
  NewOrder& terms = order->terms;
  const Quantity traded = terms.quantity - order->leaves;
  if (quantity <= traded || (has_limit(terms.type) ? price <= Price{} : !price.is_zero())) return refuse(Reason::malformed);
  if (quantity > terms.quantity && !fits(terms.side, quantity - terms.quantity)) return refuse(Reason::too_much);
  if (terms.post_only && crosses(terms.side, price)) return refuse(Reason::would_take);
  const Slot slot = static_cast<Slot>(id);
  const bool waits = order->state == Order::waiting, stays = waits || (price == terms.price && quantity <= terms.quantity);
  if (!stays) remove(slot);
  const Quantity leaves = quantity - traded;
  open_[index(terms.side)] += leaves - order->leaves;
  order->leaves = leaves;
  terms.quantity = quantity;
  terms.price = price;
  terms.display_qty = std::min(terms.display_qty, leaves);
  out.push_back({BookEvent::Kind::replaced, Reason::none, id, 0, price, quantity, leaves, {}});
  if (stays && !waits && order->shown > leaves) {
    const auto queue = ladder_of(*order).find(price);
    queue->shown -= order->shown - leaves;
    order->shown = leaves;
  }
  if (stays) return true;
  order->state = Order::taking;
  order->arrival = ++arrivals_;
  enter(slot, out);
  set_free(out);
  return true;
}

/// Oldest first. Cancelling sets nothing free, so that nothing is added while this looks.
template <class Ends>
void Book::end_those(Reason reason, const Ends& ends, std::vector<BookEvent>& out) {
  ending_.clear();
  for (Slot slot = 0; slot < orders_.size(); ++slot)
    if (orders_[slot].state != Order::absent && ends(orders_[slot].terms)) ending_.emplace_back(orders_[slot].arrival, slot);
  std::ranges::sort(ending_);
  for (const auto& [arrival, slot] : ending_) end(slot, reason, out);
}

void Book::cancel_all(Account account, std::vector<BookEvent>& out) {
  end_those(Reason::asked, [&](const NewOrder& terms) { return terms.account == account; }, out);
}

void Book::expire(Time now, bool session_ends, std::vector<BookEvent>& out) {
  const auto over = [&](const NewOrder& terms) {
    return terms.tif == TimeInForce::gtd ? terms.expire_time <= now : session_ends && terms.tif == TimeInForce::day;
  };
  end_those(Reason::expired, over, out);
}

std::optional<Book::Level> Book::level(Side side, std::size_t depth) const {
  const auto& queues = (side == Side::buy ? bids_ : offers_).queues;
  if (depth >= queues.size()) return std::nullopt;
  const Queue& queue = queues[queues.size() - 1 - depth];
  return Level{queue.price, queue.shown, queue.orders};
}

}  // namespace holdfast::venue
