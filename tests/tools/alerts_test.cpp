// Plugins in a whole system as people run it: one that tells them, and ones that must not start.
#include "program.hpp"

using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(plugins_in_a_system)

BOOST_AUTO_TEST_CASE(a_notifier_tells_of_a_latch_that_an_operator_engages) {
  const ScratchDir scratch;
  const std::string file = small_system(scratch, "0", 20), alerts = scratch / "alerts.log";
  std::ofstream{file, std::ios::app} << "    - { name: pager, actor: notifier, settings: { least: warning, notifier: { plugin: file, path: "
                                     << alerts << " } } }\n";
  Program program{scratch, {"run", file, "--data-dir", scratch / "d"}};
  BOOST_TEST_REQUIRE(wait_until([&] {
    return holdfast::test::holdfast({"status", scratch / "d", "--json"}).out.find("\"ready\"") != std::string::npos;
  }));
  BOOST_TEST(holdfast::test::holdfast({"halt", scratch / "d", "--by", "ann", "--reason", "odd fills"}).code == 0);
  BOOST_TEST(wait_until([&] { return text_of_file(alerts).find(" the system is HALTED, by ann: odd fills\n") != std::string::npos; }));
  program.signal(SIGTERM);
  const auto ended = program.wait();
  BOOST_TEST(ended.code == 0, ended.err);
  BOOST_TEST(holdfast::test::holdfast({"journal", "verify", scratch / "d"}).code == 3);  // Intact; nothing was anchored here.
  const std::string told = text_of_file(alerts);
  // Started again, it does not tell the same again.
  Program again{scratch, {"run", file, "--data-dir", scratch / "d"}};
  BOOST_TEST_REQUIRE(wait_until([&] {
    return holdfast::test::holdfast({"status", scratch / "d", "--json"}).out.find("\"ready\"") != std::string::npos;
  }));
  again.signal(SIGTERM);
  again.wait();
  BOOST_TEST(text_of_file(alerts) == told);
}

BOOST_AUTO_TEST_CASE(a_library_that_ends_its_process_while_it_is_loaded_ends_no_system) {
  const ScratchDir scratch;
  const std::string file = small_system(scratch), folder = std::string{std::getenv("HOLDFAST_BUILD")} + "/tests_plugins";
  for (const char* verb : {"check", "run", "backtest"}) {
    std::vector<std::string> words{"--plugin-path", folder, verb, file, "--set", "actors.trend.settings.strategy={plugin: static_exits}"};
    if (std::string{verb} != "check") words.insert(words.end(), {"--data-dir", scratch / "d"});
    const auto ended = holdfast::test::holdfast(words);
    BOOST_TEST(ended.code == 78);
    BOOST_TEST(ended.err.find("strategy_static_exits.so exited with code 3 while it was loaded") != std::string::npos, ended.err);
    BOOST_TEST(ended.err.find("1 error. Nothing was started.") != std::string::npos, ended.err);
    BOOST_TEST(!std::filesystem::exists(scratch / "d"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
