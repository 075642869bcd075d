#include <algorithm>

#include "market.hpp"

/// What a book did becomes facts, and what clients are told.
namespace holdfast::venue {

namespace {

std::string text_of(Reason reason) {
  switch (reason) {
    case Reason::no_liquidity: return "nobody left to trade with";
    case Reason::self_trade: return "the account would have traded with itself";
    case Reason::would_take: return "post-only, and it would take";
    case Reason::too_much: return "more than the book can hold";
    case Reason::malformed: return "its terms contradict each other";
    default: return "";
  }
}

}  // namespace

Report Exchange::report(ExecType type, const Order& order, std::uint64_t exec_id) const {
  Report r;
  r.exec_type = type;
  r.order = order;
  r.exec_id = exec_id;
  r.cl_ord_id = order.cl_ord_id;
  r.time = batch_.time;
  return r;
}

void Exchange::settle(Market& at, const Asked& asked, Reports& out) {
  std::set<std::string> traders;
  for (const BookEvent& event : events_) {
    const auto ours = at.orders.find(event.order);
    const std::uint64_t order_id = ours == at.orders.end() ? 0 : ours->second;
    switch (event.kind) {
      case BookEvent::Kind::accepted: on_accepted(at, event, asked, out); break;
      case BookEvent::Kind::replaced: on_replaced(event, asked, out); break;
      case BookEvent::Kind::traded:
        for (const OrderId id : {event.order, event.maker})
          if (const auto known = at.orders.find(id); known != at.orders.end())
            traders.insert(records_.order(known->second)->account);
        on_traded(at, event, out);
        break;
      case BookEvent::Kind::triggered:
        if (order_id != 0) emit(Triggered{order_id});
        break;
      case BookEvent::Kind::cancelled:
        if (order_id == 0) break;
        at.orders.erase(ours);
        in_book_.erase(order_id);
        end(order_id, "", OrdStatus::cancelled, text_of(event.reason), out);
        break;
      case BookEvent::Kind::rejected:
        if (asked.request == nullptr) break;
        if (asked.order_id == 0) reject(*asked.request, {OrdRejReason::other, text_of(event.reason)}, out);
        // A stop that could not be put back is gone; whatever else could not be changed stays.
        else if (event.order == 0) end(asked.order_id, "", OrdStatus::cancelled, text_of(event.reason), out);
        else reject_cancel(*asked.request, records_.order(asked.order_id), CxlRejReason::other, text_of(event.reason), true, out);
        break;
    }
  }
  if (!events_.empty()) ++at.updates;
  events_.clear();
  const auto symbol = std::find_if(markets_.begin(), markets_.end(), [&](const auto& m) { return m.second.get() == &at; });
  for (const auto& account : traders) shrink_reduce_only(account, symbol->first, out);
}

void Exchange::on_accepted(Market& at, const BookEvent& event, const Asked& asked, Reports& out) {
  if (asked.request == nullptr) {
    at.crowd.push_back(event.order);
    return;
  }
  const Request& request = *asked.request;
  std::uint64_t order_id = asked.order_id;
  if (order_id != 0) {
    on_replaced(event, asked, out);
  } else {
    const Listing& listing = records_.listing(request.symbol)->listing;
    order_id = records_.last_order_id() + 1;
    Accepted fact{order_id, next_exec(), request.account, request.session, request.cl_ord_id, request.symbol, request.terms,
                  request.reduce_only, request.terms.expire_time};
    if (request.terms.tif == TimeInForce::day) fact.until = at.calendar.session(batch_.time).closes;
    if (listing.expiry != Time{} && (fact.until == Time{} || listing.expiry < fact.until)) fact.until = listing.expiry;
    if (fact.until != Time{}) due_.emplace(fact.until, order_id);
    emit(fact);
    out.push_back(report(ExecType::created, *records_.order(order_id), fact.exec));
  }
  at.orders[event.order] = order_id;
  in_book_[order_id] = event.order;
}

void Exchange::on_replaced(const BookEvent&, const Asked& asked, Reports& out) {
  const NewOrder& terms = asked.request->terms;
  const std::string before = records_.order(asked.order_id)->cl_ord_id;
  emit(Replaced{asked.order_id, next_exec(), asked.request->cl_ord_id, terms.quantity, terms.price, terms.stop_px});
  out.push_back(report(ExecType::replaced, *records_.order(asked.order_id), records_.last_exec_id()));
  out.back().orig_cl_ord_id = before;
}

void Exchange::on_traded(Market& at, const BookEvent& event, Reports& out) {
  const auto order_of = [&](OrderId id) -> std::uint64_t {
    const auto found = at.orders.find(id);
    return found == at.orders.end() ? 0 : found->second;
  };
  const std::uint64_t taker = order_of(event.order), maker = order_of(event.maker);
  Side aggressor = Side::buy;
  if (taker != 0) aggressor = records_.order(taker)->terms.side;
  else if (maker != 0) aggressor = opposite(records_.order(maker)->terms.side);
  else if (const auto bid = at.book.level(Side::buy); bid && event.price <= bid->price) aggressor = Side::sell;
  at.trades.push_back({++at.trades_made, event.price, event.quantity, aggressor, batch_.time});
  if (at.trades.size() > Market::kTrades) at.trades.pop_front();
  const std::uint64_t first = next_exec();
  const bool both = taker != 0 && maker != 0;
  const Money value = notional(event.price, event.quantity);
  const auto one = [&](std::uint64_t order_id, OrderId in_book, Liquidity liquidity, std::uint64_t contra) {
    if (order_id == 0) return;
    const Listing& listing = records_.listing(records_.order(order_id)->symbol)->listing;
    const Money fee = scaled(value, liquidity == Liquidity::taker ? listing.taker_fee : listing.maker_fee);
    fill(order_id, {order_id, next_exec(), both ? contra : 0, event.price, event.quantity, fee, liquidity}, out);
    if (records_.order(order_id)->open()) return;
    at.orders.erase(in_book);
    in_book_.erase(order_id);
  };
  one(taker, event.order, Liquidity::taker, first + 1);
  one(maker, event.maker, Liquidity::maker, first);
}

void Exchange::fill(std::uint64_t order_id, const Filled& fact, Reports& out) {
  emit(fact);
  Report& r = out.emplace_back(report(ExecType::trade, *records_.order(order_id), fact.exec));
  r.last_px = fact.price;
  r.last_qty = fact.quantity;
  r.fee = fact.fee;
  r.liquidity = fact.liquidity;
}

void Exchange::end(std::uint64_t order_id, const std::string& cl_ord_id, OrdStatus status, const std::string& text, Reports& out) {
  emit(Ended{order_id, next_exec(), cl_ord_id, status, text});
  const auto type = status == OrdStatus::expired ? ExecType::expired : ExecType::cancelled;
  Report& r = out.emplace_back(report(type, *records_.order(order_id), records_.last_exec_id()));
  r.text = text;
  if (cl_ord_id.empty()) return;
  r.orig_cl_ord_id = r.order.cl_ord_id;
  r.cl_ord_id = cl_ord_id;
}

void Exchange::take_out(Market& at, std::uint64_t order_id) {
  const auto found = in_book_.find(order_id);
  std::vector<BookEvent> gone;
  at.book.cancel(found->second, gone);
  at.orders.erase(found->second);
  in_book_.erase(found);
  ++at.updates;
}

/// After trades: the newest reduce-only orders that exceed the position go.
void Exchange::shrink_reduce_only(const std::string& account, const std::string& symbol, Reports& out) {
  const auto open = records_.account(account)->open;
  for (auto at = open.rbegin(); at != open.rend(); ++at) {
    const Order& order = *records_.order(*at);
    if (!order.reduce_only || order.symbol != symbol) continue;
    if (order.leaves_qty <= reducible(account, symbol, order.terms.side, order.order_id)) continue;
    take_out(market(symbol), *at);
    end(*at, "", OrdStatus::cancelled, "reduce-only, and there is no such position left", out);
  }
}

void Exchange::reject(const Request& request, const Refusal& refusal, Reports& out) {
  Report r;
  r.exec_type = ExecType::rejected;
  r.order.account = request.account;
  r.order.session = request.session;
  r.order.symbol = request.symbol;
  r.order.cl_ord_id = r.cl_ord_id = request.cl_ord_id;
  r.order.terms = request.terms;
  r.order.reduce_only = request.reduce_only;
  r.order.status = OrdStatus::rejected;
  r.ord_rej = refusal.reason;
  r.text = refusal.text;
  r.time = batch_.time;
  if (records_.account(request.account) != nullptr && good_cl_ord_id(request.cl_ord_id)) {
    r.exec_id = next_exec();
    emit(Rejected{r.exec_id, request.account, request.cl_ord_id, refusal.text});
  }
  out.push_back(std::move(r));
}

void Exchange::reject_cancel(const Request& request, const Order* order, CxlRejReason reason, const std::string& text,
                             bool to_replace, Reports& out) {
  Report& r = out.emplace_back();
  r.kind = Report::Kind::cancel_reject;
  if (order != nullptr) r.order = *order;
  else r.order.status = OrdStatus::rejected;
  r.order.account = request.account;
  r.order.session = request.session;
  r.cl_ord_id = request.cl_ord_id;
  r.orig_cl_ord_id = !request.orig_cl_ord_id.empty() ? request.orig_cl_ord_id : r.order.cl_ord_id;
  r.cxl_rej = reason;
  r.to_replace = to_replace;
  r.text = text;
  r.time = batch_.time;
}

}  // namespace holdfast::venue
