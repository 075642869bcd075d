// status, top and doctor as a person and a terminal see them.
#include <pty.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "program.hpp"
#include "status_view.hpp"

using namespace holdfast::test;
using holdfast::Json;

namespace {

Json actor(const char* name, std::uint64_t lag, std::uint64_t restarts = 0) {
  return {{"name", name}, {"library", "strategy"}, {"state", "up"}, {"incarnation", 1}, {"restarts", restarts},
          {"lag", lag},   {"last_failure", ""}};
}

Json status(std::uint64_t ticks, std::uint64_t head, Json actors) {
  return {{"name", "paper"},
          {"state", "ready"},
          {"failure", ""},
          {"running", true},
          {"pid", 7},
          {"epoch", 1},
          {"head_seq", head},
          {"release_seq", head - 5},
          {"ticks", ticks},
          {"orders", 0},
          {"fills", 0},
          {"denied", 0},
          {"realized_pnl", Json::object()},
          {"positions", Json::array()},
          {"latches", Json::array()},
          {"actors", std::move(actors)}};
}

const Json kTree =
    Json::parse(R"({"name":"root","supervisor":"one_for_one","children":[{"name":"ledger","actor":"ledger"},
  {"name":"desks","supervisor":"rest_for_one","children":[{"name":"trend","actor":"strategy"}]},{"name":"market","actor":"feed"}]})");

