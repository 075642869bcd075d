// Ways to open a system, what it says about mistakes, and what the host may lend it.
#include <fstream>
#include <holdfast/config/build.hpp>

#include "embed/embed_fixture.hpp"
#include "tools/program.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

/// The plan of small(), made without YAML.
Plan plan_in_code() {
  using namespace holdfast::build;
  Plan plan;
  plan.name = "test";
  plan.clock = Plan::Clock::feed;
  plan.seed = 7;
  plan.instruments = {instrument("BTC", "0.01", "0.001", "USD")};
  const auto rules = list({map({{"plugin", "fat_finger"}, {"max_quantity", 1000}, {"max_notional", 10'000'000}})});
  const auto beat = map({{"plugin", "metronome"}, {"instrument", "BTC"}, {"every", 100}});
  const auto source = map({{"plugin", "synthetic"}, {"instruments", list({"BTC"})}, {"start_price", 100}, {"ticks", 5000}});
  plan.tree.children = {actor("ledger", "ledger"),
                        actor("risk", "risk", map({{"rules", rules}})),
                        actor("venue", "broker", map({{"broker", map({{"plugin", "paper"}})}})),
                        actor("beat", "strategy", map({{"strategy", beat}})),
                        actor("market", "feed", map({{"speed", 0}, {"source", source}}))};
  return plan;
}

RunSummary backtest(std::unique_ptr<System> system) {
  system->start();
  finish(*system);
  return system->summary();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_plan_made_in_code_trades_as_the_same_plan_in_yaml) {
  const ScratchDir dir;
  const auto from_yaml = backtest(System::open_text(small().text(), options_in(dir / "yaml", Runtime::sim)));
  const auto from_code = backtest(System::open(plan_in_code(), options_in(dir / "code", Runtime::sim)));
  BOOST_TEST(from_code.counts.fills == 50u);
  BOOST_TEST(from_code.counts.ticks == from_yaml.counts.ticks);
  BOOST_TEST(from_code.state_digest == from_yaml.state_digest);
}

BOOST_AUTO_TEST_CASE(a_plan_made_in_code_is_told_which_actor_is_wrong) {
  const ScratchDir dir;
  Plan plan = plan_in_code();
  plan.tree.children.push_back(build::actor("odd", "strategy", build::map({{"strategy", build::map({{"plugin", "metronom"}})}})));
  plan.tree.children.push_back(build::actor("other", "feeed"));
  const auto said = thrown<PlanRefused>([&] { System::open(plan, options_in(dir / "data")); });
  BOOST_TEST(said.find("actor odd") != std::string::npos, said);
  BOOST_TEST(said.find("did you mean 'metronome'?") != std::string::npos, said);
  BOOST_TEST(said.find("actor other") != std::string::npos, said);
  BOOST_TEST(said.find("2 errors. Nothing was started.") != std::string::npos, said);
  BOOST_TEST(!std::filesystem::exists(dir / "data"));
}

