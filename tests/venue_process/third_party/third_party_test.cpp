#include <boost/test/unit_test.hpp>
#include <iostream>

#include "shell.hpp"
#include "venue_process/fixture.hpp"

namespace holdfast::test {
namespace {

std::string sources() {
  const char* source = std::getenv("HOLDFAST_SOURCE");
  return std::filesystem::absolute(source != nullptr ? source : ".").string() + "/tests/venue_process/third_party/";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(third_party)

BOOST_AUTO_TEST_CASE(an_engine_of_somebody_else_logs_on_trades_and_logs_out) {
  const ScratchDir folder;
  const auto fetched = shell(sources() + "fetch .", folder.str());
  if (fetched.exit == kSkipped) {
    std::cerr << "skipped: the npm registry cannot be reached: " << fetched.output;
    return;
  }
  BOOST_TEST_REQUIRE(fetched.exit == 0, fetched.output);
  VenueProcess venue;
  Client bolt{"BOLT"};
  bolt.log_on(venue.port());
  bolt.send(sell("s1", "1", "100.25"));
  BOOST_TEST(bolt.hear() == "8 150=0 39=0 11=s1 14=0 151=1");
  const auto ran = shell("cp " + sources() + "client.js .\nnode client.js " + std::to_string(venue.port()), folder.str());
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.output ==
             "Heartbeat\n"
             "8 JS-1 ExecType=0 OrdStatus=0 CumQty=0 LeavesQty=2\n"
             "8 JS-1 ExecType=F OrdStatus=1 CumQty=1 LeavesQty=1\n"
             "8 JS-2 ExecType=4 OrdStatus=4 CumQty=1 LeavesQty=0\n"
             "Logout\n");
  const auto book = venue.book();
  BOOST_TEST(book["fills"].size() == 2u);
  BOOST_TEST_REQUIRE(book["orders"].size() == 2u);
  BOOST_TEST(book["orders"][0]["status"] == "2");
  BOOST_TEST(book["orders"][1]["status"] == "4");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
