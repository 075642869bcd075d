// Every rule at the edges of its limits, as tables.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <holdfast/testkit/contract.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

constexpr ActorId kMe{7};

/// What a rule sees, set by hand.
struct Seen final : Exposure {
  Time at{std::int64_t{100'000'000'000}}, asked = at;
  Quantity held_me, held_all, working_me, working_all;
  std::optional<Quote> best;
  std::optional<Price> last;

  Time now() const override { return at; }
  Time intent_time() const override { return asked; }
  const Instrument* instrument(InstrumentId) const override { return nullptr; }
  Quantity position(ActorId, InstrumentId) const override { return held_me; }
  Quantity position(InstrumentId) const override { return held_all; }
  Quantity working(ActorId, InstrumentId, Side) const override { return working_me; }
  Quantity working(InstrumentId, Side) const override { return working_all; }
  const Quote* quote(InstrumentId) const override { return best ? &*best : nullptr; }
  std::optional<Price> last_price(InstrumentId) const override { return last; }
};

std::shared_ptr<RiskRule> rule(const std::string& name, std::vector<std::pair<std::string, Written>> fields) {
  return load<RiskRule>(name, map(std::move(fields)), context(instruments({"BTC", "ETH"})));
}

struct Case {
  const char* name;
  OrderTerms terms;
  bool passes;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

OrderTerms of(Side side, const char* size, const char* limit = "") {
  return order(kMe, 1, side, size, limit);
}

const Case kFingers[] = {
    {"as many units as allowed", of(Side::buy, "10", "1"), true},
    {"one lot more", of(Side::buy, "10.00001", "1"), false},
    {"as much money as allowed", of(Side::sell, "4", "250"), true},
    {"a hair more money", of(Side::sell, "4", "250.01"), false},
    {"a buy at market is valued at the ask", of(Side::buy, "9.9"), false},
    {"a sell at market is valued at the bid", of(Side::sell, "10"), true},
    {"a value beyond 64 bits is only too large", of(Side::buy, "10", "90000000000"), false},
};

}  // namespace

BOOST_DATA_TEST_CASE(fat_finger_limits_units_and_money, data::make(kFingers), c) {
  Seen seen;
  seen.best = quote("100", "101.02");
  const auto verdict =
      rule("fat_finger", {{"max_quantity", "10"}, {"max_notional", "1000"}})->check(c.terms, seen);
  BOOST_TEST(!verdict == c.passes, verdict.value_or("passed"));
}

BOOST_AUTO_TEST_CASE(fat_finger_names_both_numbers) {
  const auto verdict = rule("fat_finger", {{"max_quantity", "10"}})->check(of(Side::buy, "11"), Seen{});
  BOOST_TEST(verdict.value() == "fat finger: 11 units in one order, allowed are 10");
}

BOOST_AUTO_TEST_CASE(fat_finger_takes_the_last_trade_without_quotes_and_refuses_without_any_price) {
  Seen seen;
  const auto check = rule("fat_finger", {{"max_notional", "1000"}});
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).has_value());
  seen.last = price("1000");
  BOOST_TEST(!check->check(of(Side::buy, "1"), seen).has_value());
  seen.last = price("1000.01");
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).has_value());
}

BOOST_AUTO_TEST_CASE(fat_finger_without_any_limit_is_a_mistake) {
  const auto problems = problems_of("risk_rule", "fat_finger", map({}), context(instruments({"BTC"})));
  BOOST_TEST_REQUIRE(problems.size() == 1u);
  BOOST_TEST(problems[0].what == "one of max_quantity and max_notional must be set");
}

namespace {

struct Held {
  const char* name;
  const char *held_me, *working_me, *held_all, *working_all;
  Side side;
  const char* size;
  bool passes;
};
std::ostream& operator<<(std::ostream& out, const Held& h) { return out << h.name; }

const Held kHeld[] = {
    {"up to the limit of the strategy", "3", "1", "3", "1", Side::buy, "1", true},
    {"beyond it with what works", "3", "1", "3", "1", Side::buy, "1.00001", false},
    {"shorts count by their size", "-4", "0", "-4", "0", Side::sell, "1.5", false},
    {"a sell of a long has room for both", "3", "0", "3", "0", Side::sell, "8", true},
    {"up to the limit of the system", "0", "0", "6", "2", Side::buy, "2", true},
    {"beyond it by others", "0", "0", "6", "2", Side::buy, "2.00001", false},
    {"reducing an excess is allowed", "9", "0", "9", "0", Side::sell, "2", true},
};

}  // namespace

