// A broker and its venue: connected, asked, compared; what is in doubt.
#include <boost/test/unit_test.hpp>

#include "scripted_venue.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(broker_link)

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = VenueOrder::State;

BOOST_FIXTURE_TEST_CASE(nothing_is_sent_before_the_books_have_been_compared, Asked) {
  notes->silent = true;
  Bench bench{edge()};
  approve(bench, 1);
  check_told({});
  BOOST_TEST(bench.story() == "LinkChanged");
  BOOST_CHECK(bench.wrote<LinkChanged>()[0].state == LinkState::reconciling);
  BOOST_TEST_REQUIRE(notes->questions.size() == 1u);
  BOOST_TEST(notes->questions[0].whole);
  VenueStatement agreed;
  agreed.question = notes->questions[0].number;
  agreed.open.emplace();
  agreed.fills.emplace();
  say(bench, [agreed](Blotter& b) { b.statement(agreed); });
  check_told({});  // Not all of it was told.
  bench.advance(milliseconds{500});
  bench.run();
  agreed.question = notes->questions.back().number;
  agreed.positions.emplace();
  say(bench, [agreed](Blotter& b) { b.statement(agreed); });
  check_told({"send 1"});
  BOOST_TEST(bench.story() == "LinkChanged Reconciled LinkChanged OrderSent");
  BOOST_CHECK(bench.wrote<LinkChanged>()[1].state == LinkState::armed);
}

BOOST_FIXTURE_TEST_CASE(a_venue_that_cannot_tell_positions_is_armed_without_and_says_so, Asked) {
  notes->can.positions = false;
  notes->positions.reset();
  Bench bench{edge()};
  armed(bench);
  BOOST_CHECK(bench.wrote<LinkChanged>().back().state == LinkState::armed);
  BOOST_TEST(bench.words<LinkChanged>().back() == "the books agree; the venue tells no positions");
  BOOST_TEST(!notes->questions[0].whole);
  approve(bench, 1);
  check_told({"send 1"});
  const auto asked = notes->questions.size();
  wait(bench, seconds{30});
  BOOST_TEST(notes->questions.size() < asked + 6);  // And it does not ask on and on.
}

