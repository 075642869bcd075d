// The paper venue and the clock: sessions, days that end, and clocks that are changed.
#include <chrono>

#include "paper_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(paper_session)

namespace {

Time utc(int year, unsigned month, unsigned day, int hour, int minute = 0) {
  using namespace std::chrono;
  const sys_days date{std::chrono::year{year} / month / day};
  return Time{(date.time_since_epoch() + hours{hour} + minutes{minute}) / 1ns};
}

Bench new_york(Time start, const char* when_closed = "reject") {
  const auto make = [=] {
    auto listed = std::make_shared<Instruments>();
    listed->add({kBtc, 1, "SPY", price("0.01"), quantity("0.00001"), "USD",
                 "Mon-Fri 09:30-16:00 America/New_York except 2026-11-26 2026-11-27@13:00"});
    PluginContext where = context(listed);
    static BuiltPlugins plugins;
    where.plugins = &plugins;
    return load<Actor>("broker", map({{"broker", slot("paper", {{"when_closed", when_closed}})}}), where);
  };
  Bench::Options options;
  options.start = start;
  return Bench{make, options};
}

}  // namespace

BOOST_AUTO_TEST_CASE(day_orders_end_with_the_session_before_and_after_the_clocks_are_changed) {
  for (const auto& [morning, close] :
       {std::pair{utc(2026, 3, 6, 15), utc(2026, 3, 6, 21)}, std::pair{utc(2026, 3, 9, 14), utc(2026, 3, 9, 20)},
        std::pair{utc(2026, 10, 30, 14), utc(2026, 10, 30, 20)}, std::pair{utc(2026, 11, 2, 15), utc(2026, 11, 2, 21)},
        std::pair{utc(2026, 11, 27, 15), utc(2026, 11, 27, 18)}}) {
    auto bench = new_york(morning);
    send(bench, 1, Side::buy, "1", "100", TimeInForce::day);
    send(bench, 2, Side::buy, "1", "100");
    bench.advance_to(close - 1ms);
    BOOST_TEST(bench.wrote<OrderExpired>().empty());
    bench.advance_to(close);
    BOOST_TEST_REQUIRE(bench.wrote<OrderExpired>().size() == 1u);
    BOOST_TEST(bench.wrote<OrderExpired>()[0].cl_ord_id.counter() == 1u);
    BOOST_TEST(bench.words<OrderExpired>()[0] == "its session has ended");
  }
}

BOOST_AUTO_TEST_CASE(outside_of_the_session_orders_are_rejected_and_rest_is_undisturbed) {
  auto bench = new_york(utc(2026, 11, 25, 20));
  send(bench, 1, Side::buy, "1", "100");
  bench.advance_to(utc(2026, 11, 25, 21));
  send(bench, 2, Side::buy, "1", "100");
  BOOST_TEST_REQUIRE(bench.words<OrderRejected>().size() == 1u);
  BOOST_TEST(bench.words<OrderRejected>()[0] ==
             "closed until 2026-11-27T14:30:00.000000000Z");  // Thanksgiving lies between.
  bench.tell(quote("98", "99"));
  bench.tell(trade("97", "5"));
  check_fills(bench, {});
  bench.advance_to(utc(2026, 11, 27, 14, 30));
  bench.tell(quote("98", "99"));
  check_fills(bench, {"1@100 maker"});
}

BOOST_AUTO_TEST_CASE(held_orders_wait_for_the_session_and_end_with_it) {
  auto bench = new_york(utc(2026, 3, 7, 12), "hold");
  send(bench, 1, Side::buy, "1", "100", TimeInForce::day);
  send(bench, 2, Side::buy, "1", "90", TimeInForce::day);
  send(bench, 3, Side::buy, "1");
  send(bench, 4, Side::buy, "1", "100", TimeInForce::fok);
  BOOST_TEST(bench.wrote<OrderAcknowledged>().size() == 2u);
  BOOST_TEST(bench.wrote<OrderRejected>().size() == 2u);
  bench.tell(quote("98", "99"));
  check_fills(bench, {});
  bench.advance_to(utc(2026, 3, 9, 13, 30));
  bench.tell(quote("98", "99"));
  check_fills(bench, {"1@100 maker"});
  bench.advance_to(utc(2026, 3, 9, 20));
  BOOST_TEST_REQUIRE(bench.wrote<OrderExpired>().size() == 1u);
  BOOST_TEST(bench.wrote<OrderExpired>()[0].cl_ord_id.counter() == 2u);
}

BOOST_AUTO_TEST_CASE(a_day_order_that_has_ended_leaves_nothing_to_wake_for) {
  auto bench = new_york(utc(2026, 3, 6, 15));
  send(bench, 1, Side::buy, "1", "100", TimeInForce::day);
  BOOST_TEST(bench.actor().wake_at().str() == utc(2026, 3, 6, 21).str());
  bench.tell(quote("98", "99"));
  check_fills(bench, {"1@100 maker"});
  BOOST_TEST(bench.actor().wake_at().ns == 0);
  const auto cancelled = send(bench, 2, Side::buy, "1", "50", TimeInForce::day);
  bench.tell(CancelIntent{cancelled.cl_ord_id}, "", kStrategy);
  BOOST_TEST(bench.wrote<OrderCancelled>().size() == 1u);
  BOOST_TEST(bench.actor().wake_at().ns == 0);
  BOOST_TEST(bench.actor().quiet());
}

BOOST_AUTO_TEST_CASE(a_gtd_order_ends_at_its_time_and_one_that_comes_after_it_is_rejected) {
  auto bench = new_york(utc(2026, 3, 6, 15));
  OrderTerms terms = order(kStrategy, 1, Side::buy, "1", "50", TimeInForce::gtd);
  terms.expire_time = utc(2026, 3, 6, 16);
  bench.tell(OrderIntent{terms, {}}, {}, kStrategy);
  bench.tell(OrderApproved{terms});
  bench.advance_to(utc(2026, 3, 6, 16));
  BOOST_TEST(bench.words<OrderExpired>().at(0) == "its time has come");
  terms.cl_ord_id = ClOrdId::make(kStrategy, 2);
  bench.tell(OrderIntent{terms, {}}, {}, kStrategy);
  bench.tell(OrderApproved{terms});
  BOOST_TEST(bench.words<OrderRejected>().at(0) == "its time, " + terms.expire_time.str() + ", is over");
}

BOOST_AUTO_TEST_SUITE_END()
