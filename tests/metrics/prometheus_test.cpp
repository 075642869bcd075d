// What Prometheus's own programs say of the pages.
#include <fcntl.h>
#include <sys/wait.h>

#include <fstream>
#include <iostream>
#include <regex>

#include "client.hpp"
#include "tools/program.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Skips a test whose program is not installed, and says so.
struct NeedsProgram {
  std::string name;
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    if (std::system(("command -v " + name + " >/dev/null").c_str()) == 0) return true;
    std::cerr << "skipped: the program " << name << " is missing (Debian package prometheus)\n";
    return false;
  }
};

/// A child that is killed with this.
class Child {
 public:
  Child(std::vector<std::string> words, const std::string& output) : pid_{::fork()} {
    if (pid_ != 0) return;
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int fd = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(fd, STDOUT_FILENO);
    ::dup2(fd, STDERR_FILENO);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(prometheus_itself)

BOOST_AUTO_TEST_CASE(promtool_finds_nothing_wrong, *boost::unit_test::precondition(NeedsProgram{"promtool"})) {
  const ScratchDir scratch;
  Running run{trading_system(5'000), scratch / "data", Runtime::caf};
  MetricsListener listener{"127.0.0.1:0"};
  listener.serve(*run.operator->());
  run->crash("beat", "so that there is a failure to show");
  run->halt({LatchScope::instrument, LatchLevel::reducing, "BTC", "ann", "a test", {1}}, std::chrono::seconds{10});
  run.finish();
  std::ofstream{scratch / "page"} << asked(listener.address(), "/metrics").body;
  const std::string said = scratch / "said";
  const int code = std::system(("promtool check metrics <" + scratch / "page" + " >" + said + " 2>&1").c_str());
  BOOST_TEST(code == 0, text_of_file(said));
  BOOST_TEST(text_of_file(said) == "");
}

BOOST_AUTO_TEST_CASE(prometheus_scrapes_it, *boost::unit_test::precondition(NeedsProgram{"prometheus"})) {
  const ScratchDir scratch;
  Running run{trading_system(5'000), scratch / "data", Runtime::caf};
  MetricsListener listener{"127.0.0.1:0"};
  listener.serve(*run.operator->());
  run.until([](const auto&) { return false; });
  std::ofstream{scratch / "prometheus.yml"} << "global: { scrape_interval: 100ms, scrape_timeout: 100ms }\n"
                                               "scrape_configs:\n"
                                               "  - { job_name: holdfast, static_configs: [ { targets: [ \""
                                            << listener.address() << "\" ] } ] }\n";
  const Child prometheus{{"prometheus", "--config.file=" + scratch / "prometheus.yml",
                          "--storage.tsdb.path=" + scratch / "samples", "--web.listen-address=127.0.0.1:0"},
                         scratch / "log"};
  std::string api;
  const std::regex listening{R"(Listening on.*address=(127\.0\.0\.1:[0-9]+))"};
  BOOST_REQUIRE_MESSAGE(wait_until([&] {
    std::smatch match;
    const std::string log = text_of_file(scratch / "log");
    if (std::regex_search(log, match, listening)) api = match[1];
    return !api.empty();
  }), text_of_file(scratch / "log"));
  const auto value = [&](const std::string& query) -> std::string {
    const auto reply = nlohmann::json::parse(
        sent(api, "GET /api/v1/query?query=" + query + " HTTP/1.0\r\n\r\n").body, nullptr, false);
    if (reply.is_discarded() || !reply.contains("data") || reply["data"]["result"].empty()) return "";
    return reply["data"]["result"][0]["value"][1];
  };
  BOOST_TEST(wait_until([&] { return value("up") == "1"; }), text_of_file(scratch / "log"));
  const std::string all_ticks = std::to_string(run->status().summary.counts.ticks);
  BOOST_TEST(wait_until([&] { return value("holdfast_ticks_total") == all_ticks; }));
  BOOST_TEST(value("holdfast_actor_up%7Bactor=%22ledger%22%7D") == "1");
  run->stop(std::chrono::seconds{20});
}

BOOST_AUTO_TEST_SUITE_END()
