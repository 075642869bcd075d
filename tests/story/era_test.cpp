#include <boost/test/data/test_case.hpp>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr std::uint64_t kTicks = 30'000;

Setup one_steady(Runtime runtime, const std::string& more = "") {
  Setup setup;
  setup.speed = runtime == Runtime::caf ? 60 : 0;
  setup.ticks = kTicks;
  setup.snapshot_every = 5'000;
  setup.strategies = {{"steady", "plugin: steady" + more}, {"other", "plugin: metronome, every: 900"}};
  return setup;
}

/// Runs about half of the market and leaves it there.
void first_half(const std::string& dir, Runtime runtime) {
  Running run{one_steady(runtime).text(), dir, runtime};
  run.until([](const auto& s) { return s.summary.counts.ticks >= kTicks / 2; });
  BOOST_TEST(run->stop(std::chrono::seconds{20}) == "");
}

std::vector<Digest> identities(const Journaled& journal, const std::string& name) {
  std::vector<Digest> out;
  for (const auto& e : journal.of(EventType::actor_started))
    if (e.as<ActorStarted>().actor == journal.id(name)) out.push_back(e.as<ActorStarted>().identity);
  return out;
}

struct Change {
  const char* what;
  const char* settings;
  const char* plugins;
  std::int64_t lots;  ///< The least the changed strategy orders.
};
std::ostream& operator<<(std::ostream& out, const Change& change) { return out << change.what; }

const Change kChanges[] = {
    {"other settings", ", every: 300", "v1", 1},
    {"other code", "", "v2", 2},
};

}  // namespace

BOOST_DATA_TEST_CASE(changed_code_or_settings_begin_a_new_era_from_the_old_state,
                     boost::unit_test::data::make(kChanges) *
                         boost::unit_test::data::make({Runtime::sim, Runtime::caf}),
                     change, runtime) {
  const ScratchDir dir;
  first_half(dir / "data", runtime);
  const std::size_t before = Journaled{dir / "data"}.of(EventType::order_intent, "steady").size();
  {
    Running run{one_steady(runtime, change.settings).text(), dir / "data", runtime, "",
                wrong_plugins(change.plugins)};
    BOOST_CHECK(run.actor("steady").state == Supervision::State::up);
    BOOST_TEST(run.finish() == "");
    // What it reproduces from here on are its own answers.
    run->crash("steady", "a drill");
    run.finish();
  }
  const Journaled journal{dir / "data"};
  BOOST_TEST(journal.of(EventType::actor_parked).size() == 0u);
  const auto eras = identities(journal, "steady"), others = identities(journal, "other");
  BOOST_TEST_REQUIRE(eras.size() >= 2u);
  BOOST_CHECK(eras[0] != eras[1]);
  BOOST_CHECK(others[0] == others[1]);

  // The ids go on where they were, and so does what it had counted: nothing rests a second time.
  const auto intents = journal.of(EventType::order_intent, "steady");
  BOOST_TEST(before > 10u);
  BOOST_TEST(intents.size() > before);
  for (std::size_t i = 0; i < intents.size(); ++i)
    BOOST_TEST(intents[i].as<OrderIntent>().terms.cl_ord_id.counter() == i + 1);
  std::size_t resting = 0;
  for (const auto& e : intents) resting += e.tail<OrderIntent>() == "resting";
  BOOST_TEST(resting == 1u);
  const std::int64_t lot = Quantity::parse("0.001")->raw();
  for (std::size_t i = before; i < intents.size(); ++i)
    BOOST_TEST(intents[i].as<OrderIntent>().terms.quantity.raw() >= change.lots * lot);
  BOOST_TEST(differences(replayed(dir / "data", wrong_plugins(change.plugins))) == "");
}

BOOST_AUTO_TEST_CASE(an_upgrade_after_a_crash_without_a_last_snapshot_is_no_divergence_either) {
  const ScratchDir dir;
  {
    // Never stopped: the newest snapshot is thousands of events behind.
    Running run{one_steady(Runtime::sim).text(), dir / "data", Runtime::sim};
    run.until([](const auto& s) { return s.summary.counts.ticks >= kTicks / 2; });
  }
  Running run{one_steady(Runtime::sim).text(), dir / "data", Runtime::sim, "", wrong_plugins("v2")};
  BOOST_CHECK(run.actor("steady").state == Supervision::State::up);
  BOOST_TEST(run.finish() == "");
  const Journaled journal{dir / "data"};
  const auto intents = journal.of(EventType::order_intent, "steady");
  for (std::size_t i = 0; i < intents.size(); ++i)
    BOOST_TEST(intents[i].as<OrderIntent>().terms.cl_ord_id.counter() == i + 1);
}

BOOST_AUTO_TEST_CASE(the_same_code_and_settings_go_on_in_the_same_era) {
  const ScratchDir dir;
  first_half(dir / "data", Runtime::sim);
  Running run{one_steady(Runtime::sim).text(), dir / "data", Runtime::sim};
  run->stop(std::chrono::seconds{20});
  const auto eras = identities(Journaled{dir / "data"}, "steady");
  BOOST_TEST_REQUIRE(eras.size() == 2u);
  BOOST_CHECK(eras[0] == eras[1]);
}
