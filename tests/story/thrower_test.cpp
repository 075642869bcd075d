#include <boost/test/data/test_case.hpp>
#include <set>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr int kThrows = 10;
constexpr std::int64_t kEvery = 500;

void arm(std::uint64_t seed, int times) {
  shared_with<void(std::uint64_t, int)>("strategy_thrower", "thrower_arm")(seed, times);
}
int throws_left() { return shared_with<int()>("strategy_thrower", "thrower_left")(); }

Setup with_thrower(Runtime runtime) {
  Setup setup;
  setup.speed = runtime == Runtime::caf ? 200 : 0;
  setup.ticks = 300'000;
  setup.snapshot_every = 20'000;
  setup.strategies = {{"before", "plugin: metronome, every: 700"},
                      {"thrower", "plugin: thrower, every: " + std::to_string(kEvery)},
                      {"after", "plugin: quoter, half_spread: 0.03"}};
  return setup;
}

/// Every order of `journal` is asked for once, judged once and filled under numbers of its own.
void check_nothing_counts_twice(const Journaled& journal) {
  std::map<std::uint64_t, int> intents, verdicts, sent;
  std::set<std::uint64_t> executions;
  std::size_t fills = 0;
  for (const auto& e : journal.of(EventType::order_intent))
    ++intents[e.as<OrderIntent>().terms.cl_ord_id.value];
  for (const auto& e : journal.of(EventType::order_approved))
    ++verdicts[e.as<OrderApproved>().terms.cl_ord_id.value];
  for (const auto& e : journal.of(EventType::order_denied)) ++verdicts[e.as<OrderDenied>().cl_ord_id.value];
  for (const auto& e : journal.of(EventType::order_sent)) ++sent[e.as<OrderSent>().terms.cl_ord_id.value];
  for (const auto& e : journal.of(EventType::order_filled)) {
    executions.insert(e.as<OrderFilled>().exec_id);
    ++fills;
  }
  for (const auto& [id, times] : intents) BOOST_TEST(times == 1);
  for (const auto& [id, times] : verdicts) BOOST_TEST(times == 1);
  for (const auto& [id, times] : sent) BOOST_TEST(times == 1);
  BOOST_TEST(intents.size() == verdicts.size());
  BOOST_TEST(executions.size() == fills);
  BOOST_TEST(journal.of(EventType::fill_booked).size() == fills);
  BOOST_TEST(fills > 100u);
}

/// Before the tree came down, whatever rested at the venue was asked back.
void check_brake(const Journaled& journal) {
  const auto latch = journal.of(EventType::latch_engaged).at(0).seq();
  const auto down = journal.of(EventType::actor_stopped).at(0).seq();
  std::set<std::uint64_t> resting;
  for (const auto& e : journal.events()) {
    if (e.seq() >= down) break;
    if (e.type() == EventType::order_sent) {
      BOOST_TEST(e.seq() < latch);
      resting.insert(e.as<OrderSent>().terms.cl_ord_id.value);
    }
    if (e.type() == EventType::order_filled && e.as<OrderFilled>().leaves_qty == Quantity{})
      resting.erase(e.as<OrderFilled>().cl_ord_id.value);
    if (e.type() == EventType::order_cancelled) resting.erase(e.as<OrderCancelled>().cl_ord_id.value);
    if (e.type() == EventType::order_expired) resting.erase(e.as<OrderExpired>().cl_ord_id.value);
    if (e.type() == EventType::cancel_sent) resting.erase(e.as<CancelSent>().cl_ord_id.value);
  }
  for (const auto id : resting) BOOST_ERROR("order " << id << " still rested when the tree came down");
  const auto cancels = journal.of(EventType::cancel_sent);
  BOOST_TEST(std::ranges::any_of(cancels, [&](const Event& e) { return e.seq() > latch && e.seq() < down; }));
}

}  // namespace

BOOST_DATA_TEST_CASE(a_strategy_that_throws_at_random_restarts_alone_and_loses_and_repeats_nothing,
                     boost::unit_test::data::make({Runtime::sim, Runtime::caf}), runtime) {
  const ScratchDir dir;
  arm(11, kThrows);
  {
    Running run{with_thrower(runtime).text(), dir / "data", runtime};
    BOOST_TEST(run.finish() == "");
    BOOST_TEST(run->failure() == "");
    for (const auto& actor : run->status().actors) {
      const bool thrower = actor.name == "thrower";
      BOOST_TEST(actor.restarts == (thrower ? static_cast<unsigned>(kThrows) : 0u), actor.name);
      BOOST_TEST(actor.incarnation == actor.restarts + 1, actor.name);
      BOOST_TEST((actor.last_failure.find("the thrower throws") == 0) == thrower, actor.name);
    }
  }
  BOOST_TEST(throws_left() == 0);
  const Journaled journal{dir / "data"};
  BOOST_TEST(journal.of(EventType::actor_failed).size() == static_cast<std::size_t>(kThrows));
  for (const auto& e : journal.of(EventType::actor_failed))
    BOOST_CHECK(e.as<ActorFailed>().actor == journal.id("thrower"));
  check_nothing_counts_twice(journal);
  // One that rests, and one for every beat: none was lost with an incarnation.
  const auto intents = journal.of(EventType::order_intent, "thrower");
  BOOST_TEST(intents.size() == 1 + 300'000 / kEvery);
  for (std::size_t i = 0; i < intents.size(); ++i)
    BOOST_TEST(intents[i].as<OrderIntent>().terms.cl_ord_id.counter() == i + 1);
  const auto report = replayed(dir / "data");
  BOOST_TEST(differences(report) == "");
  for (const auto& actor : report.actors) BOOST_TEST(actor.compared > 0u, actor.name);
}

BOOST_DATA_TEST_CASE(one_that_throws_again_and_again_ends_the_tree_with_its_latch_engaged,
                     boost::unit_test::data::make({Runtime::sim, Runtime::caf}), runtime) {
  const ScratchDir dir;
  arm(5, 1'000'000);
  Setup setup = with_thrower(runtime);
  std::string text = setup.text();
  text.replace(text.find("intensity: 1000"), 15, "intensity: 2\n  period: 1h");
  {
    Running run{text, dir / "data", runtime};
    BOOST_TEST(run.until([](const auto& s) { return s.state == "failed"; }));
    BOOST_TEST(run->failure().find("more than 2 restarts within its period, the last of 'thrower'") !=
               std::string::npos);
    BOOST_TEST_REQUIRE(run->status().latches.size() == 1u);
    BOOST_CHECK(run->status().latches.front().level == LatchLevel::halted);
    run->stop(std::chrono::seconds{5});
  }
  arm(5, 0);
  Running again{text, dir / "data", runtime};
  BOOST_TEST_REQUIRE(again->status().latches.size() == 1u);
  again.finish();
  const Journaled journal{dir / "data"};
  check_brake(journal);
  // Nothing is sent before a person has said so.
  const auto second_run = journal.of(EventType::system_started).at(1).seq();
  for (const auto& e : journal.of(EventType::order_sent)) BOOST_TEST(e.seq() < second_run);
  BOOST_TEST(journal.of(EventType::order_denied).size() > 0u);
}
