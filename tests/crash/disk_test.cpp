// A disk that fails under a whole system, by the failpoints fs.*: what was released is never lost, and what is wrong is said.
#include <boost/test/data/test_case.hpp>
#include <holdfast/journal/verify.hpp>

#include "crash/child.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Setup trading() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 30;
  setup.snapshot_every = 500;
  setup.strategies = {{"beat", "plugin: metronome, every: 50"}};
  return setup;
}

std::string plain_plan(const ScratchDir& dir) { return plan_file(dir, trading()); }

}  // namespace

BOOST_AUTO_TEST_CASE(a_kill_while_unsynced_bytes_are_held_back_loses_nothing_that_was_released) {
  const ScratchDir dir;
  const std::string data = dir / "data", plan = plain_plan(dir);
  std::uint64_t released = 0;
  for (int life = 0; life < 5; ++life) {
    Child child{"caf", data, plan, "fs.unsynced/log=return"};
    BOOST_TEST_REQUIRE(child.listen([&] { return child.released >= released + 300; }));
    child.kill();
    released = child.released;
    const VerifyReport report = verify_journal(data, "");
    BOOST_TEST(report.breaks.empty());
    BOOST_TEST(report.head_seq >= released, "event " << released << " was released, and the journal ends at " << report.head_seq);
    BOOST_TEST(differences(replayed(data)) == "");
  }
}

/// The test above must be able to fail.
BOOST_AUTO_TEST_CASE(a_disk_that_lies_about_syncs_is_what_such_a_kill_shows) {
  const ScratchDir dir;
  const std::string data = dir / "data", plan = plain_plan(dir);
  {
    Child first{"caf", data, plan};
    BOOST_TEST_REQUIRE(first.listen([&] { return first.head >= 500; }));
    first.kill();
  }
  Child child{"caf", data, plan, "fs.unsynced/log=return;fs.sync/log=return"};
  BOOST_TEST_REQUIRE(child.listen([&] { return child.released >= 3'000; }));
  child.kill();
  BOOST_TEST(verify_journal(data, "").head_seq < child.released);
}

struct Fault {
  const char *name, *failpoints, *says;
};
std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.name; }
constexpr Fault kFaults[] = {
    {"a write fails", "fs.append/log=50*off->errno(EIO)", "failed while writing"},
    {"the disk is full", "fs.append/log=50*off->errno(ENOSPC)", "failed while writing"},
    {"a write is torn", "fs.tear/log=50*off->return", "failed while writing"},
    {"a sync fails", "fs.sync/log=20*off->errno(EIO)", "failed while syncing"},
};

BOOST_DATA_TEST_CASE(a_disk_that_fails_stops_the_system_and_costs_nothing_released, boost::unit_test::data::make(kFaults), fault) {
  const ScratchDir dir;
  const std::string data = dir / "data", text = trading().text();
  std::uint64_t released = 0;
  {
    Running run{text, data, Runtime::caf, fault.failpoints};
    BOOST_TEST(run.until([&](const auto& s) { return s.state == "failed"; }));
    BOOST_TEST(run->failure().find(fault.says) != std::string::npos, run->failure());
    released = run->status().release_seq;
    BOOST_TEST(released > 0u);
    // Nothing leaves any more.
    const auto latches = run->status().latches;
    BOOST_TEST_REQUIRE(latches.size() == 1u);
    BOOST_CHECK(latches[0].level == LatchLevel::halted);
  }
  const VerifyReport report = verify_journal(data, "");
  BOOST_TEST(report.breaks.empty());
  BOOST_TEST(report.head_seq >= released);
  Running last{text, data, Runtime::caf};
  BOOST_TEST(last->resume(LatchScope::system, "", "a tester", "the disk is well"));
  const auto fills = last->status().summary.counts.fills;
  BOOST_TEST(last.until([&](const auto& s) { return s.summary.counts.fills > fills; }));
  BOOST_TEST(last->stop(std::chrono::seconds{20}) == "");
  BOOST_TEST(differences(replayed(data)) == "");
}
