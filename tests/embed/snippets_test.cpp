// The code in docs/embed.md, as it stands there, compiled and run.
#include <fstream>
#include <holdfast/config/build.hpp>
#include <set>
#include <sstream>

#include "embed/embed_fixture.hpp"
#include "tools/program.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

/// The program around the system.
struct Firm {
  std::mutex mutex;
  std::vector<std::string> lines;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();

  void write(const std::string& who, const std::string& what) {
    const std::lock_guard lock{mutex};
    lines.push_back(who + ": " + what);
  }
  std::int64_t nanoseconds() const {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin).count() + 1'000'000'000;
  }
  std::optional<std::string> variable(const std::string& name) const {
    return name == "BEAT" ? std::optional<std::string>{"20"} : std::nullopt;
  }
  void book(std::uint64_t order) { booked.insert(order); }
  std::set<std::uint64_t> booked;
};

/// Code blocks of a document, without the marks around them.
std::vector<std::string> blocks_in(const std::string& document) {
  std::vector<std::string> out;
  std::istringstream in{text_of_file(document)};
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = !inside && (line == "```cpp" || line == "```c" || line == "```py" || line == "```cmake");
      if (inside) out.emplace_back();
    } else if (inside) {
      out.back() += line + "\n";
    }
  }
  return out;
}

/// Without indentation, which depends on where code stands.
std::string flat(const std::string& text) {
  std::string out;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    if (const auto first = line.find_first_not_of(' '); first != std::string::npos) out += line.substr(first) + "\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(snippets)

BOOST_AUTO_TEST_CASE(code_in_the_document_is_code_that_is_compiled_and_run) {
  const std::string root = std::string{std::getenv("HOLDFAST_SOURCE")} + "/";
  std::string compiled;
  for (const char* file : {"examples/embed/main.cpp", "examples/embed/CMakeLists.txt", "examples/c/main.c",
                           "examples/python/holdfast_example.py", "tests/embed/snippets_test.cpp",
                           "tests/embed/CMakeLists.txt"})
    compiled += flat(text_of_file(root + file));
  const auto blocks = blocks_in(root + "docs/embed.md");
  BOOST_TEST(blocks.size() >= 7u);
  for (const auto& block : blocks)
    BOOST_TEST(compiled.find(flat(block)) != std::string::npos, "nothing compiles this:\n" << block);
}

BOOST_AUTO_TEST_CASE(the_host_lends_its_log_its_clock_and_its_variables) {
  const ScratchDir dir;
  Firm firm;
  Setup setup = endless();
  setup.clock = "wall";
  const std::string yaml = setup.text();
  System::Options options;
  options.data_dir = dir / "data";
  options.overrides = {"actors.beat.settings.strategy.every=${BEAT}"};
  options.log = [&](const LogLine& line) { firm.write(line.actor, line.text); };
  options.clock = [&] { return Time{firm.nanoseconds()}; };
  options.environment = [&](const std::string& name) { return firm.variable(name); };
  const auto system = System::open_text(yaml, options);
  system->start();
  system->crash("beat", "a drill");
  BOOST_TEST(until(*system, [&](const auto& s) {
    return s.actors[3].restarts == 1 && s.summary.counts.fills > 2;
  }));
  std::string left = system->stop(10s);
  BOOST_TEST(left == "");
  BOOST_TEST(firm.lines.front() == "beat: failed: a drill");
  const Journaled journal{dir / "data"};
  BOOST_TEST(journal.events().back().time().str().substr(0, 4) == "1970");
}

BOOST_AUTO_TEST_CASE(a_plan_is_made_in_code) {
  const ScratchDir dir;
  const auto options = options_in(dir / "data", Runtime::sim);
  using namespace holdfast::build;
  Plan plan;
  plan.name = "desk";
  plan.clock = Plan::Clock::feed;
  plan.instruments = {instrument("BTC", "0.01", "0.001", "USD")};
  plan.tree.children = {
      actor("ledger", "ledger"),
      actor("risk", "risk", map({{"rules", list({map({{"plugin", "fat_finger"}, {"max_quantity", "0.5"}})})}})),
      actor("venue", "broker", map({{"broker", map({{"plugin", "paper"}})}})),
      actor("trend", "strategy",
            map({{"strategy", map({{"plugin", "crossover"}, {"instrument", "BTC"}, {"size", "0.1"}})}})),
      actor("market", "feed",
            map({{"speed", 0},
                 {"source", map({{"plugin", "synthetic"}, {"instruments", list({"BTC"})},
                                 {"start_price", 100}, {"ticks", 20'000}})}})),
  };
  const auto system = System::open(plan, options);
  system->start();
  finish(*system);
  BOOST_TEST(system->summary().counts.fills > 0u);
}

BOOST_AUTO_TEST_CASE(a_plugin_is_linked_in) {
  const ScratchDir dir;
  auto options = knowing_the_key(options_in(dir / "data", Runtime::sim));
  options.plugins = std::make_shared<PluginHost>();
  Problems problems = options.plugins->add(holdfast_plugin_strategy_linked());
  BOOST_TEST(problems.empty());
  BOOST_TEST(System::open_text(with_linked().text(), options) != nullptr);
}

BOOST_AUTO_TEST_CASE(events_are_read_in_order_and_each_once) {
  const ScratchDir dir;
  Firm firm;
  const auto system = System::open_text(small().text(), options_in(dir / "data", Runtime::sim));
  system->start();
  std::uint64_t next = 1;  // Or where you stopped reading the last time.
  while (system->run_for(100ms))
    next = system->events(next, [&](const Event& event) {
      if (event.type() == EventType::order_filled) firm.book(event.as<OrderFilled>().cl_ord_id.value);
      return true;
    });
  BOOST_TEST(system->stop(10s) == "");
  system->events(next, [&](const Event& event) {
    if (event.type() == EventType::order_filled) firm.book(event.as<OrderFilled>().cl_ord_id.value);
    return true;
  });
  BOOST_TEST(firm.booked.size() == 50u);
}

BOOST_AUTO_TEST_SUITE_END()
