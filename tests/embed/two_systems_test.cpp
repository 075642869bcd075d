// Several systems live in one process and know nothing of each other.
#include <holdfast/runtime/metrics.hpp>

#include "embed/embed_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

const LatchFile::Latch kHalt{LatchScope::system, LatchLevel::halted, "", "a tester", "a drill", Time{1}};

std::uint64_t fills(const System& system) { return system.status().summary.counts.fills; }

bool trades_on(System& system) {
  const auto before = fills(system);
  return until(system, [&](const auto& s) { return s.summary.counts.fills >= before + 5; });
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_live_systems_trade_halt_fail_and_stop_each_for_itself) {
  const ScratchDir dir;
  const auto plugins = wrong_and_built();
  const auto open = [&](const std::string& name) {
    auto options = options_in(dir / name);
    options.plugins = plugins;
    auto system = System::open_text(endless().text(), options);
    system->start();
    return system;
  };
  auto one = open("one");
  const auto other = open("other");
  BOOST_TEST(trades_on(*one));
  BOOST_TEST(trades_on(*other));

  BOOST_TEST(one->halt(kHalt, 10s));
  BOOST_TEST(one->status().latches.size() == 1u);
  BOOST_TEST(other->status().latches.size() == 0u);
  // What was sent before is filled all the same, and is counted a little later.
  const auto head = one->status().head_seq;
  BOOST_TEST(until(*one, [&](const auto& s) { return s.summary.counts.events >= head && one->metrics().open_orders.empty(); }));
  const auto filled = fills(*one);
  BOOST_TEST(trades_on(*other));
  BOOST_TEST(fills(*one) == filled);

  other->crash("beat", "a drill");
  BOOST_TEST(until(*other, [](const auto& s) { return s.actors[3].restarts == 1u; }));
  BOOST_TEST(other->status().actors[3].name == "beat");
  BOOST_TEST(one->status().actors[3].restarts == 0u);

  BOOST_TEST(one->stop(20s) == "");
  one.reset();
  BOOST_TEST(trades_on(*other));
  BOOST_TEST(other->stop(20s) == "");
  BOOST_TEST(Journaled{dir / "one"}.of(EventType::actor_failed).size() == 0u);
  BOOST_TEST(Journaled{dir / "other"}.of(EventType::latch_engaged).size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_backtest_beside_a_live_system_gives_what_it_gives_alone) {
  const ScratchDir dir;
  const auto backtest = [&](const std::string& name) {
    const auto system = System::open_text(small().text(), options_in(dir / name, Runtime::sim));
    system->start();
    finish(*system);
    return system->summary();
  };
  const auto alone = backtest("alone");
  const auto live = System::open_text(endless().text(), options_in(dir / "live"));
  live->start();
  BOOST_TEST(trades_on(*live));
  const auto beside = backtest("beside");
  BOOST_TEST(trades_on(*live));
  BOOST_TEST(live->stop(20s) == "");
  BOOST_TEST(beside.head_hash == alone.head_hash);
  BOOST_TEST(beside.state_digest == alone.state_digest);
}

BOOST_AUTO_TEST_CASE(a_data_directory_belongs_to_one_system_at_a_time) {
  const ScratchDir dir;
  const auto first = System::open_text(small().text(), options_in(dir / "data"));
  const auto said = thrown<StoreError>([&] { System::open_text(small().text(), options_in(dir / "data")); });
  BOOST_TEST(said.find(dir / "data") != std::string::npos, said);
  BOOST_TEST(said.find("in use") != std::string::npos, said);
}