BOOST_FIXTURE_TEST_CASE(a_question_without_an_answer_in_time_is_asked_again_and_its_late_answer_is_nothing, Asked) {
  notes->silent = true;
  Bench bench{edge()};
  bench.run();
  approve(bench, 1);
  BOOST_TEST(story_of(bench, [&] { wait(bench, milliseconds{4'999}); }) == "");
  BOOST_TEST(story_of(bench, [&] { wait(bench, milliseconds{1}); }) == "LinkChanged");
  BOOST_TEST(bench.words<LinkChanged>().back() == "the venue did not say in time what it holds");
  BOOST_TEST_REQUIRE(notes->questions.size() == 2u);
  VenueStatement agreed;
  agreed.open.emplace();
  agreed.fills.emplace();
  agreed.positions.emplace();
  agreed.question = notes->questions[0].number;
  BOOST_TEST(story_of(bench, [&] { say(bench, [agreed](Blotter& b) { b.statement(agreed); }); }) == "");
  check_told({});
  agreed.question = notes->questions[1].number;
  say(bench, [agreed](Blotter& b) { b.statement(agreed); });
  check_told({"send 1"});
}

BOOST_FIXTURE_TEST_CASE(an_armed_broker_whose_venue_falls_silent_sends_nothing_more, Asked) {
  Bench bench{edge()};
  armed(bench);
  notes->silent = true;
  wait(bench, seconds{10});
  BOOST_TEST(story_of(bench, [&] { wait(bench, seconds{5}); }) == "LinkChanged");
  approve(bench, 1);
  check_told({});
  notes->silent = false;
  wait(bench, seconds{5});
  check_told({"send 1"});
}

BOOST_FIXTURE_TEST_CASE(what_was_on_its_way_when_the_connection_broke_is_unknown_and_never_rejected, Asked) {
  Bench bench{edge()};
  armed(bench);
  const auto rests = resting(bench, 1), cancelled = resting(bench, 2), changed = resting(bench, 3);
  const auto sent = approve(bench, 4);
  bench.tell(CancelIntent{cancelled.cl_ord_id}, "", kStrategy);
  bench.tell(ReplaceApproved{changed.cl_ord_id, quantity("2"), price("10")});
  BOOST_TEST(story_of(bench, [&] { say(bench, [](Blotter& b) { b.disconnected("gone"); }); }) ==
             "OrderUnknown OrderUnknown OrderUnknown LinkChanged");
  std::set<ClOrdId> unknown;
  for (const auto& one : bench.wrote<OrderUnknown>()) unknown.insert(one.cl_ord_id);
  BOOST_TEST((unknown == std::set{cancelled.cl_ord_id, changed.cl_ord_id, sent.cl_ord_id}));
  BOOST_TEST(bench.words<OrderUnknown>()[0] == "gone");
  approve(bench, 5);
  bench.tell(CancelIntent{rests.cl_ord_id}, "", kStrategy);
  BOOST_TEST(notes->told.back() != "send 5");
  BOOST_TEST(notes->told.back() != "cancel 1");

  // Back again: asked for by name, and the venue's word settles it. What was lost is asked for anew.
  at_venue(sent, State::working);
  notes->told.clear();
  say(bench, [](Blotter& b) { b.connected(); });
  settle(bench);
  BOOST_TEST((notes->questions.back().orders == std::vector{cancelled.cl_ord_id, changed.cl_ord_id, sent.cl_ord_id}));
  check_told({"cancel 1", "cancel 2", "send 5"});
  BOOST_TEST(bench.wrote<OrderRejected>().empty());
  BOOST_TEST(bench.wrote<ReplaceRejected>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_request_without_an_answer_in_time_is_unknown_and_asked_about, Asked) {
  Bench bench{edge({{"answer_within", "2s"}})};
  armed(bench);
  const auto sent = approve(bench, 1);
  at_venue(sent, State::working);
  bench.advance(milliseconds{1'999});
  bench.run();
  BOOST_TEST(bench.wrote<OrderUnknown>().empty());
  bench.advance(milliseconds{1});
  BOOST_TEST(story_of(bench, [&] { settle(bench); }) == "OrderUnknown OrderAcknowledged Reconciled");
  BOOST_TEST(bench.words<OrderUnknown>()[0] == "no answer within 2000 ms");
  wait(bench, seconds{4});
  BOOST_TEST(bench.wrote<OrderUnknown>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_order_approved_before_a_restart_is_asked_about_before_it_is_sent, Asked) {
  for (const bool arrived : {true, false}) BOOST_TEST_CONTEXT("arrived " << arrived) {
      Asked one;
      Bench bench{one.edge()};
      armed(bench);
      bench.durable = false;
      bench.released = bench.head();
      const auto terms = approve(bench, 1);
      bench.durable = true;
      bench.restart();
      one.notes->silent = true;
      bench.run();
      bench.run();
      BOOST_TEST((one.notes->questions.back().orders == std::vector{terms.cl_ord_id}));
      one.check_told({});
      bench.tell(CancelIntent{ClOrdId{9}}, "");  // Nothing of it moves the order.
      one.notes->silent = false;
      if (arrived) one.at_venue(terms, State::working);
      const auto story = story_of(bench, [&] { wait(bench, seconds{5}); });
      if (arrived) {
        BOOST_TEST(story == "LinkChanged OrderSent OrderAcknowledged Reconciled LinkChanged");
        one.check_told({});
      } else {
        BOOST_TEST(story == "LinkChanged Reconciled LinkChanged OrderSent");
        one.check_told({"send again 1"});
      }
    }
}

BOOST_FIXTURE_TEST_CASE(a_report_about_an_order_in_doubt_says_that_it_was_sent, Asked) {
  Bench bench{edge()};
  armed(bench);
  bench.durable = false;
  bench.released = bench.head();
  const auto terms = approve(bench, 1);
  bench.restart();
  notes->silent = true;
  bench.run();
  const auto part = fill(terms, 31, "10", "1", "1", "0");
  BOOST_TEST(story_of(bench, [&] { say(bench, [&](Blotter& b) { b.filled(part); }); }) == "OrderSent OrderFilled");
  notes->silent = false;
  bench.durable = true;
  wait(bench, seconds{5});
  check_told({});
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(cancels_pass_while_the_books_are_compared_and_orders_and_changes_wait, Asked) {
  Bench bench{edge()};
  armed(bench);
  const auto first = resting(bench, 1), second = resting(bench, 2);
  say(bench, [](Blotter& b) { b.disconnected("gone"); });
  notes->silent = true;
  notes->told.clear();
  say(bench, [](Blotter& b) { b.connected(); });
  bench.tell(CancelIntent{first.cl_ord_id}, "", kStrategy);
  bench.tell(ReplaceApproved{second.cl_ord_id, quantity("2"), price("10")});
  approve(bench, 3);
  check_told({"cancel 1"});
  notes->silent = false;
  wait(bench, seconds{5});
  wait(bench, seconds{1});
  BOOST_TEST((std::ranges::find(notes->told, "send 3") != notes->told.end()));
  BOOST_TEST((std::ranges::find(notes->told, "replace 2 to 2@10 #1") != notes->told.end()));
}

BOOST_FIXTURE_TEST_CASE(a_cancel_that_was_on_its_way_when_the_process_died_is_asked_about_and_asked_for_again, Asked) {
  Bench bench{edge()};
  armed(bench);
  const auto terms = resting(bench, 1);
  bench.tell(CancelIntent{terms.cl_ord_id}, "", kStrategy);
  check_told({"send 1", "cancel 1"});
  bench.restart();
  settle(bench);
  check_told({"send 1", "cancel 1", "cancel 1"});
}

BOOST_FIXTURE_TEST_CASE(restarts_write_nothing_but_what_the_link_is_and_lead_to_the_same_state, Asked) {
  notes->balances = {{"USD", *Money::parse("1000")}};
  Bench bench{edge()};
  armed(bench);
  resting(bench, 1);
  const auto part = resting(bench, 2);
  trade_at_venue(part, 31, "0.4");
  notes->orders[1].cum_qty = quantity("0.4");
  notes->orders[1].leaves_qty = quantity("0.6");
  notes->positions = {{kBtc, quantity("0.4")}};
  notes->balances = {{"USD", *Money::parse("996")}};
  auto& external = at_venue(order({}, 9, Side::sell, "1", "20"), State::working);
  external.terms.cl_ord_id = {};
  wait(bench, seconds{10});
  BOOST_TEST(bench.wrote<OrderAdopted>().size() == 1u);
  const auto sent = notes->told;
  const std::size_t before = bench.head();
  std::vector<std::byte> state;
  for (int i = 0; i < 5; ++i) {
    bench.restart();
    settle(bench);
    BOOST_CHECK(bench.wrote<LinkChanged>().back().state == LinkState::armed);
  }
  std::size_t at = 0;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    if (at++ >= before) BOOST_TEST(is_lifecycle(e.type()), to_string(e.type()));
  });
  BOOST_TEST(notes->told == sent, boost::test_tools::per_element());
  BOOST_TEST(bench.wrote<OrderAdopted>().size() == 1u);
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
  BOOST_TEST(bench.wrote<DifferenceFound>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_sent_goes_to_another_broker_unless_it_may_have_been_sent, Asked) {
  notes->connects = false;
  Bench bench{edge({{"fallback", "other"}, {"fallback_after", "3s"}})};
  bench.tell(ActorDeclared{ActorId{2}, {}, 0}, "other");
  bench.durable = true;
  const auto terms = approve(bench, 1);
  const auto down = bench.now();
  BOOST_CHECK(bench.act().at == down + seconds{3});
  BOOST_TEST(bench.story() == "");
  wait(bench, seconds{3});
  BOOST_TEST(bench.story() == "OrderRouted");
  BOOST_CHECK(bench.wrote<OrderRouted>()[0].to == ActorId{2});
  BOOST_CHECK(bench.wrote<OrderRouted>()[0].cl_ord_id == terms.cl_ord_id);
  // It is the other's now, whatever becomes of the link.
  say(bench, [](Blotter& b) { b.connected(); });
  settle(bench);
  check_told({});
  // One that may have left before a restart stays.
  say(bench, [](Blotter& b) { b.disconnected("gone"); });
  approve(bench, 2);
  bench.restart();
  bench.run();
  wait(bench, seconds{10});
  BOOST_TEST(bench.wrote<OrderRouted>().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
