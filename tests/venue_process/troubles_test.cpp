// Everything that goes wrong on purpose, as a client sees it; and what is true meanwhile.
#include <boost/test/unit_test.hpp>

#include "venue/troubles.hpp"
#include "venue_process/fixture.hpp"

namespace holdfast::test {
namespace {

struct Wrong : Trading {
  /// ACME's order a, 5 at 100, rests; answered.
  void rests() {
    acme.send(sell("a", "5", "100"));
    acme.hear();
  }
  /// BOLT takes this much of it.
  void take(const char* id, const char* quantity) {
    bolt.send(buy(id, quantity, "100"));
    bolt.hear(), bolt.hear();
  }
  void wrong(const std::string& what, const std::string& more = "account=ACME") {
    const std::string said = venue.do_wrong(more.empty() ? std::vector<std::string>{what} : std::vector<std::string>{what, more});
    BOOST_REQUIRE_MESSAGE(said.find("error") == std::string::npos, said);
  }
  std::size_t fills() const { return venue.book()["fills"].size(); }
};

constexpr auto kFill = "8 150=F 39=1 11=a 32=2 31=100 14=2 151=3";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(venue_troubles, Wrong)

BOOST_AUTO_TEST_CASE(an_acceptance_is_lost_and_the_order_is_alive) {
  wrong("ack_lost");
  acme.send(sell("a", "5", "100"));
  BOOST_TEST(acme.all() == "");
  BOOST_TEST(venue.book()["orders"][0]["leaves_qty"] == "5");
}

BOOST_AUTO_TEST_CASE(a_request_is_lost_and_there_is_no_order) {
  wrong("request_lost");
  acme.send(sell("a", "5", "100"));
  BOOST_TEST(acme.all() == "");
  BOOST_TEST(venue.book()["orders"].empty());
}

BOOST_AUTO_TEST_CASE(a_fill_is_told_twice_and_is_one) {
  rests(), wrong("dup_fill"), take("b", "2");
  const auto first = acme.next(), second = acme.next();
  BOOST_TEST(words(first) == kFill);
  BOOST_TEST(words(second) == kFill);
  BOOST_TEST(fix::text(first, tag::ExecID) == fix::text(second, tag::ExecID));
  BOOST_TEST(fills() == 2u);
}

BOOST_AUTO_TEST_CASE(a_fill_is_told_late) {
  rests();
  venue.do_wrong({"late_fill", "account=ACME", "by=300ms"});
  take("b", "2");
  BOOST_TEST(acme.all() == "");
  BOOST_TEST(acme.hear() == kFill);
}

BOOST_AUTO_TEST_CASE(fills_are_told_out_of_order) {
  rests();
  venue.do_wrong({"out_of_order_fills", "account=ACME", "by=20s"});
  take("b", "2"), take("c", "1");
  BOOST_TEST(acme.hear() == "8 150=F 39=1 11=a 32=1 31=100 14=3 151=2");
  BOOST_TEST(acme.hear() == kFill);
}

BOOST_AUTO_TEST_CASE(a_fill_is_never_told_and_can_be_asked_for) {
  rests(), wrong("lost_fills"), take("b", "2");
  BOOST_TEST(acme.all() == "");
  acme.send(fix::Message{"AD"}.set(tag::TradeRequestID, "t").set(tag::TradeRequestType, 0));
  BOOST_TEST(acme.hear() == "AQ 748=1");
}

BOOST_AUTO_TEST_CASE(a_fill_is_told_after_the_cancel) {
  rests(), wrong("fill_after_cancel");
  acme.send(cancel("c", "a", '2'));
  BOOST_TEST(acme.hear() == "8 150=4 39=4 11=c 41=a 14=0 151=0");
  BOOST_TEST(acme.hear() == "8 150=F 39=1 11=a 32=2.5 31=100 14=2.5 151=2.5");
  BOOST_TEST(venue.book()["orders"][0]["cum_qty"] == "2.5");
  BOOST_TEST(venue.book()["orders"][0]["status"] == "4");
}

BOOST_AUTO_TEST_CASE(a_replaced_order_lives_on_beside_the_new_one) {
  rests(), wrong("replace_ghost");
  acme.send(replace("a2", "a", '2', "5", "101"));
  BOOST_TEST(acme.all() == "8 150=5 39=0 11=a2 41=a 14=0 151=5");
  acme.send(fix::Message{"AF"}.set(tag::MassStatusReqID, "m").set(tag::MassStatusReqType, 7));
  BOOST_TEST(acme.hear() == "8 150=I 39=0 11=a2 14=0 151=5");
  BOOST_TEST(acme.hear() == "8 150=I 39=0 11=PHANTOM-2 14=0 151=5");
}

BOOST_AUTO_TEST_CASE(an_order_is_told_rejected_and_is_alive) {
  wrong("orphan_order");
  acme.send(sell("a", "5", "100"));
  BOOST_TEST(acme.hear().starts_with("8 150=8 39=8 11=a 14=0 151=0"));
  BOOST_TEST(venue.book()["orders"][0]["leaves_qty"] == "5");
}

BOOST_AUTO_TEST_CASE(an_orderid_is_given_a_second_time) {
  rests(), wrong("order_id_rollback");
  acme.send(sell("b", "1", "101"));
  const auto report = acme.next();
  BOOST_TEST(fix::text(report, tag::ClOrdID) == "b");
  BOOST_TEST(fix::text(report, tag::OrderID) == "1");
  BOOST_TEST(venue.book()["last_order_id"] == 2);
}

BOOST_AUTO_TEST_CASE(orders_are_rejected_in_a_row) {
  venue.do_wrong({"reject_burst", "account=ACME", "count=2"});
  for (const char* id : {"a", "b"}) {
    acme.send(sell(id, "1", "100"));
    BOOST_TEST(acme.hear().find("150=8") != std::string::npos);
  }
  acme.send(sell("c", "1", "100"));
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=c 14=0 151=1");
}

BOOST_AUTO_TEST_CASE(a_request_is_throttled_on_demand) {
  wrong("throttle");
  acme.send(sell("a", "1", "100"));
  BOOST_TEST(acme.hear() == "j 58=throttled: too many messages a second");
}

BOOST_AUTO_TEST_CASE(a_snapshot_is_older_than_what_follows) {
  fix::Message ask{"V"};
  ask.set(tag::MDReqID, "m1").set(tag::SubscriptionRequestType, '1').set(tag::MarketDepth, 5);
  ask.add(tag::NoMDEntryTypes, {{tag::MDEntryType, "1"}}).add(tag::NoRelatedSym, {{tag::Symbol, "BTCUSDT"}});
  bolt.send(ask);
  BOOST_TEST(bolt.hear() == "W 83=6 [/J @]");
  rests();
  BOOST_TEST(bolt.hear() == "X [0/1 5@100]");
  wrong("stale_snapshot", "account=BOLT");
  bolt.send(ask.set(tag::MDReqID, "m2"));
  BOOST_TEST(bolt.hear() == "W 83=1 [/J @]");
}

BOOST_AUTO_TEST_CASE(an_answer_is_slow) {
  venue.do_wrong({"slow", "account=ACME", "by=300ms"});
  acme.send(sell("a", "5", "100"));
  BOOST_TEST(acme.all() == "");
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=a 14=0 151=5");
}

BOOST_AUTO_TEST_CASE(a_fill_is_busted_and_another_corrected) {
  rests(), take("b", "2"), take("c", "1");
  acme.hear();
  const std::string exec = fix::text(acme.next(), tag::ExecID);
  wrong("bust");
  BOOST_TEST(acme.hear() == "8 150=H 39=1 11=a 32=1 31=100 14=2 151=2 19=" + exec + " 58=the trade is cancelled");
  venue.do_wrong({"correct", "account=ACME", "price=99"});
  BOOST_TEST(acme.hear().starts_with("8 150=G 39=1 11=a 32=2 31=99 14=2 151=2 19="));
  BOOST_TEST(bolt.hear().starts_with("8 150=H 39=4 11=c"));
  BOOST_TEST(bolt.hear().starts_with("8 150=G 39=2 11=b"));
}

BOOST_AUTO_TEST_CASE(a_position_comes_from_nowhere) {
  BOOST_TEST(venue.do_wrong({"unknown_position", "account=ACME", "symbol=BTCUSDT", "quantity=-3"}) == "the position has moved by -3\n");
  acme.send(fix::Message{"AN"}.set(tag::PosReqID, "p"));
  BOOST_TEST(acme.hear() == "AO 728=0 727=1");
  BOOST_TEST(acme.hear() == "AP 728=0 727=1 730=100 short 3");
}

BOOST_AUTO_TEST_CASE(an_order_comes_from_nowhere) {
  BOOST_TEST(venue.do_wrong({"phantom_order", "account=ACME", "symbol=BTCUSDT", "side=sell", "quantity=3", "price=101"}) ==
             "there is an order 1\n");
  BOOST_TEST(acme.all() == "");
  acme.send(fix::Message{"AF"}.set(tag::MassStatusReqID, "m").set(tag::MassStatusReqType, 7));
  BOOST_TEST(acme.hear() == "8 150=I 39=0 11=PHANTOM-1 14=0 151=3");
}

BOOST_AUTO_TEST_CASE(everything_is_forgotten) {
  rests(), take("b", "2");
  acme.hear();
  wrong("forget_everything", "");
  acme.send(fix::Message{"AN"}.set(tag::PosReqID, "p"));
  BOOST_TEST(acme.hear() == "AO 728=2 727=0");
  acme.send(sell("next", "1", "100"));
  BOOST_TEST(fix::text(acme.next(), tag::OrderID) == "3");
}

BOOST_AUTO_TEST_CASE(sequence_numbers_are_left_out_and_nothing_is_lost) {
  wrong("sequence_gap");
  rests();
  BOOST_TEST(acme.all() == "");
}

BOOST_AUTO_TEST_CASE(sequence_numbers_begin_again_and_the_client_leaves) {
  rests();
  wrong("sequence_reset");
  acme.send(sell("b", "1", "100"));
  BOOST_TEST(acme.wait_logout(""));
}

BOOST_AUTO_TEST_CASE(a_cut_connection_comes_back) {
  rests();
  wrong("disconnect");
  BOOST_REQUIRE(acme.wait_logons(2));
  take("b", "2");
  BOOST_TEST(acme.hear() == kFill);
}

BOOST_AUTO_TEST_CASE(a_half_open_connection_says_nothing_for_a_while) {
  rests();
  venue.do_wrong({"half_open", "account=ACME", "by=500ms"});
  take("b", "2");
  BOOST_TEST(acme.hear() == kFill);
}

BOOST_AUTO_TEST_CASE(one_session_is_half_open_and_the_other_goes_on) {
  Client market{"ACME-MD"};
  market.log_on(venue.port());
  fix::Message ask{"V"};
  ask.set(tag::MDReqID, "m").set(tag::SubscriptionRequestType, '1').set(tag::MarketDepth, 5);
  ask.add(tag::NoMDEntryTypes, {{tag::MDEntryType, "1"}}).add(tag::NoRelatedSym, {{tag::Symbol, "BTCUSDT"}});
  market.send(ask);
  BOOST_TEST(market.hear() == "W 83=6 [/J @]");
  BOOST_TEST(venue.do_wrong({"half_open", "session=ACME", "by=500ms"}) == "half_open of 1 session\n");
  bolt.all(), bolt.all();  // It is done when what was asked after it was asked is answered.
  acme.send(sell("a", "5", "100"));
  bolt.send(sell("b", "1", "101"));
  BOOST_TEST(market.hear() == "X [0/1 1@101]");  // Before ACME's order, which is not read yet.
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=a 14=0 151=5");
  BOOST_TEST(venue.do_wrong({"half_open", "session=ACME-MD", "by=500ms"}) == "half_open of 1 session\n");
  acme.send(sell("c", "1", "102"));
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=c 14=0 151=1");
}

BOOST_AUTO_TEST_CASE(one_session_is_cut_and_the_other_stays) {
  Client market{"ACME-MD"};
  market.log_on(venue.port());
  BOOST_TEST(venue.do_wrong({"disconnect", "session=ACME-MD"}) == "disconnect of 1 session\n");
  BOOST_TEST(market.wait_logons(2));
  BOOST_TEST(acme.all() == "");
  BOOST_TEST(acme.logons().first == 1);
}

BOOST_AUTO_TEST_CASE(a_clock_is_ahead) {
  venue.do_wrong({"clock_skew", "account=ACME", "by=30s"});
  acme.send(sell("a", "5", "100"));
  const auto report = acme.next();
  const auto stated = fix::time(report, tag::TransactTime);
  BOOST_TEST(((report.sending_time - *stated) > 20s));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_said) {
  BOOST_TEST(venue.do_wrong({"bust", "account=NOBODY"}) == "error: there is no account NOBODY\n");
  BOOST_TEST(venue.do_wrong({"disconnect", "session=NOBODY"}) == "error: there is no session NOBODY\n");
  BOOST_TEST(venue.do_wrong({"disconnect", "account=ACME", "session=BOLT"}) == "error: the session BOLT is not of the account ACME\n");
  BOOST_TEST(venue.do_wrong({"ack_lost", "session=ACME"}).starts_with("error: ack_lost does not happen to a session"));
  BOOST_TEST(venue.do_wrong({"halt"}) == "error: halt needs symbol\n");
  BOOST_TEST(venue.do_wrong({"ack_lost", "at=1s"}).starts_with("error: it says when"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(venue_scenario)

BOOST_AUTO_TEST_CASE(every_trouble_is_in_the_documents_table) {
  const std::string document = text_of_file(std::string{std::getenv("HOLDFAST_SOURCE")} + "/docs/venue.md");
  for (const auto& row : venue::troubles()) {
    const std::string line = "| `" + std::string{row.name} + "` | " + std::string{row.text} + " | " +
                             (row.waits ? "the next `count`" : "at once") + " |";
    BOOST_TEST(document.find(line) != std::string::npos, "missing: " << line);
  }
}

BOOST_AUTO_TEST_CASE(a_scenario_names_sessions_that_there_are) {
  const ScratchDir folder;
  const Ended ended = holdfast({"venue", std::string{std::getenv("HOLDFAST_SOURCE")} + "/configs/venue.yaml", "--data", folder / "data", "--port", "0",
                                "--set", "scenario=[{do: disconnect, session: ACME-MX, at: 1s}, {do: halt, symbol: BTCUSDT, session: ACME, at: 1s}]"});
  BOOST_TEST(ended.code == 78);
  BOOST_TEST(ended.err.find("there is no session 'ACME-MX'") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("did you mean 'ACME-MD'?") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("halt does not happen to a session") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_scenario_says_when) {
  Trading trading{"[{do: ack_lost, account: ACME, after_orders: 2}, {do: halt, symbol: BTCUSDT, at: 10ms}, {do: dup_fill, chance: 0.001}]"};
  // The answer comes before the news of the halt, or is that news.
  trading.acme.send(fix::Message{"e"}.set(tag::SecurityStatusReqID, "s").set(tag::Symbol, "BTCUSDT").set(tag::SubscriptionRequestType, '0'));
  while (trading.acme.hear() != "f 326=2") continue;
  // An operator ends what the scenario began: were it the scenario, the state before would look like the state after.
  trading.venue.do_wrong({"resume", "symbol=BTCUSDT"});
  while (trading.acme.hear() != "f 326=17") continue;
  for (const char* id : {"a", "b", "c"}) trading.acme.send(sell(id, "1", "100"));
  const std::string heard = trading.acme.all();
  BOOST_TEST(heard.find("11=a") != std::string::npos);
  BOOST_TEST(heard.find("11=b") == std::string::npos);
  BOOST_TEST(heard.find("11=c") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
