// run and backtest: shape, repeatability, refusals, signals, the guard.
#include "guard.hpp"
#include "program.hpp"

using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(run_verbs)

nlohmann::json backtest(const std::string& file, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"backtest", file, "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto ended = holdfast::test::holdfast(arguments);
  BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
  return ended.json();
}

BOOST_AUTO_TEST_CASE(a_run_ends_with_exactly_the_promised_keys) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"backtest", small_system(scratch), "--json"});
  BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
  const auto json = nlohmann::ordered_json::parse(ended.out);
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + (value.is_number() ? " number\n" : value.is_string() ? " text\n" : " more\n");
  BOOST_TEST(keys ==
             "schema text\nticks number\nevents number\norders number\nfills number\ndenied number\npositions more\n"
             "realized_pnl more\nhead_seq number\nhead_hash text\nstate_digest text\nelapsed_s number\nticks_per_s number\n");
  BOOST_TEST(json["schema"] == "holdfast.run/1");
  BOOST_TEST(json["fills"].get<int>() > 0);
  BOOST_TEST(json["positions"][0]["position"].is_string());
  BOOST_TEST(json["realized_pnl"]["USDT"].is_string());
}

BOOST_AUTO_TEST_CASE(the_same_seed_is_the_same_run_and_another_seed_is_not) {
  const ScratchDir scratch;
  const auto file = small_system(scratch);
  const auto a = backtest(file, {"--seed", "3"}), b = backtest(file, {"--seed", "3"}), c = backtest(file, {"--seed", "4"});
  BOOST_TEST(a["head_hash"] == b["head_hash"]);
  BOOST_TEST(a["state_digest"] == b["state_digest"]);
  BOOST_TEST(a["state_digest"] != c["state_digest"]);
}

