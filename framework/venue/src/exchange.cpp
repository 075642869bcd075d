#include <holdfast/venue/exchange.hpp>

#include <algorithm>
#include <stdexcept>

#include "market.hpp"

/// What clients ask.
namespace holdfast::venue {

Exchange::Exchange() = default;
Exchange::~Exchange() = default;
Exchange::Exchange(Exchange&&) noexcept = default;
Exchange& Exchange::operator=(Exchange&&) noexcept = default;

Exchange::Market& Exchange::market(const std::string& symbol) { return *markets_.at(symbol); }

void Exchange::replay(const Batch& batch) {
  for (const Fact& fact : batch.facts) records_.apply(batch.time, fact);
}

void Exchange::resume() {
  for (const auto& [symbol, record] : records_.listings()) {
    auto& market = *(markets_[symbol] = std::make_unique<Market>());
    market.calendar = Calendar::parse(record.listing.session).value_or(Calendar{});
    if (!record.last.is_zero()) market.book.restore_last_trade(record.last);
  }
  std::vector<const Order*> open;
  for (const auto& [name, account] : records_.accounts())
    for (const auto order_id : account.open) open.push_back(records_.order(order_id));
  std::sort(open.begin(), open.end(), [](const Order* a, const Order* b) { return a->place < b->place; });
  for (const Order* order : open) {
    Market& at = market(order->symbol);
    const OrderId id = at.book.restore(order->terms, order->leaves_qty, order->shown, order->waits);
    at.orders[id] = order->order_id;
    in_book_[order->order_id] = id;
    if (order->until != Time{}) due_.emplace(order->until, order->order_id);
  }
}

void Exchange::list(const Listing& listing, Time now) {
  const auto refuse = [&](const std::string& what) { throw std::invalid_argument{listing.symbol + ": " + what}; };
  std::string why;
  const auto calendar = Calendar::parse(listing.session, &why);
  if (!calendar) refuse("its session is \"" + listing.session + "\": " + why);
  if (listing.tick <= Price{} || listing.lot <= Quantity{}) refuse("tick and lot are more than zero");
  batch_.time = now;
  auto& at = markets_[listing.symbol];
  if (at == nullptr) at = std::make_unique<Market>();
  at->calendar = *calendar;
  const auto* known = records_.listing(listing.symbol);
  if (known == nullptr || !(known->listing == listing)) emit(Listed{listing});
}

void Exchange::open(const Member& member, Time now) {
  batch_.time = now;
  self_trade_[member.account] = member.self_trade;
  if (records_.account(member.account) == nullptr) emit(Opened{member.account, member.balances});
}

Batch Exchange::take() { return std::exchange(batch_, Batch{batch_.time, {}}); }

void Exchange::emit(Fact fact) {
  records_.apply(batch_.time, fact);
  batch_.facts.push_back(std::move(fact));
}

void Exchange::submit(const Request& request, Time now, Reports& out) {
  tick(now, out);
  if (const auto refused = refusal(request)) return reject(request, *refused, out);
  Market& at = market(request.symbol);
  NewOrder terms = request.terms;
  terms.account = records_.account(request.account)->number;
  terms.self_trade = self_trade_[request.account];
  Request asked = request;
  asked.terms = terms;
  at.book.submit(terms, events_);
  settle(at, {&asked, 0}, out);
}

void Exchange::refuse(const Request& request, const std::string& why, Time now, Reports& out) {
  tick(now, out);
  reject(request, {OrdRejReason::exchange_option, why}, out);
}

const Order* Exchange::meant(const Request& request) const {
  if (!request.orig_cl_ord_id.empty()) return records_.find(request.account, request.orig_cl_ord_id);
  const Order* const order = records_.order(request.order_id);
  return order != nullptr && order->account == request.account ? order : nullptr;
}

const Order* Exchange::changeable(const Request& request, bool to_replace, Reports& out) {
  const auto refuse = [&](const Order* order, CxlRejReason reason, const std::string& text) -> const Order* {
    reject_cancel(request, order, reason, text, to_replace, out);
    return nullptr;
  };
  const auto* owner = records_.account(request.account);
  if (owner == nullptr) return refuse(nullptr, CxlRejReason::other, "there is no account " + request.account);
  const Order* const order = meant(request);
  if (order == nullptr) return refuse(nullptr, CxlRejReason::unknown_order, "there is no such order");
  if (!good_cl_ord_id(request.cl_ord_id)) return refuse(order, CxlRejReason::other, kBadClOrdId);
  if (owner->used.contains(request.cl_ord_id))
    return refuse(order, CxlRejReason::duplicate, "ClOrdID " + request.cl_ord_id + " has been used before");
  if (!request.symbol.empty() && request.symbol != order->symbol)
    return refuse(order, CxlRejReason::other, "the order is for " + order->symbol + ", not for " + request.symbol);
  if (!order->open()) return refuse(order, CxlRejReason::too_late, "too late: the order has ended");
  return order;
}

void Exchange::cancel(const Request& request, Time now, Reports& out) {
  tick(now, out);
  const Order* const order = changeable(request, false, out);
  if (order == nullptr) return;
  take_out(market(order->symbol), order->order_id);
  end(order->order_id, request.cl_ord_id, OrdStatus::cancelled, "", out);
}

void Exchange::cancel_after_fill(const Request& request, Quantity quantity, Time now, Reports& out) {
  tick(now, out);
  const Order* const order = changeable(request, false, out);
  if (order == nullptr) return;
  const std::uint64_t order_id = order->order_id;
  Market& at = market(order->symbol);
  take_out(at, order_id);
  Report cancelled = report(ExecType::cancelled, *order, 0);
  const Price price = !order->terms.price.is_zero() ? order->terms.price : reference(order->symbol);
  quantity = std::min(quantity, order->leaves_qty);
  const Listing& listing = records_.listing(order->symbol)->listing;
  const std::size_t first = out.size();
  fill(order_id,
       Filled{order_id, next_exec(), 0, price, quantity, scaled(notional(price, quantity), listing.maker_fee), Liquidity::maker}, out);
  if (records_.order(order_id)->open()) end(order_id, request.cl_ord_id, OrdStatus::cancelled, "", out);
  at.book.restore_last_trade(price);
  // Told the other way round, and the cancel as if nothing had traded.
  cancelled.exec_id = out.back().exec_id;
  cancelled.order.status = OrdStatus::cancelled;
  cancelled.order.leaves_qty = {};
  cancelled.cl_ord_id = request.cl_ord_id;
  cancelled.orig_cl_ord_id = order->cl_ord_id;
  if (out.size() - first == 2) out.pop_back();
  else cancelled.exec_id = 0;
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(first), std::move(cancelled));
  ++at.updates;
}

