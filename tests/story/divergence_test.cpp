#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

Setup beside_an_honest_one(const std::string& plugin, Runtime runtime) {
  Setup setup;
  setup.ticks = 0;
  setup.speed = runtime == Runtime::caf ? 100 : 0;
  setup.snapshot_every = plugin == "forgetful" ? 3'000 : 500'000;
  setup.strategies = {{"honest", "plugin: metronome, every: 400"}, {"suspect", "plugin: " + plugin}};
  return setup;
}

bool parked(const Running& run) { return run.actor("suspect").state == Supervision::State::parked; }

/// Lets it crash; once is enough unless nothing had happened since its last snapshot.
void crash_until_parked(Running& run) {
  for (int times = 0; times < 10 && !parked(run); ++times) {
    const auto incarnation = run.actor("suspect").incarnation;
    const auto orders = run->status().summary.counts.orders;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.orders >= orders + 20; }));
    run->crash("suspect", "a drill");
    BOOST_TEST(run.until([&](const auto&) {
      return parked(run) || (run.actor("suspect").incarnation > incarnation &&
                             run.actor("suspect").state == Supervision::State::up);
    }));
  }
}

/// The number behind "event " in the reason for parking.
std::uint64_t named_event(std::string_view why) {
  const auto at = why.find("does not reproduce itself: event ");
  BOOST_TEST_REQUIRE(at != std::string_view::npos, why);
  return std::stoull(std::string{why.substr(at + 33)});
}

}  // namespace

BOOST_DATA_TEST_CASE(a_strategy_that_does_not_reproduce_itself_is_parked_by_its_own_restart,
                     data::make({"clock_reader", "random_device", "address_walker", "forgetful"}) *
                         data::make({Runtime::sim, Runtime::caf}),
                     plugin, runtime) {
  const ScratchDir dir;
  const std::string text = beside_an_honest_one(plugin, runtime).text();
  {
    Running run{text, dir / "data", runtime};
    BOOST_TEST(run.until([](const auto& s) { return s.summary.counts.ticks >= 12'000; }));
    crash_until_parked(run);
    BOOST_TEST_REQUIRE(parked(run));
    const auto before = run->status().summary.counts;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.fills >= before.fills + 20; }));
    BOOST_CHECK(run.actor("honest").state == Supervision::State::up);
    for (const auto& actor : run->status().actors)
      if (actor.name != "suspect") BOOST_TEST(actor.incarnation == 1u, actor.name);
    BOOST_TEST(run->failure() == "");
    BOOST_TEST(run->stop(std::chrono::seconds{20}) == "");
  }
  const Journaled journal{dir / "data"};
  const auto parkings = journal.of(EventType::actor_parked);
  BOOST_TEST_REQUIRE(parkings.size() == 1u);
  BOOST_CHECK(parkings[0].as<ActorParked>().actor == journal.id("suspect"));
  const std::string why{parkings[0].tail<ActorParked>()};
  const auto named = named_event(why);
  const auto beats = journal.of(EventType::order_intent, "suspect");
  BOOST_TEST(why.find("(OrderIntent, answering ") != std::string::npos);
  BOOST_TEST(std::ranges::any_of(beats, [&](const Event& e) { return e.seq() == named; }));
  // The order that rests is the same each time; the first beat after it is where they part.
  if (std::string{plugin} != "forgetful") BOOST_TEST(named == beats.at(1).seq());

  // Nothing of the parked one stays in the market, and it asks for nothing more.
  BOOST_TEST(beats.back().seq() < parkings[0].seq());
  const ClOrdId resting = beats.front().as<OrderIntent>().terms.cl_ord_id;
  const auto cancelled = journal.of(EventType::order_cancelled);
  BOOST_TEST(std::ranges::any_of(cancelled, [&](const Event& e) {
    return e.as<OrderCancelled>().cl_ord_id == resting && e.seq() > parkings[0].seq();
  }));
  // Others go on behind it.
  BOOST_TEST(journal.of(EventType::order_filled).back().seq() > parkings[0].seq());
}

