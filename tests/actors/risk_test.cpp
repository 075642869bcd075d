// The risk actor: form, latch, rules; what it counts; what it takes back.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(risk_actor)

namespace {

constexpr ActorId kA{7}, kB{8};

Bench::Make risk(Setting settings = map({})) { return actor("risk", settings); }
Bench::Make limited(const char* per_strategy) {
  return risk(map({{"rules", list({slot("position_limit", {{"per_strategy", per_strategy}})})}}));
}

void intend(Bench& bench, const OrderTerms& terms) {
  bench.tell(OrderIntent{terms, {}}, "x", terms.cl_ord_id.owner());
}

/// A latch over everything, one strategy or one instrument.
LatchEngaged latch(LatchLevel level, LatchScope scope = LatchScope::system, std::uint32_t target = 0) {
  LatchEngaged engaged;
  engaged.scope = scope;
  engaged.level = level;
  engaged.target = target;
  return engaged;
}

struct Form {
  const char* name;
  OrderTerms terms;
  DenyReason reason;  ///< none: approved.
  const char* words;
};
std::ostream& operator<<(std::ostream& out, const Form& f) { return out << f.name; }

OrderTerms changed(OrderTerms terms, const std::function<void(OrderTerms&)>& how) {
  how(terms);
  return terms;
}

const Form kForms[] = {
    {"good limit", order(kA, 1, Side::buy, "1", "100"), DenyReason::none, ""},
    {"good market", order(kA, 1, Side::sell, "0.00001"), DenyReason::none, ""},
    {"unknown instrument",
     changed(order(kA, 1, Side::buy, "1"), [](auto& t) { t.instrument = InstrumentId{9}; }),
     DenyReason::unknown_instrument, "instrument 9 is not of this system"},
    {"no quantity", order(kA, 1, Side::buy, "0"), DenyReason::malformed,
     "quantity is 0, must be more than 0"},
    {"negative quantity", order(kA, 1, Side::buy, "-1"), DenyReason::malformed,
     "quantity is -1, must be more than 0"},
    {"part of a lot", order(kA, 1, Side::buy, "0.000015"), DenyReason::malformed,
     "quantity is 0.000015, must be a multiple of the lot 0.00001"},
    {"beyond counting", order(kA, 1, Side::buy, "10000000000.1"), DenyReason::malformed,
     "quantity is 10000000000.1, must be at most 10000000000"},
    {"value beyond counting", order(kA, 1, Side::buy, "10000", "80000000"), DenyReason::malformed,
     "10000 units at 80000000 are worth more than can be counted"},
    {"no price", changed(order(kA, 1, Side::buy, "1", "1"), [](auto& t) { t.price = {}; }),
     DenyReason::malformed, "limit price is 0, must be more than 0"},
    {"part of a tick", order(kA, 1, Side::buy, "1", "1.005"), DenyReason::malformed,
     "limit price is 1.005, must be a multiple of the tick 0.01"},
    {"no such side", changed(order(kA, 1, Side::buy, "1"), [](auto& t) { t.side = static_cast<Side>(9); }),
     DenyReason::malformed, "side, type or time in force is no word of ours"},
};

}  // namespace

BOOST_DATA_TEST_CASE(an_order_must_be_well_formed, data::make(kForms), f) {
  Bench bench{risk()};
  intend(bench, f.terms);
  if (f.reason == DenyReason::none) {
    BOOST_TEST(bench.story() == "OrderApproved");
    return;
  }
  BOOST_TEST_REQUIRE(bench.story() == "OrderDenied");
  BOOST_CHECK(bench.wrote<OrderDenied>()[0].reason == f.reason);
  BOOST_TEST(bench.words<OrderDenied>()[0] == f.words);
}

BOOST_AUTO_TEST_CASE(a_market_order_beyond_counting_is_seen_by_the_quote) {
  Bench bench{risk()};
  bench.tell(quote("79999999", "80000000"));
  intend(bench, order(kA, 1, Side::buy, "10000"));
  BOOST_TEST(bench.words<OrderDenied>().at(0) ==
             "10000 units at 80000000 are worth more than can be counted");
}

