#include "desk.hpp"

/// What clients ask to know.
namespace holdfast::venue {

namespace {

/// The range of TransactTimes that NoDates (580) names: from, and until.
struct Range {
  Time from{INT64_MIN}, until{INT64_MAX};
};

Range range_of(const fix::Message& message) {
  Range range;
  const auto& dates = message.entries(tag::NoDates);
  if (!dates.empty()) range.from = fix::time(dates[0], tag::TransactTime).value_or(range.from);
  if (dates.size() > 1) range.until = fix::time(dates[1], tag::TransactTime).value_or(range.until);
  return range;
}

}  // namespace

void Desk::order_status(const fix::Message& message, Time now) {
  Request request;
  request.account = sessions_.at(asking_).account;
  request.session = asking_;
  request.cl_ord_id = fix::text(message, tag::ClOrdID);
  request.symbol = fix::text(message, tag::Symbol);
  request.order_id = static_cast<std::uint64_t>(fix::integer(message, tag::OrderID).value_or(0));
  const Report report = exchange_.status(request, now);
  answer(message_of(report, told_id(report.order.order_id)).set(tag::OrdStatusReqID, fix::text(message, tag::OrdStatusReqID)));
}

void Desk::mass_status(const fix::Message& message, Time now) {
  const std::string& account = sessions_.at(asking_).account;
  const std::string id = fix::text(message, tag::MassStatusReqID);
  const Reports reports = exchange_.open_orders(account, now);
  if (reports.empty()) return answer(no_orders(account, id, now));
  for (std::size_t i = 0; i < reports.size(); ++i)
    answer(message_of(reports[i], told_id(reports[i].order.order_id))
               .set(tag::MassStatusReqID, id)
               .set(tag::TotNumReports, static_cast<std::uint64_t>(reports.size()))
               .set(tag::LastRptRequested, i + 1 == reports.size()));
}

void Desk::trades(const fix::Message& message, Time now) {
  const std::string& account = sessions_.at(asking_).account;
  const std::string id = fix::text(message, tag::TradeRequestID);
  const Range range = range_of(message);
  const auto after = static_cast<std::uint64_t>(fix::integer(message, tag::ExecID).value_or(0));
  // What was taken back comes first: no fill of the list is counted before that.
  auto fills = exchange_.taken_back_after(account, after);
  for (const Fill& fill : exchange_.fills_after(account, after)) fills.push_back(fill);
  std::erase_if(fills, [&](const Fill& f) { return f.time < range.from || f.time > range.until; });
  fix::Message ack{"AQ"};
  ack.set(tag::TradeRequestID, id).set(tag::TradeRequestType, 0).set(tag::TotNumTradeReports, static_cast<std::uint64_t>(fills.size()));
  answer(ack.set(tag::TradeRequestResult, 0).set(tag::TradeRequestStatus, 0));
  for (std::size_t i = 0; i < fills.size(); ++i) {
    const Fill& fill = fills[i];
    const Order& order = *exchange_.records().order(fill.order_id);
    answer(message_of(fill, order, exchange_.records().listing(order.symbol)->listing, told_id(order.order_id))
               .set(tag::TradeRequestID, id)
               .set(tag::LastRptRequested, i + 1 == fills.size()));
  }
}

void Desk::positions(const fix::Message& message) {
  const std::string& account = sessions_.at(asking_).account;
  const std::string id = fix::text(message, tag::PosReqID);
  std::vector<fix::Message> reports;
  for (const auto& [symbol, position] : exchange_.records().account(account)->positions) {
    if (position.quantity().is_zero()) continue;
    fix::Message m{"AP"};
    m.set(tag::PosMaintRptID, id + "-" + symbol).set(tag::PosReqID, id).set(tag::PosReqResult, 0).set(tag::Account, account);
    m.set(tag::Symbol, symbol).set(tag::SettlPrice, position.average_price()).set(tag::SettlPriceType, 1);
    const bool long_one = position.quantity() > Quantity{};
    m.add(tag::NoPositions, {{tag::PosType, "TOT"}, {long_one ? tag::LongQty : tag::ShortQty, position.quantity().abs().str()}});
    reports.push_back(std::move(m));
  }
  fix::Message ack{"AO"};
  ack.set(tag::PosMaintRptID, id).set(tag::PosReqID, id).set(tag::TotalNumPosReports, static_cast<std::uint64_t>(reports.size()));
  answer(ack.set(tag::PosReqResult, reports.empty() ? 2 : 0).set(tag::PosReqStatus, 0).set(tag::Account, account));
  for (auto& report : reports) answer(report.set(tag::TotalNumPosReports, static_cast<std::uint64_t>(reports.size())));
}

void Desk::balances(const fix::Message& message, Time now) {
  const std::string& account = sessions_.at(asking_).account;
  const std::string id = fix::text(message, tag::CollInquiryID);
  const auto& balances = exchange_.records().account(account)->balances;
  std::size_t sent = 0;
  const auto one = [&](const std::string& currency, const std::string& amount) {
    fix::Message m{"BA"};
    m.set(tag::CollRptID, id + "-" + (currency.empty() ? "NONE" : currency)).set(tag::CollInquiryID, id).set(tag::CollStatus, 3);
    m.set(tag::TotNumReports, static_cast<std::uint64_t>(balances.size())).set(tag::LastRptRequested, ++sent >= balances.size());
    m.set(tag::Account, account).set(tag::Currency, currency).set(tag::CashOutstanding, amount);
    answer(m.set(tag::TransactTime, now));
  };
  for (const auto& [currency, amount] : balances) one(currency, amount.str());
  if (balances.empty()) one("", "");
}

void Desk::instruments(const fix::Message& message) {
  const std::string symbol = fix::text(message, tag::Symbol), id = fix::text(message, tag::SecurityReqID);
  fix::Message m{"y"};
  std::uint64_t count = 0;
  for (const auto& [name, record] : exchange_.records().listings()) {
    if (!symbol.empty() && name != symbol) continue;
    m.add(tag::NoRelatedSym, entry_of(record.listing));
    ++count;
  }
  m.set(tag::SecurityReqID, id).set(tag::SecurityResponseID, id).set(tag::SecurityRequestResult, count == 0 ? 2 : 0);
  answer(m.set(tag::TotNoRelatedSym, count).set(tag::LastFragment, true));
}

void Desk::instrument_status(const fix::Message& message, Time now) {
  const std::string symbol = fix::text(message, tag::Symbol);
  answer(security_status(symbol, exchange_.trading(symbol, now), fix::text(message, tag::SecurityStatusReqID), now));
}

}  // namespace holdfast::venue