BOOST_AUTO_TEST_CASE(a_killed_backtest_resumes_to_the_same_digest) {
  const ScratchDir scratch;
  const auto file = small_system(scratch);
  const auto whole = backtest(file);
  const auto dir = scratch / "d";
  BOOST_TEST(holdfast::test::holdfast({"backtest", file, "--data-dir", dir, "--kill-at", "12345"}).code == 1000 + SIGKILL);
  const auto refused = holdfast::test::holdfast({"backtest", file, "--data-dir", dir});
  BOOST_TEST(refused.code == 69);
  BOOST_TEST(refused.err.find("continue it with --resume") != std::string::npos, refused.err);
  const auto resumed = backtest(file, {"--data-dir", dir, "--resume"});
  BOOST_TEST(resumed["state_digest"] == whole["state_digest"]);
  BOOST_TEST(resumed["fills"] == whole["fills"]);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_something_else_is_refused) {
  const ScratchDir scratch;
  std::filesystem::create_directories(scratch / "d");
  std::ofstream{scratch / "d/letter.txt"} << "dear";
  const auto ended = holdfast::test::holdfast({"run", small_system(scratch), "--data-dir", scratch / "d", "--until-end"});
  BOOST_TEST(ended.code == 69);
  BOOST_TEST(ended.err.find("is not a Holdfast data directory") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_live_run_to_the_end_is_verified_and_replays) {
  const ScratchDir scratch;
  const auto dir = scratch / "d";
  const auto ended = holdfast::test::holdfast({"run", small_system(scratch), "--data-dir", dir, "--until-end", "--speed", "max",
                                               "--json", "--report", scratch / "r.html"});
  BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
  BOOST_TEST(ended.json()["ticks"].get<int>() == 22'000);
  const auto verified = holdfast::test::holdfast({"journal", "verify", dir, "--anchors", scratch / "anchors", "--json"});
  BOOST_TEST(verified.code == 0, verified.out);
  BOOST_TEST(verified.json()["verdict"] == "intact");
  BOOST_TEST(verified.json()["head_hash"] == ended.json()["head_hash"]);
  BOOST_TEST(holdfast::test::holdfast({"journal", "replay", dir}).code == 0);
  const auto report = text_of_file(scratch / "r.html");
  BOOST_TEST(report.find("<h1>small</h1>") != std::string::npos);
  BOOST_TEST(report.find("http") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(sigterm_stops_in_order_and_the_next_run_goes_on_behind_it) {
  const ScratchDir scratch;
  const auto file = small_system(scratch, "0", 20);
  const auto dir = scratch / "d";
  std::uint64_t before = 0;
  for (int run = 0; run < 2; ++run) {
    Program program{scratch, {"run", file, "--data-dir", dir, "--json"}};
    BOOST_REQUIRE(wait_until([&] {
      const auto status = holdfast::test::holdfast({"status", dir, "--json"});
      return status.code == 0 && status.json()["running"] == true && status.json()["ticks"] > before + 2000;
    }));
    program.signal(SIGTERM);
    const auto ended = program.wait();
    BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
    BOOST_TEST(ended.json()["ticks"].get<std::uint64_t>() > before + 2000);
    before = ended.json()["ticks"];
  }
  const auto status = holdfast::test::holdfast({"status", dir, "--json"}).json();
  BOOST_TEST(status["state"] == "stopped");
  BOOST_TEST(status["epoch"] == 2);
  BOOST_TEST(status["ticks"] == before);
}

BOOST_AUTO_TEST_CASE(a_directory_in_use_is_refused) {
  const ScratchDir scratch, other;
  const auto file = small_system(scratch, "0", 20);
  const auto dir = scratch / "d";
  Program program{scratch, {"run", file, "--data-dir", dir}};
  BOOST_REQUIRE(wait_until([&] { return std::filesystem::exists(dir + "/control.sock"); }));
  const auto second = holdfast::test::holdfast({"run", file, "--data-dir", dir});
  BOOST_TEST(second.code == 69);
  BOOST_TEST(second.err.find("in use") != std::string::npos, second.err);
  program.signal(SIGTERM);
  BOOST_TEST(program.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(the_guard_starts_a_killed_system_again) {
  const ScratchDir scratch;
  const auto dir = scratch / "d";
  Program program{scratch, {"run", small_system(scratch, "0", 20), "--data-dir", dir, "--guard"}};
  int victim = 0;
  const auto ready = [&] {
    const auto ended = holdfast::test::holdfast({"status", dir, "--json"});
    if (ended.code != 0) return false;
    const auto status = ended.json();
    if (status["state"] != "ready" || status["pid"] == victim || status["ticks"] < 500) return false;
    victim = status["pid"];
    return true;
  };
  BOOST_REQUIRE(wait_until(ready));
  BOOST_TEST(victim != program.pid());
  ::kill(victim, SIGKILL);
  BOOST_REQUIRE(wait_until(ready));
  program.signal(SIGTERM);
  const auto ended = program.wait();
  BOOST_TEST(ended.code == 0);
  BOOST_TEST(ended.err.find("was killed by Killed; the guard starts it again") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(the_guard_gives_up_after_too_many_crashes) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"run", small_system(scratch), "--data-dir", scratch / "d", "--guard",
                                               "--failpoints", "journal.after_write=kill@1"});
  BOOST_TEST(ended.code == 70);
  BOOST_TEST(ended.err.find("the guard gives up: more than 5 crashes in 60 s") != std::string::npos, ended.err);
  // The budget survives the guard.
  const auto again = holdfast::test::holdfast({"run", small_system(scratch), "--data-dir", scratch / "d", "--guard", "--until-end"});
  BOOST_TEST(again.code == 70);
}

BOOST_AUTO_TEST_CASE(the_crash_budget_forgets_what_is_long_ago) {
  using holdfast::cli::CrashBudget;
  const ScratchDir scratch;
  CrashBudget budget{scratch / "guard"};
  for (int i = 0; i < 5; ++i) budget.spend(1'000'000 + i);
  BOOST_TEST(!budget.exhausted(1'000'010));
  budget.spend(1'000'005);
  BOOST_TEST(CrashBudget{scratch / "guard"}.exhausted(1'000'010));
  BOOST_TEST(!CrashBudget{scratch / "guard"}.exhausted(1'060'004));
  BOOST_TEST(CrashBudget::backoff(1).count() == 0);
  BOOST_TEST(CrashBudget::backoff(2).count() == 100);
  BOOST_TEST(CrashBudget::backoff(4).count() == 400);
  BOOST_TEST(CrashBudget::backoff(40).count() == 10'000);
}

BOOST_AUTO_TEST_SUITE_END()
