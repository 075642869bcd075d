#include <atomic>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

/// One that can be made to hang, beside one whose failure takes it along.
Setup hanging_sibling() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 20;
  setup.strategies = {{"beat", "plugin: metronome, every: 50"}};
  setup.more = R"(    - name: pair
      supervisor: one_for_all
      intensity: 100
      children:
        - { name: first, actor: strategy, settings: { strategy: { plugin: metronome, instrument: BTC, every: 70 } } }
        - name: looper
          actor: strategy
          shutdown: 50ms
          settings: { strategy: { plugin: looper, instrument: BTC, every: 20 } }
)";
  return setup;
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_that_hung_and_was_replaced_comes_back_to_no_effect) {
  auto& loops = shared_with<std::atomic<bool>>("strategy_looper", "looper_loops");
  auto& inside = shared_with<std::atomic<bool>>("strategy_looper", "looper_inside");
  const ScratchDir dir;
  {
    Running run{hanging_sibling().text(), dir / "data", Runtime::caf};
    for (unsigned times = 1; times <= 3; ++times) {
      const auto orders = run->status().summary.counts.orders;
      BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.orders >= orders + 30; }));
      loops = true;
      BOOST_TEST(run.until([&](const auto&) { return inside.load(); }));
      run->crash("first", "a drill");
      BOOST_TEST(run.until([&](const auto&) {
        const auto successor = run.actor("looper");
        return successor.incarnation == times + 1 && successor.state == Supervision::State::up;
      }));
      // The successor has spoken before the one it replaced wakes up and says the same.
      const auto later = run->status().summary.counts.orders;
      BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.orders >= later + 30; }));
      loops = false;
      BOOST_TEST(run.until([&](const auto&) { return !inside.load(); }));
    }
    const auto fills = run->status().summary.counts.fills;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.fills >= fills + 20; }));
    BOOST_CHECK(run.actor("looper").state == Supervision::State::up);
    BOOST_TEST(run.actor("looper").last_failure == "");
    BOOST_TEST(run.actor("beat").incarnation == 1u);
    BOOST_TEST(run->stop(20s) == "");
  }
  const Journaled journal{dir / "data"};
  BOOST_TEST(journal.of(EventType::actor_parked).size() == 0u);
  const auto intents = journal.of(EventType::order_intent, "looper");
  BOOST_TEST(intents.size() > 20u);
  for (std::size_t i = 0; i < intents.size(); ++i)
    BOOST_TEST(intents[i].as<OrderIntent>().terms.cl_ord_id.counter() == i + 1);
  BOOST_TEST(differences(replayed(dir / "data")) == "");
}
