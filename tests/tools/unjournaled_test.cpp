// `journal: off` as people meet it: backtest without a trace, and refusals of all that needs one.
#include <boost/test/data/test_case.hpp>
#include <stdlib.h>

#include "program.hpp"

using namespace holdfast::test;
namespace data = boost::unit_test::data;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(unjournaled)

BOOST_AUTO_TEST_CASE(a_sweep_needs_no_disk_and_finds_what_a_journaled_backtest_finds) {
  const ScratchDir scratch;
  const auto file = small_system(scratch);
  const auto with = holdfast::test::holdfast({"backtest", file, "--json"});
  BOOST_REQUIRE_MESSAGE(with.code == 0, with.err);
  fs::create_directories(scratch / "tmp");
  fs::remove_all(scratch / "anchors");
  ::setenv("TMPDIR", (scratch / "tmp").c_str(), 1);
  const auto without = Program{scratch, {"backtest", file, "--set", "journal=off", "--json"}}.wait();
  ::unsetenv("TMPDIR");
  BOOST_REQUIRE_MESSAGE(without.code == 0, without.err);
  for (const char* same : {"ticks", "orders", "fills", "denied", "positions", "realized_pnl", "state_digest"})
    BOOST_TEST(without.json()[same] == with.json()[same], same);
  BOOST_TEST(without.json()["head_hash"] == "");
  BOOST_TEST(without.json()["fills"] > 0);
  BOOST_TEST(fs::is_empty(scratch / "tmp"));
  BOOST_TEST(!fs::exists(scratch / "anchors"));
  BOOST_TEST(without.err.find("audit: signs nothing: journal is off") != std::string::npos, without.err);
}

BOOST_AUTO_TEST_CASE(a_summary_says_that_there_was_no_journal) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"backtest", small_system(scratch, "2000"), "--set", "journal=off"});
  BOOST_TEST(ended.code == 0);
  BOOST_TEST(ended.out.find("  no journal\n") != std::string::npos, ended.out);
}

struct Refused {
  std::vector<std::string> arguments;
  std::string why;
};
std::ostream& operator<<(std::ostream& out, const Refused& r) {
  for (const auto& word : r.arguments) out << word << " ";
  return out;
}
const Refused kRefused[] = {
    {{"run", "--until-end"}, "error: a live system needs its journal, and journal is off\n"},
    {{"run", "--guard"}, "error: a live system needs its journal, and journal is off\n"},
    {{"backtest", "--data-dir", "d"}, "error: journal is off, so there is nothing to put into a data directory and nothing to resume\n"},
    {{"backtest", "--data-dir", "d", "--resume"}, "error: journal is off, so there is nothing to put into a data directory and nothing to resume\n"},
    {{"backtest", "--report", "r.html"}, "error: a report is read from the journal, and journal is off\n"}};

BOOST_DATA_TEST_CASE(what_needs_a_journal_is_refused_in_one_sentence_and_leaves_nothing, data::make(kRefused), refused) {
  const ScratchDir scratch;
  auto arguments = refused.arguments;
  for (auto& word : arguments)
    if (word == "d" || word == "r.html") word = scratch / word;
  if (arguments.front() == "run") arguments.insert(arguments.end(), {"--data-dir", scratch / "d"});
  arguments.insert(arguments.begin() + 1, small_system(scratch));
  arguments.insert(arguments.end(), {"--set", "journal=off"});
  const auto ended = holdfast::test::holdfast(arguments);
  BOOST_TEST(ended.code == 78);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(ended.err.find(refused.why + "  --> --set journal=off\n  help: take journal: off away, or ") == 0u, ended.err);
  BOOST_TEST(ended.err.find("1 error. Nothing was started.\n") != std::string::npos, ended.err);
  BOOST_TEST(!fs::exists(scratch / "d"));
  BOOST_TEST(!fs::exists(scratch / "r.html"));
}

BOOST_AUTO_TEST_SUITE_END()