void Exchange::replace(const Request& request, Time now, Reports& out) {
  tick(now, out);
  const Order* const order = changeable(request, true, out);
  if (order == nullptr) return;
  const NewOrder& old = order->terms;
  Request asked = request;
  asked.symbol = order->symbol;
  asked.reduce_only = order->reduce_only;
  asked.terms = old;
  asked.terms.quantity = request.terms.quantity;
  if (!request.terms.price.is_zero()) asked.terms.price = request.terms.price;
  if (!request.terms.stop_px.is_zero()) asked.terms.stop_px = request.terms.stop_px;
  asked.terms.display_qty = std::min(asked.terms.display_qty, asked.terms.quantity);
  const auto refuse = [&](const std::string& text) {
    reject_cancel(request, order, CxlRejReason::other, text, true, out);
  };
  const Listing& listing = records_.listing(order->symbol)->listing;
  const Quantity traded = order->cum_qty + order->busted_qty;
  if (trading(order->symbol, now) != Trading::open) return refuse(order->symbol + " is not trading");
  if (const auto refused = refused_terms(asked, listing)) return refuse(refused->text);
  if (asked.terms.quantity <= traded) return refuse("OrderQty " + asked.terms.quantity.str() + " has traded already: " + traded.str());
  if (const auto refused = refused_reduction(asked, order->order_id)) return refuse(refused->text);
  if (!order->waits && asked.terms.stop_px != old.stop_px) return refuse("the stop has been triggered: its StopPx stays");
  Market& at = market(order->symbol);
  const std::uint64_t order_id = order->order_id;
  if (asked.terms.stop_px != old.stop_px) {
    take_out(at, order_id);
    at.book.submit(asked.terms, events_);
  } else {
    at.book.replace(in_book_.at(order_id), asked.terms.price, asked.terms.quantity, events_);
  }
  settle(at, {&asked, order_id}, out);
}