BOOST_AUTO_TEST_CASE(an_id_in_use_or_of_somebody_else_is_denied) {
  Bench bench{risk()};
  intend(bench, order(kA, 1, Side::buy, "1"));
  intend(bench, order(kA, 1, Side::buy, "2"));
  bench.tell(OrderIntent{order(kA, 2, Side::buy, "1"), {}}, "", kB);
  BOOST_TEST(bench.story() == "OrderApproved OrderDenied OrderDenied");
  BOOST_TEST(bench.words<OrderDenied>()[0] == "the order id is in use");
  BOOST_TEST(bench.words<OrderDenied>()[1] == "the order id belongs to another actor");
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_says_no_is_the_one_that_is_named) {
  Bench bench{risk(map({{"rules", list({slot("position_limit", {{"per_strategy", "5"}}),
                                        slot("position_limit", {{"per_strategy", "2"}})})}}))};
  intend(bench, order(kA, 1, Side::buy, "2"));
  intend(bench, order(kA, 2, Side::buy, "1"));
  intend(bench, order(kA, 3, Side::buy, "4"));
  BOOST_TEST(bench.story() == "OrderApproved OrderDenied OrderDenied");
  BOOST_TEST(bench.words<OrderDenied>()[0].ends_with("of this strategy, 2"));
  BOOST_TEST(bench.words<OrderDenied>()[1].ends_with("of this strategy, 5"));
}

BOOST_AUTO_TEST_CASE(two_intents_of_one_frame_see_each_other) {
  Bench bench{limited("5")};
  bench.queue(OrderIntent{order(kA, 1, Side::buy, "3", "10"), {}}, "", kA);
  bench.queue(OrderIntent{order(kA, 2, Side::buy, "3", "10"), {}}, "", kA);
  bench.run();
  BOOST_TEST(bench.story() == "OrderApproved OrderDenied");
}

BOOST_AUTO_TEST_CASE(what_works_and_what_is_held_are_counted_through_the_life_of_an_order) {
  Bench bench{limited("5")};
  const auto first = order(kA, 1, Side::buy, "4", "10");
  const auto room_for = [&](std::uint64_t counter, const char* size) {
    const auto before = bench.wrote<OrderApproved>().size();
    const auto terms = order(kA, counter, Side::buy, size, "10");
    intend(bench, terms);
    const bool yes = bench.wrote<OrderApproved>().size() > before;
    if (yes) bench.tell(OrderCancelled{terms.cl_ord_id, terms.quantity});
    return yes;
  };
  intend(bench, first);
  BOOST_TEST(room_for(2, "1"));
  BOOST_TEST(!room_for(3, "1.00001"));
  bench.tell(OrderSent{first, bench.now()});
  bench.tell(fill(first, 1, "10", "3", "3", "1"));
  BOOST_TEST(room_for(4, "1"));
  BOOST_TEST(!room_for(5, "1.00001"));
  bench.tell(OrderCancelled{first.cl_ord_id, quantity("1")});
  BOOST_TEST(room_for(6, "2"));
  BOOST_TEST(!room_for(7, "2.00001"));
  intend(bench, order(kB, 1, Side::buy, "5", "10"));  // Another strategy has a limit of its own.
  BOOST_TEST(bench.wrote<OrderDenied>().size() == 3u);
}

BOOST_AUTO_TEST_CASE(orders_that_have_ended_leave_nothing_behind) {
  Bench bench{limited("5")};
  std::size_t size = 0;
  for (std::uint64_t n = 1; n <= 5; ++n) {
    const auto terms = order(kA, n, Side::buy, n == 4 ? "9" : "1", "10");  // The fourth is denied.
    intend(bench, terms);
    if (n != 4) bench.tell(OrderCancelled{terms.cl_ord_id, terms.quantity});
    if (n == 1) size = bench.state().size();
    BOOST_TEST(bench.state().size() == size);
  }
}

