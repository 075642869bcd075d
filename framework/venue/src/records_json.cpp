#include <nlohmann/json.hpp>

#include <holdfast/venue/records.hpp>

namespace holdfast::venue {

namespace {

using Json = nlohmann::ordered_json;

Json order_json(const Order& o) {
  return {{"order_id", o.order_id},
          {"account", o.account},
          {"session", o.session},
          {"cl_ord_id", o.cl_ord_id},
          {"symbol", o.symbol},
          {"side", std::string{to_string(o.terms.side)}},
          {"type", static_cast<int>(o.terms.type)},
          {"tif", static_cast<int>(o.terms.tif)},
          {"status", std::string(1, static_cast<char>(o.status))},
          {"quantity", o.terms.quantity.str()},
          {"price", o.terms.price.str()},
          {"stop_px", o.terms.stop_px.str()},
          {"display_qty", o.terms.display_qty.str()},
          {"cum_qty", o.cum_qty.str()},
          {"leaves_qty", o.leaves_qty.str()},
          {"busted_qty", o.busted_qty.str()},
          {"shown", o.shown.str()},
          {"avg_px", o.avg_px().str()},
          {"post_only", o.terms.post_only},
          {"reduce_only", o.reduce_only},
          {"waits", o.waits},
          {"place", o.place},
          {"until", o.until.ns}};
}

Json fill_json(const Fill& f) {
  return {{"exec_id", f.exec_id},
          {"order_id", f.order_id},
          {"time", f.time.ns},
          {"price", f.price.str()},
          {"quantity", f.quantity.str()},
          {"fee", f.fee.str()},
          {"liquidity", static_cast<int>(f.liquidity)},
          {"taken_back", f.taken_back}};
}

Json account_json(const Records::AccountRecord& account) {
  Json balances = Json::object(), positions = Json::array();
  for (const auto& [currency, amount] : account.balances) balances[currency] = amount.str();
  for (const auto& [symbol, p] : account.positions)
    if (!p.quantity().is_zero())
      positions.push_back({{"symbol", symbol}, {"quantity", p.quantity().str()}, {"avg_px", p.average_price().str()}});
  const std::map<std::string, std::uint64_t> used{account.used.begin(), account.used.end()};
  return {{"balances", balances}, {"positions", positions}, {"used", used}};
}

}  // namespace

std::string Records::json() const {
  Json instruments = Json::object(), accounts = Json::object(), orders = Json::array(), fills = Json::array();
  for (const auto& [symbol, record] : listings_)
    instruments[symbol] = {{"halted", record.halted}, {"last", record.last.str()}};
  for (const auto& [name, account] : accounts_) accounts[name] = account_json(account);
  for (const auto& [id, order] : orders_) orders.push_back(order_json(order));
  for (const auto& [id, fill] : fills_) fills.push_back(fill_json(fill));
  return Json{{"schema", "holdfast.venue/1"},
              {"last_order_id", last_order_id_},
              {"last_exec_id", last_exec_id_},
              {"instruments", instruments},
              {"accounts", accounts},
              {"orders", orders},
              {"fills", fills}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace holdfast::venue
