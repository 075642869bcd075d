// The paper venue, order type by order type. It is driven by the broker actor, as in a system.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "paper_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

void three_levels(Bench& bench) {
  bench.tell(level(Side::buy, "99", "5"));
  bench.tell(level(Side::sell, "101", "1"));
  bench.tell(level(Side::sell, "102", "2"));
  bench.tell(level(Side::sell, "103", "4"));
}

struct Case {
  const char *name, *size, *limit;
  TimeInForce tif;
  std::vector<std::string> fills;
  const char *story, *why;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const std::vector<Case> kAgainstBook = {
    {"market within the first level",
     "0.4",
     "",
     TimeInForce::ioc,
     {"0.4@101 taker"},
     "OrderSent OrderAcknowledged OrderFilled",
     ""},
    {"market walks the levels",
     "4",
     "",
     TimeInForce::ioc,
     {"1@101 taker", "2@102 taker", "1@103 taker"},
     "OrderSent OrderAcknowledged OrderFilled OrderFilled OrderFilled",
     ""},
    {"market beyond the book expires",
     "8",
     "",
     TimeInForce::ioc,
     {"1@101 taker", "2@102 taker", "4@103 taker"},
     "OrderSent OrderAcknowledged OrderFilled OrderFilled OrderFilled OrderExpired",
     "no liquidity"},
    {"limit takes up to its price and rests",
     "5",
     "102",
     TimeInForce::gtc,
     {"1@101 taker", "2@102 taker"},
     "OrderSent OrderAcknowledged OrderFilled OrderFilled",
     ""},
    {"limit below the market rests", "5", "100", TimeInForce::gtc, {}, "OrderSent OrderAcknowledged", ""},
    {"ioc expires what it cannot take",
     "5",
     "102",
     TimeInForce::ioc,
     {"1@101 taker", "2@102 taker"},
     "OrderSent OrderAcknowledged OrderFilled OrderFilled OrderExpired",
     "immediate or cancel"},
    {"ioc without any match",
     "5",
     "100",
     TimeInForce::ioc,
     {},
     "OrderSent OrderAcknowledged OrderExpired",
     "immediate or cancel"},
    {"fok takes all",
     "3",
     "102",
     TimeInForce::fok,
     {"1@101 taker", "2@102 taker"},
     "OrderSent OrderAcknowledged OrderFilled OrderFilled",
     ""},
    {"fok one lot short takes nothing",
     "3.00001",
     "102",
     TimeInForce::fok,
     {},
     "OrderSent OrderAcknowledged OrderExpired",
     "fill or kill, and not all of it is there"},
};

}  // namespace

BOOST_DATA_TEST_CASE(an_order_takes_what_the_book_shows, data::make(kAgainstBook), c) {
  Bench bench{paper()};
  three_levels(bench);
  send(bench, 1, Side::buy, c.size, c.limit, c.tif);
  check_fills(bench, c.fills);
  BOOST_TEST(bench.story() == c.story);
  const auto why = bench.words<OrderExpired>();
  BOOST_TEST((why.empty() ? "" : why[0]) == c.why);
}

BOOST_AUTO_TEST_CASE(fills_carry_running_totals_ids_and_fees) {
  Bench bench{paper({{"taker_fee", "0.001"}, {"maker_fee", "-0.0002"}})};
  three_levels(bench);
  send(bench, 1, Side::buy, "2", "101");
  bench.tell(level(Side::sell, "101", "3"));
  const auto f = bench.wrote<OrderFilled>();
  BOOST_TEST_REQUIRE(f.size() == 2u);
  BOOST_TEST(f[0].exec_id == 1u);
  BOOST_TEST(f[0].cum_qty.str() == "1");
  BOOST_TEST(f[0].leaves_qty.str() == "1");
  BOOST_TEST(f[0].fee.str() == "0.101");
  BOOST_TEST(f[1].exec_id == 2u);
  BOOST_TEST(f[1].cum_qty.str() == "2");
  BOOST_TEST(f[1].leaves_qty.str() == "0");
  BOOST_TEST(f[1].fee.str() == "-0.0202");
}

BOOST_AUTO_TEST_CASE(what_was_taken_is_gone_until_the_level_is_shown_anew) {
  Bench bench{paper()};
  three_levels(bench);
  send(bench, 1, Side::buy, "1", "101", TimeInForce::ioc);
  send(bench, 2, Side::buy, "1", "101", TimeInForce::ioc);
  check_fills(bench, {"1@101 taker"});
  bench.tell(level(Side::sell, "102", "2"));  // Another level says nothing about this one.
  send(bench, 3, Side::buy, "1", "101", TimeInForce::ioc);
  check_fills(bench, {"1@101 taker"});
  bench.tell(level(Side::sell, "101", "0.3"));
  send(bench, 4, Side::buy, "1", "101", TimeInForce::ioc);
  check_fills(bench, {"1@101 taker", "0.3@101 taker"});
}

