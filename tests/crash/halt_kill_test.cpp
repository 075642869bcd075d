#include <boost/test/data/test_case.hpp>

#include "crash/child.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

Setup busy() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 20;
  setup.strategies = {{"beat", "plugin: metronome, every: 20"}};
  return setup;
}

}  // namespace

BOOST_DATA_TEST_CASE(a_halt_survives_a_kill_whatever_of_the_disk_hangs,
                     boost::unit_test::data::make({' ', 's', 'w'}), hangs) {
  const ScratchDir dir;
  const std::string plan = plan_file(dir, busy()), data = dir / "data";
  {
    Child child{"caf", data, plan};
    BOOST_TEST_REQUIRE(child.listen([&] { return child.head >= 1'000; }));
    child.tell(hangs);
    child.tell('h');
    BOOST_TEST_REQUIRE(child.listen([&] { return child.halted; }));
    child.kill();
  }
  BOOST_TEST_REQUIRE(stopped_status(data).latches.size() == 1u);
  {
    Running again{busy().text(), data, Runtime::caf};
    const auto latches = again->status().latches;
    BOOST_TEST_REQUIRE(latches.size() == 1u);
    BOOST_CHECK(latches[0].level == LatchLevel::halted);
    BOOST_TEST(latches[0].who == "a tester");
    const auto denied = again->status().summary.counts.denied;
    BOOST_TEST(again.until([&](const auto& s) { return s.summary.counts.denied >= denied + 10; }));
    BOOST_TEST(again->stop(std::chrono::seconds{20}) == "");
  }
  const Journaled journal{data};
  const auto second_run = journal.of(EventType::system_started).at(1).seq();
  for (const auto& e : journal.of(EventType::order_sent)) BOOST_TEST(e.seq() < second_run);
  // File and journal agree again: the journal had heard of it before, or did when it was opened.
  const auto latches = journal.of(EventType::latch_engaged);
  BOOST_TEST_REQUIRE(latches.size() >= 1u);
  BOOST_TEST(latches[0].tail<LatchEngaged>() == "a tester\na drill");
  if (hangs == 'w') BOOST_TEST(latches[0].seq() > second_run);

  Running resumed{busy().text(), data, Runtime::caf};
  BOOST_TEST(resumed->resume(LatchScope::system, "", "a tester", "over"));
  const auto fills = resumed->status().summary.counts.fills;
  BOOST_TEST(resumed.until([&](const auto& s) { return s.summary.counts.fills > fills; }));
}