/// The program on a terminal of its own; everything it writes until it ends.
std::string on_terminal(std::vector<std::string> words) {
  winsize size{24, 60, 0, 0};
  int master = -1;
  const pid_t child = ::forkpty(&master, nullptr, nullptr, &size);
  if (child == 0) {
    ::setenv("TERM", "xterm", 1);
    words.insert(words.begin(), std::getenv("HOLDFAST_BIN"));
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  std::string out;
  char buffer[4096];
  for (ssize_t n; (n = ::read(master, buffer, sizeof buffer)) > 0;) out.append(buffer, static_cast<std::size_t>(n));
  ::waitpid(child, nullptr, 0);
  ::close(master);
  return out;
}

struct Stopped {
  ScratchDir scratch;
  std::string dir = scratch / "d";
  Stopped() {
    const auto ended = holdfast::test::holdfast({"backtest", small_system(scratch, "2000"), "--data-dir", dir});
    if (ended.code != 0) throw std::runtime_error{ended.err};
  }
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(status_views)

BOOST_AUTO_TEST_CASE(actors_are_shown_where_they_stand_in_the_tree) {
  Json shown = status(10, 20, Json::array({actor("ledger", 0), actor("trend", 3, 2), actor("market", 0)}));
  shown["tree"] = kTree;
  const std::string text = holdfast::cli::status_text(shown);
  const auto tree = text.substr(text.find("actor "));
  BOOST_TEST(tree ==
             "actor        library       state  incarnation  restarts  lag  last failure\n"
             "root         one_for_one\n"
             "├─ ledger    strategy      up     1            0         0\n"
             "├─ desks     rest_for_one\n"
             "│  └─ trend  strategy      up     1            2         3\n"
             "└─ market    strategy      up     1            0         0\n");
}

BOOST_AUTO_TEST_CASE(rates_are_what_changed_between_two_looks) {
  const Json before = status(1000, 5000, Json::array({actor("trend", 100), actor("market", 0)}));
  const Json now = status(3000, 9000, Json::array({actor("trend", 500), actor("market", 0), actor("new", 9000)}));
  const Json rates = holdfast::cli::rates_json(before, now, 2);
  BOOST_TEST(rates["ticks_per_s"] == 1000);
  BOOST_TEST(rates["events_per_s"] == 2000);
  BOOST_TEST(rates["not_durable"] == 5);
  BOOST_TEST(rates["actors"][0]["handled_per_s"] == 1800);
  BOOST_TEST(rates["actors"][1]["handled_per_s"] == 2000);
  BOOST_TEST(rates["actors"][2]["handled_per_s"] == 0);
  // A system that was started again begins to count anew; that is no negative rate.
  BOOST_TEST(holdfast::cli::rates_json(now, before, 2)["ticks_per_s"] == 0);
}

BOOST_AUTO_TEST_CASE(a_stopped_system_is_shown_as_a_tree_with_its_latches) {
  const Stopped stopped;
  holdfast::test::holdfast(
      {"halt", stopped.dir, "--by", "ann", "--reason", "odd fills", "--scope", "strategy", "--target", "trend"});
  const auto text = holdfast::test::holdfast({"status", stopped.dir}).out;
  BOOST_TEST(text.find("├─ ledger") != std::string::npos, text);
  BOOST_TEST(text.find("└─ market") != std::string::npos, text);
  BOOST_TEST(text.find("LATCH HALTED strategy trend by ann: odd fills (since 20") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(watching_without_a_terminal_prints_one_look_after_another) {
  const Stopped stopped;
  const auto ended =
      holdfast::test::holdfast({"status", stopped.dir, "--watch", "--every", "0.05", "--times", "3", "--json"});
  BOOST_TEST(ended.code == 0, ended.err);
  BOOST_TEST(count(ended.out, "{\"schema\":\"holdfast.status/1\"") == 3u);
  BOOST_TEST(ended.out.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(watching_on_a_terminal_draws_over_and_gives_the_screen_back) {
  const Stopped stopped;
  const auto out = on_terminal({"status", stopped.dir, "--watch", "--every", "0.05", "--times", "3"});
  BOOST_TEST(out.rfind("\x1b[?1049h\x1b[?25l", 0) == 0u);
  BOOST_TEST(out.ends_with("\x1b[?25h\x1b[?1049l"));
  BOOST_TEST(count(out, "\x1b[H") == 3u);
  BOOST_TEST(count(out, "\x1b[2J") == 0u, "clearing the whole screen flickers");
  // 60 columns: what is longer is cut, or it would wrap and push the top out of sight.
  for (std::size_t at = 0; (at = out.find("\r\n", at)) != std::string::npos; at += 2) {
    const auto end = out.find("\x1b[K", at);
    const std::string line = end == std::string::npos ? "" : out.substr(at + 2, end - at - 2);
    BOOST_TEST(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }) <= 60, line);
  }
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_colours_unless_somebody_wants_none) {
  ::unsetenv("NO_COLOR");
  BOOST_TEST(on_terminal({"chekc"}).find("\x1b[1;31merror\x1b[0m") != std::string::npos);
  ::setenv("NO_COLOR", "1", 1);
  BOOST_TEST(on_terminal({"chekc"}).find('\x1b') == std::string::npos);
  ::unsetenv("NO_COLOR");
}

BOOST_AUTO_TEST_CASE(top_needs_a_running_system) {
  const Stopped stopped;
  const auto ended = holdfast::test::holdfast({"top", stopped.dir, "--times", "1"});
  BOOST_TEST(ended.code == 69);
  BOOST_TEST(ended.err.find("no process runs") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(doctor_fails_where_others_may_read_the_signing_key) {
  const Stopped stopped;
  const auto finding = [&](const std::string& name) {
    const auto all = holdfast::test::holdfast({"doctor", stopped.dir, "--json"}).json();
    for (const auto& f : all["findings"])
      if (f["name"] == name) return f;
    return nlohmann::json{};
  };
  BOOST_TEST(finding("permissions.key")["level"] == "ok");
  BOOST_TEST(finding("journal")["found"] == "of system small");
  BOOST_TEST(finding("disk.sync")["found"].get<std::string>().find("4 KiB durable in ") == 0u);
  ::chmod((stopped.dir + "/signing.key").c_str(), 0644);
  BOOST_TEST(finding("permissions.key")["level"] == "failure");
  const auto ended = holdfast::test::holdfast({"doctor", stopped.dir});
  BOOST_TEST(ended.code == 1);
  BOOST_TEST(ended.out.find("-> others may read the key that signs checkpoints: chmod 600 ") != std::string::npos,
             ended.out);
}

BOOST_AUTO_TEST_CASE(doctor_looks_where_a_directory_would_be_made_and_leaves_nothing_there) {
  const ScratchDir scratch;
  const auto ended = holdfast::test::holdfast({"doctor", scratch / "not/yet", "--json"});
  BOOST_TEST(ended.json()["findings"].size() > 10u);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator{scratch.str()}, {}) == 0);
  const auto bad = holdfast::test::holdfast({"doctor", "/proc/1/d", "--json"}).json();
  BOOST_TEST(bad["ok"] == false);
}

BOOST_AUTO_TEST_CASE(doctor_warns_of_few_descriptors) {
  const ScratchDir scratch;
  FILE* pipe = ::popen(
      ("ulimit -n 256; '" + std::string{std::getenv("HOLDFAST_BIN")} + "' doctor '" + scratch.str() + "'").c_str(),
      "r");
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  ::pclose(pipe);
  BOOST_TEST(out.find("warning  descriptors        at most 256 open files") != std::string::npos, out);
}

BOOST_AUTO_TEST_SUITE_END()
