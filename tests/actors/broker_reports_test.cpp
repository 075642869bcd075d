// What an edge may report late, twice and in any order; changes of orders; and what may be acknowledged to the venue.
#include <boost/test/unit_test.hpp>

#include "scripted_venue.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(broker_reports)

namespace {

struct Reporting : AtVenue {
  Reporting() {
    notes->answers = false;
    notes->can.replace = true;
  }
  void say(Bench& bench, std::function<void(Blotter&)> what) {
    notes->says.push_back(std::move(what));
    bench.run();
  }
  OrderTerms resting(Bench& bench, std::uint64_t counter, const char* size = "10") {
    const auto terms = approve(bench, counter, Side::buy, size);
    say(bench, [terms](Blotter& b) { b.acknowledged({terms.cl_ord_id, 70}); });
    return terms;
  }
  /// A fill as edges may report it: without sums.
  static OrderFilled part(const OrderTerms& terms, std::uint64_t exec, const char* size) {
    return fill(terms, exec, "10", size, "0", "0");
  }
  static FillBusted bust(const OrderTerms& terms, std::uint64_t exec, const char* size) {
    FillBusted b;
    b.cl_ord_id = terms.cl_ord_id;
    b.exec_id = exec;
    b.instrument = terms.instrument;
    b.side = terms.side;
    b.last_px = price("10");
    b.last_qty = quantity(size);
    return b;
  }
  static void change(Bench& bench, const OrderTerms& terms, const char* size, const char* at) {
    bench.tell(ReplaceIntent{terms.cl_ord_id, quantity(size), price(at)}, "", kStrategy);
    bench.tell(ReplaceApproved{terms.cl_ord_id, quantity(size), price(at)});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_reported_twice_is_written_once, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  const std::size_t before = bench.head();
  for (int i = 0; i < 2; ++i)
    say(bench, [&](Blotter& b) {
      b.acknowledged({terms.cl_ord_id, 70});
      b.filled(part(terms, 31, "4"));
      b.filled(part(terms, 31, "4"));
    });
  BOOST_TEST(story_since(bench, before) == "OrderFilled OrderAcknowledged");
  bench.restart();  // And a later incarnation knows it, too.
  bench.run();
  say(bench, [&](Blotter& b) { b.filled(part(terms, 31, "4")); });
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(fills_in_any_order_are_summed_by_our_own_book, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  for (const std::uint64_t exec : {33, 31, 32}) say(bench, [&](Blotter& b) { b.filled(part(terms, exec, "3")); });
  std::vector<std::string> sums;
  for (const auto& f : bench.wrote<OrderFilled>()) sums.push_back(f.cum_qty.str() + "/" + f.leaves_qty.str());
  BOOST_TEST(sums == (std::vector<std::string>{"3/7", "6/4", "9/1"}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_fill_after_the_cancel_counts, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  say(bench, [&](Blotter& b) { b.cancelled({terms.cl_ord_id, {}}, "asked for"); });
  BOOST_TEST(bench.wrote<OrderCancelled>().at(0).leaves_qty.str() == "10");
  say(bench, [&](Blotter& b) { b.filled(part(terms, 31, "2")); });
  BOOST_TEST_REQUIRE(bench.wrote<OrderFilled>().size() == 1u);
  BOOST_TEST(bench.wrote<OrderFilled>()[0].cum_qty.str() == "2");
  say(bench, [&](Blotter& b) { b.filled(part(terms, 31, "2")); });
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_fill_of_nothing_is_no_fill_and_leaves_its_order_unknown, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  for (const char* size : {"0", "-1"}) say(bench, [&](Blotter& b) { b.filled(part(terms, 32, size)); });
  BOOST_TEST(bench.wrote<OrderFilled>().empty());
  BOOST_TEST(bench.words<OrderUnknown>() == (std::vector<std::string>{"the venue reports a fill of 0, execution 32: it is left out"}),
             boost::test_tools::per_element());
  BOOST_TEST(bench.logs().size() == 2u);
  say(bench, [&](Blotter& b) { b.filled(part(terms, 32, "2")); });  // Said right at last.
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_plugin_may_say_something_to_people, Reporting) {
  Bench bench{edge()};
  say(bench, [](Blotter& b) { b.log("the venue calls this a holiday"); });
  BOOST_TEST(bench.logs() == (std::vector<std::string>{"the venue calls this a holiday"}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_bust_takes_back_once, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  say(bench, [&](Blotter& b) { b.filled(part(terms, 31, "4")); });
  for (int i = 0; i < 2; ++i) say(bench, [&](Blotter& b) { b.busted(bust(terms, 31, "4"), "error"); });
  BOOST_TEST(bench.wrote<FillBusted>().size() == 1u);
  say(bench, [&](Blotter& b) { b.filled(part(terms, 31, "4")); });  // It comes again from an old report: it stays busted.
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
  say(bench, [&](Blotter& b) { b.filled(part(terms, 32, "10")); });
  BOOST_TEST(bench.wrote<OrderFilled>().back().leaves_qty.is_zero());
  say(bench, [&](Blotter& b) { b.busted(bust(terms, 32, "10"), "error"); });  // After the end.
  BOOST_TEST(bench.wrote<FillBusted>().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_fill_whose_bust_came_first_never_counts_not_after_a_restart_either, Reporting) {
  for (const bool dies : {false, true}) BOOST_TEST_CONTEXT("dies " << dies) {
      Bench bench{edge()};
      const auto terms = resting(bench, 1);
      for (const std::uint64_t exec : {31u, 31u, 33u}) say(bench, [&](Blotter& b) { b.busted(bust(terms, exec, "4"), "error"); });
      BOOST_TEST(bench.wrote<FillBusted>().size() == 2u);
      BOOST_TEST(bench.wrote<FillBusted>().at(0).last_qty.is_zero());
      if (dies) bench.restart();
      bench.run();
      for (const std::uint64_t exec : {31u, 32u, 31u}) say(bench, [&](Blotter& b) { b.filled(part(terms, exec, "4")); });
      BOOST_TEST_REQUIRE(bench.wrote<OrderFilled>().size() == 1u);
      BOOST_TEST(bench.wrote<OrderFilled>()[0].exec_id == 32u);
      BOOST_TEST(bench.wrote<OrderFilled>()[0].cum_qty.str() == "4");
    }
}

BOOST_FIXTURE_TEST_CASE(an_order_is_prepared_once_before_it_is_sent, Reporting) {
  Bench bench{edge()};
  resting(bench, 1);
  BOOST_TEST(notes->prepared.size() == 1u);
  bench.durable = false;
  bench.released = bench.head();
  approve(bench, 2);
  for (int i = 0; i < 3; ++i) bench.run();
  BOOST_TEST(notes->prepared == std::vector<std::uint64_t>({1, 2}), boost::test_tools::per_element());
  check_told({"send 1"});
  bench.durable = true;
  bench.run();
  check_told({"send 1", "send 2"});
}

BOOST_FIXTURE_TEST_CASE(a_change_goes_to_the_venue_and_comes_back, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  say(bench, [&](Blotter& b) { b.filled(part(terms, 31, "4")); });
  change(bench, terms, "20", "11");
  check_told({"send 1", "replace 1 to 20@11 #1"});
  const std::size_t before = bench.head();
  OrderReplaced made{terms.cl_ord_id, quantity("20"), price("11"), {}, 71, 1};
  for (int i = 0; i < 2; ++i) say(bench, [&](Blotter& b) { b.replaced(made); });
  BOOST_TEST(story_since(bench, before) == "OrderReplaced");
  BOOST_TEST(bench.wrote<OrderReplaced>()[0].leaves_qty.str() == "16");
  change(bench, terms, "21", "12");
  say(bench, [&](Blotter& b) { b.replace_rejected({terms.cl_ord_id}, "no"); });
  change(bench, terms, "22", "12");
  check_told({"send 1", "replace 1 to 20@11 #1", "replace 1 to 21@12 #2", "replace 1 to 22@12 #3"});
}

BOOST_FIXTURE_TEST_CASE(a_change_waits_for_the_disk_and_for_an_earlier_one, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  bench.durable = false;
  bench.released = bench.head();
  change(bench, terms, "20", "11");
  check_told({"send 1"});
  bench.durable = true;
  bench.run();
  check_told({"send 1", "replace 1 to 20@11 #1"});
}

BOOST_FIXTURE_TEST_CASE(a_cancel_overtakes_a_change_and_what_is_left_of_the_order_may_be_changed_after_its_refusal, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  change(bench, terms, "20", "11");
  bench.tell(CancelIntent{terms.cl_ord_id}, "", kStrategy);
  check_told({"send 1", "replace 1 to 20@11 #1", "cancel 1"});
  const std::size_t before = bench.head();
  say(bench, [&](Blotter& b) {
    b.replaced({terms.cl_ord_id, quantity("20"), price("11"), {}, 0, 1});
    b.cancel_rejected({terms.cl_ord_id}, "busy");
  });
  BOOST_TEST(story_since(bench, before) == "OrderReplaced CancelRejected");
  bench.tell(CancelIntent{terms.cl_ord_id}, "", kStrategy);
  say(bench, [&](Blotter& b) { b.cancelled({terms.cl_ord_id, {}}, "done"); });
  BOOST_TEST(bench.wrote<OrderCancelled>().at(0).leaves_qty.str() == "20");
}

BOOST_FIXTURE_TEST_CASE(under_a_latch_a_change_that_makes_more_of_an_order_is_refused_and_halted_every_change, Reporting) {
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  LatchLevel level = LatchLevel::reducing;
  bench.latch = [&](ActorId, InstrumentId) { return level; };
  change(bench, terms, "11", "11");
  change(bench, terms, "9", "11");
  check_told({"send 1", "replace 1 to 9@11 #1"});
  say(bench, [&](Blotter& b) { b.replaced({terms.cl_ord_id, quantity("9"), price("11"), {}, 0, 1}); });
  level = LatchLevel::halted;
  change(bench, terms, "8", "11");
  BOOST_TEST(bench.words<ReplaceRejected>() ==
                 (std::vector<std::string>{"latch: trading is REDUCING, and the change makes the order larger",
                                           "latch: trading is HALTED"}),
             boost::test_tools::per_element());
  BOOST_TEST(notes->told.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_venue_that_cannot_change_orders_is_not_asked_to, Reporting) {
  notes->can.replace = false;
  Bench bench{edge()};
  const auto terms = resting(bench, 1);
  change(bench, terms, "11", "11");
  BOOST_TEST(bench.words<ReplaceRejected>().at(0) == "the venue cannot change orders");
  check_told({"send 1"});
}

BOOST_FIXTURE_TEST_CASE(the_venue_is_told_what_is_durable_and_not_before, Reporting) {
  Bench bench{edge()};
  bench.run();
  notes->durable.clear();
  bench.durable = false;
  bench.released = bench.head();
  std::uint64_t written = 0;
  say(bench, [&](Blotter& b) {
    b.instrument(instrument_is(TradingStatus::closed), "BTC-USD");
    written = b.written();
  });
  BOOST_TEST(notes->durable.empty());
  bench.released = bench.head();
  bench.run();
  BOOST_TEST(notes->durable == (std::vector{written}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(what_was_folded_and_is_not_on_disk_yet_is_not_called_durable, Reporting) {
  // It hears what an earlier incarnation has written before it may act itself.
  notes->connects = false;
  Bench::Options still;
  still.act_by_itself = false;
  Bench bench{edge(), still};
  bench.durable = false;
  bench.queue(instrument_is(TradingStatus::open), "BTC-USD", ActorId{1}, std::uint64_t{1} << 62);
  bench.run();
  bench.act();
  BOOST_TEST(notes->durable == (std::vector<std::uint64_t>{0}), boost::test_tools::per_element());
  bench.durable = true;
  bench.act();
  BOOST_TEST(notes->durable == (std::vector<std::uint64_t>{0, 1}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(what_the_venue_says_of_an_instrument_is_written_when_it_changes, Reporting) {
  Bench bench{edge()};
  bench.run();
  const std::size_t before = bench.head();
  for (const auto status : {TradingStatus::open, TradingStatus::open, TradingStatus::halted, TradingStatus::open})
    say(bench, [&](Blotter& b) { b.instrument(instrument_is(status), "BTC-USD"); });
  BOOST_TEST(story_since(bench, before) == "InstrumentChanged InstrumentChanged InstrumentChanged");
}

BOOST_AUTO_TEST_SUITE_END()
