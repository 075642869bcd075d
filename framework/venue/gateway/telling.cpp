#include <algorithm>

#include "desk.hpp"

/// Who is told what, and when it leaves.
namespace holdfast::venue {

void Desk::keep() {
  if (Batch batch = exchange_.take(); !batch.facts.empty()) batches_.push_back(std::move(batch));
}

void Desk::send(Outgoing outgoing, Time due) { outgoing_.emplace(due, std::move(outgoing)); }

void Desk::answer(fix::Message message, bool waits) { send({asking_, std::move(message), waits}, answered_); }

std::uint64_t Desk::told_id(std::uint64_t order_id) const {
  const auto other = told_.find(order_id);
  return other == told_.end() ? order_id : other->second;
}

/// The session that sent the order while it is one of its account's, else the account's first.
std::string Desk::session_of(const Report& report) const {
  const auto sender = sessions_.find(report.order.session);
  if (sender != sessions_.end() && sender->second.account == report.order.account) return sender->first;
  const auto account = accounts_.find(report.order.account);
  return account == accounts_.end() || account->second->member.sessions.empty() ? "" : account->second->member.sessions.front();
}

void Desk::tell(const Reports& reports, Time now) {
  keep();
  for (const Report& report : reports) {
    const std::string session = session_of(report);
    if (session.empty()) continue;
    if (report.exec_type == ExecType::trade) {
      tell_fill(report, session, now);
      continue;
    }
    const bool asked = session == asking_;
    send({session, message_of(report, told_id(report.order.order_id))}, asked ? answered_ : now);
    // Somebody else's order was changed, on behalf of the same account.
    const bool ours = sessions_.contains(asking_) && sessions_.at(asking_).account == report.order.account;
    if (!asked && ours && !report.orig_cl_ord_id.empty())
      send({asking_, message_of(report, told_id(report.order.order_id))}, answered_);
  }
}

void Desk::tell_fill(const Report& report, const std::string& session, Time now) {
  const std::string& account = report.order.account;
  if (spoils(Wrong::lost_fills, account)) return;
  const Outgoing fill{session, message_of(report, told_id(report.order.order_id))};
  Time due = session == asking_ ? answered_ : now;
  const auto held = held_fill_.extract(account);
  if (!held) {
    if (const auto swap = spoils(Wrong::out_of_order_fills, account)) {
      held_fill_.emplace(account, fill);
      held_until_[account] = now + swap->by;
      return;
    }
  }
  if (const auto late = spoils(Wrong::late_fill, account)) due = now + late->by;
  send(fill, due);
  if (spoils(Wrong::dup_fill, account)) send(fill, due);
  if (held) send(std::move(held.mapped()), due);
}

void Desk::tell_statuses(Time now) {
  for (auto& [symbol, told] : trading_) {
    const Trading trading = exchange_.trading(symbol, now);
    if (trading == told) continue;
    told = trading;
    for (const auto& [session, state] : sessions_)
      if (state.logged_on) send({session, security_status(symbol, trading, "", now), false}, now);
  }
}

void Desk::tick(Time now) {
  asking_.clear();
  answered_ = now;
  Reports reports;
  exchange_.tick(now, reports);
  crowd_.tick(now, exchange_, reports);
  for (Recording& recording : recordings_) recording.tick(now, exchange_, reports);
  tell(reports, now);
  scenario_tick(now);
  for (auto at = held_until_.begin(); at != held_until_.end();) {
    if (at->second > now) {
      ++at;
      continue;
    }
    if (auto held = held_fill_.extract(at->first)) send(std::move(held.mapped()), now);
    at = held_until_.erase(at);
  }
  tell_statuses(now);
  std::vector<Outgoing> changes;
  market_data_.publish(exchange_, now, changes);
  for (auto& change : changes) send(std::move(change), now);
}

std::vector<Batch> Desk::take_batches() { return std::exchange(batches_, {}); }

namespace {

template <class T>
std::vector<T> take_until(std::multimap<Time, T>& from, Time now) {
  std::vector<T> due;
  const auto end = from.upper_bound(now);
  for (auto at = from.begin(); at != end; ++at) due.push_back(std::move(at->second));
  from.erase(from.begin(), end);
  return due;
}

}  // namespace

std::vector<Outgoing> Desk::take_due(Time now) { return take_until(outgoing_, now); }
std::vector<SessionAct> Desk::take_acts(Time now) { return take_until(acts_, now); }

std::optional<Time> Desk::next_due() const {
  std::optional<Time> next;
  if (!outgoing_.empty()) next = outgoing_.begin()->first;
  if (!acts_.empty() && (!next || acts_.begin()->first < *next)) next = acts_.begin()->first;
  return next;
}

void Desk::unsent(Outgoing outgoing) {
  if (!outgoing.waits) return;
  Session& at = sessions_.at(outgoing.session);
  if (at.logged_on) send(std::move(outgoing), answered_);
  else at.unsent.push_back(std::move(outgoing));
}

}  // namespace holdfast::venue
