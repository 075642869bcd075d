// The broker actor: when an order may leave, what stops it, and how cancels pass.
#include <boost/test/unit_test.hpp>

#include "scripted_venue.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(broker_actor)

namespace {

struct Fixture : AtVenue {
  Bench::Make paper() { return actor("broker", map({{"broker", slot("paper")}})); }
};

/// An edge's story begins with its link.
const std::string kConnected = "LinkChanged LinkChanged";

/// Somebody holds `size` in a position.
void hold(Bench& bench, const char* size) {
  const auto terms = approve(bench, 900, Side::buy, size);
  bench.tell(fill(terms, 900, "10", size, size, "0"));
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(an_order_leaves_once_its_approval_is_durable_and_only_once, Fixture) {
  Bench bench{edge()};
  bench.durable = false;
  approve(bench, 1);
  approve(bench, 2);
  std::vector<std::uint64_t> approvals;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    if (e.type() == EventType::order_approved) approvals.push_back(e.seq());
  });
  bench.released = approvals.at(0) - 1;
  bench.run();
  check_told({});
  bench.released = approvals.at(0);
  bench.run();
  check_told({"send 1"});
  bench.released = bench.head();
  bench.run();
  bench.run();
  check_told({"send 1", "send 2"});
}

BOOST_FIXTURE_TEST_CASE(an_edges_reports_are_facts_with_positions_of_their_own, Fixture) {
  Bench bench{edge()};
  approve(bench, 1);
  approve(bench, 2);
  BOOST_TEST(bench.story() ==
             kConnected + " OrderSent OrderAcknowledged OrderFilled OrderSent OrderAcknowledged OrderFilled");
  std::set<std::uint64_t> positions;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    if (e.author() != ActorId{1}) return;
    BOOST_TEST(e.spontaneous());
    positions.insert(e.header().origin);
  });
  BOOST_TEST(positions.size() == 8u);
}

BOOST_FIXTURE_TEST_CASE(a_restarted_broker_numbers_its_reports_on, Fixture) {
  Bench bench{edge()};
  approve(bench, 1);
  bench.restart();
  approve(bench, 2);
  std::set<std::uint64_t> positions;
  std::size_t reports = 0;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    if (e.author() == ActorId{1}) positions.insert(e.header().origin), ++reports;
  });
  BOOST_TEST(positions.size() == reports);
}

BOOST_FIXTURE_TEST_CASE(what_was_restored_counts_as_durable, Fixture) {
  Bench bench{edge()};
  bench.durable = false;
  approve(bench, 1);
  check_told({});
  bench.restart();
  bench.run();
  check_told({"send again 1"});  // Perhaps it had left just before.
}

BOOST_FIXTURE_TEST_CASE(a_history_folded_again_sends_nothing_again, Fixture) {
  Bench bench{edge()};
  notes->answers = false;
  approve(bench, 1);
  bench.restart();
  bench.run();
  check_told({"send 1"});
}

BOOST_FIXTURE_TEST_CASE(after_its_deadline_an_order_expires_instead, Fixture) {
  Bench bench{edge()};
  bench.durable = false;
  auto terms = order(kStrategy, 1, Side::buy, "1", "10");
  terms.release_deadline = bench.now() + Duration{100};
  approve(bench, terms);
  BOOST_CHECK(bench.act().at == terms.release_deadline + Duration{1});
  bench.advance(Duration{100});
  bench.durable = true;
  Bench late{edge()};
  late.durable = false;
  terms.cl_ord_id = ClOrdId::make(kStrategy, 2);
  terms.release_deadline = late.now() + Duration{100};
  approve(late, terms);
  late.advance(Duration{101});
  late.run();
  BOOST_TEST(late.story() == kConnected + " OrderExpired");
  BOOST_TEST(late.words<OrderExpired>()[0] == "not released in time");
  bench.run();
  check_told({"send 1"});  // At the deadline itself it was not too late.
}

BOOST_FIXTURE_TEST_CASE(an_order_whose_strategy_set_no_deadline_has_one_all_the_same, Fixture) {
  notes->connects = false;
  Bench bench{edge()};
  const auto asked = bench.now();
  approve(bench, 1);
  BOOST_CHECK(bench.act().at == asked + std::chrono::seconds{10} + Duration{1});
  bench.restart();  // It counts from when it was asked for.
  bench.advance(std::chrono::seconds{10});
  bench.run();
  BOOST_TEST(bench.story() == "");
  bench.advance(Duration{1});
  bench.run();
  BOOST_TEST(bench.story() == "OrderExpired");
  Bench never{edge({{"release_within", "0s"}})};
  approve(never, 2);
  never.advance(std::chrono::hours{1});
  never.run();
  BOOST_TEST(never.story() == "");
}

