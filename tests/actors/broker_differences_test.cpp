// What a broker and its venue disagree about: believed late, said once, and accepted by people alone.
#include <boost/test/unit_test.hpp>

#include "scripted_venue.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(broker_differences)

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = VenueOrder::State;

BOOST_FIXTURE_TEST_CASE(what_was_never_acknowledged_and_is_not_known_asked_three_times_was_rejected, Asked) {
  Bench bench{edge()};
  armed(bench);
  approve(bench, 1);
  wait(bench, seconds{5});
  BOOST_TEST(bench.wrote<OrderUnknown>().size() == 1u);
  const auto rejected = [&] { return bench.wrote<OrderRejected>().size(); };
  BOOST_TEST(rejected() == 0u);
  for (int i = 0; i < 12 && rejected() == 0; ++i) wait(bench, milliseconds{500});
  BOOST_TEST_REQUIRE(rejected() == 1u);
  BOOST_TEST(bench.words<OrderRejected>()[0].starts_with("the venue does not know it, asked "));
  BOOST_TEST(notes->questions.size() >= 4u);
  BOOST_TEST(bench.wrote<DifferenceFound>().empty());
}

BOOST_FIXTURE_TEST_CASE(an_acknowledged_order_that_the_venue_forgot_halts_its_instrument_until_it_is_accepted, Asked) {
  Bench bench{edge()};
  armed(bench);
  const auto terms = resting(bench, 1);
  notes->orders.clear();
  wait(bench, seconds{10});
  for (int i = 0; i < 6; ++i) wait(bench, milliseconds{500});
  BOOST_TEST_REQUIRE(bench.wrote<DifferenceFound>().size() == 1u);
  const auto found = bench.wrote<DifferenceFound>()[0];
  BOOST_CHECK(found.kind == DifferenceKind::order && found.cl_ord_id == terms.cl_ord_id && found.instrument == kBtc);
  BOOST_TEST_REQUIRE(bench.wrote<LatchEngaged>().size() == 1u);
  BOOST_CHECK(bench.wrote<LatchEngaged>()[0].scope == LatchScope::instrument);
  BOOST_TEST(bench.wrote<LatchEngaged>()[0].target == kBtc.value);
  BOOST_TEST(bench.wrote<OrderRejected>().empty());
  BOOST_CHECK(bench.wrote<LinkChanged>().back().state == LinkState::armed);
  // Said once, however often the venue is asked.
  for (int i = 0; i < 4; ++i) wait(bench, seconds{10});
  BOOST_TEST(bench.wrote<DifferenceFound>().size() == 1u);
  auto other = order(kStrategy, 2, Side::buy, "1", "10");
  other.instrument = kEth;
  approve(bench, other);
  BOOST_TEST(notes->told.back() == "send 2");
  bench.tell(DifferenceAccepted{kBtc, 0}, "ann\nseen by phone");
  BOOST_TEST_REQUIRE(bench.wrote<OrderCancelled>().size() == 1u);
  BOOST_CHECK(bench.wrote<OrderCancelled>()[0].cl_ord_id == terms.cl_ord_id);
  BOOST_TEST(bench.words<OrderCancelled>()[0] == "ann\nseen by phone");
}

