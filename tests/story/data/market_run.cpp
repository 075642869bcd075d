#include "story/data/market_run.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <holdfast/config/load.hpp>
#include <holdfast/journal/verify.hpp>
#include <holdfast/runtime/replay.hpp>
#include <holdfast/runtime/stopped.hpp>
#include <ostream>

#include "plugin_fixture.hpp"
#include "test_data.hpp"

namespace holdfast::test {

namespace {

using Variables = std::map<std::string, std::string>;

/// Only what a test says: a variable of the person who runs it must not reach the plan.
Environment environment_of(const Market& market, const std::string& folder, const ScratchDir& scratch) {
  Variables all = market.variables;
  all["HOLDFAST_FEED"] = std::filesystem::absolute(std::filesystem::path{folder} / market.file).string();
  if (!market.book.empty())
    all["HOLDFAST_BOOK"] = std::filesystem::absolute(std::filesystem::path{folder} / market.book).string();
  all["HOLDFAST_ANCHORS"] = scratch / "anchors";
  return [all](const std::string& name) -> std::optional<std::string> {
    const auto at = all.find(name);
    return at == all.end() ? std::nullopt : std::optional{at->second};
  };
}

Plan plan_of(const Environment& environment) {
  const char* source = std::getenv("HOLDFAST_SOURCE");
  const auto loaded = load_plan(std::string{source == nullptr ? "." : source} + "/configs/replay.yaml", {}, environment);
  if (!loaded.plan) throw std::runtime_error{render(loaded, false)};
  return *loaded.plan;
}

std::array<std::uint64_t, 8> count_flaws(const std::string& data_dir) {
  std::array<std::uint64_t, 8> counts{};
  open_for_reading(data_dir)->scan(1, [&](const FramePtr& frame) {
    frame->for_each([&](const Event& e) {
      if (e.type() == EventType::bad_tick) ++counts.at(static_cast<std::size_t>(e.as<BadTick>().flaw));
      if (e.type() == EventType::quote) ++counts.at(static_cast<std::size_t>(e.as<Quote>().flaw));
    });
    return true;
  });
  return counts;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Market& market) { return out << market.name; }

Variables with(Variables base, const Variables& more) {
  for (const auto& [name, value] : more) base[name] = value;
  return base;
}

Variables equity(const std::string& symbol, const std::string& price) {
  return {{"HOLDFAST_FEED_FORMAT", "lean"}, {"HOLDFAST_INSTRUMENT", symbol}, {"HOLDFAST_CURRENCY", "USD"},
          {"HOLDFAST_TICK", "0.0001"},      {"HOLDFAST_LOT", "1"},           {"HOLDFAST_ORDER_SIZE", "10"},
          {"HOLDFAST_MAX_POSITION", "100"}, {"HOLDFAST_UTC_OFFSET", "-4h"},  {"HOLDFAST_PRICE", price}};
}

Variables fxcm_eurusd() {
  return {{"HOLDFAST_FEED_FORMAT", "lean"},    {"HOLDFAST_INSTRUMENT", "EURUSD"}, {"HOLDFAST_CURRENCY", "USD"},
          {"HOLDFAST_TICK", "0.00001"},        {"HOLDFAST_LOT", "1000"},          {"HOLDFAST_ORDER_SIZE", "10000"},
          {"HOLDFAST_MAX_POSITION", "100000"}, {"HOLDFAST_UTC_OFFSET", "-5h"},    {"HOLDFAST_QUOTE_SIZE", "1000000"}};
}

Variables lobster_aapl() {
  return {{"HOLDFAST_FEED_FORMAT", "lobster"}, {"HOLDFAST_INSTRUMENT", "AAPL"}, {"HOLDFAST_CURRENCY", "USD"},
          {"HOLDFAST_TICK", "0.01"},           {"HOLDFAST_LOT", "1"},           {"HOLDFAST_ORDER_SIZE", "10"},
          {"HOLDFAST_MAX_POSITION", "100"},    {"HOLDFAST_UTC_OFFSET", "-4h"},  {"HOLDFAST_DATE", "2012-06-21"}};
}

MarketRun run_market(const Market& market, const std::string& folder, System::Runtime runtime) {
  const ScratchDir scratch;
  const std::string data_dir = scratch / "data";
  PluginHost plugins{{(build_dir() / "plugins").string()}};
  MarketRun run;
  {
    const auto system = System::open(plan_of(environment_of(market, folder, scratch)), plugins,
                                     {.runtime = runtime, .data_dir = data_dir, .failpoints = {}, .log = {}});
    system->start();
    while (system->run_for(std::chrono::seconds{1})) {
    }
    run.undone = system->stop(std::chrono::seconds{30});
    run.failure = system->failure();
    run.summary = system->summary();
  }
  run.flaws = count_flaws(data_dir);
  const auto verified = verify_journal(data_dir, scratch / "anchors");
  run.tampered = verified.unreadable;
  for (const auto& found : verified.breaks) run.tampered += found.kind + ": " + found.what + "; ";
  run.anchored = verified.anchors > 0;
  for (const auto& actor : replay_journal(data_dir, plugins).actors)
    for (const auto& difference : actor.differences) run.not_reproduced += actor.name + ": " + difference + "; ";
  return run;
}

void check_sound(const MarketRun& run) {
  BOOST_TEST(run.failure == "");
  BOOST_TEST(run.undone == "");
  BOOST_TEST(run.summary.counts.orders > 0u);
  BOOST_TEST(run.summary.counts.fills > 0u);
  BOOST_TEST(!run.summary.positions.empty());
  BOOST_TEST(run.tampered == "");
  BOOST_TEST(run.anchored);
  BOOST_TEST(run.not_reproduced == "");
}

}  // namespace holdfast::test
