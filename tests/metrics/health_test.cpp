#include <boost/test/unit_test.hpp>
#include <holdfast/metrics/health.hpp>

using namespace holdfast;
using State = Supervision::State;

namespace {

SystemStatus healthy() {
  SystemStatus status;
  status.state = "ready";
  for (const char* name : {"ledger", "market"}) {
    SystemStatus::ActorLine line;
    line.name = name;
    line.state = State::up;
    status.actors.push_back(line);
  }
  return status;
}

/// Names of the checks that fail.
std::string failing(const SystemStatus& status) {
  std::string names;
  for (const auto& check : readiness(status))
    if (!check.problem.empty()) names += check.name + " ";
  BOOST_TEST(is_ready(status) == names.empty());
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(health)

BOOST_AUTO_TEST_CASE(ready_is_recovered_with_every_actor_up) {
  BOOST_TEST(failing(healthy()) == "");
  auto status = healthy();
  status.actors[0].state = State::finished;  // As planned: a temporary one has done its work.
  BOOST_TEST(failing(status) == "");
}

BOOST_AUTO_TEST_CASE(an_actor_in_any_other_state_is_named) {
  for (const auto state : {State::down, State::waiting, State::starting, State::stopping, State::parked}) {
    auto status = healthy();
    status.actors[1].state = state;
    BOOST_TEST(failing(status) == "actor/market ");
  }
}

BOOST_AUTO_TEST_CASE(before_it_has_recovered_and_once_it_stops_it_is_not_ready) {
  for (const char* state : {"starting", "stopping", "stopped"}) {
    auto status = healthy();
    status.state = state;
    BOOST_TEST(failing(status) == "recovered ");
  }
  auto status = healthy();
  status.state = "failed";
  status.failure = "the disk of /secret/place is full";
  BOOST_TEST(failing(status) == "journal ");
  for (const auto& check : readiness(status)) BOOST_TEST(check.problem.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_a_halt_of_the_whole_system_makes_it_unready) {
  auto status = healthy();
  status.latches = {{LatchScope::instrument, LatchLevel::halted, "BTC", "ann", "why", {}},
                    {LatchScope::system, LatchLevel::reducing, "", "ann", "why", {}}};
  BOOST_TEST(failing(status) == "");
  status.latches.push_back({LatchScope::system, LatchLevel::halted, "", "ann", "why", {}});
  BOOST_TEST(failing(status) == "trading ");
}

BOOST_AUTO_TEST_SUITE_END()
