#include <algorithm>
#include <stdexcept>

#include "market.hpp"

/// Time, the market's view, and the operator.
namespace holdfast::venue {

void Exchange::tick(Time now, Reports& out) {
  batch_.time = now;
  while (!due_.empty() && due_.begin()->first <= now) {
    const std::uint64_t order_id = due_.begin()->second;
    due_.erase(due_.begin());
    const Order* const order = records_.order(order_id);
    if (order == nullptr || !order->open()) continue;
    take_out(market(order->symbol), order_id);
    end(order_id, "", OrdStatus::expired, "", out);
  }
}

std::vector<Book::Level> Exchange::levels(const std::string& symbol, Side side, std::size_t depth) const {
  std::vector<Book::Level> levels;
  const auto at = markets_.find(symbol);
  if (at == markets_.end()) return levels;
  while (levels.size() < depth) {
    const auto level = at->second->book.level(side, levels.size());
    if (!level) break;
    levels.push_back(*level);
  }
  return levels;
}

std::uint64_t Exchange::updates(const std::string& symbol) const {
  const auto at = markets_.find(symbol);
  return at == markets_.end() ? 0 : at->second->updates;
}

std::vector<PublicTrade> Exchange::trades_after(const std::string& symbol, std::uint64_t number) const {
  const auto at = markets_.find(symbol);
  if (at == markets_.end()) return {};
  const auto& trades = at->second->trades;
  const auto first = std::partition_point(trades.begin(), trades.end(), [&](const PublicTrade& t) { return t.number <= number; });
  return {first, trades.end()};
}

Trading Exchange::trading(const std::string& symbol, Time now) const {
  const auto* record = records_.listing(symbol);
  const auto at = markets_.find(symbol);
  if (record == nullptr || at == markets_.end() || !at->second->calendar.open_at(now)) return Trading::closed;
  if (record->listing.expiry != Time{} && record->listing.expiry <= now) return Trading::closed;
  return record->halted ? Trading::halted : Trading::open;
}

Price Exchange::reference(const std::string& symbol) const {
  const auto at = markets_.find(symbol);
  const auto* record = records_.listing(symbol);
  if (at == markets_.end() || record == nullptr) return {};
  return at->second->book.last_trade().value_or(record->listing.reference);
}

void Exchange::crowd(const std::string& symbol, std::span<const NewOrder> orders, Time now, Reports& out) {
  tick(now, out);
  if (trading(symbol, now) != Trading::open) return;
  Market& at = market(symbol);
  std::vector<BookEvent> gone;
  for (const OrderId id : at.crowd) at.book.cancel(id, gone);
  at.crowd.clear();
  for (const NewOrder& order : orders) at.book.submit(order, events_);
  settle(at, {}, out);
}

void Exchange::halt(const std::string& symbol, bool halted, Time now) {
  batch_.time = now;
  const auto* record = records_.listing(symbol);
  if (record != nullptr && record->halted != halted) emit(Halted{symbol, halted});
}

bool Exchange::bust(std::uint64_t exec_id, const std::string& why, Time now, Reports& out) {
  tick(now, out);
  const Fill* const fill = records_.fill(exec_id);
  if (fill == nullptr || fill->taken_back != 0) return false;
  for (const std::uint64_t ref : {exec_id, fill->contra}) {
    if (ref == 0) continue;
    const Fill was = *records_.fill(ref);
    emit(Busted{next_exec(), ref, why});
    Report& r = out.emplace_back(report(ExecType::busted, *records_.order(was.order_id), records_.last_exec_id()));
    r.ref_exec_id = ref;
    r.last_px = was.price;
    r.last_qty = was.quantity;
    r.fee = was.fee;
    r.liquidity = was.liquidity;
    r.text = why;
  }
  return true;
}

bool Exchange::correct(std::uint64_t exec_id, Price price, Quantity quantity, Time now, Reports& out) {
  tick(now, out);
  const Fill* const fill = records_.fill(exec_id);
  if (fill == nullptr || fill->taken_back != 0 || price <= Price{} || quantity <= Quantity{}) return false;
  for (const std::uint64_t ref : {exec_id, fill->contra}) {
    if (ref == 0) continue;
    const Fill was = *records_.fill(ref);
    const Listing& listing = records_.listing(records_.order(was.order_id)->symbol)->listing;
    const Rate rate = was.liquidity == Liquidity::taker ? listing.taker_fee : listing.maker_fee;
    const Money fee = scaled(notional(price, quantity), rate);
    emit(Corrected{next_exec(), ref, price, quantity, fee});
    Report& r = out.emplace_back(report(ExecType::corrected, *records_.order(was.order_id), records_.last_exec_id()));
    r.ref_exec_id = ref;
    r.last_px = price;
    r.last_qty = quantity;
    r.fee = fee;
    r.liquidity = was.liquidity;
  }
  return true;
}

void Exchange::adjust(const std::string& account, const std::string& symbol, Quantity by, Price price, Time now) {
  batch_.time = now;
  if (records_.listing(symbol) == nullptr) throw std::invalid_argument{"there is no instrument " + symbol};
  if (records_.account(account) == nullptr) throw std::invalid_argument{"there is no account " + account};
  if (by.is_zero()) throw std::invalid_argument{"a position moves by more than nothing"};
  emit(Adjusted{account, symbol, by, price});
}

void Exchange::forget(Time now) {
  batch_.time = now;
  for (const auto& [name, account] : records_.accounts())
    for (const auto order_id : account.open) take_out(market(records_.order(order_id)->symbol), order_id);
  due_.clear();
  emit(Forgot{});
}

}  // namespace holdfast::venue