BOOST_AUTO_TEST_CASE(parked_is_parked_also_for_the_next_process_until_its_code_or_settings_change) {
  const ScratchDir dir;
  Setup setup = beside_an_honest_one("clock_reader", Runtime::sim);
  {
    Running run{setup.text(), dir / "data", Runtime::sim};
    run.until([](const auto& s) { return s.summary.counts.ticks >= 5'000; });
    crash_until_parked(run);
    run->stop(std::chrono::seconds{20});
  }
  {
    Running again{setup.text(), dir / "data", Runtime::sim};
    BOOST_TEST(parked(again));
    BOOST_TEST(again.actor("suspect").last_failure.find("does not reproduce itself") != std::string::npos);
    again->stop(std::chrono::seconds{20});
  }
  setup.strategies[1].second = "plugin: clock_reader, every: 501";
  Running changed{setup.text(), dir / "data", Runtime::sim};
  BOOST_CHECK(changed.actor("suspect").state == Supervision::State::up);
}

BOOST_AUTO_TEST_CASE(one_that_does_not_reproduce_itself_is_parked_by_the_start_of_a_process_too) {
  const ScratchDir dir;
  {
    // Ends as if killed: nobody has a snapshot, and all history is folded by whoever comes next.
    Running killed{beside_an_honest_one("clock_reader", Runtime::sim).text(), dir / "data", Runtime::sim};
    BOOST_TEST(killed.until([](const auto& s) { return s.summary.counts.ticks >= 30'000; }));
  }
  BOOST_TEST_REQUIRE(Journaled{dir / "data"}.of(EventType::order_intent, "suspect").size() > 10u);
  Running again{beside_an_honest_one("clock_reader", Runtime::caf).text(), dir / "data", Runtime::caf};
  BOOST_TEST(again.until([&](const auto& s) { return parked(again) && !again.actor("suspect").last_failure.empty(); }));
  named_event(again.actor("suspect").last_failure);
  const auto fills = again->status().summary.counts.fills;
  BOOST_TEST(again.until([&](const auto& s) { return s.summary.counts.fills >= fills + 5; }));
  for (const auto& actor : again->status().actors) {
    if (actor.name == "suspect") continue;
    BOOST_CHECK(actor.state == Supervision::State::up);
    BOOST_TEST(actor.incarnation == 2u, actor.name);
  }
  BOOST_TEST(again->stop(std::chrono::seconds{20}) == "");
}

BOOST_AUTO_TEST_CASE(an_honest_strategy_that_crashes_is_not_suspected) {
  const ScratchDir dir;
  Running run{beside_an_honest_one("steady", Runtime::caf).text(), dir / "data", Runtime::caf};
  for (unsigned times = 1; times <= 5; ++times) {
    const auto ticks = run->status().summary.counts.ticks;
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.ticks >= ticks + 3'000; }));
    run->crash("suspect", "a drill");
    BOOST_TEST(run.until([&](const auto&) {
      return run.actor("suspect").incarnation == times + 1 &&
             run.actor("suspect").state == Supervision::State::up;
    }));
  }
  BOOST_TEST(run->stop(std::chrono::seconds{20}) == "");
  BOOST_TEST(Journaled{dir / "data"}.of(EventType::actor_parked).size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_actor_that_writes_what_it_may_not_fails_by_name_and_nothing_of_it_is_kept) {
  const ScratchDir dir;
  Setup setup = beside_an_honest_one("steady", Runtime::caf);
  setup.more = "    - { name: scribe, actor: scribe, restart: temporary }\n";
  {
    Running run{setup.text(), dir / "data", Runtime::caf};
    BOOST_TEST(run.until([&](const auto& s) { return s.summary.counts.fills >= 20; }));
    BOOST_CHECK(run.actor("scribe").state == Supervision::State::finished);
    BOOST_TEST(run.actor("scribe").last_failure == "'scribe' may not write FillBooked");
    run->stop(std::chrono::seconds{20});
  }
  const Journaled journal{dir / "data"};
  BOOST_TEST(journal.of(EventType::fill_booked, "scribe").size() == 0u);
}
