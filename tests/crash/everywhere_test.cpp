// Every place where a system can be made to fail, and SIGKILL there.
#include <boost/test/data/test_case.hpp>
#include <holdfast/journal/failpoints.hpp>
#include <holdfast/journal/verify.hpp>

#include "crash/child.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Setup everything() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 30;
  setup.snapshot_every = 500;
  setup.market_events = 1'000;
  setup.frame = "16KiB";
  setup.strategies = {{"beat", "plugin: metronome, every: 50"}};
  return setup;
}

/// What must happen for a place to be reached.
struct Way {
  std::string failpoints;  ///< Armed with it.
  char letter = 0;         ///< Told to the child once it trades.
  int intensity = 1000;
};

Way way_to(std::string_view place) {
  const std::string crash = "actor.hear/beat=throw@300";
  if (place.starts_with("halt.") || place.starts_with("operator.")) return {"", 'h'};
  if (place.starts_with("system.stop") || place == "actor.stop") return {"", 'x'};
  if (place == "supervisor.exited") return {crash};
  if (place == "supervisor.escalate") return {"actor.hear/beat=300*off->throw", 0, 2};
  return {};
}

std::vector<std::string> places() {
  std::vector<std::string> names;
  // A simulation's are in resume_test.cpp, those of backups in tools/backup_test.cpp, the others of the disk in disk_test.cpp.
  for (const FailpointSite& site : failpoint_sites()) {
    const auto starts = [&](const char* word) { return site.name.starts_with(word); };
    if (site.name != "store.checkpoint" && !starts("sim.") && !starts("backup.") && !starts("restore.")) names.emplace_back(site.name);
  }
  return names;
}

/// What was released in an earlier life is there, the chain is whole, and every fold comes out the same.
void check_sound(const std::string& data, std::uint64_t released) {
  const VerifyReport report = verify_journal(data, "");
  for (const auto& found : report.breaks) BOOST_ERROR(found.kind + " at " + std::to_string(found.seq) + ": " + found.what);
  BOOST_TEST(report.unreadable == "");
  BOOST_TEST(report.head_seq >= released);
  BOOST_TEST(differences(replayed(data)) == "");
}

}  // namespace

BOOST_DATA_TEST_CASE(killed_at_any_place_there_is_a_system_comes_back_and_trades, boost::unit_test::data::make(places()), place) {
  const ScratchDir dir;
  const std::string data = dir / "data";
  const Way way = way_to(place);
  Setup setup = everything();
  std::string text = setup.text();
  text.replace(text.find("intensity: 1000"), 15, "intensity: " + std::to_string(way.intensity));
  std::ofstream{dir / "plan.yaml"} << text;
  std::uint64_t released = 0;
  {
    Child first{"caf", data, dir / "plan.yaml"};
    BOOST_TEST_REQUIRE(first.listen([&] { return first.head >= 1'500; }));
    first.kill();
    released = first.released;
  }
  const std::string armed = way.failpoints + (way.failpoints.empty() ? "" : ";") + place + "=kill";
  {
    Child second{"caf", data, dir / "plan.yaml", armed};
    const std::uint64_t soon = released + 1'000;
    if (way.letter != 0 && second.listen([&] { return second.head >= soon; })) second.tell(way.letter);
    const bool survived = second.listen([&] { return second.head >= soon + 50'000; });
    BOOST_TEST(!survived, "nobody came to " << place);
    if (!survived) BOOST_TEST(!second.finish(), "it ended well, and nobody came to " << place);
    released = std::max(released, second.released);
  }
  check_sound(data, released);
  Running last{text, data, Runtime::caf};
  for (const auto& latch : last->status().latches) BOOST_TEST(last->resume(latch.scope, latch.target, "a tester", "over"));
  const auto fills = last->status().summary.counts.fills;
  BOOST_TEST(last.until([&](const auto& s) { return s.summary.counts.fills > fills; }));
  BOOST_TEST(last->stop(std::chrono::seconds{20}) == "");
  check_sound(data, released);
}

BOOST_AUTO_TEST_CASE(a_bit_that_turns_over_on_its_way_to_the_store_is_found) {
  const ScratchDir dir;
  {
    Setup setup = everything();
    setup.ticks = 2'000;
    setup.speed = 0;
    Running run{setup.text(), dir / "data", Runtime::sim, "journal.bytes=corrupt@3"};
    BOOST_TEST(run.finish() == "");
  }
  const VerifyReport report = verify_journal(dir / "data", "");
  BOOST_TEST_REQUIRE(!report.breaks.empty());
  BOOST_TEST(report.breaks[0].kind == "hash_mismatch");
}
