#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(who_waits_for_the_end_is_woken_by_the_last_feed) {
  const ScratchDir dir;
  Setup setup;
  setup.speed = 20;
  setup.ticks = 200;
  const Running system{setup.text(), dir / "data", Runtime::caf};
  BOOST_TEST(!system->run_for(1min));  // It was still running when this began, and is quiet when it returns.
  BOOST_TEST(system->status().summary.counts.ticks >= 200u);
  BOOST_TEST(system->failure() == "");
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_end_is_woken_by_a_failure) {
  const ScratchDir dir;
  Setup setup;
  setup.ticks = 0;
  setup.speed = 20;
  const Running system{setup.text(), dir / "data", Runtime::caf};
  system->failpoints().set("journal.before_sync=throw");
  BOOST_TEST(!system->run_for(1min));
  BOOST_TEST(system->failure() != "");
}
