#include "naive_book.hpp"

#include <algorithm>
#include <map>

namespace holdfast::test {

using namespace venue;
using venue::OrdType;
using venue::TimeInForce;
using What = BookEvent::Kind;

namespace {
bool buys(const NewOrder& terms) { return terms.side == Side::buy; }
BookEvent event(What what, Reason reason, OrderId order, Price price, std::int64_t quantity, std::int64_t leaves) {
  return {what, reason, order, 0, price, Quantity::from_raw(quantity), Quantity::from_raw(leaves), {}};
}
}  // namespace

NaiveBook::Order* NaiveBook::find(OrderId id) {
  for (Order& order : orders_)
    if (order.id == id) return &order;
  return nullptr;
}

NaiveBook::Order* NaiveBook::best_against(const Order& taker) {
  Order* best = nullptr;
  for (Order& order : orders_) {
    if (!order.rests || order.terms.side == taker.terms.side) continue;
    const std::int64_t price = order.terms.price.raw(), limit = taker.terms.price.raw();
    if (limit != 0 && (buys(taker.terms) ? price > limit : price < limit)) continue;
    const auto badness = [&](const Order& o) {
      return std::pair{buys(taker.terms) ? o.terms.price.raw() : -o.terms.price.raw(), o.since};
    };
    if (best == nullptr || badness(order) < badness(*best)) best = &order;
  }
  return best;
}

bool NaiveBook::would_take(const NewOrder& terms) const {
  return std::ranges::any_of(orders_, [&](const Order& order) {
    if (!order.rests || order.terms.side == terms.side) return false;
    return buys(terms) ? order.terms.price <= terms.price : order.terms.price >= terms.price;
  });
}

void NaiveBook::erase(OrderId id) {
  std::erase_if(orders_, [&](const Order& order) { return order.id == id; });
}

void NaiveBook::end(OrderId id, Reason reason, Events& out) {
  const Order order = *find(id);
  out.push_back(event(What::cancelled, reason, id, order.terms.price, 0, order.leaves));
  erase(id);
}

void NaiveBook::submit(const NewOrder& terms, Events& out) {
  const bool limit = terms.type == OrdType::limit || terms.type == OrdType::stop_limit;
  const bool stop = terms.type == OrdType::stop || terms.type == OrdType::stop_limit;
  const bool good_for_longer = terms.tif != TimeInForce::ioc && terms.tif != TimeInForce::fok;
  Reason wrong = Reason::none;
  if (terms.post_only && would_take(terms)) wrong = Reason::would_take;
  if (terms.quantity.raw() <= 0 || terms.display_qty.raw() < 0 || terms.display_qty > terms.quantity) wrong = Reason::malformed;
  if (limit != (terms.price.raw() > 0) || terms.price.raw() < 0) wrong = Reason::malformed;
  if (stop != (terms.stop_px.raw() > 0) || terms.stop_px.raw() < 0) wrong = Reason::malformed;
  if ((terms.tif == TimeInForce::gtd) != (terms.expire_time.ns != 0)) wrong = Reason::malformed;
  if (terms.post_only && (terms.type != OrdType::limit || !good_for_longer)) wrong = Reason::malformed;
  if (terms.display_qty.raw() > 0 && (!limit || !good_for_longer)) wrong = Reason::malformed;
  if (wrong != Reason::none) {
    out.push_back(event(What::rejected, wrong, 0, terms.price, terms.quantity.raw(), 0));
    return;
  }
  const OrderId id = next_++;
  Order order;
  order.id = id;
  order.terms = terms;
  order.leaves = terms.quantity.raw();
  order.since = order.arrival = ++clock_;
  const bool reached = last_ != 0 && (buys(terms) ? last_ >= terms.stop_px.raw() : last_ <= terms.stop_px.raw());
  order.waits = stop && !reached;
  orders_.push_back(order);
  out.push_back(event(What::accepted, Reason::none, id, terms.price, order.leaves, order.leaves));
  if (order.waits) return;
  if (stop) out.push_back(event(What::triggered, Reason::none, id, terms.price, 0, order.leaves));
  run(id, out);
  trigger_stops(out);
}

/// All that happens to an order that is no stop, or no longer.
void NaiveBook::run(OrderId id, Events& out) {
  const NewOrder terms = find(id)->terms;
  if (terms.tif == TimeInForce::fok) {
    NaiveBook trial = *this;
    Events unseen;
    trial.trade(id, unseen);
    std::int64_t got = 0;
    for (const BookEvent& e : unseen)
      if (e.kind == What::traded) got += e.quantity.raw();
    if (got < terms.quantity.raw()) return end(id, Reason::no_liquidity, out);
  }
  trade(id, out);
  Order* order = find(id);
  if (order == nullptr) return;
  if (terms.price.is_zero() || terms.tif == TimeInForce::ioc) return end(id, Reason::no_liquidity, out);
  order->rests = true;
  order->since = ++clock_;
  order->shown = terms.display_qty.is_zero() ? order->leaves : std::min(terms.display_qty.raw(), order->leaves);
}

void NaiveBook::trade(OrderId id, Events& out) {
  while (Order* taker = find(id)) {
    Order* maker = best_against(*taker);
    if (maker == nullptr) return;
    const OrderId other = maker->id;
    if (taker->terms.self_trade != SelfTrade::allowed && taker->terms.account == maker->terms.account) {
      const SelfTrade policy = taker->terms.self_trade;
      if (policy == SelfTrade::cancel_resting || policy == SelfTrade::cancel_both) end(other, Reason::self_trade, out);
      if (policy == SelfTrade::cancel_taking || policy == SelfTrade::cancel_both) end(id, Reason::self_trade, out);
      continue;
    }
    const std::int64_t amount = std::min(taker->leaves, maker->shown);
    taker->leaves -= amount;
    maker->leaves -= amount;
    maker->shown -= amount;
    last_ = maker->terms.price.raw();
    traded_.push_back(last_);
    auto told = event(What::traded, Reason::none, id, maker->terms.price, amount, taker->leaves);
    told.maker = other;
    told.maker_leaves = Quantity::from_raw(maker->leaves);
    out.push_back(told);
    if (maker->shown == 0 && maker->leaves > 0) {
      maker->shown = std::min(maker->terms.display_qty.raw(), maker->leaves);
      maker->since = ++clock_;
    }
    const bool taker_done = taker->leaves == 0, maker_done = maker->leaves == 0;
    if (maker_done) erase(other);
    if (taker_done) erase(id);
  }
}

void NaiveBook::trigger_stops(Events& out) {
  while (!traded_.empty()) {
    const auto [low, high] = std::ranges::minmax(traded_);
    const Order* first = nullptr;
    const auto rank = [](const Order& o) {
      return std::tuple{!buys(o.terms), buys(o.terms) ? o.terms.stop_px.raw() : -o.terms.stop_px.raw(), o.since};
    };
    for (const Order& order : orders_) {
      if (!order.waits || !(buys(order.terms) ? high >= order.terms.stop_px.raw() : low <= order.terms.stop_px.raw())) continue;
      if (first == nullptr || rank(order) < rank(*first)) first = &order;
    }
    if (first == nullptr) break;
    const OrderId id = first->id;
    find(id)->waits = false;
    out.push_back(event(What::triggered, Reason::none, id, first->terms.price, 0, first->leaves));
    run(id, out);
  }
  traded_.clear();
}

void NaiveBook::cancel(OrderId id, Events& out) {
  if (find(id) == nullptr) out.push_back(event(What::rejected, Reason::unknown_order, id, {}, 0, 0));
  else end(id, Reason::asked, out);
}

void NaiveBook::replace(OrderId id, Price price, Quantity quantity, Events& out) {
  Order* order = find(id);
  const auto no = [&](Reason why) { out.push_back(event(What::rejected, why, id, price, quantity.raw(), 0)); };
  if (order == nullptr) return no(Reason::unknown_order);
  const std::int64_t done = order->terms.quantity.raw() - order->leaves;
  const bool limit = order->terms.type == OrdType::limit || order->terms.type == OrdType::stop_limit;
  if (quantity.raw() <= done || (limit ? price.raw() <= 0 : price.raw() != 0)) return no(Reason::malformed);
  NewOrder wanted = order->terms;
  wanted.price = price;
  if (wanted.post_only && would_take(wanted)) return no(Reason::would_take);
  const bool only_less = price == order->terms.price && quantity <= order->terms.quantity;
  wanted.quantity = quantity;
  order->leaves = quantity.raw() - done;
  wanted.display_qty = std::min(wanted.display_qty, Quantity::from_raw(order->leaves));
  order->terms = wanted;
  out.push_back(event(What::replaced, Reason::none, id, price, quantity.raw(), order->leaves));
  if (order->waits) return;
  if (only_less) {
    order->shown = std::min(order->shown, order->leaves);
    return;
  }
  order->rests = false;
  order->arrival = ++clock_;
  run(id, out);
  trigger_stops(out);
}

template <class Which>
void NaiveBook::end_all(Reason reason, const Which& which, Events& out) {
  std::map<std::uint64_t, OrderId> by_age;
  for (const Order& order : orders_)
    if (which(order.terms)) by_age[order.arrival] = order.id;
  for (const auto& [age, id] : by_age) end(id, reason, out);
}

void NaiveBook::cancel_all(Account account, Events& out) {
  end_all(Reason::asked, [&](const NewOrder& terms) { return terms.account == account; }, out);
}

void NaiveBook::expire(Time now, bool session_ends, Events& out) {
  end_all(Reason::expired, [&](const NewOrder& terms) {
    if (terms.tif == TimeInForce::day) return session_ends;
    return terms.tif == TimeInForce::gtd && terms.expire_time <= now;
  }, out);
}

std::vector<Book::Level> NaiveBook::levels(Side side) const {
  std::map<std::int64_t, Book::Level> by_price;
  for (const Order& order : orders_) {
    if (!order.rests || order.terms.side != side) continue;
    auto& level = by_price[side == Side::buy ? -order.terms.price.raw() : order.terms.price.raw()];
    level.price = order.terms.price;
    level.quantity += Quantity::from_raw(order.shown);
    ++level.orders;
  }
  std::vector<Book::Level> levels;
  for (const auto& [key, level] : by_price) levels.push_back(level);
  return levels;
}

}  // namespace holdfast::test
