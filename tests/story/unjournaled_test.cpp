// `journal: off`: the same backtest, and nothing of it is kept.
#include <boost/test/data/test_case.hpp>
#include <regex>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Setup traded(std::uint64_t seed) {
  Setup setup;
  setup.seed = seed;
  setup.strategies = {{"trend", "plugin: crossover, fast: 50, slow: 200"},
                      {"quotes", "plugin: quoter, half_spread: 0.03, requote_move: 0.05"}};
  return setup;
}

std::string without_journal(const Setup& setup) {
  static const std::regex section{"journal: [^\n]*"};
  return std::regex_replace(setup.text(), section, "journal: off");
}

RunSummary summary_of(const std::string& text, const std::string& data_dir) {
  Running run{text, data_dir, Runtime::sim};
  BOOST_TEST(run.finish() == "");
  BOOST_TEST(run->failure() == "");
  return run->summary();
}

std::string positions(const RunSummary& summary) {
  std::string out;
  for (const auto& line : summary.positions)
    out += line.owner + " " + line.instrument + " " + line.position.str() + " " + line.realized.str() + " " +
           line.fees.str() + " " + std::to_string(line.fills) + "\n";
  return out;
}

/// A market without end: however fast a backtest is, it has not ended when the test looks again.
Setup endless() {
  Setup setup = traded(7);
  setup.ticks = 0;
  return setup;
}

/// Works in a folder of its own, which also is where temporary files go, for as long as it lives.
class Alone {
 public:
  Alone() : before_{std::filesystem::current_path()} {
    ::setenv("TMPDIR", folder_.str().c_str(), 1);
    std::filesystem::current_path(folder_.str());
  }
  ~Alone() {
    std::filesystem::current_path(before_);
    ::unsetenv("TMPDIR");
  }
  bool untouched() const { return std::filesystem::is_empty(folder_.str()); }

 private:
  ScratchDir folder_;
  std::filesystem::path before_;
};

std::string refusal_of(const std::string& text, const System::Options& options) {
  PluginHost host{{(build_dir() / "plugins").string()}};
  try {
    System::open(plan_of(text), host, options);
  } catch (const PlanRefused& refused) {
    return refused.problems.size() == 1 ? refused.problems.front().str() : refused.what();
  }
  return "it was opened";
}

}  // namespace

BOOST_DATA_TEST_CASE(a_backtest_without_a_journal_ends_in_the_state_of_one_with_it,
                     boost::unit_test::data::make({7u, 8u, 9u}), seed) {
  const ScratchDir dir;
  const RunSummary with = summary_of(traded(seed).text(), dir / "data");
  const RunSummary without = summary_of(without_journal(traded(seed)), "");
  BOOST_TEST(with.counts.fills > 20u);
  BOOST_CHECK(without.state_digest == with.state_digest);
  BOOST_TEST(positions(without) == positions(with));
  BOOST_TEST(without.head_seq == with.head_seq);
  for (const auto count : {&SystemRecord::Counts::events, &SystemRecord::Counts::ticks, &SystemRecord::Counts::orders,
                           &SystemRecord::Counts::sent, &SystemRecord::Counts::fills, &SystemRecord::Counts::denied,
                           &SystemRecord::Counts::cancelled})
    BOOST_TEST((without.counts.*count) == (with.counts.*count));
  BOOST_CHECK(with.head_hash != Digest{});
  BOOST_CHECK(without.head_hash == Digest{});
}

BOOST_AUTO_TEST_CASE(a_backtest_without_a_journal_touches_no_disk) {
  const std::string text = without_journal(traded(7));
  const Alone alone;
  Running run{text, "", Runtime::sim};
  BOOST_TEST(run.finish() == "");
  BOOST_TEST(run->summary().counts.ticks > 0u);
  BOOST_TEST(alone.untouched());
}

BOOST_AUTO_TEST_CASE(an_auditor_without_a_journal_signs_nothing_and_changes_nothing) {
  const ScratchDir dir;
  Setup setup = traded(7);
  setup.more = "    - { name: auditor, actor: audit, settings: { every: 100, anchors: " + (dir / "anchors") + " } }\n";
  const RunSummary without = summary_of(without_journal(setup), "");
  BOOST_TEST(!std::filesystem::exists(dir / "anchors"));
  const RunSummary with = summary_of(setup.text(), dir / "data");
  BOOST_TEST(std::filesystem::exists(dir / "anchors"));
  BOOST_CHECK(without.state_digest == with.state_digest);
}

BOOST_AUTO_TEST_CASE(the_first_failure_of_an_actor_ends_a_backtest_without_a_journal) {
  Running run{without_journal(endless()), "", Runtime::sim};
  BOOST_TEST(run.until([](const SystemStatus& s) { return s.summary.counts.ticks > 1'000; }));
  run->crash("trend", "as asked");
  run.finish();
  BOOST_TEST(run->failure() ==
             "'trend' failed and, as journal is off, has no history to start again from: as asked");
  BOOST_TEST(run->status().state == "failed");
  BOOST_TEST(run.actor("trend").incarnation == 1u);
  BOOST_TEST_REQUIRE(run->status().latches.size() == 1u);
  BOOST_CHECK(run->status().latches.front().level == LatchLevel::halted);
}

BOOST_AUTO_TEST_CASE(latches_hold_in_memory_without_a_journal) {
  Running run{without_journal(endless()), "", Runtime::sim};
  BOOST_TEST(run.until([](const SystemStatus& s) { return s.summary.counts.sent > 10; }));
  run->halt({LatchScope::system, LatchLevel::halted, "", "ann", "odd fills", {}}, {});
  const auto sent = run->status().summary.counts.sent;
  run->run_for(std::chrono::milliseconds{2});
  BOOST_TEST(run->status().summary.counts.sent == sent);
  BOOST_TEST(run->resume(LatchScope::system, "", "ann", "looked into"));
  BOOST_TEST(run.until([&](const SystemStatus& s) { return s.summary.counts.sent > sent; }));
}

BOOST_AUTO_TEST_CASE(no_events_can_be_read_where_none_are_kept) {
  Running run{without_journal(traded(7)), "", Runtime::sim};
  BOOST_CHECK_EXCEPTION(run->events(1, [](const Event&) { return true; }), std::logic_error, [](const auto& e) {
    return std::string{e.what()} == "no events are kept to be read: the system runs with journal: off";
  });
}

BOOST_AUTO_TEST_CASE(what_needs_a_journal_is_refused_without_one) {
  const ScratchDir dir;
  const std::string text = without_journal(traded(7));
  System::Options live;
  live.data_dir = dir / "data";
  BOOST_TEST(refusal_of(text, live) ==
             "<text>:3:10: a live system needs its journal, and journal is off (take journal: off away, or run it as a backtest)");
  System::Options kept = live, resumed;
  kept.runtime = resumed.runtime = Runtime::sim;
  resumed.resume = true;
  for (const auto& options : {kept, resumed})
    BOOST_TEST(refusal_of(text, options) ==
               "<text>:3:10: journal is off, so there is nothing to put into a data directory and nothing to resume "
               "(take journal: off away, or the data directory and resume)");
  BOOST_TEST(!std::filesystem::exists(dir / "data"));
}
