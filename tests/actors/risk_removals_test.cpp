// The risk actor and strategies that are here no more.
#include <boost/test/unit_test.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(risk_removals)

namespace {

constexpr std::uint64_t kClosing = std::uint64_t{1} << 47;
constexpr ActorId kRisk{1}, kGone{7}, kHeir{8}, kFirst{21}, kSecond{22};

Bench::Make risk(const char* per_strategy = "100") {
  return actor("risk", map({{"rules", list({slot("position_limit", {{"per_strategy", per_strategy}})})}}), kRisk);
}
StrategyRemoved removed(Removal what, ActorId heir = {}) { return {kGone, heir, what, {}}; }
void begin(Bench& bench) { bench.tell(ActorStarted{.actor = kRisk, .incarnation = 2}); }
OrderTerms working(Bench& bench, std::uint64_t counter, Side side, const char* size, ActorId owner = kGone) {
  const auto terms = order(owner, counter, side, size, "10");
  bench.tell(OrderIntent{terms, {}}, "x", owner);
  bench.tell(OrderSent{terms, {}}, "", kFirst);
  bench.tell(OrderAcknowledged{terms.cl_ord_id, 5}, "", kFirst);
  return terms;
}
OrderTerms filled(Bench& bench, std::uint64_t counter, Side side, const char* size, ActorId broker = kFirst,
                  ActorId owner = kGone) {
  const auto terms = working(bench, counter, side, size, owner);
  bench.tell(fill(terms, 1000 * broker.value + counter, "10", size, size, "0"), "", broker);
  return terms;
}
/// What was asked for in the name of those who are gone: "sell 3 broker 21".
std::vector<std::string> closings(const Bench& bench) {
  std::vector<std::string> out;
  for (const auto& intent : bench.wrote<OrderIntent>())
    out.push_back(std::string{to_string(intent.terms.side)} + " " + intent.terms.quantity.str() + " broker " +
                  std::to_string(intent.terms.broker.value));
  return out;
}
void check_closings(const Bench& bench, const std::vector<std::string>& expected) {
  const auto got = closings(bench);
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_CASE(orders_of_a_removed_strategy_are_cancelled_when_risk_begins_and_again_whenever_it_does) {
  Bench bench{risk()};
  working(bench, 1, Side::buy, "3");
  working(bench, 1, Side::buy, "3", kHeir);
  bench.tell(removed(Removal::cancel));
  BOOST_TEST(bench.wrote<CancelIntent>().empty());
  begin(bench);
  BOOST_TEST_REQUIRE(bench.wrote<CancelIntent>().size() == 1u);
  BOOST_CHECK(bench.wrote<CancelIntent>()[0].cl_ord_id.owner() == kGone);
  BOOST_TEST(bench.words<CancelIntent>()[0] == "its strategy was removed");
  begin(bench);
  BOOST_TEST(bench.wrote<CancelIntent>().size() == 2u);
  bench.tell(removed(Removal::none));
  begin(bench);
  BOOST_TEST(bench.wrote<CancelIntent>().size() == 2u);  // It is here again.
}

BOOST_AUTO_TEST_CASE(a_position_is_closed_where_it_is_held_and_only_once_no_order_works) {
  Bench bench{risk()};
  filled(bench, 1, Side::buy, "3");
  filled(bench, 2, Side::sell, "5", kSecond);
  const auto open = working(bench, 3, Side::buy, "1");
  bench.tell(removed(Removal::flatten));
  begin(bench);
  check_closings(bench, {});
  bench.tell(OrderCancelled{open.cl_ord_id, quantity("1")}, "", kFirst);
  check_closings(bench, {"sell 3 broker 21", "buy 5 broker 22"});
  const auto approved = bench.wrote<OrderApproved>();
  BOOST_CHECK(approved.back().terms.broker == kSecond);
  for (const auto& intent : bench.wrote<OrderIntent>()) BOOST_CHECK(intent.terms.cl_ord_id.owner() == kGone);
}

BOOST_AUTO_TEST_CASE(what_was_not_closed_is_tried_again_later_and_later) {
  Bench bench{risk()};
  filled(bench, 1, Side::buy, "3");
  bench.tell(removed(Removal::flatten));
  begin(bench);
  for (const auto wait : {1s, 2s, 4s}) {
    const auto tried = bench.wrote<OrderIntent>();
    const ClOrdId id = tried.back().terms.cl_ord_id;
    bench.tell(OrderSent{tried.back().terms, {}}, "", kFirst);
    bench.tell(OrderExpired{id, quantity("3")}, "no liquidity", kFirst);
    BOOST_TEST(!bench.actor().quiet());
    bench.advance(wait - 1ms);
    BOOST_TEST(bench.wrote<OrderIntent>().size() == tried.size());
    bench.advance(1ms);
    BOOST_TEST(bench.wrote<OrderIntent>().size() == tried.size() + 1);
  }
  const auto last = bench.wrote<OrderIntent>().back().terms;
  bench.tell(OrderSent{last, {}}, "", kFirst);
  bench.tell(fill(last, 9, "10", "3", "3", "0"), "", kFirst);
  BOOST_TEST(bench.actor().quiet());
  bench.advance(10min);
  BOOST_TEST(bench.wrote<OrderIntent>().size() == 4u);
}

BOOST_AUTO_TEST_CASE(while_trading_is_halted_nothing_is_asked_for_and_released_it_is) {
  Bench bench{risk()};
  filled(bench, 1, Side::buy, "3");
  bench.tell(LatchEngaged{}, "ann\nwhy");
  bench.tell(removed(Removal::flatten));
  begin(bench);
  bench.advance(10min);
  check_closings(bench, {});
  bench.tell(LatchReleased{}, "ann\nover");
  check_closings(bench, {"sell 3 broker 21"});
}

BOOST_AUTO_TEST_CASE(a_late_fill_and_a_bust_are_closed_too) {
  Bench bench{risk()};
  const auto first = filled(bench, 1, Side::buy, "3");
  bench.tell(removed(Removal::cancel));
  bench.tell(removed(Removal::flatten));
  begin(bench);
  const auto closing = bench.wrote<OrderIntent>().back().terms;
  bench.tell(OrderSent{closing, {}}, "", kFirst);
  bench.tell(fill(closing, 9, "10", "3", "3", "0"), "", kFirst);
  FillBusted bust;
  bust.cl_ord_id = first.cl_ord_id;
  bust.exec_id = 21001;
  bust.instrument = kBtc;
  bust.last_px = price("10");
  bust.last_qty = quantity("2");
  bench.tell(bust, "", kFirst);
  check_closings(bench, {"sell 3 broker 21", "buy 2 broker 21"});
}

BOOST_AUTO_TEST_CASE(nobody_but_risk_may_ask_in_the_name_of_a_removed_strategy_and_risk_in_no_others) {
  Bench bench{risk()};
  filled(bench, 1, Side::buy, "3");
  bench.tell(removed(Removal::flatten));
  begin(bench);
  const auto asked = bench.wrote<OrderIntent>().back().terms;
  OrderTerms forged = asked;
  forged.cl_ord_id.value += 1;
  bench.tell(OrderIntent{forged, {}}, "x", kHeir);
  BOOST_TEST(bench.words<OrderDenied>().at(0) == "the order id belongs to another actor");
  forged.cl_ord_id = ClOrdId::make(kHeir, 1);
  bench.tell(OrderIntent{forged, {}}, "x", kRisk);
  BOOST_TEST(bench.words<OrderDenied>().at(1) == "the order id belongs to another actor");
}

BOOST_AUTO_TEST_CASE(what_is_handed_over_counts_for_the_heir) {
  Bench bench{risk("5")};
  filled(bench, 1, Side::buy, "2");
  const auto open = working(bench, 2, Side::buy, "1");
  bench.tell(removed(Removal::hand_over, kHeir));
  begin(bench);
  BOOST_TEST(bench.wrote<CancelIntent>().empty());
  const auto room_for = [&](std::uint64_t counter, const char* size) {
    const auto before = bench.wrote<OrderApproved>().size();
    const auto terms = order(kHeir, counter, Side::buy, size, "10");
    bench.tell(OrderIntent{terms, {}}, "x", kHeir);
    if (bench.wrote<OrderApproved>().size() == before) return false;
    bench.tell(OrderCancelled{terms.cl_ord_id, terms.quantity});
    return true;
  };
  BOOST_TEST(!room_for(1, "2.00001"));
  BOOST_TEST(room_for(2, "2"));
  bench.tell(fill(open, 4, "10", "1", "1", "0"), "", kFirst);
  BOOST_TEST(!room_for(3, "2.00001"));
  BOOST_TEST(room_for(4, "2"));
  // The heir may change and the former owner may not.
  const auto other = working(bench, 3, Side::buy, "1", kHeir);
  bench.tell(ReplaceIntent{other.cl_ord_id, quantity("2"), price("10")}, "x", kGone);
  BOOST_TEST(bench.words<ReplaceDenied>().back() == "the order id belongs to another actor");
}

BOOST_AUTO_TEST_CASE(a_restart_after_every_event_changes_nothing) {
  const auto script = [](Bench& bench) {
    filled(bench, 1, Side::buy, "3");
    const auto open = working(bench, 2, Side::buy, "1");
    bench.tell(removed(Removal::flatten));
    begin(bench);
    bench.tell(OrderCancelled{open.cl_ord_id, quantity("1")}, "", kFirst);
    const auto closing = order(kGone, kClosing, Side::sell, "3");
    bench.tell(OrderSent{closing, {}}, "", kFirst);
    bench.tell(OrderExpired{closing.cl_ord_id, quantity("3")}, "", kFirst);
    bench.advance(2s);
  };
  BOOST_TEST(testkit::restart_difference(risk(), {}, script) == "");
  Bench bench{risk()};
  script(bench);
  BOOST_TEST(bench.wrote<OrderIntent>().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
