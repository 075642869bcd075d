#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "fix/fixture.hpp"
#include "shell.hpp"
#include "test_data.hpp"

namespace holdfast {

using namespace test;
namespace tag = fix::tag;

namespace {

struct NeedsProgram {
  std::string name;
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    const ScratchDir folder;
    if (shell("command -v " + name, folder.str()).exit == 0) return true;
    std::cerr << "skipped: the program " << name << " is missing\n";
    return false;
  }
};

/// Without a network nothing is installed; anything else that keeps npm from it is a fault.
bool unreachable(const std::string& output) {
  for (const char* word : {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"})
    if (output.find(word) != std::string::npos) return true;
  return false;
}

std::string sources() {
  const char* source = std::getenv("HOLDFAST_SOURCE");
  return std::filesystem::absolute(source != nullptr ? source : ".").string() + "/tests/fix/third_party/";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_third_party)

BOOST_AUTO_TEST_CASE(an_engine_of_somebody_else_logs_on_trades_and_logs_out,
                     *boost::unit_test::precondition(NeedsProgram{"npm"})) {
  const ScratchDir folder;
  const auto installed = shell("cp " + sources() + "* .\nnpm ci --ignore-scripts --no-audit --no-fund", folder.str());
  if (installed.exit != 0) {
    BOOST_REQUIRE_MESSAGE(unreachable(installed.output), installed.output);
    std::cerr << "skipped: no npm registry can be reached\n";
    return;
  }
  Side venue{venue_side()};
  std::optional<fix::Logon> logon;
  venue.heard.refuse = [&](const fix::Logon& wanted) {
    logon = wanted;
    return wanted.password == "secret" ? std::nullopt : std::optional<std::string>{"wrong password"};
  };
  venue.heard.answer = [&](fix::SessionId session, const fix::Message& message) {
    auto done = report("1");
    done.set(tag::ClOrdID, text(message, tag::ClOrdID)).set(tag::LeavesQty, text(message, tag::OrderQty));
    venue.endpoint.send(session, done);
  };
  const auto port = venue.endpoint.listen("127.0.0.1", 0);
  venue.endpoint.start();
  const auto ran = shell("node client.js " + std::to_string(port), folder.str());
  BOOST_CHECK_MESSAGE(ran.exit == 0, ran.output);
  BOOST_CHECK(logon && logon->username == "joe" && logon->heartbeat == 30s);
  const auto got = venue.heard.wait("message").message;
  BOOST_CHECK_EQUAL(text(got, tag::ClOrdID), "JS-1");
  BOOST_CHECK(price(got, tag::Price) == Price::parse("187.25"));
  BOOST_CHECK(time(got, tag::TransactTime).has_value());
  BOOST_CHECK(venue.heard.wait("logout").why.starts_with("the counterparty logged out"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
