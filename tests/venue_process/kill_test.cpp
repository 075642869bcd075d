// A venue that is killed has lost nothing that it said.
#include <boost/test/unit_test.hpp>
#include <map>

#include "venue_process/fixture.hpp"

namespace holdfast::test {

BOOST_FIXTURE_TEST_SUITE(venue_kill, Trading)

BOOST_AUTO_TEST_CASE(nothing_answered_is_lost_when_it_is_killed_in_the_middle_of_traffic) {
  std::map<std::string, std::string> orders;  // OrderID by ClOrdID, as told.
  std::map<std::string, std::string> fills;   // LastQty by ExecID.
  const auto note = [&](const fix::Message& m) {
    if (m.type() != "8") return;
    if (fix::character(m, tag::ExecType) == '0') orders[fix::text(m, tag::ClOrdID)] = fix::text(m, tag::OrderID);
    if (fix::character(m, tag::ExecType) == 'F') fills[fix::text(m, tag::ExecID)] = fix::text(m, tag::LastQty);
  };
  for (int round = 0; round < 3; ++round) {
    const std::string name = "r" + std::to_string(round) + "-";
    for (int i = 0; i < 200; ++i) {
      const std::string id = name + std::to_string(i);
      (i % 2 == 0 ? acme : bolt).send(i % 2 == 0 ? sell(id, "2", "100") : buy(id, "1", "100"));
    }
    for (int i = 0; i < 20; ++i) note(acme.next());
    const int acme_logons = acme.logons().first, bolt_logons = bolt.logons().first;
    BOOST_TEST(acme_logons == 1 + round, "also logged out: " << acme.logons().second);
    venue.kill();
    venue.start();
    BOOST_REQUIRE(acme.wait_logons(acme_logons + 1));
    BOOST_REQUIRE(bolt.wait_logons(bolt_logons + 1));
    acme.drain(note);
    bolt.drain(note);
  }
  const auto book = venue.book();
  std::map<std::string, std::string> kept_orders, kept_fills;
  for (const auto& o : book["orders"]) kept_orders[o["cl_ord_id"]] = std::to_string(o["order_id"].get<std::uint64_t>());
  for (const auto& f : book["fills"]) kept_fills[std::to_string(f["exec_id"].get<std::uint64_t>())] = f["quantity"];
  BOOST_TEST(orders.size() > 20u);
  BOOST_TEST(!fills.empty());
  for (const auto& [id, order] : orders) BOOST_TEST(kept_orders[id] == order, id << " was answered and is lost");
  for (const auto& [exec, quantity] : fills) BOOST_TEST(kept_fills[exec] == quantity, "fill " << exec << " was answered and is lost");
}

BOOST_AUTO_TEST_CASE(what_an_operator_was_told_is_not_lost_either) {
  for (int round = 1; round <= 20; ++round) {
    venue.do_wrong({"phantom_order", "account=ACME", "symbol=BTCUSDT", "side=sell", "quantity=3", "price=101"});
    venue.kill();
    BOOST_TEST_REQUIRE(venue.book()["orders"].size() == static_cast<std::size_t>(round));
    venue.start();
  }
}

BOOST_AUTO_TEST_CASE(what_it_had_said_and_nobody_heard_is_sent_again_at_the_next_logon) {
  acme.send(sell("a", "5", "100"));
  acme.hear();
  venue.do_wrong({"half_open", "account=ACME", "by=60s"});
  bolt.send(buy("b", "2", "100"));
  bolt.hear(), bolt.hear();
  bolt.all();  // Answered later than ACME's fill was sent.
  venue.kill();
  venue.start();
  BOOST_REQUIRE(acme.wait_logons(2));
  BOOST_TEST(acme.all().find("8 150=F 39=1 11=a 32=2 31=100 14=2 151=3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_it_had_answered_it_does_not_ask_for_again) {
  for (int i = 0; i < 300; ++i) acme.send(sell("a" + std::to_string(i), "1", "100"));
  for (int i = 0; i < 300; ++i) acme.next();
  venue.kill();
  venue.start();
  BOOST_REQUIRE(acme.wait_logons(2));
  acme.send(sell("b", "1", "100"));
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=b 14=0 151=1");
  BOOST_TEST(acme.resend_requests() == 0);
}

BOOST_AUTO_TEST_CASE(a_torn_last_line_is_no_obstacle_and_a_broken_one_is) {
  acme.send(sell("a", "5", "100"));
  acme.hear();
  venue.kill();
  std::ofstream{venue.data() + "/venue.log", std::ios::app} << "{\"time\":1,\"fac";
  venue.start();
  BOOST_REQUIRE(acme.wait_logons(2));
  BOOST_TEST(venue.book()["orders"].size() == 1u);
  venue.kill();
  std::ofstream{venue.data() + "/venue.log", std::ios::app} << "{}\n";
  const Ended ended = holdfast({"venue", "book", venue.data()});
  BOOST_TEST(ended.code == 69);
  BOOST_TEST(ended.err.find("venue.log:7: it is no time with its facts") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
