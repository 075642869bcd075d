#include "venue/troubles.hpp"

#include <algorithm>

namespace holdfast::venue {

const std::vector<WrongDoc>& troubles() {
  using enum Wrong;
  static const std::vector<WrongDoc> table{
      {ack_lost, "ack_lost", "an order is accepted, but its New is lost", true},
      {request_lost, "request_lost", "a new order is swallowed before anybody looks at it", true},
      {dup_fill, "dup_fill", "a fill is reported twice", true},
      {late_fill, "late_fill", "a fill is reported later, `by` so much", true},
      {out_of_order_fills, "out_of_order_fills", "a fill is reported after the next one, at the latest after `by`", true},
      {lost_fills, "lost_fills", "a fill is never reported; heartbeats go on", true},
      {fill_after_cancel, "fill_after_cancel", "half of an order trades before its cancel, and is reported after it", true},
      {replace_ghost, "replace_ghost", "a replaced order stays alive beside the new one", true},
      {orphan_order, "orphan_order", "an order is reported as rejected, and is alive", true},
      {order_id_rollback, "order_id_rollback", "a new order is reported with the OrderID of the account's first", true},
      {reject_burst, "reject_burst", "a new order is rejected without any reason", true},
      {throttle, "throttle", "a request is refused as one too many (BusinessMessageReject)", true},
      {stale_snapshot, "stale_snapshot", "a market data snapshot is older than the updates that follow", true},
      {slow, "slow", "an answer leaves later, `by` so much", true},
      {bust, "bust", "a fill is taken back (`exec`, or the account's last)", false},
      {correct, "correct", "a fill had another `price` or `quantity` (`exec`, or the account's last)", false},
      {unknown_position, "unknown_position", "a position in `symbol` moves by `quantity` without any order", false},
      {phantom_order, "phantom_order", "an order that nobody sent: `symbol`, `side`, `quantity`, `price`", false},
      {forget_everything, "forget_everything", "orders, fills and positions are gone; ids go on", false},
      {halt, "halt", "`symbol` is halted", false},
      {resume, "resume", "`symbol` trades again", false},
      {sequence_gap, "sequence_gap", "`count` sequence numbers are left out", false, true},
      {sequence_reset, "sequence_reset", "sequence numbers begin at 1 again, without a word", false, true},
      {disconnect, "disconnect", "the connection is cut", false, true},
      {half_open, "half_open", "nothing is read or written for as long as `by`; the connection stays", false, true},
      {clock_skew, "clock_skew", "SendingTime is `by` so much ahead", false, true},
  };
  return table;
}

namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& row : troubles()) all.emplace_back(row.name);
  return all;
}

}  // namespace

const WrongDoc& Trouble::doc() const {
  const auto row = std::find_if(troubles().begin(), troubles().end(), [&](const WrongDoc& one) { return one.name == what; });
  HOLDFAST_ENSURE(row != troubles().end(), "a trouble that no schema let through");
  return *row;
}

const Schema<Trouble>& trouble_schema() {
  static const Schema<Trouble> schema =
      Schema<Trouble>{}
          .required("do", &Trouble::what, "what goes wrong", one_of(names()))
          .field("account", &Trouble::account, "whose; empty: whoever comes first, or all sessions")
          .field("session", &Trouble::session, "which, of what happens to sessions; empty: all of the account")
          .field("symbol", &Trouble::symbol, "in which instrument")
          .field("count", &Trouble::count, "how often", at_least(1))
          .field("by", &Trouble::by, "how much later, how long")
          .field("side", &Trouble::side_word, "of an order", one_of({"buy", "sell"}))
          .field("quantity", &Trouble::quantity, "of an order, of a fill, or by how much a position moves")
          .field("price", &Trouble::price, "of an order or a fill", at_least(Price{}))
          .field("exec", &Trouble::exec, "ExecID of a fill; 0: the account's last")
          .field("after_orders", &Trouble::after_orders, "when this many new orders have come in", at_least(0))
          .field("at", &Trouble::at, "this long after the start")
          .field("chance", &Trouble::chance, "with each new order, with this probability", between(Rate{}, Rate::of(1)));
  return schema;
}

namespace {

Trouble finished(Trouble trouble, const Where& where, bool scenario, Problems& problems) {
  trouble.side = trouble.side_word == "sell" ? Side::sell : Side::buy;
  if (trouble.by < Duration{} && trouble.wrong() != Wrong::clock_skew)
    problems.push_back({where, "`by` is less than nothing", "only clock_skew goes both ways"});
  if (!trouble.session.empty() && !trouble.doc().to_session)
    problems.push_back({where, trouble.what + " does not happen to a session", "leave `session` out"});
  const int whens = (trouble.after_orders > 0 ? 1 : 0) + (trouble.at > Duration{} ? 1 : 0) + (trouble.chance > Rate{} ? 1 : 0);
  if (scenario && whens != 1)
    problems.push_back({where, "it says " + std::string{whens == 0 ? "not when" : "more than once when"},
                        "write one of after_orders, at and chance"});
  if (!scenario && whens != 0) problems.push_back({where, "it says when", "what is asked for here is done now"});
  return trouble;
}

Trouble read_one(const Setting& setting, bool scenario, Problems& problems) {
  const auto before = problems.size();
  Trouble trouble = trouble_schema().read(setting, PluginContext{}, problems);
  return problems.size() == before ? finished(std::move(trouble), setting.where, scenario, problems) : trouble;
}

}  // namespace

std::vector<Trouble> read_scenario(const Setting& list, Problems& problems) {
  std::vector<Trouble> all;
  if (list.kind == Setting::Kind::missing) return all;
  if (list.kind != Setting::Kind::list) {
    problems.push_back({list.where, "expected a list", "begin each with `- do: `"});
    return all;
  }
  for (const Setting& one : list.items) all.push_back(read_one(one, true, problems));
  return all;
}

Trouble read_trouble(const std::vector<std::string>& words, Problems& problems) {
  Setting map;
  map.kind = Setting::Kind::map;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (i > 0 && equals == std::string::npos) {
      problems.push_back({{}, "'" + words[i] + "' is not key=value", ""});
      continue;
    }
    Setting value;
    value.kind = Setting::Kind::scalar;
    value.text = i == 0 ? words[i] : words[i].substr(equals + 1);
    map.fields.emplace_back(i == 0 ? "do" : words[i].substr(0, equals), std::move(value));
    map.keys.emplace_back();
  }
  if (!problems.empty()) return {};
  return read_one(map, false, problems);
}

}  // namespace holdfast::venue