std::size_t Exchange::mass_cancel(const std::string& account, const std::string& symbol, const std::string& session,
                                  const std::string& why, Time now, Reports& out) {
  tick(now, out);
  const auto* owner = records_.account(account);
  if (owner == nullptr) return 0;
  std::size_t count = 0;
  for (const auto order_id : std::vector<std::uint64_t>(owner->open.begin(), owner->open.end())) {
    const Order& order = *records_.order(order_id);
    if ((!symbol.empty() && order.symbol != symbol) || (!session.empty() && order.session != session)) continue;
    take_out(market(order.symbol), order_id);
    end(order_id, "", OrdStatus::cancelled, why, out);
    ++count;
  }
  return count;
}

Report Exchange::status(const Request& request, Time now) const {
  const Order* order = records_.find(request.account, request.cl_ord_id);
  if (order == nullptr) order = meant(request);
  if (order != nullptr) {
    Report known = report(ExecType::status, *order, 0);
    known.time = now;
    return known;
  }
  Report unknown;
  unknown.order.account = request.account;
  unknown.order.session = request.session;
  unknown.order.symbol = request.symbol;
  unknown.order.terms = request.terms;
  unknown.order.status = OrdStatus::rejected;
  unknown.cl_ord_id = unknown.order.cl_ord_id = request.cl_ord_id;
  unknown.ord_rej = OrdRejReason::unknown_order;
  unknown.time = now;
  unknown.text = "there is no such order";
  const auto* owner = records_.account(request.account);
  if (owner == nullptr) return unknown;
  if (const auto why = owner->refused.find(request.cl_ord_id); why != owner->refused.end()) {
    unknown.ord_rej = OrdRejReason::other;
    unknown.text = "rejected: " + why->second;
  }
  return unknown;
}

Reports Exchange::open_orders(const std::string& account, Time now) const {
  Reports out;
  if (const auto* owner = records_.account(account))
    for (const auto order_id : owner->open) {
      out.push_back(report(ExecType::status, *records_.order(order_id), 0));
      out.back().time = now;
    }
  return out;
}

std::vector<Fill> Exchange::fills_after(const std::string& account, std::uint64_t exec_id) const {
  std::vector<Fill> fills;
  const auto* owner = records_.account(account);
  if (owner == nullptr) return fills;
  for (auto at = std::upper_bound(owner->fills.begin(), owner->fills.end(), exec_id); at != owner->fills.end(); ++at)
    if (const Fill& fill = *records_.fill(*at); fill.taken_back == 0) fills.push_back(fill);
  return fills;
}

std::vector<Fill> Exchange::taken_back_after(const std::string& account, std::uint64_t exec_id) const {
  std::vector<Fill> fills;
  const auto* owner = records_.account(account);
  if (owner == nullptr) return fills;
  const auto by = [&](std::uint64_t exec) { return records_.fill(exec)->taken_back; };
  for (auto at = std::ranges::upper_bound(owner->taken_back, exec_id, {}, by); at != owner->taken_back.end(); ++at)
    fills.push_back(*records_.fill(*at));
  return fills;
}

}  // namespace holdfast::venue
