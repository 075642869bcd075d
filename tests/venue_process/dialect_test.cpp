// What clients ask a venue in a process of its own, and hear.
#include <boost/test/unit_test.hpp>

#include "venue_process/fixture.hpp"

namespace holdfast::test {

BOOST_FIXTURE_TEST_SUITE(venue_dialect, Trading)

BOOST_AUTO_TEST_CASE(orders_are_placed_changed_filled_and_cancelled) {
  acme.send(sell("a", "5", "100"));
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=a 14=0 151=5");
  acme.send(replace("a2", "a", '2', "6", "101"));
  BOOST_TEST(acme.hear() == "8 150=5 39=0 11=a2 41=a 14=0 151=6");
  bolt.send(buy("b", "2", "101"));
  BOOST_TEST(bolt.hear() == "8 150=0 39=0 11=b 14=0 151=2");
  const auto fill = bolt.next();
  BOOST_TEST(words(fill) == "8 150=F 39=2 11=b 32=2 31=101 14=2 151=0");
  BOOST_TEST(fix::text(fill, tag::Commission) == "0.404");
  BOOST_TEST(fix::text(fill, tag::LastLiquidityInd) == "2");
  BOOST_TEST(acme.hear() == "8 150=F 39=1 11=a2 32=2 31=101 14=2 151=4");
  acme.send(cancel("c", "a", '2'));
  BOOST_TEST(acme.hear() == "8 150=4 39=4 11=c 41=a2 14=2 151=0");
  acme.send(cancel("c2", "a", '2'));
  BOOST_TEST(acme.hear() == "9 11=c2 102=0 434=1 58=too late: the order has ended");
  acme.send(cancel("c3", "nobody", '2'));
  BOOST_TEST(acme.hear() == "9 11=c3 102=1 434=1 58=there is no such order");
}

BOOST_AUTO_TEST_CASE(a_used_clordid_is_rejected_unless_it_is_only_sent_again) {
  acme.send(sell("a", "5", "100"));
  acme.hear();
  acme.send(sell("a", "1", "100"));
  BOOST_TEST(acme.hear().starts_with("8 150=8 39=8 11=a 14=0 151=0 103=6 58=ClOrdID a has been used before, by order 1"));
  fix::Message again = sell("a", "1", "100");
  again.poss_resend = true;
  acme.send(again);
  BOOST_TEST(acme.hear() == "8 150=I 39=0 11=a 14=0 151=5");
}

BOOST_AUTO_TEST_CASE(what_a_client_must_know_after_a_crash_can_be_asked) {
  acme.send(sell("a", "5", "100"));
  acme.send(sell("b", "3", "102"));
  bolt.send(buy("x", "2", "100"));
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=a 14=0 151=5");
  BOOST_TEST(acme.hear() == "8 150=0 39=0 11=b 14=0 151=3");
  const std::string exec = fix::text(acme.next(), tag::ExecID);
  acme.send(fix::Message{"H"}.set(tag::ClOrdID, "a").set(tag::Symbol, "BTCUSDT").set(tag::Side, '2'));
  BOOST_TEST(acme.hear() == "8 150=I 39=1 11=a 14=2 151=3");
  acme.send(fix::Message{"H"}.set(tag::ClOrdID, "nobody").set(tag::Symbol, "BTCUSDT").set(tag::Side, '2'));
  BOOST_TEST(acme.hear() == "8 150=I 39=8 11=nobody 14=0 151=0 103=5 58=there is no such order");
  acme.send(fix::Message{"AF"}.set(tag::MassStatusReqID, "m").set(tag::MassStatusReqType, 7));
  const auto first = acme.next(), last = acme.next();
  BOOST_TEST(words(first) == "8 150=I 39=1 11=a 14=2 151=3");
  BOOST_TEST(fix::text(first, tag::TotNumReports) == "2");
  BOOST_TEST(fix::text(first, tag::LastRptRequested) == "N");
  BOOST_TEST(words(last) == "8 150=I 39=0 11=b 14=0 151=3");
  BOOST_TEST(fix::text(last, tag::LastRptRequested) == "Y");
  bolt.send(fix::Message{"AF"}.set(tag::MassStatusReqID, "m").set(tag::MassStatusReqType, 7));
  bolt.hear(), bolt.hear();
  const auto none = bolt.next();
  BOOST_TEST(fix::text(none, tag::OrderID) == "NONE");
  BOOST_TEST(fix::text(none, tag::TotNumReports) == "0");
  acme.send(fix::Message{"AD"}.set(tag::TradeRequestID, "t").set(tag::TradeRequestType, 0));
  BOOST_TEST(acme.hear() == "AQ 748=1");
  const auto trade = acme.next();
  BOOST_TEST(words(trade) == "AE 32=2 31=100");
  BOOST_TEST(fix::text(trade, tag::ExecID) == exec);
  BOOST_TEST(fix::text(trade.entries(tag::NoSides).at(0), tag::ClOrdID) == "a");
  acme.send(fix::Message{"AD"}.set(tag::TradeRequestID, "t").set(tag::TradeRequestType, 0).set(tag::ExecID, exec));
  BOOST_TEST(acme.hear() == "AQ 748=0");
  venue.do_wrong({"correct", "account=ACME", "price=99"});
  const std::string again = fix::text(acme.next(), tag::ExecID);
  acme.send(fix::Message{"AD"}.set(tag::TradeRequestID, "t").set(tag::TradeRequestType, 0).set(tag::ExecID, exec));
  BOOST_TEST(acme.hear() == "AQ 748=2");
  const auto gone = acme.next(), stands = acme.next();
  BOOST_TEST(words(gone) == "AE 32=2 31=100");
  BOOST_TEST(fix::text(gone, tag::TradeReportTransType) == "1");
  BOOST_TEST(fix::text(gone, tag::TradeReportRefID) == exec);
  BOOST_TEST(fix::text(gone, tag::ExecID) == again);
  BOOST_TEST(words(stands) == "AE 32=2 31=99");
  BOOST_TEST(fix::text(stands, tag::ExecID) == again);
}

BOOST_AUTO_TEST_CASE(positions_and_balances_follow_fills) {
  acme.send(sell("a", "5", "100"));
  acme.hear();
  bolt.send(buy("x", "2", "100"));
  acme.hear(), bolt.hear(), bolt.hear();
  acme.send(fix::Message{"AN"}.set(tag::PosReqID, "p"));
  BOOST_TEST(acme.hear() == "AO 728=0 727=1");
  BOOST_TEST(acme.hear() == "AP 728=0 727=1 730=100 short 2");
  acme.send(fix::Message{"BB"}.set(tag::CollInquiryID, "c"));
  BOOST_TEST(acme.hear() == "BA 15=BTC 901=-2");
  BOOST_TEST(acme.hear() == "BA 15=USDT 901=1000200.2");
}

BOOST_AUTO_TEST_CASE(a_mass_cancel_says_how_many) {
  acme.send(sell("a", "5", "100"));
  acme.send(sell("b", "5", "101"));
  acme.hear(), acme.hear();
  acme.send(fix::Message{"q"}.set(tag::ClOrdID, "m").set(tag::MassCancelRequestType, '7').set(tag::TransactTime, Time{}));
  BOOST_TEST(acme.hear() == "8 150=4 39=4 11=a 14=0 151=0");
  BOOST_TEST(acme.hear() == "8 150=4 39=4 11=b 14=0 151=0");
  BOOST_TEST(acme.hear() == "r 11=m 533=2");
}

BOOST_AUTO_TEST_CASE(instruments_are_listed_and_their_status_is_told) {
  acme.send(fix::Message{"x"}.set(tag::SecurityReqID, "s").set(tag::SecurityListRequestType, 4));
  const auto list = acme.next();
  BOOST_REQUIRE(list.entries(tag::NoRelatedSym).size() == 1u);
  BOOST_TEST(fix::text(list.entries(tag::NoRelatedSym)[0], tag::MinPriceIncrement) == "0.01");
  venue.do_wrong({"halt", "symbol=BTCUSDT"});
  BOOST_TEST(acme.hear() == "f 326=2");
  acme.send(sell("a", "5", "100"));
  BOOST_TEST(acme.hear() == "8 150=8 39=8 11=a 14=0 151=0 103=2 58=BTCUSDT is halted");
  venue.do_wrong({"resume", "symbol=BTCUSDT"});
  BOOST_TEST(acme.hear() == "f 326=17");
}

BOOST_AUTO_TEST_CASE(market_data_is_a_snapshot_and_what_changes) {
  Client data{"ACME-MD"};
  data.log_on(venue.port());
  acme.send(sell("a", "5", "100"));
  acme.hear();
  fix::Message ask{"V"};
  ask.set(tag::MDReqID, "m").set(tag::SubscriptionRequestType, '1').set(tag::MarketDepth, 5);
  for (const char* type : {"0", "1", "2"}) ask.add(tag::NoMDEntryTypes, {{tag::MDEntryType, type}});
  ask.add(tag::NoRelatedSym, {{tag::Symbol, "BTCUSDT"}});
  data.send(ask);
  BOOST_TEST(data.hear() == "W 83=6 [/1 5@100]");
  bolt.send(buy("b", "2", "100"));
  const auto change = data.next();
  BOOST_TEST(words(change) == "X [0/2 2@100] [1/1 3@100]");
  BOOST_TEST(fix::text(change.entries(tag::NoMDEntries)[0], tag::RptSeq) == "7");
  acme.send(cancel("c", "a", '2'));
  BOOST_TEST(data.hear() == "X [2/1 3@100]");
  data.send(ask);
  BOOST_TEST(data.hear() == "Y 281=1 58=this MDReqID is in use");
}

BOOST_AUTO_TEST_CASE(what_nobody_understands_is_refused_with_words) {
  acme.send(fix::Message{"AE"}.set(tag::TradeReportID, "1").set(tag::Symbol, "X").set(tag::LastQty, 1).set(tag::LastPx, 1)
                .set(tag::TransactTime, Time{}).add(tag::NoSides, {{tag::Side, "1"}, {tag::OrderID, "1"}}));
  BOOST_TEST(acme.hear() == "j 58=the venue does not know messages of type AE");
  acme.send(sell("a", "5", "100").set(tag::Account, "BOLT"));
  BOOST_TEST(acme.hear() == "j 58=the account BOLT is not yours");
}

BOOST_AUTO_TEST_CASE(a_wrong_password_and_a_stranger_are_not_let_in) {
  Client wrong{"ACME-MD", "guess"};
  wrong.connect(venue.port());
  BOOST_TEST(wrong.wait_logout("wrong password"));
}

BOOST_AUTO_TEST_CASE(orders_go_with_their_session_where_that_is_wished) {
  acme.send(sell("a", "5", "100"));
  bolt.send(buy("b", "5", "90"));
  acme.hear(), bolt.hear();
  venue.do_wrong({"disconnect"});
  BOOST_TEST(acme.wait_logons(2));
  BOOST_TEST(bolt.wait_logons(2));
  BOOST_TEST(bolt.hear() == "8 150=4 39=4 11=b 14=0 151=0 58=its session is gone");
  BOOST_TEST(acme.all() == "");
}

BOOST_AUTO_TEST_CASE(more_than_allowed_a_second_is_throttled) {
  Client slow{"SLOW"};
  slow.log_on(venue.port());
  for (int i = 0; i < 12; ++i) slow.send(buy("s" + std::to_string(i), "1", "90"));
  BOOST_TEST(slow.all().find("j 58=throttled: more than 2 messages a second") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(venue_verb)

BOOST_AUTO_TEST_CASE(a_second_venue_does_not_take_the_same_directory) {
  const VenueProcess venue;
  const ScratchDir scratch;
  std::ofstream{scratch / "v.yaml"} << "venue: 1\ninstruments: []\naccounts: []\n";
  const Ended second = holdfast({"venue", scratch / "v.yaml", "--data", venue.data()});
  BOOST_TEST(second.code == 69);
  BOOST_TEST(second.err.find("is in use by another process") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_told_all_its_faults_with_their_places) {
  const ScratchDir scratch;
  std::ofstream{scratch / "v.yaml"} << "venue: 1\ninstruments:\n  - {symbol: A, currency: B, tick: 0, lot: 1}\naccounts:\n"
                                       "  - {name: X, sessions: [X, X]}\nscenario:\n  - {do: ack_lst, at: 1s}\n  - {do: ack_lost}\n";
  const Ended ended = holdfast({"venue", scratch / "v.yaml", "--data", scratch / "d"});
  BOOST_TEST(ended.code == 78);
  for (const char* words : {"tick is 0, must be more than 0", "v.yaml:3:36", "a second session 'X'", "did you mean 'ack_lost'?", "it says not when"})
    BOOST_TEST(ended.err.find(words) != std::string::npos, words << " is missing in " << ended.err);
  BOOST_TEST(!std::filesystem::exists(scratch / "d"));
}

BOOST_AUTO_TEST_CASE(sigterm_ends_it_in_order) {
  VenueProcess venue;
  BOOST_TEST(venue.stop().code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