BOOST_AUTO_TEST_CASE(without_a_book_quotes_are_what_is_shown) {
  Bench bench{paper()};
  bench.tell(quote("99", "101", "2"));
  send(bench, 1, Side::sell, "3");
  check_fills(bench, {"2@99 taker"});
  BOOST_TEST(bench.words<OrderExpired>().at(0) == "no liquidity");
  send(bench, 2, Side::sell, "1");
  check_fills(bench, {"2@99 taker"});
  bench.tell(quote("99", "101", "2"));
  send(bench, 3, Side::sell, "1");
  check_fills(bench, {"2@99 taker", "1@99 taker"});
}

BOOST_AUTO_TEST_CASE(without_book_and_quotes_the_last_trade_is) {
  Bench bench{paper()};
  send(bench, 1, Side::buy, "1");
  BOOST_TEST(bench.words<OrderExpired>().at(0) == "no liquidity");
  bench.tell(trade("100", "2"));
  send(bench, 2, Side::buy, "3");
  check_fills(bench, {"2@100 taker"});
}

BOOST_AUTO_TEST_CASE(a_flagged_quote_is_no_price) {
  Bench bench{paper()};
  bench.tell(quote("99", "101"));
  Quote locked = quote("50", "50");
  locked.flaw = TickFlaw::locked;
  bench.tell(locked);
  send(bench, 1, Side::buy, "1");
  check_fills(bench, {"1@101 taker"});
}

BOOST_AUTO_TEST_CASE(a_resting_order_fills_at_its_price_when_the_other_side_comes_to_it) {
  Bench bench{paper()};
  bench.tell(quote("99", "101", "2"));
  send(bench, 1, Side::buy, "3", "100");
  bench.tell(quote("99", "100.01", "2"));
  check_fills(bench, {});
  bench.tell(quote("98", "99.5", "2"));
  check_fills(bench, {"2@100 maker"});
  bench.tell(quote("98", "100", "2"));
  check_fills(bench, {"2@100 maker", "1@100 maker"});
}

BOOST_AUTO_TEST_CASE(a_book_is_only_believed_when_the_venues_message_is_complete) {
  Bench bench{paper()};
  three_levels(bench);
  send(bench, 1, Side::buy, "1", "100");
  bench.tell(level(Side::sell, "99", "1", false));  // Crossed for a moment, within one message.
  check_fills(bench, {});
  bench.tell(level(Side::sell, "99", "0"));
  check_fills(bench, {});
  bench.tell(level(Side::sell, "99", "1"));
  check_fills(bench, {"1@100 maker"});
}

BOOST_AUTO_TEST_CASE(better_prices_fill_first_and_earlier_orders_before_later_ones) {
  Bench bench{paper()};
  bench.tell(quote("90", "110", "2"));
  const auto a = send(bench, 1, Side::buy, "1", "100");
  const auto b = send(bench, 2, Side::buy, "1", "101");
  const auto c = send(bench, 3, Side::buy, "1", "100");
  bench.tell(quote("90", "99", "2"));
  const auto f = bench.wrote<OrderFilled>();
  BOOST_TEST_REQUIRE(f.size() == 2u);
  BOOST_CHECK(f[0].cl_ord_id == b.cl_ord_id);
  BOOST_CHECK(f[1].cl_ord_id == a.cl_ord_id);
  bench.tell(quote("90", "99", "2"));
  BOOST_CHECK(bench.wrote<OrderFilled>().at(2).cl_ord_id == c.cl_ord_id);
}

BOOST_AUTO_TEST_CASE(a_trade_through_the_price_fills_up_to_its_size) {
  Bench bench{paper()};
  bench.tell(quote("99", "101", "2"));
  send(bench, 1, Side::sell, "2", "102");
  bench.tell(trade("102", "9"));
  check_fills(bench, {});
  bench.tell(trade("102.01", "0.5"));
  check_fills(bench, {"0.5@102 maker"});
  bench.tell(trade("103", "9"));
  check_fills(bench, {"0.5@102 maker", "1.5@102 maker"});
}

BOOST_AUTO_TEST_CASE(at_the_touch_the_queue_ahead_trades_first) {
  Bench bench{paper({{"fill_at_touch", "true"}})};
  bench.tell(quote("99", "101", "2"));
  send(bench, 1, Side::buy, "1", "99");
  bench.tell(trade("99", "1.5"));
  check_fills(bench, {});
  bench.tell(trade("99", "0.8"));  // Half a unit was still ahead.
  check_fills(bench, {"0.3@99 maker"});
  bench.tell(trade("99", "5"));
  check_fills(bench, {"0.3@99 maker", "0.7@99 maker"});
}

