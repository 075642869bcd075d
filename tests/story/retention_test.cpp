#include <boost/test/data/test_case.hpp>
#include <holdfast/journal/verify.hpp>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr std::uint64_t kKept = 6'000;

Setup forgetful() {
  Setup setup;
  setup.ticks = 80'000;
  setup.snapshot_every = 2'000;
  setup.frame = "8KiB";
  setup.market_events = kKept;
  setup.strategies = {{"beat", "plugin: metronome, every: 500"}, {"quotes", "plugin: quoter, half_spread: 0.03"}};
  return setup;
}

/// What is forgotten is old enough, said, and needed by no snapshot that is kept.
void check_forgotten(const std::string& data) {
  const auto store = open_for_reading(data);
  const std::uint64_t below = store->market_pruned_below();
  BOOST_TEST(below > 40'000u);
  BOOST_TEST(below + kKept <= store->head()->last_seq());
  for (const auto& [actor, seqs] : store->snapshots()) BOOST_TEST(below <= seqs.front() + 1, actor);
  store->scan(1, [&](const FramePtr& frame) {
    if (frame->header.market_bytes > 0) BOOST_TEST(frame->market_pruned == (frame->header.first_seq < below));
    return true;
  });
  const Journaled journal{data};
  const auto said = journal.of(EventType::market_pruned);
  BOOST_TEST_REQUIRE(!said.empty());
  BOOST_TEST(said.back().as<MarketPruned>().below_seq == below);
  BOOST_TEST(verify_journal(data, "").breaks.empty());
  BOOST_TEST(differences(replayed(data)) == "");
}

}  // namespace

BOOST_DATA_TEST_CASE(old_market_data_is_forgotten_while_it_runs_and_every_restart_still_works,
                     boost::unit_test::data::make({Runtime::sim, Runtime::caf}), runtime) {
  const ScratchDir dir;
  Setup setup = forgetful();
  {
    Running run{setup.text(), dir / "data", runtime};
    BOOST_TEST(run.until([](const auto& s) { return s.head_seq > 50'000; }));
    for (const char* actor : {"beat", "quotes", "risk", "venue", "ledger"}) run->crash(actor, "a drill");
    BOOST_TEST(run.finish() == "");
    BOOST_TEST(run->failure() == "");
    for (const auto& actor : run->status().actors) {
      BOOST_TEST(actor.restarts == (actor.name == "market" ? 0u : 1u), actor.name);
      BOOST_TEST(actor.incarnation == actor.restarts + 1, actor.name);
    }
  }
  check_forgotten(dir / "data");
  setup.ticks += 20'000;
  Running again{setup.text(), dir / "data", runtime};
  BOOST_TEST(again.finish() == "");
  BOOST_TEST(again->failure() == "");
}