BOOST_FIXTURE_TEST_CASE(what_ends_while_another_is_sent_is_not_released, Fixture) {
  Bench bench{edge()};
  notes->answers = false;
  bench.durable = false;
  bench.released = bench.head();
  approve(bench, 1);
  const auto other = approve(bench, 2);
  notes->while_sending = [other](Blotter& b) { b.cancelled({other.cl_ord_id, {}}, "by phone"); };
  bench.durable = true;
  bench.run();
  check_told({"send 1"});
  BOOST_TEST(bench.wrote<OrderCancelled>().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(without_room_what_the_venue_says_waits, Fixture) {
  Bench bench{edge()};
  bench.run();
  BOOST_TEST(bench.story() == kConnected);
  notes->says.push_back([](Blotter& b) { b.disconnected("gone"); });
  bench.room = 0;
  bench.run();
  BOOST_TEST(bench.act().again);
  BOOST_TEST(bench.story() == kConnected);
  bench.room = 1000;
  bench.run();
  BOOST_TEST(bench.story() == kConnected + " LinkChanged");
}

BOOST_FIXTURE_TEST_CASE(a_halting_latch_ends_what_was_not_sent, Fixture) {
  Bench bench{edge()};
  bench.latch = [](ActorId owner, InstrumentId id) {
    return owner == kStrategy && id == kBtc ? LatchLevel::halted : LatchLevel::active;
  };
  approve(bench, 1);
  approve(bench, order(ActorId{8}, 1, Side::buy, "1", "10"));
  BOOST_TEST(bench.words<OrderCancelled>().at(0) == "latch: trading is HALTED");
  BOOST_TEST(bench.wrote<OrderCancelled>().size() == 1u);
  check_told({"send 1"});
}

BOOST_FIXTURE_TEST_CASE(under_a_reducing_latch_only_what_reduces_leaves, Fixture) {
  Bench bench{edge()};
  notes->answers = false;
  hold(bench, "3");
  bench.latch = [](ActorId, InstrumentId) { return LatchLevel::reducing; };
  bench.durable = false;
  bench.released = bench.head();
  approve(bench, 1, Side::buy);
  approve(bench, 2, Side::sell, "2");
  approve(bench, 3, Side::sell, "2");  // With the one before it, more than is held.
  approve(bench, 4, Side::sell, "1");
  bench.durable = true;
  bench.run();
  check_told({"send 900", "send 2", "send 4"});
  BOOST_TEST(bench.wrote<OrderCancelled>().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_cancel_never_waits_for_the_disk_or_a_latch, Fixture) {
  Bench bench{edge()};
  notes->answers = false;
  const auto sent = approve(bench, 1);
  bench.durable = false;
  bench.released = 0;
  bench.latch = [](ActorId, InstrumentId) { return LatchLevel::halted; };
  const auto waiting = approve(bench, 2);
  bench.tell(CancelIntent{sent.cl_ord_id}, "enough", kStrategy);
  bench.tell(CancelIntent{waiting.cl_ord_id}, "enough", kStrategy);
  check_told({"send 1", "cancel 1"});
  BOOST_TEST(bench.story() == kConnected + " OrderSent CancelSent OrderCancelled");
  BOOST_TEST(bench.words<OrderCancelled>()[0] == "cancelled before its release");
  bench.durable = true;
  bench.run();
  check_told({"send 1", "cancel 1"});
}

BOOST_FIXTURE_TEST_CASE(a_cancel_is_passed_on_once_until_the_venue_answers, Fixture) {
  Bench bench{edge()};
  notes->answers = false;
  const auto sent = approve(bench, 1);
  for (int i = 0; i < 3; ++i) bench.tell(CancelIntent{sent.cl_ord_id}, "enough", kStrategy);
  check_told({"send 1", "cancel 1"});
  bench.tell(CancelRejected{sent.cl_ord_id}, "busy");
  bench.tell(CancelIntent{sent.cl_ord_id}, "enough", kStrategy);
  check_told({"send 1", "cancel 1", "cancel 1"});
}

BOOST_FIXTURE_TEST_CASE(a_cancel_that_comes_before_the_approval_is_kept_for_it, Fixture) {
  Bench bench{edge()};
  const auto terms = order(kStrategy, 1, Side::buy, "1", "10");
  bench.tell(OrderIntent{terms, {}}, "", kStrategy);
  bench.tell(CancelIntent{terms.cl_ord_id}, "enough", kStrategy);
  BOOST_TEST(bench.story() == kConnected);
  bench.tell(OrderApproved{terms});
  BOOST_TEST(bench.story() == kConnected + " OrderCancelled");
  check_told({});
}

BOOST_FIXTURE_TEST_CASE(a_cancel_that_comes_before_the_approval_is_left_to_the_broker_that_gets_the_order, Fixture) {
  Bench bench{edge()};
  auto terms = order(kStrategy, 1, Side::buy, "1", "10");
  bench.tell(OrderIntent{terms, {}}, "", kStrategy);
  bench.tell(CancelIntent{terms.cl_ord_id}, "enough", kStrategy);
  terms.broker = ActorId{2};
  bench.tell(OrderApproved{terms});
  BOOST_TEST(bench.story() == kConnected);
}

BOOST_FIXTURE_TEST_CASE(what_the_venue_does_not_take_is_not_sent, Fixture) {
  Bench bench{edge()};
  auto terms = order(kStrategy, 1, Side::buy, "1", "10");
  terms.exec_inst = ExecInst::post_only;
  approve(bench, terms);
  check_told({});
  BOOST_TEST(bench.words<OrderCancelled>().at(0) == "the venue knows no such execution instruction");
}

BOOST_FIXTURE_TEST_CASE(acting_again_before_it_has_heard_itself_repeats_nothing, Fixture) {
  Bench bench{edge()};
  notes->answers = false;
  const auto sent = approve(bench, 1);
  bench.room = 0;
  approve(bench, 2);
  const auto taken_back = approve(bench, 3);
  bench.tell(CancelIntent{sent.cl_ord_id}, "enough", kStrategy);
  bench.tell(CancelIntent{taken_back.cl_ord_id}, "enough", kStrategy);
  bench.room = 1000;
  bench.act();
  bench.act();
  bench.run();
  BOOST_TEST(bench.story() == kConnected + " OrderSent CancelSent OrderCancelled OrderSent");
  check_told({"send 1", "cancel 1", "send 2"});
}

BOOST_FIXTURE_TEST_CASE(orders_that_have_ended_leave_nothing_behind, Fixture) {
  Bench bench{edge()};
  std::size_t size = 0;
  for (std::uint64_t n = 1; n <= 3; ++n) {
    const auto terms = approve(bench, n);
    bench.tell(CancelIntent{terms.cl_ord_id}, "enough", kStrategy);
    if (n == 1) size = bench.state().size();
    BOOST_TEST(bench.state().size() == size);
  }
}

BOOST_FIXTURE_TEST_CASE(without_room_nothing_leaves, Fixture) {
  Bench bench{edge()};
  bench.room = 0;
  approve(bench, 1);
  check_told({});
  BOOST_TEST(bench.act().again);
  bench.room = 1000;
  bench.run();
  check_told({"send 1"});
}

BOOST_FIXTURE_TEST_CASE(a_pure_broker_answers_what_it_hears, Fixture) {
  Bench bench{paper()};
  bench.tell(quote("9", "10"));
  approve(bench, 1, Side::buy, "1", "10");
  BOOST_TEST(bench.story() == "OrderSent OrderAcknowledged OrderFilled");
  std::vector<bool> spontaneous;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    if (e.author() == ActorId{1}) spontaneous.push_back(e.spontaneous());
  });
  BOOST_CHECK((spontaneous == std::vector<bool>{true, false, false}));
}

BOOST_FIXTURE_TEST_CASE(a_restart_after_every_event_changes_nothing, Fixture) {
  const auto script = [](Bench& bench) {
    bench.tell(quote("9", "10", "2"));
    hold(bench, "2");
    const auto resting = approve(bench, 1, Side::sell, "1", "12");
    bench.room = 0;
    const auto waiting = approve(bench, 2, Side::buy, "1", "8");
    bench.tell(CancelIntent{resting.cl_ord_id}, "enough", kStrategy);
    bench.tell(CancelIntent{waiting.cl_ord_id}, "enough", kStrategy);
    bench.room = 1000;
    bench.latch = [](ActorId, InstrumentId) { return LatchLevel::reducing; };
    approve(bench, 3, Side::buy, "1", "10");
    approve(bench, 4, Side::sell, "1", "9");
  };
  BOOST_TEST(testkit::restart_difference(paper(), {}, script) == "");
  Bench bench{paper()};
  script(bench);
  BOOST_TEST(bench.wrote<OrderCancelled>().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
