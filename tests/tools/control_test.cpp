// status, halt and resume, of a running system, a stopped one and one that hangs.
#include <sys/stat.h>

#include <holdfast/runtime/latch_file.hpp>

#include "program.hpp"

using namespace holdfast::test;

namespace {

std::vector<std::string> latch_verb(const std::string& verb, const std::string& dir, std::vector<std::string> more = {}) {
  std::vector<std::string> out{verb, dir, "--by", "ann", "--reason", "odd fills", "--json"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

bool is_ready(const std::string& dir) {
  const auto status = holdfast::test::holdfast({"status", dir, "--json"});
  return status.code == 0 && status.json()["state"] == "ready";
}

struct Stopped {
  ScratchDir scratch;
  std::string file = small_system(scratch), dir = scratch / "d";
  Stopped() {
    const auto ended = holdfast::test::holdfast({"backtest", file, "--data-dir", dir});
    if (ended.code != 0) throw std::runtime_error{ended.err};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(control)

BOOST_AUTO_TEST_CASE(a_running_system_tells_its_status_to_its_own_user_only) {
  const ScratchDir scratch;
  const auto dir = scratch / "d";
  Program program{scratch, {"run", small_system(scratch, "0", 20), "--data-dir", dir}};
  BOOST_REQUIRE(wait_until([&] { return is_ready(dir); }));
  const auto status = holdfast::test::holdfast({"status", dir, "--json"}).json();
  BOOST_TEST(status["schema"] == "holdfast.status/1");
  BOOST_TEST(status["running"] == true);
  BOOST_TEST(status["pid"] == program.pid());
  BOOST_TEST(status["actors"].size() == 7u);
  struct stat info {};
  BOOST_TEST(::stat((dir + "/control.sock").c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600u);
  program.signal(SIGTERM);
  BOOST_TEST(program.wait().code == 0);
  BOOST_TEST(!std::filesystem::exists(dir + "/control.sock"));
}

BOOST_AUTO_TEST_CASE(halt_and_resume_of_a_running_system_are_durable) {
  const ScratchDir scratch;
  const auto dir = scratch / "d";
  Program program{scratch, {"run", small_system(scratch, "0", 20), "--data-dir", dir}};
  BOOST_REQUIRE(wait_until([&] { return is_ready(dir); }));
  const auto halted = holdfast::test::holdfast(latch_verb("halt", dir)).json();
  BOOST_TEST(halted["effective"] == true);
  BOOST_TEST(halted["durable"] == true);
  BOOST_TEST(halted["running"] == true);
  const auto latches = holdfast::test::holdfast({"status", dir, "--json"}).json()["latches"];
  BOOST_REQUIRE(latches.size() == 1u);
  BOOST_TEST(latches[0]["who"] == "ann");
  BOOST_TEST(latches[0]["why"] == "odd fills");
  const auto released = holdfast::test::holdfast(latch_verb("resume", dir)).json();
  BOOST_TEST(released["released"] == true);
  BOOST_TEST(holdfast::test::holdfast({"status", dir, "--json"}).json()["latches"].empty());
  BOOST_TEST(holdfast::test::holdfast(latch_verb("resume", dir)).json()["released"] == false);
  program.signal(SIGTERM);
  BOOST_TEST(program.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(a_misspelt_target_halts_nothing_and_says_so) {
  const ScratchDir scratch;
  const auto dir = scratch / "d";
  Program program{scratch, {"run", small_system(scratch, "0", 20), "--data-dir", dir}};
  BOOST_REQUIRE(wait_until([&] { return is_ready(dir); }));
  const auto ended = holdfast::test::holdfast(latch_verb("halt", dir, {"--scope", "strategy", "--target", "trned"}));
  BOOST_TEST(ended.code == 64);
  BOOST_TEST(ended.err.find("nothing is halted") != std::string::npos, ended.err);
  BOOST_TEST(holdfast::LatchFile{dir + "/latches"}.engaged().empty());
}

BOOST_AUTO_TEST_CASE(halt_works_while_the_disk_hangs_and_survives_a_kill) {
  const ScratchDir scratch;
  const auto dir = scratch / "d";
  const auto file = small_system(scratch, "0", 20);
  {
    Program program{scratch, {"run", file, "--data-dir", dir, "--failpoints", "journal.before_sync=pause@20"}};
    // The disk hangs when what is durable stands still while the head goes on.
    std::uint64_t durable = 0;
    int still = 0;
    BOOST_REQUIRE(wait_until([&] {
      const auto ended = holdfast::test::holdfast({"status", dir, "--json"});
      if (ended.code != 0 || ended.json()["running"] != true) return false;
      const auto status = ended.json();
      if (status["release_seq"] != durable) {
        durable = status["release_seq"];
        still = 0;
      }
      return durable > 0 && status["head_seq"].get<std::uint64_t>() > durable && ++still > 25;
    }));
    const auto halted = holdfast::test::holdfast(latch_verb("halt", dir)).json();
    BOOST_TEST(halted["effective"] == true);
    BOOST_TEST(halted["durable"] == false);
    BOOST_TEST((holdfast::LatchFile{dir + "/latches"}.level("trend", "BTCUSDT") == holdfast::LatchLevel::halted));
    program.signal(SIGKILL);
    program.wait();
  }
  Program again{scratch, {"run", file, "--data-dir", dir}};
  BOOST_REQUIRE(wait_until([&] { return is_ready(dir); }));
  BOOST_TEST(holdfast::test::holdfast({"status", dir, "--json"}).json()["latches"].size() == 1u);
  again.signal(SIGTERM);
  BOOST_TEST(again.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(a_stopped_store_is_halted_in_its_file_and_resumed_in_its_journal) {
  const Stopped stopped;
  const auto& dir = stopped.dir;
  const auto before = holdfast::test::holdfast({"status", dir, "--json"}).json();
  BOOST_TEST(before["state"] == "stopped");
  BOOST_TEST(before["running"] == false);
  const auto halted = holdfast::test::holdfast(latch_verb("halt", dir, {"--scope", "instrument", "--target", "BTCUSDT", "--level", "reducing"})).json();
  BOOST_TEST(halted["durable"] == false);
  BOOST_TEST(halted["running"] == false);
  const auto latched = holdfast::test::holdfast({"status", dir, "--json"}).json();
  BOOST_REQUIRE(latched["latches"].size() == 1u);
  BOOST_TEST(latched["latches"][0]["level"] == "REDUCING");
  const auto released = holdfast::test::holdfast(latch_verb("resume", dir, {"--scope", "instrument", "--target", "BTCUSDT"})).json();
  BOOST_TEST(released["released"] == true);
  BOOST_TEST(holdfast::LatchFile{dir + "/latches"}.engaged().empty());
  // Both the latch that only the file knew and its release are in the journal now.
  const auto tail = holdfast::test::holdfast({"journal", "show", dir, "--tail", "2", "--json"}).json()["events"];
  BOOST_TEST(tail[0]["type"] == "LatchEngaged");
  BOOST_TEST(tail[1]["type"] == "LatchReleased");
  BOOST_TEST(tail[1]["text"] == "ann\nodd fills");
  BOOST_TEST(tail[1]["seq"] == before["head_seq"].get<int>() + 2);
  BOOST_TEST(holdfast::test::holdfast({"journal", "verify", dir}).code == 3);
  BOOST_TEST(holdfast::test::holdfast({"backtest", stopped.file, "--data-dir", dir, "--resume"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_directory_without_a_journal_is_not_halted_but_refused) {
  const ScratchDir scratch;
  for (const char* verb : {"halt", "resume"}) {
    const auto ended = holdfast::test::holdfast(latch_verb(verb, scratch.str()));
    BOOST_TEST(ended.code == 69);
    BOOST_TEST(!std::filesystem::exists(scratch / "latches"));
  }
  BOOST_TEST(holdfast::test::holdfast({"status", scratch.str()}).code == 69);
}

BOOST_AUTO_TEST_SUITE_END()
