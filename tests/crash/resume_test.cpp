#include <holdfast/journal/verify.hpp>

#include "crash/child.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr std::uint64_t kTicks = 60'000;

/// Every rule, three strategies, small frames and many snapshots: as many seams as there can be.
Setup whole_system() {
  Setup setup;
  setup.ticks = kTicks;
  setup.snapshot_every = 7'000;
  setup.market_events = 5'000;
  setup.frame = "16KiB";
  setup.rules =
      "[{ plugin: fat_finger, max_quantity: 100, max_notional: 1000000 }, { plugin: position_limit, "
      "per_strategy: 20, "
      "per_system: 40 }, { plugin: price_collar, within: 0.05, quote_max_age: 5s }, { plugin: stale_intent, "
      "max_age: "
      "1s, quote_max_age: 5s }]";
  setup.strategies = {{"trend", "plugin: crossover, fast: 50, slow: 200"},
                      {"revert", "plugin: mean_reversion, window: 200"},
                      {"quotes", "plugin: quoter, half_spread: 0.03, requote_move: 0.05"}};
  return setup;
}

struct Uninterrupted {
  const ScratchDir dir;
  std::string plan = plan_file(dir, whole_system());
  std::string digest;
  std::uint64_t events = 0;
  Uninterrupted() {
    Child child{"sim", dir / "whole", plan};
    BOOST_TEST_REQUIRE(child.finish());
    digest = child.digest;
    events = child.head;
    BOOST_TEST(events > kTicks);
    BOOST_TEST(Journaled{dir / "whole"}.of(EventType::order_filled).size() > 100u);
  }
};

void verify_intact(const std::string& dir) {
  const VerifyReport report = verify_journal(dir, "");
  for (const auto& found : report.breaks)
    BOOST_ERROR(found.kind + " at " + std::to_string(found.seq) + ": " + found.what);
  BOOST_TEST(report.unreadable == "");
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(killed_anywhere_and_resumed_a_backtest_ends_in_the_state_of_one_never_killed,
                        Uninterrupted) {
  Random random{test_seed()};
  std::vector<std::uint64_t> moments;
  for (std::uint64_t i = 0; i < 12; ++i) moments.push_back(1 + i * (events - 2) / 11);
  for (int i = 0; i < 20; ++i) moments.push_back(1 + random.below(events - 1));
  int number = 0;
  for (const std::uint64_t moment : moments) {
    const std::string data = dir / ("run" + std::to_string(++number));
    BOOST_TEST_CONTEXT("killed at event " << moment) {
      BOOST_TEST(!Child("sim", data, plan, "sim.event=kill@" + std::to_string(moment)).finish());
      Child resumed{"sim", data, plan};
      BOOST_TEST(resumed.finish());
      BOOST_TEST(resumed.digest == digest);
      verify_intact(data);
    }
    std::filesystem::remove_all(data);
  }
}

BOOST_FIXTURE_TEST_CASE(killed_again_and_again_also_while_it_resumes_it_ends_in_the_same_state,
                        Uninterrupted) {
  Random random{test_seed() + 1};
  const std::string data = dir / "often";
  int kills = 0;
  // The first events of each life are those of its own start: every other one dies there.
  for (; kills < 24; ++kills) {
    const std::uint64_t moment = 1 + random.below(kills % 2 == 0 ? events / 10 : 12);
    if (Child("sim", data, plan, "sim.event=kill@" + std::to_string(moment)).finish()) break;
  }
  BOOST_TEST(kills > 10);
  Child last{"sim", data, plan};
  BOOST_TEST(last.finish());
  BOOST_TEST(last.digest == digest);
  verify_intact(data);
  BOOST_TEST(differences(replayed(data)) == "");
}

BOOST_FIXTURE_TEST_CASE(killed_at_any_write_snapshot_or_pruning_it_ends_in_the_same_state, Uninterrupted) {
  int number = 0;
  for (const char* point : {"journal.before_write", "journal.after_write", "snapshot.after_write", "journal.before_prune",
                            "journal.after_prune"})
    for (const int hit : {1, 2, 5}) {
      const std::string data = dir / ("write" + std::to_string(++number));
      BOOST_TEST_CONTEXT(point << " for the " << hit << ". time") {
        BOOST_TEST(!Child("sim", data, plan, std::string{point} + "=kill@" + std::to_string(hit)).finish());
        Child resumed{"sim", data, plan};
        BOOST_TEST(resumed.finish());
        BOOST_TEST(resumed.digest == digest);
        verify_intact(data);
      }
      std::filesystem::remove_all(data);
    }
}

BOOST_FIXTURE_TEST_CASE(a_run_that_had_ended_can_be_resumed_and_changes_nothing, Uninterrupted) {
  Child again{"sim", dir / "whole", plan};
  BOOST_TEST(again.finish());
  BOOST_TEST(again.digest == digest);
}
