// What each strategy does, and that it keeps the contract of all strategies.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <holdfast/testkit/contract.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

constexpr ActorId kMe{1};
using Fields = std::vector<std::pair<std::string, Written>>;

Bench::Make strategy(const std::string& name, Fields fields) {
  return actor("strategy", map({{"strategy", slot(name, std::move(fields))}}), kMe);
}

/// A quote one cent wide around `mid`, in cents.
Quote around(std::int64_t cents) {
  Quote q = quote("1", "1", "1");
  q.bid = Price::from_raw(cents * 1'000'000 - 500'000);
  q.ask = Price::from_raw(cents * 1'000'000 + 500'000);
  return q;
}

/// Approves and fills all newly wanted orders at once: the shortest way round.
void grant(Bench& bench, std::size_t& done, const char* at = "100") {
  for (auto intents = bench.wrote<OrderIntent>(); done < intents.size();
       intents = bench.wrote<OrderIntent>()) {
    const OrderTerms terms = intents[done++].terms;
    bench.tell(OrderApproved{terms});
    bench.tell(OrderSent{terms, bench.now()});
    if (terms.type == OrdType::market)
      bench.tell(fill(terms, done, at, terms.quantity.str().c_str(), terms.quantity.str().c_str(), "0"));
    else bench.tell(OrderAcknowledged{terms.cl_ord_id, done});
  }
}

std::vector<std::string> wanted(const Bench& bench) {
  std::vector<std::string> texts;
  for (const auto& i : bench.wrote<OrderIntent>()) {
    texts.push_back(std::string{to_string(i.terms.side)} + " " + i.terms.quantity.str());
    if (i.terms.type == OrdType::limit) texts.back() += " at " + i.terms.price.str();
  }
  return texts;
}
void check_wanted(const Bench& bench, const std::vector<std::string>& expected) {
  const auto got = wanted(bench);
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

const Fields kCrossover{{"instrument", "BTC"}, {"size", "2"}, {"fast", "2"}, {"slow", "4"}};
const Fields kReversion{
    {"instrument", "BTC"}, {"size", "2"}, {"window", "8"}, {"entry", "1.5"}, {"exit", "0.5"}};
const Fields kLongReversion{
    {"instrument", "BTC"}, {"size", "2"}, {"window", "24"}, {"entry", "1"}, {"exit", "0.5"}};
const Fields kQuoter{{"instrument", "BTC"},  {"size", "1"},          {"half_spread", "0.50"},
                     {"skew", "0.10"},       {"max_inventory", "2"}, {"requote_move", "0.20"},
                     {"requote_every", "1s"}};

}  // namespace

BOOST_AUTO_TEST_CASE(crossover_turns_its_position_when_the_means_cross) {
  Bench bench{strategy("crossover", kCrossover)};
  std::size_t done = 0;
  for (const int cents : {10'000, 10'000, 10'000}) bench.tell(around(cents));
  check_wanted(bench, {});  // The slow mean is not full.
  for (const int cents : {10'100, 10'100, 10'100}) bench.tell(around(cents)), grant(bench, done);
  check_wanted(bench, {"buy 2"});
  for (const int cents : {9'000, 9'000, 9'000}) bench.tell(around(cents)), grant(bench, done);
  check_wanted(bench, {"buy 2", "sell 4"});
  BOOST_TEST(bench.words<OrderIntent>().at(0) == "means crossed");
}

BOOST_AUTO_TEST_CASE(crossover_waits_for_one_order_before_the_next_and_asks_once) {
  Bench bench{strategy("crossover", kCrossover)};
  for (const int cents : {10'000, 10'000, 10'000, 10'100, 10'100}) bench.tell(around(cents));
  for (const int cents : {9'000, 9'000}) bench.tell(around(cents));
  check_wanted(bench, {"buy 2"});  // Crossed back while the first was open.
  bench.tell(OrderDenied{bench.wrote<OrderIntent>()[0].terms.cl_ord_id, DenyReason::rule, kBtc}, "no");
  for (int i = 0; i < 5; ++i) bench.tell(around(9'000 - i));
  check_wanted(bench, {"buy 2", "sell 2"});
}

BOOST_AUTO_TEST_CASE(mean_reversion_sells_high_and_goes_flat_at_the_mean) {
  Bench bench{strategy("mean_reversion", kReversion)};
  std::size_t done = 0;
  const auto see = [&](std::int64_t cents) { bench.tell(around(cents)), grant(bench, done); };
  for (int i = 0; i < 8; ++i) see(i % 2 == 0 ? 9'990 : 10'010);
  check_wanted(bench, {});
  see(10'200);
  check_wanted(bench, {"sell 2"});
  for (int i = 0; i < 3; ++i) see(10'030);
  check_wanted(bench, {"sell 2", "buy 2"});
  BOOST_TEST(bench.words<OrderIntent>().at(1) == "price is back at its mean");
}

BOOST_AUTO_TEST_CASE(mean_reversion_can_follow_trades) {
  Fields fields = kReversion;
  fields.emplace_back("price", "trade");
  Bench bench{strategy("mean_reversion", fields)};
  for (int i = 0; i < 8; ++i) bench.tell(trade(i % 2 == 0 ? "99.9" : "100.1", "1"));
  bench.tell(around(20'000));  // A quote is nothing to it.
  check_wanted(bench, {});
  bench.tell(trade("98", "1"));
  check_wanted(bench, {"buy 2"});
}

BOOST_AUTO_TEST_CASE(quoter_quotes_both_sides_on_the_tick) {
  Bench bench{strategy("quoter", kQuoter)};
  Quote odd = around(10'000);
  odd.ask = odd.ask + Price::from_raw(7'000'000);  // The mid is now 100.035.
  bench.tell(odd);
  check_wanted(bench, {"buy 1 at 99.53", "sell 1 at 100.54"});
}

BOOST_AUTO_TEST_CASE(quoter_replaces_quotes_when_the_mid_moves_and_not_before) {
  Bench bench{strategy("quoter", kQuoter)};
  std::size_t done = 0;
  bench.tell(around(10'000));
  grant(bench, done);
  bench.tell(around(10'020));
  BOOST_TEST(bench.wrote<CancelIntent>().empty());
  bench.tell(around(10'021));
  BOOST_TEST(bench.wrote<CancelIntent>().size() == 2u);
  bench.tell(around(10'050));  // Asked once, however far it goes.
  BOOST_TEST(bench.wrote<CancelIntent>().size() == 2u);
  const auto first = bench.wrote<OrderIntent>()[0].terms;
  bench.tell(OrderCancelled{first.cl_ord_id, first.quantity});
  check_wanted(bench, {"buy 1 at 99.5", "sell 1 at 100.5", "buy 1 at 100"});
}

BOOST_AUTO_TEST_CASE(quoter_moves_against_its_inventory_and_stops_at_the_limit) {
  Bench bench{strategy("quoter", kQuoter)};
  std::size_t done = 0;
  bench.tell(around(10'000));
  grant(bench, done);
  const auto hit = [&](std::uint64_t exec) {
    OrderTerms bid;
    for (const auto& i : bench.wrote<OrderIntent>())
      if (i.terms.side == Side::buy) bid = i.terms;
    bench.tell(fill(bid, exec, bid.price.str().c_str(), "1", "1", "0"));
    bench.advance(Duration{1'000'000'000});  // The timer looks again: the offer is now too high.
    const auto cancels = bench.wrote<CancelIntent>();
    bench.tell(OrderCancelled{cancels.back().cl_ord_id, quantity("1")});
    grant(bench, done);
  };
  hit(101);
  check_wanted(bench, {"buy 1 at 99.5", "sell 1 at 100.5", "buy 1 at 99.4", "sell 1 at 100.4"});
  hit(102);  // Two are held, no more are bid for.
  check_wanted(bench,
               {"buy 1 at 99.5", "sell 1 at 100.5", "buy 1 at 99.4", "sell 1 at 100.4", "sell 1 at 100.3"});
}

BOOST_AUTO_TEST_CASE(quoter_does_not_argue_with_a_refusal) {
  Bench bench{strategy("quoter", kQuoter)};
  bench.tell(around(10'000));
  for (const auto& i : bench.wrote<OrderIntent>())
    bench.tell(OrderDenied{i.terms.cl_ord_id, DenyReason::rule, kBtc}, "no");
  bench.tell(around(10'001));
  BOOST_TEST(bench.wrote<OrderIntent>().size() == 2u);
  bench.advance(Duration{1'000'000'000});
  BOOST_TEST(bench.wrote<OrderIntent>().size() == 4u);
}

namespace {

struct Named {
  const char* name;
  Fields fields;
};
std::ostream& operator<<(std::ostream& out, const Named& n) { return out << n.name; }
const std::vector<Named> kAll = {
    {"crossover", kCrossover}, {"mean_reversion", kLongReversion}, {"quoter", kQuoter}};

}  // namespace

BOOST_DATA_TEST_CASE(a_strategy_keeps_its_contract, data::make(kAll), n) {
  const testkit::Subject subject{manifest("strategy", n.name), map(n.fields), {"BTC", "ETH"}};
  BOOST_TEST(testkit::text_of(testkit::check_strategy(subject)) == "");
}
