// check, plugin and the command line itself.
#include <boost/test/data/test_case.hpp>

#include "program.hpp"

using namespace holdfast::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(plan_verbs)

struct Wrong {
  std::vector<std::string> arguments;
  std::string message;
};
std::ostream& operator<<(std::ostream& out, const Wrong& w) { return out << w.message; }

const Wrong kWrong[] = {
    {{}, "A subcommand is required"},
    {{"chekc"}, "there is no verb 'chekc': did you mean 'check'?"},
    {{"check"}, "FILE is required"},
    {{"run", "x.yaml", "--speed", "fast"}, "'fast' is neither a positive number nor max"},
    {{"backtest", "x.yaml", "--resume"}, "--resume requires --data-dir"},
    {{"halt", "d", "--reason", "r"}, "--by is required"},
    {{"halt", "d", "--by", "ann"}, "--reason is required"},
    {{"halt", "d", "--by", "ann", "--reason", "r", "--scope", "strategy"}, "--scope strategy needs --target NAME"},
    {{"halt", "d", "--by", " ", "--reason", "r"}, "--by is empty: a latch has a named operator and a reason"},
    {{"journal", "show", "d"}, "what"},
};

BOOST_DATA_TEST_CASE(a_wrong_command_line_is_answered_with_64_and_a_sentence, data::make(kWrong), wrong) {
  const auto ended = holdfast::test::holdfast(wrong.arguments);
  BOOST_TEST(ended.code == 64);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(ended.err.find(wrong.message) != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_good_file_is_summed_up_in_one_line) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"check", small_system(scratch)});
  BOOST_TEST(ended.code == 0);
  BOOST_TEST(ended.out ==
             "OK: small: 7 actors (1 audit, 1 broker, 1 feed, 1 ledger, 1 risk, 2 strategy), 1 instrument, clock feed, seed 7\n");
  BOOST_TEST(ended.err == "");
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once_with_their_places) {
  const ScratchDir scratch;
  const auto file = small_system(scratch);
  const auto ended = holdfast::test::holdfast({"check", file, "--json", "--set", "actors.trend.settings.strategy.fsat=3",
                                               "--set", "actors.venue.settings.broker.plugin=papr"});
  BOOST_TEST(ended.code == 78);
  const auto json = ended.json();
  BOOST_TEST(json["schema"] == "holdfast.check/1");
  BOOST_TEST(json["ok"] == false);
  BOOST_TEST(json["problems"].size() == 2u);
  BOOST_TEST(ended.err.find("did you mean 'fast'?") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("2 errors. Nothing was started.") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_broker_with_a_venue_outside_does_not_go_with_the_time_of_recorded_data) {
  const char* source = std::getenv("HOLDFAST_SOURCE");
  const auto file = std::string{source == nullptr ? "." : source} + "/configs/fix.yaml";
  BOOST_TEST(holdfast::test::holdfast({"check", file}).code == 0);
  const auto ended = holdfast::test::holdfast({"check", file, "--set", "system.clock=feed"});
  BOOST_TEST(ended.code == 78);
  BOOST_TEST(ended.err.find("reaches a venue outside, whose time does not wait for the data's") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("write `clock: wall` under system") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("1 error.") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_run_of_a_wrong_file_leaves_nothing_behind) {
  const ScratchDir scratch;
  const auto file = small_system(scratch);
  for (const char* verb : {"run", "backtest"}) {
    const auto ended = holdfast::test::holdfast({verb, file, "--data-dir", scratch / "d", "--set", "actors.trend.settings.strategy.fast=-1"});
    BOOST_TEST(ended.code == 78);
    BOOST_TEST(!std::filesystem::exists(scratch / "d"));
  }
}

BOOST_AUTO_TEST_CASE(plugins_are_listed_and_shown_with_their_settings) {
  const auto list = holdfast::test::holdfast({"plugin", "list", "--json"});
  BOOST_TEST(list.code == 0);
  BOOST_TEST(list.json()["schema"] == "holdfast.plugins/1");
  bool found = false;
  const auto listed = list.json();
  for (const auto& plugin : listed["plugins"])
    found = found || (plugin["kind"] == "strategy" && plugin["name"] == "crossover" && plugin["usable"] == true);
  BOOST_TEST(found);
  const auto shown = holdfast::test::holdfast({"plugin", "show", "crossover", "--json"});
  BOOST_TEST(shown.code == 0);
  const auto settings = shown.json()["plugins"][0]["settings"];
  BOOST_TEST(settings[0]["name"] == "instrument");
  BOOST_TEST(settings[0]["required"] == true);
  BOOST_TEST(holdfast::test::holdfast({"plugin", "show", "crossover"}).out.find("slow") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_plugin_is_answered_with_the_nearest_name) {
  const auto ended = holdfast::test::holdfast({"plugin", "show", "crosover"});
  BOOST_TEST(ended.code == 1);
  BOOST_TEST(ended.err == "error: there is no plugin 'crosover'; did you mean 'crossover'?\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_library_is_refused) {
  const ScratchDir scratch;
  std::ofstream{scratch / "strategy_text.so"} << "words";
  const auto ended = holdfast::test::holdfast({"plugin", "verify", scratch / "strategy_text.so", "--json"});
  BOOST_TEST(ended.code == 1);
  BOOST_TEST(ended.json()["plugin"]["usable"] == false);
  BOOST_TEST(ended.json()["plugin"]["refusals"][0]["field"] == "file");
  BOOST_TEST(ended.json()["plugin"]["refusals"][0]["expected"] == "a shared library");
  BOOST_TEST(ended.err.find("is not a shared library (build the plugin with -shared, or remove the file)") != std::string::npos);
  const std::string good = std::string{std::getenv("HOLDFAST_BUILD")} + "/plugins/strategy_crossover.so";
  BOOST_TEST(holdfast::test::holdfast({"plugin", "verify", good}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_strategy_that_left_something_is_asked_about_before_the_system_is_started_without_it) {
  const ScratchDir scratch;
  const std::string file = small_system(scratch), without = scratch / "without.yaml", data = scratch / "data";
  BOOST_TEST_REQUIRE(holdfast::test::holdfast({"backtest", file, "--data-dir", data}).code == 0);
  {
    std::ifstream in{file};
    std::ofstream out{without};
    for (std::string line; std::getline(in, line);)
      if (line.find("name: trend") == std::string::npos) out << line << '\n';
  }
  BOOST_TEST(holdfast::test::holdfast({"check", file, "--data", data}).code == 0);
  BOOST_TEST(holdfast::test::holdfast({"check", without}).code == 0);
  const std::string why = "the strategy 'trend' is not declared any more, and still has ";
  for (const auto& words : {std::vector<std::string>{"check", without, "--data", data},
                            std::vector<std::string>{"backtest", without, "--data-dir", data, "--resume"}}) {
    const auto refused = holdfast::test::holdfast(words);
    BOOST_TEST(refused.code == 78);
    BOOST_TEST(refused.err.find(why) != std::string::npos, refused.err);
    BOOST_TEST(refused.err.find("write removed: { trend: cancel }") != std::string::npos, refused.err);
  }
  BOOST_TEST(holdfast::test::holdfast({"check", without, "--data", data, "--set", "removed.trend=flatten"}).code == 0);
  BOOST_TEST(holdfast::test::holdfast({"check", without, "--data", data, "--set", "removed.trend.hand_over=mean"}).code == 0);
  BOOST_TEST(holdfast::test::holdfast({"check", without, "--data", scratch / "nowhere"}).code == 69);
}

BOOST_AUTO_TEST_SUITE_END()