BOOST_FIXTURE_TEST_CASE(a_forgotten_order_that_the_venue_remembers_is_not_cancelled_by_what_is_accepted_later, Asked) {
  Bench bench{edge()};
  armed(bench);
  resting(bench, 1);
  const auto held = std::exchange(notes->orders, {});
  wait(bench, seconds{10});
  for (int i = 0; i < 6; ++i) wait(bench, milliseconds{500});
  BOOST_TEST_REQUIRE(bench.wrote<DifferenceFound>().size() == 1u);
  notes->orders = held;
  wait(bench, seconds{10});
  bench.tell(DifferenceAccepted{kBtc, 0}, "ann\nlate");
  BOOST_TEST(bench.wrote<OrderCancelled>().empty());
  notes->orders.clear();  // And it is missed again.
  wait(bench, seconds{10});
  for (int i = 0; i < 6; ++i) wait(bench, milliseconds{500});
  BOOST_TEST(bench.wrote<DifferenceFound>().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_order_that_the_venue_says_is_filled_by_more_than_its_fills_is_a_difference_not_a_rejection, Asked) {
  Bench bench{edge()};
  armed(bench);
  const auto terms = approve(bench, 1);  // Never acknowledged.
  at_venue(terms, State::filled, "1");
  wait(bench, seconds{5});
  for (int i = 0; i < 6; ++i) wait(bench, milliseconds{500});
  BOOST_TEST(bench.wrote<OrderRejected>().empty());
  BOOST_TEST_REQUIRE(bench.wrote<DifferenceFound>().size() == 1u);
  BOOST_TEST(bench.wrote<DifferenceFound>()[0].theirs.str() == "1");
  // The fill comes at last, and ends the order.
  trade_at_venue(terms, 31, "1");
  notes->positions = {{kBtc, quantity("1")}};
  wait(bench, seconds{10});
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_position_that_no_fill_explains_is_believed_after_three_comparisons, Asked) {
  Bench bench{edge()};
  armed(bench);
  notes->positions = {{kBtc, quantity("5")}};
  wait(bench, seconds{30});
  BOOST_TEST(bench.wrote<DifferenceFound>().empty());
  wait(bench, milliseconds{500});
  BOOST_TEST(bench.wrote<DifferenceFound>().empty());
  BOOST_TEST(story_of(bench, [&] { wait(bench, milliseconds{500}); }) == "DifferenceFound LatchEngaged");
  const auto found = bench.wrote<DifferenceFound>()[0];
  BOOST_CHECK(found.kind == DifferenceKind::position && found.instrument == kBtc);
  BOOST_TEST(found.ours.str() == "0");
  BOOST_TEST(found.theirs.str() == "5");
  auto other = order(kStrategy, 2, Side::buy, "1", "10");
  other.instrument = kEth;
  approve(bench, other);
  check_told({"send 2"});
  bench.tell(DifferenceAccepted{kBtc, 0}, "ann\nbought by phone");
  BOOST_TEST_REQUIRE(bench.wrote<PositionAdjusted>().size() == 1u);
  BOOST_TEST(bench.wrote<PositionAdjusted>()[0].change.str() == "5");
  BOOST_TEST(bench.words<PositionAdjusted>()[0] == "ann\nbought by phone");
  at_venue(other, State::working);
  wait(bench, seconds{30});
  BOOST_TEST(bench.wrote<DifferenceFound>().size() == 1u);  // The books agree from then on.
  bench.tell(DifferenceAccepted{kBtc, 0}, "ann\nagain");
  BOOST_TEST(bench.wrote<PositionAdjusted>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_difference_that_a_late_fill_explains_is_none_that_could_be_accepted, Asked) {
  Bench bench{edge()};
  armed(bench);
  const auto terms = resting(bench, 1);
  notes->positions = {{kBtc, quantity("1")}};
  wait(bench, seconds{30});
  for (int i = 0; i < 3; ++i) wait(bench, milliseconds{500});
  BOOST_TEST_REQUIRE(bench.wrote<DifferenceFound>().size() == 1u);
  notes->orders[0].state = State::filled;
  notes->orders[0].cum_qty = quantity("1");
  trade_at_venue(terms, 31, "1");
  wait(bench, seconds{30});
  BOOST_TEST_REQUIRE(bench.wrote<DifferenceFound>().size() == 2u);
  BOOST_CHECK(bench.wrote<DifferenceFound>()[1].ours == bench.wrote<DifferenceFound>()[1].theirs);
  BOOST_TEST(bench.wrote<LatchEngaged>().size() == 1u);  // Which a person releases.
  bench.tell(DifferenceAccepted{kBtc, 0}, "ann\nfine");
  BOOST_TEST(bench.wrote<PositionAdjusted>().empty());
}

BOOST_FIXTURE_TEST_CASE(a_balance_is_opened_with_what_the_account_has_and_changes_by_our_fills_alone, Asked) {
  notes->balances = {{"USD", *Money::parse("1000")}};
  Bench bench{edge()};
  armed(bench);
  const auto told = [&] { return bench.words<DifferenceFound>(); };
  const std::string currency = instruments({"BTC"})->find(kBtc)->currency;
  BOOST_TEST_REQUIRE(currency == "USD");
  BOOST_TEST((told() == std::vector<std::string>{"USD is opened with 1000"}));
  const auto terms = resting(bench, 1);
  notes->orders.clear();
  trade_at_venue(terms, 31, "1");
  notes->positions = {{kBtc, quantity("1")}};
  notes->balances = {{"USD", *Money::parse("990")}};
  wait(bench, seconds{60});
  BOOST_TEST(told().size() == 1u);
  notes->balances = {{"USD", *Money::parse("989")}};
  for (int i = 0; i < 3; ++i) wait(bench, seconds{60});
  BOOST_TEST_REQUIRE(told().size() == 2u);
  BOOST_TEST(told()[1] == "USD is 989 at the venue, and our fills lead to 990");
  BOOST_TEST(bench.wrote<LatchEngaged>().empty());
}

BOOST_AUTO_TEST_SUITE_END()
