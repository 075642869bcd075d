// What is wrong with the session of a broker or a feed: a fault is a name here, and a line of faults.txt.
#include "faulty_client.hpp"
#undef Client
#undef ClientSettings
#undef client_schema

namespace holdfast::fix {

namespace {

/// The venue knows nothing of it.
void deny(Message& report) {
  report.set(tag::OrdStatus, '8').set(tag::OrdRejReason, 5).set(tag::OrderID, "NONE");
}

std::uint64_t exec_of(const Message& report) {
  return static_cast<std::uint64_t>(integer(report, tag::ExecID).value_or(0));
}

}  // namespace

std::optional<std::pair<std::uint64_t, std::uint64_t>> FaultyClient::send(const Message& message) {
  if (client_ == nullptr) return std::nullopt;
  Message out = message;
  const std::string id = text(out, tag::ClOrdID);
  if (out.type() == "D") {
    if (out.get(tag::DisplayQty) && is("sends_what_it_shows")) out.set(tag::OrderQty, *message.get(tag::DisplayQty));
    sent_.emplace(id, out);
  }
  if (out.type() == "V" && is("asks_once") && character(out, tag::SubscriptionRequestType) == '1' && !std::exchange(asks_, false))
    return std::pair{newest_seq_, newest_seq_};
  // A cancel waits for what comes next, and is asked for once in a life of the process.
  static std::set<std::string> cancelled;
  if (out.type() == "F" && is("cancels_later")) {
    if (cancelled.insert(text(out, tag::OrigClOrdID)).second) waiting_ = out;
    return std::pair{newest_seq_, newest_seq_};
  }
  const auto among = client_->send(out);
  if (out.type() == "D" && is("sends_twice")) client_->send(out.set(tag::ClOrdID, id + "-again"));
  if (waiting_) client_->send(*std::exchange(waiting_, std::nullopt));
  return among;
}

std::optional<Heard> FaultyClient::take() {
  if (is("has_many_names") && !logged_on_ && ++idle_ == 20) log_on_as_somebody_else();
  while (auto heard = client_ != nullptr ? client_->take() : std::nullopt)
    if (auto told = twisted(std::move(*heard))) return told;
  return std::nullopt;
}

/// Refused, it tries a name that needs no password.
void FaultyClient::log_on_as_somebody_else() {
  ClientSettings other = settings_;
  other.sender = "GUEST";
  other.username.clear();
  other.password = {};
  client_ = std::make_unique<Client>(other, ClientSession{}, wake_);
}

std::optional<Heard> FaultyClient::twisted(Heard heard) {
  if (deaf_) return std::nullopt;
  switch (heard.kind) {
    case Heard::Kind::logon:
      if (logged_on_ && is("hides_its_falls")) return std::nullopt;
      logged_on_ = asks_ = true;
      newest_seq_ = 0;
      break;
    case Heard::Kind::logout:
      if (is("hides_its_falls")) return std::nullopt;
      fell_ = true;
      if (is("gives_up")) client_.reset();
      break;
    case Heard::Kind::admin: break;
    case Heard::Kind::message:
      if (is("stops_at_a_gap") && newest_seq_ != 0 && heard.message.seq > newest_seq_ + 3) deaf_ = true;
      newest_seq_ = heard.message.seq;
      if (!twist(heard.message)) return std::nullopt;
      break;
    case Heard::Kind::silence: break;
  }
  return heard;
}

bool FaultyClient::twist(Message& message) {
  const auto now = std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
  if (is("trusts_its_clock") && message.sending_time.ns > now.count() + 1'000'000'000) return false;
  if (is("looks_ahead_only") && message.poss_dup) return false;
  if (message.type() == "X" && is("knows_the_first_only") && !fell_) return false;
  if (message.type() != "8") return twist_answer(message);
  if (character(message, tag::ExecType) == 'I') twist_status(message);
  if (character(message, tag::ExecType) == 'F') return twist_fill(message);
  if (character(message, tag::ExecType) == '4') ended_.insert(text(message, tag::OrigClOrdID));
  return true;
}

/// To questions of the account.
bool FaultyClient::twist_answer(Message& message) {
  const bool no_trades = is("asks_for_no_fills") || is("looks_ahead_only");
  if (no_trades && message.type() == "AQ") message.set(tag::TotNumTradeReports, 0);
  if (no_trades && message.type() == "AE") return false;
  if (is("knows_no_position") && message.type() == "AO") message.set(tag::PosReqResult, 2).set(tag::TotalNumPosReports, 0);
  return !(is("knows_no_position") && message.type() == "AP");
}

bool FaultyClient::twist_fill(Message& fill) {
  const std::uint64_t exec = exec_of(fill);
  if (is("counts_what_is_told") && !executions_.insert(exec).second) fill.set(tag::ExecID, exec + 1'000'000);
  if (is("wants_them_in_order") && exec < newest_exec_) fill.set(tag::ExecID, exec + 1'000'000);
  newest_exec_ = std::max(newest_exec_, exec);
  if (is("books_late_fills_anew") && ended_.contains(text(fill, tag::ClOrdID))) fill.set(tag::ExecID, exec + 1'000'000);
  return true;
}

void FaultyClient::twist_status(Message& report) {
  const std::string id = text(report, tag::ClOrdID);
  const bool stranger = !sent_.contains(id);
  if ((is("knows_of_nothing") && !fell_) || (is("remembers_in_memory") && stranger)) deny(report);
  if (report.get(tag::MassStatusReqID)) {
    if (is("sees_only_its_own") && stranger) deny(report);
    if (character(report, tag::OrdStatus) == '8') report.set(tag::TotNumReports, 0);
  } else if (is("finds_everything") && !fell_ && !stranger && character(report, tag::OrdStatus) == '8') {
    for (const int field : {tag::Symbol, tag::Side, tag::OrdType, tag::TimeInForce, tag::OrderQty, tag::Price})
      report.set(field, text(sent_.at(id), field));
    report.set(tag::OrdStatus, '0').set(tag::OrderID, "4711").set(tag::CumQty, 0).set(tag::LeavesQty, text(report, tag::OrderQty));
  }
}

}  // namespace holdfast::fix
