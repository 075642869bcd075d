#include "question.hpp"

#include <holdfast/fix/tags.hpp>

namespace holdfast::fix_broker {

namespace tag = fix::tag;

namespace {

constexpr int kNewTrade = 0, kCancelledTrade = 1;  // TradeReportTransType (487)

/// Counts a report. False: it is no news, or there is nothing in it.
template <class T>
bool count(Part<T>& part, const fix::Message& report, int total_field, const std::string& key) {
  if (const auto total = fix::integer(report, total_field)) part.total = total;
  if (fix::boolean(report, tag::LastRptRequested).value_or(false)) part.last = true;
  return part.total != 0 && part.seen.insert(key).second;
}

}  // namespace

Question::Question(const VenueQuestion& question, std::string token, const Wording& wording, Time now)
    : wording_{wording}, number_{question.number}, token_{std::move(token)} {
  open_.asked = question.open_orders;
  fills_.asked = question.fills;
  positions_.asked = question.positions;
  balances_.asked = question.balances;
  // Fills first: what is told of orders afterwards has them in it.
  if (fills_.asked) requests_.push_back(wording.trades(token_, question.fills_after));
  if (open_.asked) requests_.push_back(wording.open_orders(token_));
  for (const WorkingOrder& order : question.orders) {
    const std::string id = token_ + "-" + std::to_string(orders_.size());
    orders_[id] = order.terms.cl_ord_id;
    requests_.push_back(wording.status(order, id));
  }
  if (positions_.asked) requests_.push_back(wording.positions(token_, now));
  if (balances_.asked) requests_.push_back(wording.balances(token_));
}

bool Question::hear(const fix::Message& message) {
  const auto ours = [&](int field) { return message.get(field) == std::string_view{token_}; };
  const std::string& type = message.type();
  if (type == "8") return hear_order(message);
  if (type == "AQ" && ours(tag::TradeRequestID)) {
    if (fix::integer(message, tag::TradeRequestResult) != 0) fills_.failed = true;
    fills_.total = fix::integer(message, tag::TotNumTradeReports);
  } else if (type == "AE" && ours(tag::TradeRequestID)) {
    hear_fill(message);
  } else if (type == "AO" && ours(tag::PosReqID)) {
    const auto result = fix::integer(message, tag::PosReqResult);
    if (result != 0 && result != 2) positions_.failed = true;
    positions_.total = result == 2 ? 0 : fix::integer(message, tag::TotalNumPosReports);
  } else if (type == "AP" && ours(tag::PosReqID)) {
    hear_position(message);
  } else if (type == "BA" && ours(tag::CollInquiryID)) {
    hear_balance(message);
  } else {
    return false;
  }
  return true;
}

void Question::refused(std::string_view type, std::string_view id) {
  if (type == "H") orders_.erase(std::string{id});
  if (id != token_) return;
  if (type == "AF") open_.failed = true;
  if (type == "AD") fills_.failed = true;
  if (type == "AN") positions_.failed = true;
  if (type == "BB") balances_.failed = true;
}

VenueStatement Question::statement() const {
  return {number_, open_.told(), asked_, fills_.told(), positions_.told(), balances_.told()};
}

bool Question::hear_order(const fix::Message& report) {
  if (fix::character(report, tag::ExecType) != 'I') return false;
  if (const auto id = report.get(tag::MassStatusReqID)) {
    if (*id == token_) hear_open(report);
    return *id == token_;
  }
  const auto id = report.get(tag::OrdStatusReqID);
  return id && hear_named(report, *id);
}

bool Question::hear_named(const fix::Message& report, std::string_view id) {
  const auto asked = orders_.find(id);
  if (asked == orders_.end()) return false;
  // What cannot be read says nothing; the order is asked about again.
  if (auto order = order_of(report)) {
    order->terms.cl_ord_id = asked->second;
    asked_.push_back(std::move(*order));
  }
  orders_.erase(asked);
  return true;
}

void Question::hear_open(const fix::Message& report) {
  if (!count(open_, report, tag::TotNumReports, fix::text(report, tag::ClOrdID) + " " + fix::text(report, tag::OrderID))) return;
  if (wording_.instrument(report) == nullptr) return;  // The account may trade what this system does not.
  auto order = order_of(report);
  if (order && order->state == VenueOrder::State::working) open_.items.push_back(std::move(*order));
  else if (!order || order->state == VenueOrder::State::not_found) open_.failed = true;
}

std::optional<VenueOrder> Question::order_of(const fix::Message& report) const {
  using State = VenueOrder::State;
  VenueOrder order;
  order.text = words_of(report, "");
  switch (fix::character(report, tag::OrdStatus).value_or('?')) {
    case '0': case '1': case '6': case 'A': case 'E': order.state = State::working; break;
    case '2': order.state = State::filled; break;
    case '4': order.state = State::cancelled; break;
    case 'C': order.state = State::expired; break;
    case '8': order.state = fix::integer(report, tag::OrdRejReason) == 5 ? State::not_found : State::rejected; break;
    default: return std::nullopt;
  }
  // What it never took has no number and no terms there.
  if (order.state == State::not_found || order.state == State::rejected) return order;
  const auto terms = terms_of(report);
  const auto cum = fix::quantity(report, tag::CumQty), leaves = fix::quantity(report, tag::LeavesQty);
  const Instrument* instrument = wording_.instrument(report);
  order.venue_order_id = number_of(fix::text(report, tag::OrderID));
  if (!terms || !cum || !leaves || instrument == nullptr || order.venue_order_id == 0) return std::nullopt;
  order.terms = *terms;
  order.terms.instrument = instrument->id;
  order.cum_qty = *cum;
  order.leaves_qty = *leaves;
  const std::string name = fix::text(report, tag::ClOrdID);
  if (const auto own = wording_.names().parse(name)) order.terms.cl_ord_id = own->id;
  else order.venue_cl_ord_id = name;
  return order;
}

void Question::hear_fill(const fix::Message& report) {
  const std::string exec = fix::text(report, tag::ExecID), end_of = fix::text(report, tag::TradeReportRefID);
  if (!count(fills_, report, tag::TotNumTradeReports, exec + " " + end_of)) return;
  const auto kind = fix::integer(report, tag::TradeReportTransType).value_or(kNewTrade);
  // Neither a trade nor the end of one: what it changes is said by the positions.
  if (kind != kNewTrade && kind != kCancelledTrade) return;
  const Instrument* instrument = wording_.instrument(report);
  if (instrument == nullptr) return;
  const auto& sides = report.entries(tag::NoSides);
  const auto px = fix::price(report, tag::LastPx);
  const auto qty = fix::quantity(report, tag::LastQty);
  const auto side = sides.empty() ? std::nullopt : side_of(sides[0]);
  VenueFill fill;
  fill.exec_id = number_of(exec);
  if (kind == kCancelledTrade) fill.takes_back = number_of(end_of);
  const bool named = fill.exec_id != 0 && (kind == kNewTrade || fill.takes_back != 0);
  if (!side || !px || !qty || *qty <= Quantity{} || !named) {
    fills_.failed = true;
    return;
  }
  fill.venue_order_id = number_of(fix::text(sides[0], tag::OrderID));
  if (const auto own = wording_.names().parse(fix::text(sides[0], tag::ClOrdID))) fill.cl_ord_id = own->id;
  fill.instrument = instrument->id;
  fill.side = *side;
  fill.last_px = *px;
  fill.last_qty = *qty;
  fill.liquidity = fix::integer(report, tag::LastLiquidityInd) == 1 ? Liquidity::maker : Liquidity::taker;
  fill.fee = fix::money(sides[0], tag::Commission).value_or(Money{});
  fill.time = fix::time(report, tag::TransactTime).value_or(Time{});
  fills_.items.push_back(fill);
}

void Question::hear_position(const fix::Message& report) {
  if (!count(positions_, report, tag::TotalNumPosReports, fix::text(report, tag::Symbol))) return;
  const Instrument* instrument = wording_.instrument(report);
  if (instrument == nullptr) return;
  for (const auto& entry : report.entries(tag::NoPositions)) {
    if (fix::text(entry, tag::PosType) != "TOT") continue;
    const auto longs = fix::quantity(entry, tag::LongQty), shorts = fix::quantity(entry, tag::ShortQty);
    if (!longs && !shorts) break;
    positions_.items.push_back({instrument->id, longs.value_or(Quantity{}) - shorts.value_or(Quantity{})});
    return;
  }
  positions_.failed = true;
}

void Question::hear_balance(const fix::Message& report) {
  const std::string currency = fix::text(report, tag::Currency);
  if (!count(balances_, report, tag::TotNumReports, currency)) return;
  const auto amount = fix::money(report, tag::CashOutstanding);
  if (currency.empty() || !amount) balances_.failed = true;
  else balances_.items.push_back({currency, *amount});
}

}  // namespace holdfast::fix_broker
