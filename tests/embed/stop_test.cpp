// stop() returns by its deadline and says what it left, whatever hangs.
#include <atomic>

#include "embed/embed_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

/// A system whose threads hang is let go of as a whole; the leak checker, where there is one, is told.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:holdfast::System::open\nleak:CafSystem::start\n";
}

namespace {

Duration took(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::steady_clock::now() - begin;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_clean_stop_leaves_nothing_and_may_be_asked_for_twice) {
  const ScratchDir dir;
  std::vector<std::string> said;
  std::mutex mutex;
  auto options = options_in(dir / "data");
  options.log = [&](const LogLine& line) {
    const std::lock_guard lock{mutex};
    if (line.level != LogLine::Level::info) said.push_back(line.text);
  };
  const auto system = System::open_text(endless().text(), options);
  system->start();
  BOOST_TEST(until(*system, [](const auto& s) { return s.summary.counts.fills >= 3; }));
  BOOST_TEST(system->stop(20s) == "");
  BOOST_TEST(system->stop(20s) == "");
  BOOST_TEST(system->status().state == "stopped");
  BOOST_TEST(said.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_stop_while_the_disk_hangs_returns_and_says_what_is_not_durable) {
  const ScratchDir dir;
  const auto system = System::open_text(endless().text(), options_in(dir / "data"));
  system->start();
  BOOST_TEST(until(*system, [](const auto& s) { return s.summary.counts.fills >= 3; }));
  system->failpoints().set("journal.before_sync=pause");
  const auto head = system->status().head_seq;
  BOOST_TEST(until(*system, [&](const auto& s) { return s.head_seq > head + 100; }));
  std::string left;
  BOOST_TEST(took([&] { left = system->stop(1s); }).count() < Duration{5s}.count());
  const auto status = system->status();
  BOOST_TEST(left.find("the disk did not answer: nothing after event " + std::to_string(status.release_seq)) !=
                 std::string::npos,
             left);
  BOOST_TEST(status.release_seq < status.head_seq);
  system->failpoints().set("journal.before_sync=off");
}

BOOST_AUTO_TEST_CASE(a_stop_while_a_strategy_loops_returns_and_names_it) {
  auto& loops = shared_with<std::atomic<bool>>("strategy_looper", "looper_loops");
  auto& inside = shared_with<std::atomic<bool>>("strategy_looper", "looper_inside");
  const ScratchDir dir;
  Setup setup = endless();
  setup.strategies.emplace_back("looper", "plugin: looper, every: 20");
  auto options = options_in(dir / "data");
  options.plugins = wrong_and_built();
  const auto system = System::open_text(setup.text(), options);
  system->start();
  loops = true;
  BOOST_TEST(until(*system, [&](const auto&) { return inside.load(); }));
  std::string left;
  BOOST_TEST(took([&] { left = system->stop(1s); }).count() < Duration{5s}.count());
  BOOST_TEST(left.find("looper did not stop") != std::string::npos, left);
  BOOST_TEST(left.find("market did not stop") == std::string::npos, left);
  loops = false;
}
