#include <boost/test/data/test_case.hpp>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Setup backtest(std::uint64_t seed) {
  Setup setup;
  setup.seed = seed;
  setup.snapshot_every = 4'000;
  setup.strategies = {{"trend", "plugin: crossover, fast: 50, slow: 200"},
                      {"quotes", "plugin: quoter, half_spread: 0.03, requote_move: 0.05"}};
  return setup;
}

RunSummary summary_of(const Setup& setup) {
  const ScratchDir dir;
  Running run{setup.text(), dir / "data", Runtime::sim};
  BOOST_TEST(run.finish().empty());
  return run->summary();
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_backtests_of_one_seed_are_equal_to_the_last_bit) {
  const RunSummary first = summary_of(backtest(7)), second = summary_of(backtest(7));
  BOOST_TEST(first.counts.fills > 20u);
  BOOST_TEST(first.head_seq == second.head_seq);
  BOOST_CHECK(first.head_hash == second.head_hash);
  BOOST_CHECK(first.state_digest == second.state_digest);
}

BOOST_AUTO_TEST_CASE(another_seed_is_another_run) {
  const RunSummary first = summary_of(backtest(7)), second = summary_of(backtest(8));
  BOOST_CHECK(first.head_hash != second.head_hash);
  BOOST_CHECK(first.state_digest != second.state_digest);
}

BOOST_AUTO_TEST_CASE(how_often_snapshots_are_taken_changes_no_state) {
  Setup often = backtest(7), never = backtest(7);
  often.snapshot_every = 100;
  never.snapshot_every = 1'000'000;
  BOOST_CHECK(summary_of(often).state_digest == summary_of(never).state_digest);
}

BOOST_DATA_TEST_CASE(what_a_run_did_is_what_its_journal_gives_again,
                     boost::unit_test::data::make({Runtime::sim, Runtime::caf}), runtime) {
  const ScratchDir dir;
  Setup setup = backtest(7);
  setup.in_step = runtime == Runtime::caf ? 64 : 0;  // However busy the machine.
  {
    Running run{setup.text(), dir / "data", runtime};
    BOOST_TEST(run.finish().empty());
    BOOST_TEST(run->summary().counts.fills > 20u);
  }
  const ReplayReport report = replayed(dir / "data");
  BOOST_TEST(differences(report) == "");
  BOOST_TEST(report.actors.size() == 6u);
  for (const auto& actor : report.actors) BOOST_TEST(actor.compared > 0u, actor.name);
}