BOOST_DATA_TEST_CASE(position_limit_counts_what_is_held_and_what_works, data::make(kHeld), h) {
  Seen seen;
  seen.held_me = quantity(h.held_me);
  seen.working_me = quantity(h.working_me);
  seen.held_all = quantity(h.held_all);
  seen.working_all = quantity(h.working_all);
  const auto verdict =
      rule("position_limit", {{"per_strategy", "5"}, {"per_system", "10"}})->check(of(h.side, h.size), seen);
  BOOST_TEST(!verdict == h.passes, verdict.value_or("passed"));
}

BOOST_AUTO_TEST_CASE(position_limit_of_one_instrument_leaves_others_alone) {
  const auto check = rule("position_limit", {{"instrument", "ETH"}, {"per_strategy", "1"}});
  OrderTerms terms = of(Side::buy, "2");
  BOOST_TEST(!check->check(terms, Seen{}).has_value());
  terms.instrument = kEth;
  BOOST_TEST(check->check(terms, Seen{}).has_value());
}

namespace {

struct Collar {
  const char *name, *limit;
  bool passes;
};
std::ostream& operator<<(std::ostream& out, const Collar& c) { return out << c.name; }
const Collar kCollar[] = {{"highest allowed", "105", true},
                          {"a tick above", "105.01", false},
                          {"lowest allowed", "95", true},
                          {"a tick below", "94.99", false}};

}  // namespace

BOOST_DATA_TEST_CASE(price_collar_keeps_limits_within_the_share_around_the_mid, data::make(kCollar), c) {
  Seen seen;
  seen.best = quote("99", "101");
  seen.last = price("1");  // The mid of quotes goes before it.
  const auto verdict = rule("price_collar", {{"within", "0.05"}})->check(of(Side::buy, "1", c.limit), seen);
  BOOST_TEST(!verdict == c.passes, verdict.value_or("passed"));
}

BOOST_AUTO_TEST_CASE(price_collar_needs_a_fresh_quote_for_market_orders) {
  const auto check = rule("price_collar", {{"quote_max_age", "10s"}});
  Seen seen;
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).has_value());
  BOOST_TEST(check->check(of(Side::buy, "1", "5"), seen).has_value());
  seen.last = price("100");  // A feed of trades alone.
  BOOST_TEST(!check->check(of(Side::buy, "1"), seen).has_value());
  BOOST_TEST(check->check(of(Side::buy, "1", "5"), seen).has_value());
  seen.best = quote("99", "101", "1", kBtc, seen.at - Duration{10'000'000'000});
  BOOST_TEST(!check->check(of(Side::buy, "1"), seen).has_value());
  seen.at = seen.at + Duration{1};
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).value() ==
             "price collar: the newest quote is 10000000001ns old, allowed are 10s");
}

BOOST_AUTO_TEST_CASE(stale_intent_counts_from_the_event_that_was_answered) {
  const auto check = rule("stale_intent", {{"max_age", "1s"}});
  Seen seen;
  seen.asked = seen.at - Duration{1'000'000'000};
  BOOST_TEST(!check->check(of(Side::buy, "1"), seen).has_value());
  seen.asked = seen.asked - Duration{1};
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).has_value());
}

BOOST_AUTO_TEST_CASE(stale_intent_looks_at_the_quote_when_told_to) {
  const auto check = rule("stale_intent", {{"quote_max_age", "2s"}});
  Seen seen;
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).has_value());
  seen.best = quote("99", "101", "1", kBtc, seen.at - Duration{2'000'000'000});
  BOOST_TEST(!check->check(of(Side::buy, "1"), seen).has_value());
  seen.at = seen.at + Duration{1};
  seen.asked = seen.at;
  BOOST_TEST(check->check(of(Side::buy, "1"), seen).has_value());
}

BOOST_AUTO_TEST_CASE(every_rule_keeps_the_contract_of_rules) {
  const std::pair<const char*, Setting> rules[] = {
      {"fat_finger", map({{"max_quantity", "10"}, {"max_notional", "1000"}})},
      {"position_limit", map({{"per_strategy", "10"}, {"per_system", "20"}})},
      {"price_collar", map({{"within", "0.05"}, {"quote_max_age", "1s"}})},
      {"stale_intent", map({{"max_age", "1s"}, {"quote_max_age", "5s"}})}};
  for (const auto& [name, settings] : rules) {
    const testkit::Subject subject{manifest("risk_rule", name), settings};
    BOOST_TEST(testkit::text_of(testkit::check_risk_rule(subject)) == "", name);
  }
}
