#include "desk.hpp"

#include <algorithm>
#include <stdexcept>

/// Sessions and the requests that they send.
namespace holdfast::venue {

namespace {

/// BusinessRejectReason (380).
constexpr int kOther = 0, kUnsupportedType = 3, kNotAuthorized = 6;

}  // namespace

Desk::Desk(const VenueOptions& options)
    : options_{options}, crowd_{options.crowd, options.seed}, random_{options.seed + 1}, done_(options.scenario.size()) {
  for (const auto& recording : options_.recordings) recordings_.emplace_back(recording);
  for (const auto& account : options_.accounts) {
    accounts_[account.member.account] = &account;
    for (const auto& session : account.member.sessions) sessions_[session].account = account.member.account;
  }
}

void Desk::begin(Time now) {
  began_ = now;
  exchange_.resume();
  for (const auto& listing : options_.instruments) {
    exchange_.list(listing, now);
    keep();
    trading_[listing.symbol] = exchange_.trading(listing.symbol, now);
  }
  for (const auto& account : options_.accounts) {
    exchange_.open(account.member, now);
    keep();
  }
}

std::optional<std::string> Desk::refuse_logon(const std::string& session, const std::string& password) const {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return "nobody here is called " + session;
  const std::string& expected = accounts_.at(found->second.account)->password;
  if (!expected.empty() && expected != password) return "wrong password";
  return std::nullopt;
}

void Desk::logged_on(const std::string& session) {
  Session& at = sessions_.at(session);
  at.logged_on = true;
  for (auto& message : at.unsent) send(std::move(message), Time{});
  at.unsent.clear();
}

void Desk::logged_out(const std::string& session, Time now) {
  Session& at = sessions_.at(session);
  if (!std::exchange(at.logged_on, false)) return;
  market_data_.drop(session);
  at.statuses.clear();
  if (closing_ || !accounts_.at(at.account)->member.cancel_on_disconnect) return;
  Reports reports;
  exchange_.mass_cancel(at.account, "", session, "its session is gone", now, reports);
  tell(reports, now);
}

std::size_t Desk::logged_on() const {
  return static_cast<std::size_t>(std::count_if(sessions_.begin(), sessions_.end(), [](const auto& s) { return s.second.logged_on; }));
}

void Desk::message(const std::string& session, const fix::Message& message, Time now) {
  asking_ = session;
  const std::string& account = sessions_.at(session).account;
  const auto slow = spoils(Wrong::slow, account);
  answered_ = slow ? now + slow->by : now;
  const std::string named = fix::text(message, tag::Account), &type = message.type();
  if (!named.empty() && named != account)
    return answer(business_reject(message, {kNotAuthorized, "the account " + named + " is not yours"}));
  if (type == "D" || type == "F" || type == "G" || type == "q")
    if (throttled(message, now)) return;
  if (type == "D" || type == "F" || type == "G") {
    Request request;
    request.account = account;
    request.session = session;
    const Unclear unclear = read_request(message, request);
    if (!unclear.text.empty()) return answer(business_reject(message, unclear));
    if (type == "D") return new_order(request, message, now);
    return type == "F" ? cancel(request, now) : replace(request, now);
  }
  if (type == "q") return mass_cancel(message, now);
  if (type == "H") return order_status(message, now);
  if (type == "AF") return mass_status(message, now);
  if (type == "AD") return trades(message, now);
  if (type == "AN") return positions(message);
  if (type == "BB") return balances(message, now);
  if (type == "x") return instruments(message);
  if (type == "e") return instrument_status(message, now);
  if (type != "V") return answer(business_reject(message, {kUnsupportedType, "the venue does not know messages of type " + type}));
  std::vector<Outgoing> out;
  market_data_.request(session, message, exchange_, spoils(Wrong::stale_snapshot, account).has_value(), now, out);
  for (auto& one : out) send(std::move(one), answered_);
}

bool Desk::throttled(const fix::Message& message, Time now) {
  const std::string& account = sessions_.at(asking_).account;
  const int most = accounts_.at(account)->member.throttle;
  Window& window = windows_[account];
  const std::int64_t second = now.ns / 1'000'000'000;
  if (window.second != second) window = {second, 0};
  const bool wrong = spoils(Wrong::throttle, account).has_value();
  if (!wrong && (most == 0 || ++window.requests <= most)) return false;
  const std::string what = wrong && most == 0 ? "too many" : "more than " + std::to_string(most);
  answer(business_reject(message, {kOther, "throttled: " + what + " messages a second"}));
  return true;
}

void Desk::new_order(Request& request, const fix::Message& message, Time now) {
  const auto* owner = exchange_.records().account(request.account);
  if ((message.poss_dup || message.poss_resend) && owner->used.contains(request.cl_ord_id))
    return answer(message_of(exchange_.status(request, now), told_id(exchange_.status(request, now).order.order_id)));
  count_order(now);
  if (spoils(Wrong::request_lost, request.account)) return;
  submit(request, now);
}

void Desk::submit(const Request& request, Time now) {
  Reports reports;
  if (spoils(Wrong::reject_burst, request.account)) exchange_.refuse(request, "the venue cannot take orders now", now, reports);
  else exchange_.submit(request, now, reports);
  const auto created = std::find_if(reports.begin(), reports.end(), [&](const Report& r) {
    return r.exec_type == ExecType::created && r.cl_ord_id == request.cl_ord_id;
  });
  if (created != reports.end()) {
    const std::uint64_t order_id = created->order.order_id;
    if (spoils(Wrong::order_id_rollback, request.account)) {
      const auto& all = exchange_.records().orders();
      const auto first = std::find_if(all.begin(), all.end(), [&](const auto& o) { return o.second.account == request.account; });
      if (first->first != order_id) told_[order_id] = first->first;
    }
    if (spoils(Wrong::orphan_order, request.account)) {
      created->exec_type = ExecType::rejected;
      created->order.status = OrdStatus::rejected;
      created->order.leaves_qty = {};
      created->order.order_id = 0;
      created->ord_rej = OrdRejReason::other;
      created->text = "the venue could not take the order";
    } else if (spoils(Wrong::ack_lost, request.account)) {
      reports.erase(created);
    }
  }
  tell(reports, now);
}

void Desk::cancel(const Request& request, Time now) {
  Reports reports;
  const Order* const order = exchange_.records().find(request.account, request.orig_cl_ord_id);
  const bool trades = order != nullptr && order->open() && !exchange_.reference(order->symbol).is_zero();
  if (trades && spoils(Wrong::fill_after_cancel, request.account)) {
    const Quantity lot = exchange_.records().listing(order->symbol)->listing.lot;
    const std::int64_t lots = order->leaves_qty.raw() / lot.raw();
    exchange_.cancel_after_fill(request, lot * std::max<std::int64_t>(1, lots / 2), now, reports);
  } else {
    exchange_.cancel(request, now, reports);
  }
  tell(reports, now);
}

void Desk::replace(const Request& request, Time now) {
  const Order* const order = exchange_.records().find(request.account, request.orig_cl_ord_id);
  const std::optional<Order> before = order != nullptr && order->open() ? std::optional{*order} : std::nullopt;
  Reports reports;
  exchange_.replace(request, now, reports);
  const bool replaced = std::any_of(reports.begin(), reports.end(), [](const Report& r) { return r.exec_type == ExecType::replaced; });
  tell(reports, now);
  if (!replaced || !before || !spoils(Wrong::replace_ghost, request.account)) return;
  NewOrder terms = before->terms;
  terms.quantity = before->leaves_qty;
  terms.display_qty = {};
  phantom(before->account, before->symbol, terms, now);
}

void Desk::mass_cancel(const fix::Message& message, Time now) {
  const std::string& account = sessions_.at(asking_).account;
  const char kind = fix::character(message, tag::MassCancelRequestType).value_or('?');
  const std::string symbol = fix::text(message, tag::Symbol);
  const bool good = kind == '7' || (kind == '1' && exchange_.records().listing(symbol) != nullptr);
  fix::Message reply{"r"};
  reply.set(tag::ClOrdID, fix::text(message, tag::ClOrdID)).set(tag::OrderID, "NONE").set(tag::MassCancelRequestType, kind);
  reply.set(tag::MassCancelResponse, good ? kind : '0').set(tag::Account, account).set(tag::Symbol, symbol).set(tag::TransactTime, now);
  if (good) {
    Reports reports;
    const auto count = exchange_.mass_cancel(account, kind == '1' ? symbol : "", "", "", now, reports);
    tell(reports, now);
    reply.set(tag::TotalAffectedOrders, static_cast<std::uint64_t>(count));
  } else {
    reply.set(tag::MassCancelRejectReason, kind == '1' ? 1 : 0);
    reply.set(tag::Text, kind == '1' ? "there is no instrument " + symbol : "MassCancelRequestType is 1 or 7");
  }
  answer(std::move(reply));
}

}  // namespace holdfast::venue
