// plugin new: what it writes, and when it writes nothing.
#include <boost/test/data/test_case.hpp>
#include <regex>

#include "program.hpp"

using namespace holdfast::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(plugin_new)

BOOST_AUTO_TEST_CASE(a_project_has_all_its_files_and_no_blank_left_to_fill) {
  const std::regex blank{R"(\{\{\w+\}\})"};
  for (const std::string kind : {"strategy", "feed", "broker", "risk_rule", "notifier"}) {
    const ScratchDir scratch;
    const std::string dir = scratch / "deep/my_own";
    const auto ended = holdfast::test::holdfast({"plugin", "new", kind, "my_own", "--dir", dir, "--json"});
    BOOST_TEST(ended.code == 0, ended.err);
    BOOST_TEST(ended.json()["schema"] == "holdfast.plugin_new/1");
    const auto files = ended.json()["files"];
    BOOST_TEST(files.size() == (kind == "strategy" ? 8u : kind == "broker" || kind == "feed" ? 7u : 6u));
    for (const std::string file : files) {
      const std::string text = text_of_file(dir + "/" + file);
      BOOST_TEST(!text.empty(), file);
      BOOST_TEST(!std::regex_search(text, blank), file << ":\n" << text);
    }
    BOOST_TEST(text_of_file(dir + "/my_own.cpp").find("class MyOwn") != std::string::npos);
  }
}

BOOST_DATA_TEST_CASE(a_name_that_will_not_do_is_refused,
                     boost::unit_test::data::make({"My", "1st", "a-b", "../x", "", "a b", "x;y", "a_name_that_is_longer_than_anybody_would_type"})) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"plugin", "new", "strategy", sample, "--dir", scratch / "d"});
  BOOST_TEST(ended.code == 64);
  BOOST_TEST(ended.err.find("is no name for a plugin: write at most 40 small letters, digits and _") != std::string::npos, ended.err);
  BOOST_TEST(!fs::exists(scratch / "d"));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_refused) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"plugin", "new", "strategy", "crossover", "--dir", scratch / "d"});
  BOOST_TEST(ended.code == 64);
  BOOST_TEST(ended.err.find("there is a strategy 'crossover' already") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_folder_with_something_in_it_is_left_as_it_is) {
  const ScratchDir scratch;
  std::ofstream{scratch / "mine.txt"} << "precious";
  const auto full = holdfast::test::holdfast({"plugin", "new", "feed", "ticker", "--dir", scratch.str()});
  BOOST_TEST(full.code == 64);
  BOOST_TEST(full.err == "error: " + scratch.str() + " is not empty: name a folder that is empty or does not exist\n");
  const auto file = holdfast::test::holdfast({"plugin", "new", "feed", "ticker", "--dir", scratch / "mine.txt"});
  BOOST_TEST(file.code == 64);
  BOOST_TEST(file.err.find("is a file: name a folder") != std::string::npos, file.err);
  BOOST_TEST(text_of_file(scratch / "mine.txt") == "precious");
}

BOOST_AUTO_TEST_CASE(a_kind_nobody_knows_is_refused) {
  BOOST_TEST(holdfast::test::holdfast({"plugin", "new", "oracle", "delphi"}).code == 64);
}

BOOST_AUTO_TEST_CASE(a_plugin_is_shown_with_how_it_is_written_and_what_it_hides) {
  const ScratchDir scratch;
  const std::string built = std::string{std::getenv("HOLDFAST_BUILD")} + "/plugins/strategy_crossover.so";
  fs::copy_file(built, scratch / "strategy_crossover.so");
  const auto shown = holdfast::test::holdfast({"--plugin-path", scratch.str(), "plugin", "show", "crossover"});
  BOOST_TEST(shown.code == 0, shown.err);
  for (const std::string& part : {"path    " + scratch.str() + "/strategy_crossover.so\n", std::string{"\nsha256  "}, std::string{"\nsdk     1\n"},
                                 std::string{"\nabi     compiler="}, "\nhides   " + built + "\n", std::string{"actor: strategy\n"},
                                 std::string{"      instrument: BTCUSDT"}, std::string{"      # slow: 100"}})
    BOOST_TEST(shown.out.find(part) != std::string::npos, part << " is not in\n" << shown.out);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(plugins_are_looked_for_nearest_to_the_person_first) {
  const ScratchDir scratch;
  const std::string built = std::string{std::getenv("HOLDFAST_BUILD")} + "/plugins/strategy_crossover.so";
  const std::string folders[] = {scratch / "flag", scratch / "variable", scratch / "plan", scratch / "data/holdfast/plugins"};
  for (const auto& folder : folders) {
    fs::create_directories(folder);
    fs::copy_file(built, folder + "/strategy_crossover.so");
  }
  ::setenv("HOLDFAST_PLUGIN_PATH", folders[1].c_str(), 1);
  ::setenv("XDG_DATA_HOME", (scratch / "data").c_str(), 1);
  // A pin that nothing fulfils names the library that was chosen.
  const auto chosen = [&] {
    return holdfast::test::holdfast({"--plugin-path", folders[0], "check", small_system(scratch), "--set", "plugins.path=[" + folders[2] + "]",
                                     "--set", "plugins.pins.strategy_crossover=" + std::string(64, '0')}).err;
  };
  for (const auto& folder : folders) {
    const std::string library = folder + "/strategy_crossover.so", said = chosen();
    BOOST_TEST(said.find(library + " has SHA-256 ") != std::string::npos, library << " is not in\n" << said);
    fs::remove(library);
  }
  const std::string said = chosen();
  BOOST_TEST(said.find(built + " has SHA-256 ") != std::string::npos, said);
  ::unsetenv("HOLDFAST_PLUGIN_PATH");
  ::unsetenv("XDG_DATA_HOME");
}
