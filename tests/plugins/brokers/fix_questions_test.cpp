// The broker that speaks FIX: what the venue is asked, how the answers become one, and what a lost connection,
// a restart and a venue's refusal do to that.
#include "fix_desk.hpp"

namespace holdfast::test {

namespace tag = fix::tag;

namespace {

using Answers = ScriptedVenue::Answers;

std::string order_fields(const std::string& id, const std::string& order_id, const std::string& more = "") {
  return "37=" + order_id + "|17=0|11=" + id + "|150=I|39=0|55=BTC|54=1|38=10|40=2|44=100|59=1|14=0|151=10|6=0" + (more.empty() ? "" : "|") + more;
}

/// Gives every answer the id of the question, under `field`.
Answers to(const fix::Message& asked, int field, Answers answers) {
  for (auto& answer : answers) answer.set(field, *asked.get(field));
  return answers;
}

fix::Message trade_report(const std::string& exec, const std::string& cl_ord_id, const std::string& side = "1", const std::string& fee = "0.1") {
  auto made = message("AE", "571=" + exec + "|17=" + exec + "|55=BTC|32=4|31=99.5|60=20260101-10:00:00.000001");
  return made.add(tag::NoSides, {{tag::Side, side}, {tag::OrderID, "5"}, {tag::ClOrdID, cl_ord_id}, {tag::Commission, fee}});
}
fix::Message position_report(const std::string& symbol, int field, const std::string& quantity) {
  auto made = message("AP", "721=p|728=0|55=" + symbol);
  return made.add(tag::NoPositions, {{tag::PosType, "TOT"}, {field, quantity}});
}

/// What a venue with an order of ours, one of somebody's, a fill and a position says.
void answer_everything(ScriptedVenue& venue) {
  venue.answer("AF", [](const fix::Message& asked) {
    return to(asked, tag::MassStatusReqID, {message("8", order_fields("HF-7-1r2", "5", "911=2")),
                                            message("8", order_fields("them-1", "77", "911=2|912=Y|54=2|14=3|151=7|39=1"))});
  });
  venue.answer("AD", [](const fix::Message& asked) {
    return to(asked, tag::TradeRequestID, {message("AQ", "569=0|748=2|749=0|750=0"), trade_report("20", "HF-7-1"), trade_report("21", "them-1", "2", "-0.1")});
  });
  venue.answer("AN", [](const fix::Message& asked) {
    return to(asked, tag::PosReqID, {message("AO", "721=p|727=2|728=0|729=0"), position_report("BTC", tag::LongQty, "4"),
                                     position_report("ETH", tag::ShortQty, "2.5")});
  });
  venue.answer("BB", [](const fix::Message& asked) {
    return to(asked, tag::CollInquiryID, {message("BA", "908=a|910=3|911=2|912=N|15=USD|901=100.5"), message("BA", "908=b|910=3|911=2|912=Y|15=EUR|901=-3")});
  });
  venue.answer("H", [](const fix::Message& asked) {
    const bool known = fix::text(asked, tag::ClOrdID) == "HF-7-1r1";
    return to(asked, tag::OrdStatusReqID,
              {known ? message("8", order_fields("HF-7-1r1", "5", "39=4|14=6|151=0|58=by you"))
                     : message("8", "37=NONE|17=0|11=" + fix::text(asked, tag::ClOrdID) + "|150=I|39=8|103=5|55=NONE|54=1|14=0|151=0|6=0")});
  });
}

constexpr auto kOpen = " open[7-1 working #5 buy 10@100 cum 0 leaves 10; 0-0 'them-1' working #77 sell 10@100 cum 3 leaves 7]";
constexpr auto kFills = " fills[20 7-1 #5 buy 4@99.5 fee 0.1; 21 0-0 #5 sell 4@99.5 fee -0.1]";
constexpr auto kPositions = " positions[1 4; 2 -2.5]";
constexpr auto kBalances = " balances[USD 100.5; EUR -3]";

VenueQuestion everything(std::uint64_t number = 1) {
  return {.number = number, .open_orders = true, .fills = true, .positions = true, .balances = true, .fills_after = 12, .orders = {}};
}
std::string whole(const std::string& open = kOpen, const std::string& fills = kFills, const std::string& positions = kPositions,
                  const std::string& balances = kBalances) {
  return "statement 1" + open + " asked[]" + fills + positions + balances;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_broker_questions)

BOOST_AUTO_TEST_CASE(a_statement_is_put_together_of_all_its_parts) {
  LoggedOn at;
  answer_everything(at.venue);
  at.desk->ask(everything(), at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") == whole());
  BOOST_TEST(fix::text(at.venue.asked("AD"), tag::ExecID) == "12");
  BOOST_TEST(fix::text(at.venue.asked("AF"), tag::MassStatusReqType) == "7");
}

BOOST_AUTO_TEST_CASE(what_was_not_asked_for_is_not_in_it) {
  LoggedOn at;
  answer_everything(at.venue);
  at.desk->ask({.number = 3, .fills = true, .orders = {{terms_of(1), 0, 1, {}}, {terms_of(2), 0, 0, {}}}}, at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") ==
             "statement 3 asked[7-1 cancelled #5 buy 10@100 cum 6 leaves 0; 7-2 not found]" + std::string{kFills});
  BOOST_TEST(at.venue.asked("AD").get(tag::ExecID).has_value() == false);
}

BOOST_AUTO_TEST_CASE(a_trade_that_was_cancelled_takes_its_fill_back_and_a_replaced_one_says_nothing) {
  LoggedOn at;
  at.venue.answer("AD", [](const fix::Message& asked) {
    const auto as = [](fix::Message report, int kind, const char* of) { return report.set(tag::TradeReportTransType, kind).set(tag::TradeReportRefID, of); };
    return to(asked, tag::TradeRequestID,
              {message("AQ", "569=0|748=3|749=0|750=0"), trade_report("20", "HF-7-1").set(tag::TradeReportTransType, 0),
               as(trade_report("21", "HF-7-1"), 1, "19"), as(trade_report("22", "HF-7-1"), 2, "18")});
  });
  at.desk->ask({.number = 1, .fills = true, .orders = {}}, at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") ==
             "statement 1 asked[] fills[20 7-1 #5 buy 4@99.5 fee 0.1; 21 7-1 #5 buy 4@99.5 fee 0.1 takes back 19]");
}

BOOST_AUTO_TEST_CASE(a_cancelled_trade_without_a_name_leaves_the_fills_untold) {
  LoggedOn at;
  at.venue.answer("AD", [](const fix::Message& asked) {
    return to(asked, tag::TradeRequestID, {message("AQ", "569=0|748=1|749=0|750=0"), trade_report("21", "HF-7-1").set(tag::TradeReportTransType, 1)});
  });
  at.desk->ask({.number = 1, .fills = true, .orders = {}}, at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") == "statement 1 asked[]");
}

BOOST_AUTO_TEST_CASE(where_execution_ids_are_no_numbers_all_fills_are_asked_for) {
  LoggedOn at;
  answer_everything(at.venue);
  at.venue.answer("AD", [](const fix::Message& asked) {
    auto fill = message("AE", "571=t|17=E-7a|32=1|31=100|55=BTC|60=20260101-00:00:00|912=Y|748=1");
    fill.add(tag::NoSides, {{tag::Side, "1"}, {tag::OrderID, "5"}, {tag::ClOrdID, "HF-7-1"}});
    return to(asked, tag::TradeRequestID, {message("AQ", "569=0|748=1|749=0|750=0"), fill});
  });
  at.desk->ask({.number = 1, .fills = true, .orders = {}}, at.desk.blotter);
  const std::string told = at.desk.wait("statement");
  const auto begin = told.find("fills[") + 6;
  const std::uint64_t number = std::stoull(told.substr(begin));
  BOOST_TEST(number > 0u, told);
  at.desk->ask({.number = 2, .fills = true, .fills_after = number, .orders = {}}, at.desk.blotter);
  at.desk.wait("statement");
  BOOST_TEST(!at.venue.asked("AD", 2).get(tag::ExecID).has_value());
}

BOOST_AUTO_TEST_CASE(an_order_that_the_venue_rejected_has_no_number_there) {
  LoggedOn at;
  at.venue.answer("H", [](const fix::Message& asked) {
    return to(asked, tag::OrdStatusReqID, {message("8", "37=NONE|17=0|150=I|39=8|103=99|11=HF-7-1|55=BTC|54=1|14=0|151=0|6=0|58=no")});
  });
  at.desk->ask({.number = 1, .orders = {{terms_of(1), 0, 0, {}}}}, at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement").find("asked[7-1 rejected") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_at_all_is_an_answer) {
  LoggedOn at;
  at.venue.answer("AF", [](const fix::Message& asked) {
    return to(asked, tag::MassStatusReqID, {message("8", "37=NONE|17=0|150=I|39=8|103=5|55=NONE|54=1|14=0|151=0|6=0|911=0|912=Y")});
  });
  at.venue.answer("AD", [](const fix::Message& asked) { return to(asked, tag::TradeRequestID, {message("AQ", "569=0|748=0|749=0|750=0")}); });
  at.venue.answer("AN", [](const fix::Message& asked) { return to(asked, tag::PosReqID, {message("AO", "721=p|727=0|728=2|729=0")}); });
  at.venue.answer("BB", [](const fix::Message& asked) { return to(asked, tag::CollInquiryID, {message("BA", "908=a|910=3|911=0|912=Y")}); });
  at.desk->ask(everything(), at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") == "statement 1 open[] asked[] fills[] positions[] balances[]");
}

BOOST_AUTO_TEST_CASE(parts_may_come_in_any_order_and_more_than_once) {
  LoggedOn at;
  answer_everything(at.venue);
  at.venue.answer("AF", [](const fix::Message& asked) {
    const auto theirs = message("8", order_fields("them-1", "77", "911=2|912=Y|54=2|14=3|151=7|39=1"));
    return to(asked, tag::MassStatusReqID, {theirs, theirs, message("8", order_fields("HF-7-1r2", "5", "911=2"))});
  });
  at.venue.answer("AD", [](const fix::Message& asked) {
    const auto first = trade_report("20", "HF-7-1");
    return to(asked, tag::TradeRequestID, {first, first, message("AQ", "569=0|748=2|749=0|750=0"), first, trade_report("21", "them-1", "2", "-0.1")});
  });
  at.desk->ask(everything(), at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") ==
             whole(" open[0-0 'them-1' working #77 sell 10@100 cum 3 leaves 7; 7-1 working #5 buy 10@100 cum 0 leaves 10]"));
}

BOOST_AUTO_TEST_CASE(what_the_venue_refuses_to_tell_or_garbles_is_left_out) {
  LoggedOn at;
  const auto refuse = [](const fix::Message& asked) {
    return Answers{message("j", "380=0|58=busy").set(tag::RefMsgType, asked.type()).set(tag::RefSeqNum, asked.seq)};
  };
  const auto said = [&] {
    const std::size_t from = at.desk.blotter.lines.size();
    at.desk->ask(everything(), at.desk.blotter);
    const std::string line = at.desk.wait("statement", from);
    answer_everything(at.venue);
    return line;
  };
  answer_everything(at.venue);
  at.venue.answer("AF", refuse);
  BOOST_TEST(said() == whole(""));
  at.venue.answer("AD", refuse);
  BOOST_TEST(said() == whole(kOpen, ""));
  at.venue.answer("AN", refuse);
  BOOST_TEST(said() == whole(kOpen, kFills, ""));
  at.venue.answer("BB", refuse);
  BOOST_TEST(said() == whole(kOpen, kFills, kPositions, ""));
  at.venue.answer("AF", [](const fix::Message& asked) {  // An order without a price that says it is a limit order.
    return to(asked, tag::MassStatusReqID, {message("8", order_fields("HF-7-1", "5", "911=1|912=Y").replace(order_fields("HF-7-1", "5").find("|44=100"), 7, ""))});
  });
  BOOST_TEST(said() == whole(""));
  at.venue.answer("AD", [](const fix::Message& asked) { return to(asked, tag::TradeRequestID, {message("AQ", "569=0|749=99|750=2")}); });
  BOOST_TEST(said() == whole(kOpen, ""));
  at.venue.answer("AN", [](const fix::Message& asked) { return to(asked, tag::PosReqID, {message("AO", "721=p|728=99|729=2")}); });
  BOOST_TEST(said() == whole(kOpen, kFills, ""));
  at.venue.answer("BB", [](const fix::Message& asked) { return to(asked, tag::CollInquiryID, {message("BA", "908=a|910=3|911=1|912=Y|15=USD")}); });
  BOOST_TEST(said() == whole(kOpen, kFills, kPositions, ""));
  BOOST_TEST(said() == whole());
}

BOOST_AUTO_TEST_CASE(an_answer_to_another_question_is_no_answer) {
  LoggedOn at;
  at.desk->ask({.number = 1, .positions = true, .orders = {}}, at.desk.blotter);
  const auto late = at.venue.asked("AN");
  at.desk->ask({.number = 2, .positions = true, .orders = {}}, at.desk.blotter);
  const auto asked = at.venue.asked("AN", 2);
  for (const auto& answer : to(late, tag::PosReqID, {message("AO", "721=p|727=0|728=2|729=0")})) at.venue.say(answer);
  at.mark();
  BOOST_TEST(at.desk.all().find("statement") == std::string::npos);
  for (const auto& answer : to(asked, tag::PosReqID, {message("AO", "721=p|727=0|728=2|729=0")})) at.venue.say(answer);
  BOOST_TEST(at.desk.wait("statement") == "statement 2 asked[] positions[]");
}

BOOST_AUTO_TEST_CASE(what_the_account_trades_and_the_system_does_not_is_left_out) {
  LoggedOn at;
  at.venue.answer("AF", [](const fix::Message& asked) {
    auto other = message("8", order_fields("them-1", "77", "911=1|912=Y"));
    return to(asked, tag::MassStatusReqID, {other.set(tag::Symbol, "XRP")});
  });
  at.venue.answer("AN", [](const fix::Message& asked) {
    return to(asked, tag::PosReqID, {message("AO", "721=p|727=1|728=0|729=0"), position_report("XRP", tag::LongQty, "4")});
  });
  at.desk->ask({.number = 1, .open_orders = true, .positions = true, .orders = {}}, at.desk.blotter);
  BOOST_TEST(at.desk.wait("statement") == "statement 1 open[] asked[] positions[]");
}

BOOST_AUTO_TEST_CASE(a_lost_connection_drops_the_question_and_is_made_again) {
  LoggedOn at;
  at.venue.answer("AN", [&](const fix::Message&) {
    at.venue.endpoint().disconnect(at.venue.session(), "a cable");
    return Answers{};
  });
  at.desk->ask({.number = 1, .positions = true, .orders = {}}, at.desk.blotter);
  at.desk.wait("disconnected");
  at.desk.wait("connected", 1);
  // An answer that comes by the new connection is to nothing that was asked by it.
  for (const auto& answer : to(at.venue.asked("AN"), tag::PosReqID, {message("AO", "721=p|727=0|728=2|729=0")})) at.venue.say(answer);
  at.mark();
  BOOST_TEST(at.desk.all().find("statement") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_connection_lost_behind_an_order_is_told_before_the_next_one) {
  LoggedOn at;
  at.venue.answer("D", [&](const fix::Message&) {
    at.venue.endpoint().disconnect(at.venue.session(), "a cable");
    return Answers{};
  });
  at.desk.send(terms_of(1));
  at.desk.wait("disconnected");
  at.desk.wait("connected", 1);  // Perhaps heard in one go with the loss.
  BOOST_TEST(at.desk.all().starts_with("connected\ndisconnected: "));
  BOOST_TEST(at.venue.count("D") == 1u);  // The session repeats no orders.
}

BOOST_AUTO_TEST_CASE(a_fill_that_was_not_durable_comes_again_after_a_restart_and_what_was_does_not) {
  ScratchDir kept;
  ScriptedVenue venue;
  const auto fill = [](const char* exec) {
    return message("8", std::string{"37=5|17="} + exec + "|11=HF-7-1|150=F|39=1|55=BTC|54=1|31=99|32=1|14=1|151=9|6=99");
  };
  {
    FixDesk desk{venue.port, kept.str()};
    desk.wait("connected");
    venue.say(fill("20"));
    desk.wait("filled 7-1 exec 20");
    desk->durable(desk.blotter.reports);
    venue.say(fill("21"));
    desk.wait("filled 7-1 exec 21");
    desk->durable(desk.blotter.reports - 1);
  }
  FixDesk desk{venue.port, kept.str()};
  desk.wait("filled 7-1 exec 21");
  BOOST_TEST(desk.all().find("exec 20") == std::string::npos);
  desk->durable(desk.blotter.reports);
}

BOOST_AUTO_TEST_CASE(without_a_folder_to_keep_anything_every_logon_begins_anew) {
  ScriptedVenue venue;
  for (int run = 0; run < 2; ++run) {
    FixDesk desk{venue.port, ""};
    desk.wait("connected");
    desk.send(terms_of(1));
    BOOST_TEST(venue.asked("D", static_cast<std::size_t>(run) + 1).seq == 5u);  // Logon, x, e and e.
  }
}

BOOST_AUTO_TEST_CASE(instruments_are_told_once_both_their_data_and_their_status_are_known) {
  ScratchDir kept;
  ScriptedVenue venue;
  venue.answer("x", [](const fix::Message& asked) {
    auto list = message("y", "322=r|560=0|393=2|893=Y");
    list.add(tag::NoRelatedSym, {{tag::Symbol, "BTC"}, {tag::Currency, "USD"}, {tag::MinPriceIncrement, "0.5"}, {tag::RoundLot, "0.1"},
                                 {tag::MinTradeVol, "1"}, {tag::MaxTradeVol, "9"}, {tag::MaturityDate, "20260102"}, {tag::MinNotional, "10"},
                                 {tag::PriceBand, "0.2"}});
    list.add(tag::NoRelatedSym, {{tag::Symbol, "XRP"}, {tag::MinPriceIncrement, "7"}});
    return to(asked, tag::SecurityReqID, {list});
  });
  venue.answer("e", [](const fix::Message& asked) {
    if (fix::text(asked, tag::Symbol) == "ETH") return Answers{message("j", "372=e|380=0").set(tag::RefSeqNum, asked.seq)};
    return to(asked, tag::SecurityStatusReqID, {message("f", "55=BTC|326=2")});
  });
  FixDesk desk{venue.port, kept.str()};
  BOOST_TEST(desk.wait("BTC") == "BTC halted tick 0.5 lot 0.1 min 1 max 9 worth 10 band 0.2 until 2026-01-03T00:00:00.000000000Z");
  BOOST_TEST(desk.wait("ETH") == "ETH open tick 0 lot 0 min 0 max 0 worth 0 band 0");
  venue.say(message("f", "55=BTC|325=Y|326=17"));
  desk.wait("BTC open tick 0.5");
  venue.say(message("f", "55=BTC|325=Y|326=18"));
  desk.wait("BTC closed");
  BOOST_TEST(desk.blotter.lines.size() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
