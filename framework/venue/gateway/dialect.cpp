#include "dialect.hpp"

#include <algorithm>

namespace holdfast::venue {

namespace {

/// BusinessRejectReason (380).
constexpr int kOther = 0, kFieldMissing = 5;

/// What may stand in a field, by the enumeration's value.
template <class E>
bool read_choice(const fix::Message& message, int field, std::string_view allowed, E& out) {
  const auto value = fix::character(message, field);
  if (!value || allowed.find(*value) == std::string_view::npos) return false;
  out = static_cast<E>(*value - '0');
  return true;
}

/// False when it is there and is no such amount.
template <class Amount>
bool read_amount(const fix::Message& message, int field, Amount& out) {
  if (!message.get(field)) return true;
  const auto value = fix::amount<Amount>(message, field);
  if (value) out = *value;
  return value.has_value();
}

bool says(std::string_view flags, char flag) {
  for (std::size_t i = 0; i < flags.size(); i += 2)
    if (flags[i] == flag && (i + 1 == flags.size() || flags[i + 1] == ' ')) return true;
  return false;
}

Unclear read_terms(const fix::Message& message, Request& request) {
  NewOrder& terms = request.terms;
  const auto unclear = [](int field, const std::string& what) { return Unclear{kFieldMissing, std::to_string(field) + ": " + what}; };
  if (!read_choice(message, tag::Side, "12", terms.side)) return unclear(tag::Side, "Side is 1 or 2");
  if (message.type() == "F") return {};
  if (!read_choice(message, tag::OrdType, "1234", terms.type)) return unclear(tag::OrdType, "OrdType is 1, 2, 3 or 4");
  terms.tif = TimeInForce::day;  // FIX's default.
  if (message.get(tag::TimeInForce) && !read_choice(message, tag::TimeInForce, "01346", terms.tif))
    return unclear(tag::TimeInForce, "TimeInForce is 0, 1, 3, 4 or 6");
  if (!message.get(tag::OrderQty)) return unclear(tag::OrderQty, "OrderQty is missing");
  const int shown = message.get(tag::DisplayQty) ? tag::DisplayQty : tag::MaxShow;
  if (!read_amount(message, tag::OrderQty, terms.quantity) || !read_amount(message, shown, terms.display_qty) ||
      !read_amount(message, tag::Price, terms.price) || !read_amount(message, tag::StopPx, terms.stop_px))
    return {kOther, "prices and quantities have at most eight decimals"};
  if (message.get(tag::ExpireTime)) {
    const auto expires = fix::time(message, tag::ExpireTime);
    if (!expires) return unclear(tag::ExpireTime, "ExpireTime is no time");
    terms.expire_time = *expires;
  }
  const std::string flags = fix::text(message, tag::ExecInst);
  terms.post_only = says(flags, '6');
  request.reduce_only = says(flags, 'E');
  return {};
}

std::string id_text(std::uint64_t id) { return id == 0 ? "NONE" : std::to_string(id); }

void set_terms(const Order& order, fix::Message& m) {
  const NewOrder& t = order.terms;
  m.set(tag::Account, order.account);
  m.set(tag::Symbol, order.symbol.empty() ? "NONE" : order.symbol);
  m.set(tag::Side, static_cast<char>('0' + static_cast<int>(t.side)));
  m.set(tag::CumQty, order.cum_qty).set(tag::LeavesQty, order.leaves_qty).set(tag::AvgPx, order.avg_px());
  if (t.quantity.is_zero()) return;
  m.set(tag::OrderQty, t.quantity);
  m.set(tag::OrdType, static_cast<char>('0' + static_cast<int>(t.type)));
  m.set(tag::TimeInForce, static_cast<char>('0' + static_cast<int>(t.tif)));
  if (!t.price.is_zero()) m.set(tag::Price, t.price);
  if (!t.stop_px.is_zero()) m.set(tag::StopPx, t.stop_px);
  if (!t.display_qty.is_zero()) m.set(tag::DisplayQty, t.display_qty);
  if (t.expire_time != Time{}) m.set(tag::ExpireTime, t.expire_time);
  const std::string flags = std::string{t.post_only ? "6" : ""} + (t.post_only && order.reduce_only ? " " : "") + (order.reduce_only ? "E" : "");
  m.set(tag::ExecInst, flags);
}

fix::Message cancel_reject(const Report& r, std::uint64_t order_id) {
  fix::Message m{"9"};
  m.set(tag::OrderID, id_text(order_id)).set(tag::ClOrdID, r.cl_ord_id);
  m.set(tag::OrigClOrdID, r.orig_cl_ord_id.empty() ? "NONE" : r.orig_cl_ord_id);
  m.set(tag::OrdStatus, static_cast<char>(r.order.status)).set(tag::Account, r.order.account).set(tag::TransactTime, r.time);
  m.set(tag::CxlRejResponseTo, r.to_replace ? '2' : '1').set(tag::CxlRejReason, static_cast<int>(r.cxl_rej));
  return m.set(tag::Text, r.text);
}

}  // namespace

Unclear read_request(const fix::Message& message, Request& request) {
  request.cl_ord_id = fix::text(message, tag::ClOrdID);
  request.orig_cl_ord_id = fix::text(message, tag::OrigClOrdID);
  request.symbol = fix::text(message, tag::Symbol);
  request.order_id = static_cast<std::uint64_t>(std::max<std::int64_t>(0, fix::integer(message, tag::OrderID).value_or(0)));
  return read_terms(message, request);
}

fix::Message message_of(const Report& r, std::uint64_t order_id) {
  if (r.kind == Report::Kind::cancel_reject) return cancel_reject(r, order_id);
  fix::Message m{"8"};
  m.set(tag::OrderID, id_text(order_id)).set(tag::ExecID, r.exec_id).set(tag::ExecType, static_cast<char>(r.exec_type));
  m.set(tag::OrdStatus, static_cast<char>(r.order.status)).set(tag::ClOrdID, r.cl_ord_id).set(tag::OrigClOrdID, r.orig_cl_ord_id);
  set_terms(r.order, m);
  m.set(tag::TransactTime, r.time).set(tag::Text, r.text);
  if (r.ref_exec_id != 0) m.set(tag::ExecRefID, r.ref_exec_id);
  if (r.order.status == OrdStatus::rejected) m.set(tag::OrdRejReason, static_cast<int>(r.ord_rej));
  if (r.last_qty.is_zero()) return m;
  m.set(tag::LastPx, r.last_px).set(tag::LastQty, r.last_qty).set(tag::LastLiquidityInd, static_cast<int>(r.liquidity));
  return m.set(tag::Commission, r.fee).set(tag::CommType, '3');
}

fix::Message no_orders(const std::string& account, const std::string& id, Time now) {
  Report none;
  none.order.account = account;
  none.order.status = OrdStatus::rejected;
  none.ord_rej = OrdRejReason::unknown_order;
  none.time = now;
  none.text = "there is no open order";
  return message_of(none, 0).set(tag::MassStatusReqID, id).set(tag::TotNumReports, 0).set(tag::LastRptRequested, true);
}

fix::Message message_of(const Fill& fill, const Order& order, const Listing& listing, std::uint64_t order_id) {
  fix::Message m{"AE"};
  if (fill.taken_back == 0) {
    m.set(tag::TradeReportID, fill.exec_id).set(tag::ExecID, fill.exec_id).set(tag::TradeReportTransType, 0);
  } else {
    m.set(tag::TradeReportID, "X" + std::to_string(fill.taken_back)).set(tag::ExecID, fill.taken_back);
    m.set(tag::TradeReportTransType, 1).set(tag::TradeReportRefID, fill.exec_id);
  }
  m.set(tag::PreviouslyReported, false);
  m.set(tag::Symbol, order.symbol).set(tag::LastQty, fill.quantity).set(tag::LastPx, fill.price);
  m.set(tag::TradeDate, fix::date(fill.time)).set(tag::TransactTime, fill.time);
  return m.add(tag::NoSides, {{tag::Side, std::to_string(static_cast<int>(order.terms.side))},
                              {tag::OrderID, id_text(order_id)},
                              {tag::ClOrdID, order.cl_ord_id},
                              {tag::Account, order.account},
                              {tag::Commission, fill.fee.str()},
                              {tag::CommType, "3"},
                              {tag::Currency, listing.currency}});
}

fix::Entry entry_of(const Listing& l) {
  fix::Entry entry{{tag::Symbol, l.symbol}, {tag::Currency, l.currency}, {tag::MinPriceIncrement, l.tick.str()}, {tag::RoundLot, l.lot.str()}};
  const auto add = [&](int field, const auto& amount) {
    if (!amount.is_zero()) entry.push_back({field, amount.str()});
  };
  add(tag::MinTradeVol, l.min_qty);
  add(tag::MaxTradeVol, l.max_qty);
  if (l.expiry != Time{}) entry.push_back({tag::MaturityDate, fix::date(l.expiry)});
  add(tag::MinNotional, l.min_notional);
  add(tag::PriceBand, l.price_band);
  return entry;
}

fix::Message security_status(const std::string& symbol, Trading trading, const std::string& id, Time now) {
  fix::Message m{"f"};
  m.set(tag::SecurityStatusReqID, id).set(tag::Symbol, symbol).set(tag::UnsolicitedIndicator, id.empty());
  return m.set(tag::SecurityTradingStatus, static_cast<int>(trading)).set(tag::TransactTime, now);
}

fix::Message business_reject(const fix::Message& refused, const Unclear& why) {
  fix::Message m{"j"};
  m.set(tag::RefSeqNum, refused.seq).set(tag::RefMsgType, refused.type()).set(tag::BusinessRejectRefID, fix::text(refused, tag::ClOrdID));
  return m.set(tag::BusinessRejectReason, why.reason).set(tag::Text, why.text);
}

}  // namespace holdfast::venue