BOOST_AUTO_TEST_CASE(own_orders_never_trade_with_each_other) {
  Bench bench{paper()};
  bench.tell(quote("90", "110", "2"));
  send(bench, 1, Side::buy, "1", "105");
  send(bench, 2, Side::sell, "1", "95");
  check_fills(bench, {});
}

BOOST_AUTO_TEST_CASE(an_order_arrives_after_the_latency_and_before_the_event_of_that_moment) {
  Bench bench{paper({{"latency", "5ms"}})};
  bench.tell(quote("99", "101", "2"));
  send(bench, 1, Side::buy, "1");
  BOOST_TEST(bench.story() == "OrderSent");
  bench.advance(Duration{4'999'999});
  bench.tell(quote("99", "103", "2"));
  BOOST_TEST(bench.story() == "OrderSent");
  bench.advance(Duration{1});
  check_fills(bench, {"1@103 taker"});  // By the time alone, at the market of the moment before.
}

BOOST_AUTO_TEST_CASE(what_is_due_with_an_event_comes_before_it) {
  Bench bench{paper({{"latency", "5ms"}})};
  bench.tell(quote("99", "101", "2"));
  send(bench, 1, Side::buy, "1");
  BOOST_REQUIRE(bench.actor().wake_at() == bench.now() + Duration{5'000'000});
  Bench::Options later;
  later.start = bench.now() + Duration{9'000'000};
  const auto bytes = bench.state();
  Bench next{[&] {
               auto made = paper({{"latency", "5ms"}})();
               restore(*made, bytes);
               return made;
             },
             later};
  next.tell(quote("99", "200", "2"));  // Nothing has woken it in between.
  check_fills(next, {"1@101 taker"});
}

BOOST_AUTO_TEST_CASE(a_cancel_takes_a_resting_order_back_once) {
  Bench bench{paper({{"latency", "1ms"}})};
  bench.tell(quote("99", "101", "2"));
  const auto terms = send(bench, 1, Side::buy, "1", "98");
  bench.advance(Duration{1'000'000});
  bench.tell(CancelIntent{terms.cl_ord_id}, "enough", kStrategy);
  BOOST_TEST(bench.story() == "OrderSent OrderAcknowledged CancelSent");
  bench.advance(Duration{1'000'000});
  BOOST_TEST(bench.story() == "OrderSent OrderAcknowledged CancelSent OrderCancelled");
  BOOST_TEST(bench.words<OrderCancelled>().at(0) == "asked for");
  bench.tell(quote("90", "97", "2"));
  check_fills(bench, {});
}

BOOST_AUTO_TEST_CASE(a_cancel_that_comes_too_late_is_rejected) {
  Bench bench{paper({{"latency", "1ms"}})};
  bench.tell(quote("99", "101", "2"));
  const auto terms = send(bench, 1, Side::buy, "1", "100");
  bench.advance(Duration{1'000'000});
  bench.tell(CancelIntent{terms.cl_ord_id}, "enough", kStrategy);
  bench.tell(quote("90", "97", "2"));
  bench.advance(Duration{1'000'000});
  BOOST_TEST(bench.story() == "OrderSent OrderAcknowledged CancelSent OrderFilled CancelRejected");
}

namespace {

void everything(Bench& bench) {
  three_levels(bench);
  bench.tell(quote("99", "101", "2", kEth));
  send(bench, 1, Side::buy, "2", "101");
  const auto second = send(bench, 2, Side::sell, "3", "103");
  send(bench, 3, Side::buy, "1");
  bench.advance(Duration{3'000'000});
  bench.tell(trade("103", "3"));  // Most of what was shown at that price before it.
  bench.tell(trade("103", "2"));
  bench.tell(trade("104.5", "1"));
  bench.tell(level(Side::sell, "101", "0.5", false));
  bench.tell(CancelIntent{second.cl_ord_id}, "enough", kStrategy);
  bench.advance(Duration{1'000'000});
  const auto third = post(bench, 5, Side::sell, "2", "105");
  bench.advance(Duration{2'000'000});
  change(bench, third, "3", "104");
  bench.tell(level(Side::buy, "99", "0"));
  bench.advance(Duration{3'000'000});
  send(bench, 4, Side::sell, "9", "99", TimeInForce::fok);
  bench.tell(BookClear{kBtc, 0, {}});
  bench.advance(Duration{3'000'000});
  bench.tell(quote("98", "100", "2"));
}

}  // namespace

BOOST_DATA_TEST_CASE(a_restart_after_every_event_changes_nothing, data::make({"0s", "2ms"}), latency) {
  const auto make = paper({{"latency", latency}, {"fill_at_touch", "true"}, {"taker_fee", "0.001"}});
  BOOST_TEST(testkit::restart_difference(make, {}, everything) == "");
  Bench bench{make};
  everything(bench);
  BOOST_TEST(bench.wrote<OrderFilled>().size() >= 4u);  // The script is worth its name.
  BOOST_TEST(!bench.wrote<OrderCancelled>().empty());
}
