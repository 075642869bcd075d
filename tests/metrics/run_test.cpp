// `holdfast run` with metrics, as people start it.
#include <fstream>
#include <regex>

#include "client.hpp"
#include "tools/program.hpp"

using namespace holdfast::test;

namespace {

/// A system that runs until it is told to stop, and listens at `address`.
std::string listening_system(const ScratchDir& scratch, const std::string& address) {
  const std::string path = small_system(scratch, "0", 1);
  std::ofstream{path, std::ios::app} << "metrics: { listen: \"" << address << "\" }\n";
  return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run)

BOOST_AUTO_TEST_CASE(the_log_and_the_status_say_where_it_listens) {
  const ScratchDir scratch;
  Program program{scratch, {"run", listening_system(scratch, "127.0.0.1:0"), "--data-dir", scratch / "data"}};
  std::smatch match;
  std::string log;
  const std::regex told{R"(metrics and health are at http://(127\.0\.0\.1:[1-9][0-9]*))"};
  BOOST_REQUIRE(wait_until([&] {
    log = text_of_file(scratch / "stderr");
    return std::regex_search(log, match, told);
  }));
  const std::string address = match[1];
  BOOST_TEST(wait_until([&] { return asked(address, "/readyz").status == 200; }));
  const auto status = holdfast::test::holdfast({"status", scratch / "data", "--json"}).json();
  BOOST_TEST(status["metrics"] == address);
  BOOST_TEST(holdfast::test::holdfast({"status", scratch / "data"}).out.find("metrics and health at http://" + address) != std::string::npos);
  const auto health = nlohmann::json::parse(asked(address, "/healthz").body);
  BOOST_TEST(health["status"] == "ok");
  BOOST_TEST(holdfast::test::holdfast({"--version"}).out.find(health["version"].get<std::string>()) != std::string::npos);
  program.signal(SIGTERM);
  BOOST_TEST(program.wait().code == 0);
  BOOST_CHECK_THROW(asked(address, "/livez"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_taken_is_one_error_and_nothing_begins) {
  const ScratchDir scratch;
  const holdfast::MetricsListener first{"127.0.0.1:0"};
  const auto ended = holdfast::test::holdfast({"run", listening_system(scratch, first.address()), "--data-dir", scratch / "data"});
  BOOST_TEST(ended.code == 69);
  BOOST_TEST(ended.err.find("metrics.listen: cannot listen at " + first.address() + ": Address already in use") !=
             std::string::npos);
  BOOST_TEST(!std::filesystem::exists(scratch / "data"));
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_found_by_check) {
  const ScratchDir scratch;
  const auto checked = holdfast::test::holdfast({"check", listening_system(scratch, "9464")});
  BOOST_TEST(checked.code == 78);
  BOOST_TEST(checked.err.find("listen must be an address and a port") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_backtest_listens_nowhere) {
  const ScratchDir scratch;
  const holdfast::MetricsListener first{"127.0.0.1:0"};
  const std::string path = small_system(scratch, "2000");
  std::ofstream{path, std::ios::app} << "metrics: { listen: \"" << first.address() << "\" }\n";
  BOOST_TEST(holdfast::test::holdfast({"backtest", path}).code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
