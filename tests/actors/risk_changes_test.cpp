// The risk actor and changes: of orders, of what venues say, of which broker can send.
#include <boost/test/unit_test.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(risk_changes)

namespace {

constexpr ActorId kA{7}, kB{8}, kFirst{21}, kSecond{22};

Bench::Make limited(const char* per_strategy) {
  return actor("risk", map({{"rules", list({slot("position_limit", {{"per_strategy", per_strategy}})})}}));
}
OrderTerms intend(Bench& bench, const OrderTerms& terms) {
  bench.tell(OrderIntent{terms, {}}, "x", terms.cl_ord_id.owner());
  return terms;
}
OrderTerms working(Bench& bench, const OrderTerms& terms) {
  intend(bench, terms);
  bench.tell(OrderSent{terms, {}});
  bench.tell(OrderAcknowledged{terms.cl_ord_id, 5});
  return terms;
}
void change(Bench& bench, const OrderTerms& terms, const char* size, const char* limit = "10", ActorId by = kA) {
  bench.tell(ReplaceIntent{terms.cl_ord_id, quantity(size), price(limit)}, "x", by);
}
/// How much more of a buy the limit lets pass.
bool room_for(Bench& bench, std::uint64_t counter, const char* size) {
  const auto before = bench.wrote<OrderDenied>().size();
  const auto terms = intend(bench, order(kA, counter, Side::buy, size, "10"));
  const bool yes = bench.wrote<OrderDenied>().size() == before;
  if (yes) bench.tell(OrderCancelled{terms.cl_ord_id, terms.quantity});
  return yes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_change_is_judged_as_the_order_it_makes_in_place_of_the_one_that_is) {
  Bench bench{limited("5")};
  const auto terms = working(bench, order(kA, 1, Side::buy, "4", "10"));
  change(bench, terms, "5.00001");  // The limit is missed by this much, not by four more.
  BOOST_TEST_REQUIRE(bench.wrote<ReplaceDenied>().size() == 1u);
  BOOST_CHECK(bench.wrote<ReplaceDenied>()[0].reason == DenyReason::rule);
  change(bench, terms, "5");
  BOOST_TEST(bench.wrote<ReplaceApproved>().size() == 1u);
  BOOST_TEST(!room_for(bench, 2, "0.00001"));  // The increase counts at once.
}

BOOST_AUTO_TEST_CASE(what_is_filled_of_a_changed_order_counts_once) {
  Bench bench{limited("5")};
  const auto terms = working(bench, order(kA, 1, Side::buy, "4", "10"));
  bench.tell(fill(terms, 1, "10", "3", "3", "1"));
  change(bench, terms, "3");
  BOOST_TEST(bench.words<ReplaceDenied>().at(0) == "3 of it are filled already");
  change(bench, terms, "5");
  BOOST_TEST(bench.wrote<ReplaceApproved>().size() == 1u);
  change(bench, terms, "5.00001");
  BOOST_TEST(bench.wrote<ReplaceDenied>().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_change_counts_until_it_is_refused_and_a_smaller_one_frees_room_once_it_is_made) {
  Bench bench{limited("5")};
  const auto terms = working(bench, order(kA, 1, Side::buy, "2", "10"));
  change(bench, terms, "4");
  BOOST_TEST(!room_for(bench, 2, "2"));
  bench.tell(ReplaceSent{terms.cl_ord_id, quantity("4"), price("10"), 1, {}});
  bench.tell(ReplaceRejected{terms.cl_ord_id});
  BOOST_TEST(room_for(bench, 3, "3"));
  change(bench, terms, "1");
  BOOST_TEST(!room_for(bench, 4, "4"));
  bench.tell(ReplaceSent{terms.cl_ord_id, quantity("1"), price("10"), 2, {}});
  bench.tell(OrderReplaced{terms.cl_ord_id, quantity("1"), price("10"), quantity("1"), 0, 2});
  BOOST_TEST(room_for(bench, 5, "4"));
  BOOST_TEST(!room_for(bench, 6, "4.00001"));
}

BOOST_AUTO_TEST_CASE(two_changes_of_one_frame_see_each_other) {
  Bench bench{limited("5")};
  const auto one = working(bench, order(kA, 1, Side::buy, "1", "10")), two = working(bench, order(kA, 2, Side::buy, "1", "10"));
  bench.queue(ReplaceIntent{one.cl_ord_id, quantity("4"), price("10")}, "", kA);
  bench.queue(ReplaceIntent{two.cl_ord_id, quantity("2"), price("10")}, "", kA);
  bench.run();
  BOOST_TEST(bench.wrote<ReplaceApproved>().size() == 1u);
  BOOST_TEST(bench.wrote<ReplaceDenied>().size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_a_working_order_is_changed_and_by_its_owner_alone_to_what_is_well_formed) {
  Bench bench{actor("risk", map({}))};
  const auto terms = intend(bench, order(kA, 1, Side::buy, "4", "10"));
  change(bench, terms, "5");
  bench.tell(OrderSent{terms, {}});
  bench.tell(OrderAcknowledged{terms.cl_ord_id, 5});
  change(bench, terms, "5", "10", kB);
  change(bench, terms, "5", "10.001");
  change(bench, order(kA, 9, Side::buy, "1", "1"), "5");
  BOOST_TEST(bench.words<ReplaceDenied>() ==
                 (std::vector<std::string>{"no such order is working", "the order id belongs to another actor",
                                           "limit price is 10.001, must be a multiple of the tick 0.01",
                                           "no such order is working"}),
             boost::test_tools::per_element());
  bench.tell(ReplaceSent{terms.cl_ord_id, quantity("5"), price("10"), 1, {}});
  change(bench, terms, "6");  // One is on its way.
  BOOST_TEST(bench.wrote<ReplaceDenied>().size() == 5u);
  BOOST_TEST(bench.wrote<ReplaceApproved>().empty());
}

BOOST_AUTO_TEST_CASE(an_approval_that_the_orders_state_has_overtaken_is_taken_back) {
  Bench bench{limited("9")};
  const auto terms = working(bench, order(kA, 1, Side::buy, "1", "10"));
  bench.queue(ReplaceIntent{terms.cl_ord_id, quantity("6"), price("10")}, "", kA);
  bench.queue(OrderUnknown{terms.cl_ord_id}, "lost");
  bench.run();
  BOOST_TEST(bench.story() == "OrderApproved ReplaceApproved ReplaceDenied");
  BOOST_TEST(bench.words<ReplaceDenied>().at(0) == "the order has changed meanwhile");
  BOOST_TEST(room_for(bench, 2, "8"));
}

BOOST_AUTO_TEST_CASE(an_iceberg_may_be_changed_when_less_is_left_than_it_shows) {
  Bench bench{actor("risk", map({}))};
  auto terms = order(kA, 1, Side::buy, "10", "10");
  terms.display_qty = quantity("5");
  working(bench, terms);
  bench.tell(fill(terms, 1, "10", "8", "8", "2"));
  change(bench, terms, "11");
  BOOST_TEST(bench.wrote<ReplaceApproved>().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_busted_fill_frees_the_position_and_is_open_again) {
  Bench bench{limited("5")};
  const auto terms = working(bench, order(kA, 1, Side::buy, "5", "10"));
  bench.tell(fill(terms, 1, "10", "3", "3", "2"));
  FillBusted bust;
  bust.cl_ord_id = terms.cl_ord_id;
  bust.exec_id = 1;
  bust.instrument = kBtc;
  bust.last_px = price("10");
  bust.last_qty = quantity("3");
  bench.tell(bust);
  BOOST_TEST(!room_for(bench, 2, "0.00001"));  // What was busted may be filled again.
  bench.tell(OrderCancelled{terms.cl_ord_id, quantity("5")});
  BOOST_TEST(room_for(bench, 3, "5"));
}

BOOST_AUTO_TEST_CASE(an_instrument_that_its_venue_has_closed_takes_no_orders_and_no_changes) {
  Bench bench{actor("risk", map({}))};
  const auto terms = working(bench, order(kA, 1, Side::buy, "1", "10"));
  for (const auto status : {TradingStatus::halted, TradingStatus::closed, TradingStatus::expired}) {
    bench.tell(instrument_is(status, kBtc), "BTC-USD");
    intend(bench, order(kA, 10 + static_cast<std::uint64_t>(status), Side::buy, "1", "10"));
    BOOST_CHECK(bench.wrote<OrderDenied>().back().reason == DenyReason::closed);
    BOOST_TEST(bench.words<OrderDenied>().back() == "the venue says that BTC is " + std::string{to_string(status)});
    change(bench, terms, "2");
    BOOST_CHECK(bench.wrote<ReplaceDenied>().back().reason == DenyReason::closed);
  }
  auto eth = order(kA, 20, Side::buy, "1", "10");
  eth.instrument = kEth;
  intend(bench, eth);
  bench.tell(instrument_is(TradingStatus::open, kBtc), "BTC-USD");
  intend(bench, order(kA, 21, Side::buy, "1", "10"));
  BOOST_TEST(bench.wrote<OrderDenied>().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_order_goes_to_the_first_declared_broker_that_can_send) {
  Bench bench{actor("risk", map({{"brokers", list({"first", "second"})}}))};
  std::uint64_t counter = 0;
  const auto routed = [&] {
    intend(bench, order(kA, ++counter, Side::buy, "1", "10"));
    return bench.wrote<OrderApproved>().back().terms.broker.value;
  };
  const auto link = [&](ActorId broker, LinkState state) {
    LinkChanged changed;
    changed.broker = broker;
    changed.state = state;
    bench.tell(changed, "", broker);
  };
  BOOST_TEST(routed() == 0);  // Nobody is declared yet.
  bench.tell(ActorDeclared{kSecond, {}, 0}, "second");
  bench.tell(ActorDeclared{kFirst, {}, 0}, "first");
  BOOST_TEST(routed() == kFirst.value);  // It has never spoken of a link: it has none to lose.
  link(kFirst, LinkState::reconciling);
  BOOST_TEST(routed() == kSecond.value);
  link(kSecond, LinkState::down);
  BOOST_TEST(routed() == kFirst.value);  // Nobody can: the best is waited for.
  link(kSecond, LinkState::armed);
  BOOST_TEST(routed() == kSecond.value);
  link(kFirst, LinkState::armed);
  BOOST_TEST(routed() == kFirst.value);
  bench.tell(ActorStarted{.actor = kFirst});  // A new incarnation has no link yet.
  BOOST_TEST(routed() == kSecond.value);
  link(kFirst, LinkState::armed);
  bench.tell(ActorFailed{.actor = kFirst}, "died");
  BOOST_TEST(routed() == kSecond.value);
}

BOOST_AUTO_TEST_CASE(a_restart_after_every_event_changes_nothing) {
  const auto script = [](Bench& bench) {
    bench.tell(ActorDeclared{kFirst, {}, 0}, "first");
    const auto terms = working(bench, order(kA, 1, Side::buy, "2", "10"));
    change(bench, terms, "4");
    room_for(bench, 2, "2");
    bench.tell(ReplaceSent{terms.cl_ord_id, quantity("4"), price("10"), 1, {}});
    bench.tell(OrderReplaced{terms.cl_ord_id, quantity("4"), price("10"), quantity("4"), 0, 1});
    bench.tell(instrument_is(TradingStatus::closed, kEth), "ETH-USD");
    PositionAdjusted adjusted;
    adjusted.instrument = kBtc;
    adjusted.owner = kA;
    adjusted.change = quantity("1");
    bench.tell(adjusted, "ann\nfound");
    room_for(bench, 3, "0.00001");
  };
  BOOST_TEST(testkit::restart_difference(limited("5"), {}, script) == "");
  Bench bench{limited("5")};
  script(bench);
  BOOST_TEST(bench.story() == "OrderApproved ReplaceApproved OrderDenied OrderDenied");
}

BOOST_AUTO_TEST_SUITE_END()
