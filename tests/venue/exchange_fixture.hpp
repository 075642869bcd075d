#pragma once

#include <holdfast/venue/exchange.hpp>
#include <sstream>
#include <string>

namespace holdfast::test {

/// 2026-01-05T10:00:00Z, a Monday; plus seconds.
inline Time at(double seconds = 0) { return Time{1'767'607'200'000'000'000} + Duration{static_cast<std::int64_t>(seconds * 1e9)}; }
inline Price px(const char* text) { return *Price::parse(text); }
inline Quantity qty(const char* text) { return *Quantity::parse(text); }
inline Money money(const char* text) { return *Money::parse(text); }

/// An exchange with BTCUSDT and accounts ACME and BOLT; what it reports reads "ACME a: New 0/5".
class Floor {
 public:
  venue::Exchange exchange;
  venue::Reports out;
  std::vector<venue::Batch> kept;

  explicit Floor(venue::SelfTrade self_trade = venue::SelfTrade::allowed) { set_up(self_trade); }
  void set_up(venue::SelfTrade self_trade) {
    exchange.list(btc(), at());
    keep();
    for (const char* name : {"ACME", "BOLT"}) {
      exchange.open({name, {name}, {{"USDT", money("1000000")}}, self_trade, false, 0}, at());
      keep();
    }
  }
  static venue::Listing btc() {
    venue::Listing l;
    l.symbol = "BTCUSDT", l.currency = "USDT", l.base = "BTC";
    l.tick = px("0.01"), l.lot = qty("0.001"), l.min_qty = qty("0.001"), l.max_qty = qty("100");
    l.min_notional = money("1"), l.price_band = *Rate::parse("0.1"), l.reference = px("100");
    l.maker_fee = *Rate::parse("-0.001"), l.taker_fee = *Rate::parse("0.002");
    return l;
  }
  static venue::Request order(const char* account, const char* id, Side side, const char* quantity, const char* price) {
    venue::Request r;
    r.account = r.session = account;
    r.cl_ord_id = id;
    r.symbol = "BTCUSDT";
    r.terms.side = side;
    r.terms.quantity = qty(quantity);
    r.terms.price = px(price);
    if (r.terms.price.is_zero()) r.terms.type = venue::OrdType::market;
    return r;
  }
  static venue::Request buy(const char* account, const char* id, const char* quantity, const char* price) {
    return order(account, id, Side::buy, quantity, price);
  }
  static venue::Request sell(const char* account, const char* id, const char* quantity, const char* price) {
    return order(account, id, Side::sell, quantity, price);
  }
  static venue::Request change(const char* account, const char* id, const char* orig, const char* quantity = "0",
                               const char* price = "0") {
    venue::Request r = order(account, id, Side::buy, quantity, price);
    r.orig_cl_ord_id = orig;
    r.symbol.clear();
    return r;
  }

  std::string submit(const venue::Request& r, Time now = at()) { return exchange.submit(r, now, out), said(); }
  std::string cancel(const venue::Request& r, Time now = at()) { return exchange.cancel(r, now, out), said(); }
  std::string replace(const venue::Request& r, Time now = at()) { return exchange.replace(r, now, out), said(); }
  std::string tick(Time now) { return exchange.tick(now, out), said(); }
  std::string position(const char* account, const char* symbol = "BTCUSDT") const {
    const auto& all = exchange.records().account(account)->positions;
    const auto found = all.find(symbol);
    return found == all.end() ? "0" : found->second.quantity().str() + " at " + found->second.average_price().str();
  }
  std::string balance(const char* account, const char* currency = "USDT") const {
    const auto& all = exchange.records().account(account)->balances;
    const auto found = all.find(currency);
    return found == all.end() ? "0" : found->second.str();
  }
  std::string best(Side side) const {
    const auto levels = exchange.levels("BTCUSDT", side, 1);
    return levels.empty() ? "none" : levels[0].quantity.str() + " at " + levels[0].price.str();
  }
  /// Takes what was reported and keeps what is to be kept.
  std::string said() {
    std::string text;
    for (const auto& report : out) text += (text.empty() ? "" : "; ") + words(report);
    out.clear();
    keep();
    return text;
  }

  static std::string words(const venue::Report& r) {
    using enum venue::ExecType;
    std::ostringstream text;
    text << r.order.account << ' ' << r.cl_ord_id << ": ";
    if (r.kind == venue::Report::Kind::cancel_reject)
      return text.str() + (r.to_replace ? "no replace " : "no cancel ") + std::to_string(static_cast<int>(r.cxl_rej)) + ", " + r.text;
    switch (r.exec_type) {
      case created: text << "New"; break;
      case cancelled: text << "Canceled"; break;
      case replaced: text << "Replaced"; break;
      case rejected: text << "Rejected " << static_cast<int>(r.ord_rej); break;
      case expired: text << "Expired"; break;
      case trade: text << "Trade " << r.last_qty.str() << " at " << r.last_px.str(); break;
      case corrected: text << "Correct " << r.last_qty.str() << " at " << r.last_px.str(); break;
      case busted: text << "Bust " << r.last_qty.str() << " at " << r.last_px.str(); break;
      case status: text << "Status"; break;
    }
    text << ' ' << static_cast<char>(r.order.status) << ' ' << r.order.cum_qty.str() << '/' << r.order.leaves_qty.str();
    if (!r.text.empty()) text << ", " << r.text;
    return text.str();
  }

 private:
  void keep() {
    if (auto batch = exchange.take(); !batch.facts.empty()) kept.push_back(std::move(batch));
  }
};

}  // namespace holdfast::test