BOOST_AUTO_TEST_CASE(the_error_shows_every_mistake_in_its_line) {
  const ScratchDir dir;
  auto text = small().text();
  text.replace(text.find("plugin: metronome"), 17, "plugin: metronom ");
  text.replace(text.find("max_quantity"), 12, "max_quantiti");
  const auto said = thrown<PlanRefused>([&] { System::open_text(text, options_in(dir / "data")); });
  BOOST_TEST(said.find("error: there is no strategy plugin 'metronom'") != std::string::npos, said);
  BOOST_TEST(said.find("did you mean 'metronome'?") != std::string::npos, said);
  BOOST_TEST(said.find("max_quantiti") != std::string::npos, said);
  BOOST_TEST(said.find("^^^^^^^^") != std::string::npos, said);
  BOOST_TEST(said.find("errors. Nothing was started.") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_and_a_missing_data_directory_are_said) {
  const auto file = thrown<PlanRefused>([] { System::open_file("nowhere.yaml", {}); });
  BOOST_TEST(file.find("nowhere.yaml") != std::string::npos, file);
  const auto place = thrown<PlanRefused>([] { System::open_text(small().text(), {}); });
  BOOST_TEST(place.find("the system has no data directory") != std::string::npos, place);
}

BOOST_AUTO_TEST_CASE(a_plan_may_say_where_its_data_lies) {
  const ScratchDir dir;
  const std::string file = dir / "small.yaml";
  auto text = small().text();
  text.replace(text.find("name: test"), 10, "name: test, data_dir: there");
  std::ofstream{file} << text;
  backtest(System::open_file(file, options_in("", Runtime::sim)));
  BOOST_TEST(std::filesystem::exists(dir / "there/holdfast.store"));
}

BOOST_AUTO_TEST_CASE(the_host_decides_what_variables_stand_for_and_overrides_values) {
  const ScratchDir dir;
  auto options = options_in(dir / "data", Runtime::sim);
  options.environment = [](const std::string& name) {
    return name == "BEAT" ? std::optional<std::string>{"50"} : std::nullopt;
  };
  options.overrides = {"actors.market.settings.source.ticks=1000", "actors.beat.settings.strategy.every=${BEAT}"};
  const auto summary = backtest(System::open_text(small().text(), options));
  BOOST_TEST(summary.counts.ticks < 1500u);
  BOOST_TEST(summary.counts.fills == 20u);
}

BOOST_AUTO_TEST_CASE(a_plugin_linked_into_the_program_trades_like_a_loaded_one) {
  const ScratchDir dir;
  const Setup setup = with_linked();
  auto options = knowing_the_key(options_in(dir / "data", Runtime::sim));
  options.plugins = std::make_shared<PluginHost>();
  BOOST_TEST(options.plugins->add(holdfast_plugin_strategy_linked()).empty());
  const auto summary = backtest(System::open_text(setup.text(), options));
  BOOST_TEST(summary.counts.fills == 1u);
  const auto alone = thrown<PlanRefused>([&] { System::open_text(setup.text(), options_in(dir / "other")); });
  BOOST_TEST(alone.find("there is no strategy plugin 'linked'") != std::string::npos, alone);
}

BOOST_AUTO_TEST_CASE(secrets_come_from_the_host_and_are_missed_by_name) {
  const ScratchDir dir;
  auto options = options_in(dir / "data", Runtime::sim);
  options.plugins = std::make_shared<PluginHost>();
  BOOST_TEST(options.plugins->add(holdfast_plugin_strategy_linked()).empty());
  const auto none = thrown<PlanRefused>([&] { System::open_text(with_linked().text(), options); });
  BOOST_TEST(none.find("desk/key") != std::string::npos, none);
  BOOST_TEST(!std::filesystem::exists(dir / "data"));
  BOOST_TEST(backtest(System::open_text(with_linked().text(), knowing_the_key(options))).counts.fills == 1u);
  for (const auto& file : std::filesystem::recursive_directory_iterator{dir / "data"})
    if (file.is_regular_file())
      BOOST_TEST(text_of_file(file.path()).find("open sesame") == std::string::npos, file.path());
}

BOOST_AUTO_TEST_CASE(the_clock_of_the_host_is_the_time_of_a_live_system) {
  const ScratchDir dir;
  const Time begin{2'208'988'800'000'000'000};  // In 2040.
  const auto started = std::chrono::steady_clock::now();
  Setup setup = endless();
  setup.clock = "wall";
  auto options = options_in(dir / "data");
  options.clock = [&] { return begin + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started); };
  const auto system = System::open_text(setup.text(), options);
  system->start();
  BOOST_TEST(until(*system, [](const auto& s) { return s.summary.counts.fills >= 3; }));
  BOOST_TEST(system->stop(20s) == "");
  const Journaled journal{dir / "data"};
  for (const auto& e : journal.events()) {
    BOOST_TEST(e.time().ns >= begin.ns);
    BOOST_TEST(e.time().ns < (begin + std::chrono::minutes{5}).ns);
  }
  BOOST_TEST(journal.events().size() > 10u);
}

BOOST_AUTO_TEST_CASE(durable_events_are_read_in_pieces_beside_a_running_system) {
  const ScratchDir dir;
  std::vector<std::uint64_t> seen;
  {
    const auto system = System::open_text(endless().text(), options_in(dir / "data"));
    system->start();
    std::uint64_t next = 1;
    const auto read = [&](std::size_t most) {
      std::size_t count = 0;
      next = system->events(next, [&](const Event& e) {
        BOOST_TEST(e.seq() <= system->status().release_seq);
        seen.push_back(e.seq());
        return ++count < most;
      });
      return count;
    };
    BOOST_TEST(until(*system, [&](const auto& s) { return read(7), s.summary.counts.fills >= 20; }));
    BOOST_TEST(system->record().find("beat") != nullptr);
    BOOST_TEST(system->stop(20s) == "");
    while (read(7) > 0) continue;
    BOOST_TEST(next == system->status().head_seq + 1);
  }
  std::vector<std::uint64_t> all;
  const Journaled journal{dir / "data"};
  for (const auto& e : journal.events()) all.push_back(e.seq());
  BOOST_TEST(seen == all, boost::test_tools::per_element());
}