BOOST_AUTO_TEST_CASE(the_age_of_an_intent_counts_from_the_event_it_answers) {
  Bench bench{risk(map({{"rules", list({slot("stale_intent", {{"max_age", "1s"}})})}}))};
  bench.tell(OrderIntent{order(kA, 1, Side::buy, "1"), bench.now() - Duration{1'000'000'000}}, "", kA);
  bench.tell(OrderIntent{order(kA, 2, Side::buy, "1"), bench.now() - Duration{1'000'000'001}}, "", kA);
  intend(bench, order(kA, 3, Side::buy, "1"));
  BOOST_TEST(bench.story() == "OrderApproved OrderDenied OrderApproved");
}

namespace {

struct Latched {
  const char* name;
  LatchEngaged latch;
  const char* held;
  Side side;
  const char* size;
  bool passes;
};
std::ostream& operator<<(std::ostream& out, const Latched& l) { return out << l.name; }
using enum LatchLevel;
const Latched kLatched[] = {
    {"halted", latch(halted), "0", Side::buy, "1", false},
    {"halted lets nothing reduce", latch(halted), "3", Side::sell, "1", false},
    {"this strategy halted", latch(halted, LatchScope::strategy, 7), "0", Side::buy, "1", false},
    {"another strategy halted", latch(halted, LatchScope::strategy, 8), "0", Side::buy, "1", true},
    {"this instrument halted", latch(halted, LatchScope::instrument, 1), "0", Side::buy, "1", false},
    {"another instrument halted", latch(halted, LatchScope::instrument, 2), "0", Side::buy, "1", true},
    {"reducing lets a long be sold", latch(reducing), "3", Side::sell, "3", true},
    {"reducing stops a flip", latch(reducing), "3", Side::sell, "3.00001", false},
    {"reducing stops more of it", latch(reducing), "3", Side::buy, "1", false},
    {"reducing when flat", latch(reducing), "0", Side::sell, "1", false},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_latch_decides_what_may_pass, data::make(kLatched), l) {
  Bench bench{risk()};
  if (quantity(l.held) > Quantity{}) {
    const auto before = order(kA, 1, Side::buy, l.held);
    intend(bench, before);
    bench.tell(OrderSent{before, bench.now()});
    bench.tell(fill(before, 1, "10", l.held, l.held, "0"));
  }
  bench.tell(l.latch, "ops\nlunch");
  const auto denied = bench.wrote<OrderDenied>().size();
  intend(bench, order(kA, 2, l.side, l.size));
  BOOST_TEST((bench.wrote<OrderDenied>().size() == denied) == l.passes);
  if (!l.passes) BOOST_CHECK(bench.wrote<OrderDenied>().back().reason == DenyReason::latch);
  LatchReleased released;
  released.scope = l.latch.scope;
  released.target = l.latch.target;
  bench.tell(released, "ops\nback");
  intend(bench, order(kA, 3, Side::buy, "1"));
  BOOST_TEST(bench.wrote<OrderApproved>().back().terms.cl_ord_id.counter() == 3u);
}

BOOST_AUTO_TEST_CASE(two_reducing_orders_share_one_position) {
  Bench bench{risk()};
  const auto before = order(kA, 1, Side::buy, "3");
  intend(bench, before);
  bench.tell(OrderSent{before, bench.now()});
  bench.tell(fill(before, 1, "10", "3", "3", "0"));
  bench.tell(latch(reducing), "ops\nlunch");
  intend(bench, order(kA, 2, Side::sell, "2"));
  intend(bench, order(kA, 3, Side::sell, "2"));
  intend(bench, order(kA, 4, Side::sell, "1"));
  BOOST_TEST(bench.story() == "OrderApproved OrderApproved OrderDenied OrderApproved");
}

namespace {

/// Orders 1 (A, BTC), 1 (B, BTC) and 2 (A, ETH), all open.
void three_orders(Bench& bench) {
  intend(bench, order(kA, 1, Side::buy, "1", "10"));
  intend(bench, order(kB, 1, Side::buy, "1", "10"));
  auto eth = order(kA, 2, Side::sell, "1", "10");
  eth.instrument = kEth;
  intend(bench, eth);
}
std::vector<std::uint64_t> cancelled(const Bench& bench) {
  std::vector<std::uint64_t> found;
  for (const auto& c : bench.wrote<CancelIntent>())
    found.push_back(c.cl_ord_id.owner().value * 10u + c.cl_ord_id.counter());
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_parked_strategys_orders_are_taken_back) {
  Bench bench{risk()};
  three_orders(bench);
  ActorParked parked;
  parked.actor = kA;
  bench.tell(parked, "diverged");
  BOOST_TEST(cancelled(bench) == (std::vector<std::uint64_t>{71, 72}), boost::test_tools::per_element());
  BOOST_TEST(bench.words<CancelIntent>()[0] == "its strategy is parked");
}

BOOST_AUTO_TEST_CASE(or_kept_when_told_so) {
  Bench bench{risk(map({{"on_park", "keep"}, {"on_halt", "keep"}}))};
  three_orders(bench);
  ActorParked parked;
  parked.actor = kA;
  bench.tell(parked, "diverged");
  bench.tell(latch(halted), "ops\nlunch");
  BOOST_TEST(bench.wrote<CancelIntent>().empty());
}

BOOST_AUTO_TEST_CASE(a_halt_takes_back_what_is_under_it) {
  const auto under = [](const LatchEngaged& engaged) {
    Bench bench{risk()};
    three_orders(bench);
    bench.tell(engaged, "ops\nlunch");
    return cancelled(bench);
  };
  using Ids = std::vector<std::uint64_t>;
  BOOST_TEST(under(latch(halted)) == (Ids{71, 72, 81}), boost::test_tools::per_element());
  BOOST_TEST(under(latch(halted, LatchScope::strategy, 8)) == Ids{81}, boost::test_tools::per_element());
  BOOST_TEST(under(latch(halted, LatchScope::instrument, 2)) == Ids{72}, boost::test_tools::per_element());
  BOOST_TEST(under(latch(reducing)) == Ids{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_restart_after_every_event_changes_nothing) {
  const auto make =
      risk(map({{"rules", list({slot("position_limit", {{"per_strategy", "3"}, {"per_system", "5"}}),
                                slot("price_collar")})}}));
  const auto script = [](Bench& bench) {
    three_orders(bench);  // No price is known yet.
    bench.tell(quote("9.5", "10.5"));
    bench.tell(trade("10", "1"));
    for (std::uint64_t n = 10; n < 14; ++n) intend(bench, order(kA, n, Side::buy, "1", "10"));
    for (std::uint64_t n = 10; n < 14; ++n) intend(bench, order(kB, n, Side::buy, "1", "10.2"));
    const auto one = order(kA, 10, Side::buy, "1", "10");
    bench.tell(OrderSent{one, bench.now()});
    bench.tell(fill(one, 1, "10", "0.5", "0.5", "0.5"));
    bench.tell(latch(reducing, LatchScope::strategy, 7), "ops\nlunch");
    intend(bench, order(kA, 20, Side::sell, "0.4", "10"));
    intend(bench, order(kA, 21, Side::sell, "0.4", "10"));
    bench.tell(latch(halted), "ops\nfire");
    intend(bench, order(kB, 22, Side::sell, "1", "10"));
  };
  BOOST_TEST(testkit::restart_difference(make, {}, script) == "");
  Bench bench{make};
  script(bench);
  BOOST_TEST(bench.wrote<OrderApproved>().size() == 6u);
  BOOST_TEST(bench.wrote<OrderDenied>().size() == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
