#include <holdfast/journal/verify.hpp>

#include "crash/child.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Setup live() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 30;
  setup.snapshot_every = 5'000;
  setup.frame = "16KiB";
  setup.strategies = {{"beat", "plugin: metronome, every: 100"},
                      {"quotes", "plugin: quoter, half_spread: 0.03, requote_move: 0.05"}};
  return setup;
}

void check_orders_are_unique(const Journaled& journal) {
  std::map<std::uint64_t, int> intents, executions;
  for (const auto& e : journal.of(EventType::order_intent))
    ++intents[e.as<OrderIntent>().terms.cl_ord_id.value];
  for (const auto& e : journal.of(EventType::order_filled)) ++executions[e.as<OrderFilled>().exec_id];
  for (const auto& [id, times] : intents) BOOST_TEST(times == 1);
  for (const auto& [id, times] : executions) BOOST_TEST(times == 1);
}

}  // namespace

BOOST_AUTO_TEST_CASE(twenty_kills_of_a_live_run_lose_nothing_released_and_break_nothing) {
  const ScratchDir dir;
  const std::string plan = plan_file(dir, live()), data = dir / "data";
  Random random{test_seed()};
  std::uint64_t released = 0;
  for (int kill = 0; kill < 20; ++kill) BOOST_TEST_CONTEXT("kill " << kill) {
      Child child{"caf", data, plan};
      const std::uint64_t target = released + 500 + random.below(6'000);
      BOOST_TEST_REQUIRE(child.listen([&] { return child.head >= target; }));
      child.kill();
      BOOST_TEST(child.released >= released);
      released = child.released;

      const VerifyReport report = verify_journal(data, "");
      for (const auto& found : report.breaks)
        BOOST_ERROR(found.kind + " at " + std::to_string(found.seq) + ": " + found.what);
      BOOST_TEST(report.unreadable == "");
      BOOST_TEST(report.head_seq >= released);
      if (kill % 4 == 3) BOOST_TEST(differences(replayed(data)) == "");
    }
  {
    // What is left goes on, and ends well.
    Running last{live().text(), data, Runtime::caf};
    const auto fills = last->status().summary.counts.fills;
    BOOST_TEST(last.until([&](const auto& s) { return s.summary.counts.fills > fills + 20; }));
    BOOST_TEST(last->stop(std::chrono::seconds{20}) == "");
    BOOST_TEST(last->failure() == "");
  }
  const Journaled journal{data};
  BOOST_TEST(journal.of(EventType::system_started).size() == 21u);
  BOOST_TEST(journal.of(EventType::actor_failed).size() == 0u);
  BOOST_TEST(journal.of(EventType::actor_parked).size() == 0u);
  check_orders_are_unique(journal);
  const ReplayReport report = replayed(data);
  BOOST_TEST(differences(report) == "");
  for (const auto& actor : report.actors) BOOST_TEST(actor.compared > 0u, actor.name);
}
