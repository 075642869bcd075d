// The broker that speaks FIX, against a venue that answers by script: what leaves, and what is made of what comes.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "fix_desk.hpp"

namespace holdfast::test {

namespace tag = fix::tag;

namespace {

/// "11=HF-7-1|55=BTC|…": the fields of a request but for its time, as the session sorts them.
std::string fields_of(const fix::Message& asked) {
  std::string text = asked.poss_resend ? "97=Y|" : "";
  for (const auto& field : asked.content().fields)
    if (field.tag != tag::TransactTime) text += std::to_string(field.tag) + "=" + field.value + "|";
  return text;
}

/// Whether all of `parts`, fields separated by "|", are among the fields of `asked`.
boost::test_tools::assertion_result has_all(const fix::Message& asked, const std::string& parts) {
  const std::string fields = "|" + fields_of(asked);
  for (std::size_t at = 0; at < parts.size();) {
    const auto end = std::min(parts.find('|', at), parts.size());
    if (fields.find("|" + parts.substr(at, end - at) + "|") == std::string::npos) {
      boost::test_tools::assertion_result no{false};
      no.message() << parts.substr(at, end - at) << " is missing in " << fields;
      return no;
    }
    at = end + 1;
  }
  return true;
}

/// A report about HF-7-1, order 5: `fields` replace those that are usual.
fix::Message execution(const std::string& fields) {
  auto made = message("8", "37=5|17=11|11=HF-7-1|150=0|39=0|55=BTC|54=1|38=10|40=2|44=100|59=1|14=0|151=10|6=0");
  const auto changed = message("8", fields);
  for (const auto& field : changed.content().fields) made.set(field.tag, field.value);
  for (std::size_t at = 0; (at = fields.find("=!", at)) != std::string::npos; ++at) {
    const auto start = fields.rfind('|', at);
    made.set(std::stoi(fields.substr(start == std::string::npos ? 0 : start + 1)), "");
  }
  return made;
}

WorkingOrder working(const OrderTerms& terms, std::uint64_t revision = 0) { return {terms, 5, revision, {}}; }

struct Heard {
  const char* name;
  std::string type, fields, written;
};

const std::vector<Heard>& executions() {
  static const std::vector<Heard> all{
      {"new", "8", "150=0", "acknowledged 7-1 #5"},
      {"pending new", "8", "150=A|39=A", "acknowledged 7-1 #5"},
      {"fill", "8", "150=F|39=1|31=99.5|32=4|12=0.04|13=3|851=2|14=4|151=6", "filled 7-1 exec 11 buy 4@99.5 of 1 taker fee 0.04"},
      {"resting fill", "8", "150=F|39=1|31=99.5|32=4|12=-0.01|851=1", "filled 7-1 exec 11 buy 4@99.5 of 1 maker fee -0.01"},
      {"fill without commission", "8", "150=F|39=1|31=99.5|32=4", "filled 7-1 exec 11 buy 4@99.5 of 1 taker fee 0"},
      {"fill of a changed order", "8", "11=HF-7-1r2|150=F|39=1|31=1|32=4", "filled 7-1 exec 11 buy 4@1 of 1 taker fee 0"},
      {"fill with an id that is no number", "8", "17=a|150=F|39=1|31=1|32=4", "filled 7-1 exec 12638187200555641996 buy 4@1 of 1 taker fee 0"},
      {"cancelled", "8", "11=HF-7-1c3|41=HF-7-1|150=4|39=4|151=0", "cancelled 7-1: cancelled by the venue"},
      {"cancelled unasked", "8", "150=4|39=4|151=0|58=self-trade", "cancelled 7-1: self-trade"},
      {"cancelled by somebody else", "8", "11=them|41=HF-7-1|150=4|39=4|151=0|58=by hand", "cancelled 7-1: by hand"},
      {"expired", "8", "150=C|39=C|151=0|58=end of day", "expired 7-1: end of day"},
      {"rejected", "8", "37=NONE|150=8|39=8|103=3|58=too much", "rejected 7-1: too much"},
      {"rejected as a duplicate", "8", "37=NONE|150=8|39=8|103=6|58=it is order 5", "unknown 7-1: the venue has an order of this name: it is order 5"},
      {"rejected by a request's name", "8", "11=HF-7-1r1|150=8|39=8|103=99|58=odd", "unknown 7-1: a request was rejected as if it were an order: odd"},
      {"changed", "8", "11=HF-7-1r1|41=HF-7-1|150=5|38=12|44=101|151=12", "replaced 7-1 12@101 revision 1 #5"},
      {"changed by somebody else", "8", "11=HF-7-1|150=5|38=12", "unknown 7-1: the venue changed the order, and we did not ask for it"},
      {"changed to nothing known", "8", "11=HF-7-1r1|150=5|38=!", "unknown 7-1: a change without a quantity or a price"},
      {"pending cancel", "8", "11=HF-7-1c3|150=6|39=6", ""},
      {"pending replace", "8", "11=HF-7-1r1|150=E|39=E", ""},
      {"status that nobody asked for", "8", "150=I|39=0", "acknowledged 7-1 #5"},
      {"status of a fill nobody asked for", "8", "150=I|39=1|14=4", "unknown 7-1: the venue has the order in status 1"},
      {"status of the cancelled", "8", "150=I|39=4|151=0", "cancelled 7-1: cancelled by the venue"},
      {"status of the expired", "8", "150=I|39=C|151=0", "expired 7-1: expired"},
      {"status of the rejected", "8", "150=I|39=8|103=3|58=no", "rejected 7-1: no"},
      {"status of what is not there", "8", "37=NONE|150=I|39=8|103=5|58=no such order", "unknown 7-1: the venue has the order in status 8: no such order"},
      {"answer to a question of long ago", "8", "150=I|39=4|584=q1-1|911=1|912=Y", ""},
      {"restated", "8", "150=D|58=smaller now", "unknown 7-1: the venue restated the order: smaller now"},
      {"bust", "8", "150=H|19=4|31=99|32=2|12=0.5|58=erroneous", "busted 4 buy 2@99 fee 0.5 7-1: erroneous"},
      {"bust of nothing", "8", "150=H|31=99|32=2", "unknown 7-1: the venue takes back an execution without a name"},
      {"correction of a fill from another time", "8", "150=G|19=4|31=99|32=2", "unknown 7-1: the venue corrects execution 4, which is too old to be known"},
      {"fill without a price", "8", "150=F|39=1|32=4", "unknown 7-1: a fill without a price"},
      {"fill without a quantity", "8", "150=F|39=1|31=99", "unknown 7-1: a fill without a quantity"},
      {"fill of nothing", "8", "150=F|39=1|31=99|32=0", "unknown 7-1: a fill without a quantity"},
      {"fill of less than nothing", "8", "150=F|39=1|31=99|32=-1", "unknown 7-1: a fill without a quantity"},
      {"fill without an id", "8", "17=NONE|150=F|39=1|31=99|32=1", "unknown 7-1: a fill without an ExecID"},
      {"fill of what we do not trade", "8", "55=XRP|150=F|39=1|31=99|32=1", "unknown 7-1: a fill of an instrument that is none of ours"},
      {"fill of neither side", "8", "54=7|150=F|39=1|31=99|32=1", "unknown 7-1: a fill that neither bought nor sold"},
      {"fill with more decimals than there are", "8", "150=F|39=1|31=0.000000001|32=1", "unknown 7-1: a fill without a price"},
      {"commission by the unit", "8", "150=F|39=1|31=99|32=1|12=1|13=1", "unknown 7-1: a fill with a commission that is no amount"},
      {"report of a kind that is none", "8", "150=Z", "unknown 7-1: a report of ExecType Z"},
      {"fill of an order that is not ours", "8", "37=77|11=them-1|150=F|39=1|31=99|32=1", "filled 0-68719476813 exec 11 buy 1@99 of 1 taker fee 0"},
      {"end of nobody's order", "8", "37=NONE|11=HF-7-01|150=4|39=4", ""},
      {"cancel rejected", "9", "37=5|11=HF-7-1c3|41=HF-7-1|39=2|434=1|102=0|58=too late", "cancel rejected 7-1: too late"},
      {"change rejected", "9", "37=5|11=HF-7-1r1|41=HF-7-1|39=0|434=2|102=2", "replace rejected 7-1: the venue did not change it"},
      {"cancel of an order that is not there", "9", "37=NONE|11=HF-7-1c3|41=HF-7-1|39=8|434=1|102=1|58=no such order",
       "cancel rejected 7-1: no such order\nunknown 7-1: the venue does not know the order: no such order"},
      {"rejected request of a kind that is none", "9", "37=5|11=HF-7-1r1|41=HF-7-1|39=0|434=7", "replace rejected 7-1: the venue did not change it"},
      {"rejected request that says nothing", "9", "37=5|11=them|41=HF-7-1|39=0|434=7", "unknown 7-1: a rejected request that does not say which"},
  };
  return all;
}

struct Wire {
  const char* name;
  std::function<OrderTerms()> terms;
  std::string fields;
};
std::ostream& operator<<(std::ostream& out, const Wire& w) { return out << w.name; }

const std::vector<Wire>& orders() {
  const auto with_terms = [](auto&& change, const char* limit = "100") {
    return [=] {
      OrderTerms t = terms_of(1, limit);
      change(t);
      return t;
    };
  };
  static const std::vector<Wire> all{
      {"limit", with_terms([](OrderTerms&) {}), "11=HF-7-1|38=10|40=2|44=100|54=1|55=BTC|59=1|"},
      {"market", with_terms([](OrderTerms& t) { t.side = holdfast::Side::sell; }, ""), "11=HF-7-1|38=10|40=1|54=2|55=BTC|59=3|"},
      {"stop", with_terms([](OrderTerms& t) { t.type = OrdType::stop, t.tif = TimeInForce::day, t.stop_px = Price::of(90); }, ""),
       "11=HF-7-1|38=10|40=3|54=1|55=BTC|59=0|99=90|"},
      {"stop limit", with_terms([](OrderTerms& t) { t.type = OrdType::stop_limit, t.tif = TimeInForce::fok, t.stop_px = Price::of(90); }),
       "11=HF-7-1|38=10|40=4|44=100|54=1|55=BTC|59=4|99=90|"},
      {"good till date", with_terms([](OrderTerms& t) { t.tif = TimeInForce::gtd, t.expire_time = Time{1'700'000'000'123'456'000}; }),
       "11=HF-7-1|38=10|40=2|44=100|54=1|55=BTC|59=6|126=20231114-22:13:20.123456|"},
      {"post only", with_terms([](OrderTerms& t) { t.exec_inst = ExecInst::post_only; }), "11=HF-7-1|18=6|38=10|40=2|44=100|54=1|55=BTC|59=1|"},
      {"reduce and post only, with a part shown",
       with_terms([](OrderTerms& t) { t.exec_inst = ExecInst::post_only | ExecInst::reduce_only, t.display_qty = Quantity::of(1); }),
       "11=HF-7-1|18=6 E|38=10|40=2|44=100|54=1|55=BTC|59=1|1138=1|"},
  };
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_broker)

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_are_told_in_a_sentence_each) {
  auto where = context(instruments({"BTC"}));
  where.secrets = [](const std::string& name, Problem&) { return std::optional{Secret{name, "", ""}}; };
  const auto said = [&](testkit::Fields wrong) {
    std::string text;
    for (const auto& problem : problems_of("broker", "fix", with(FixDesk::settings(1), std::move(wrong)), where)) text += problem.what + "\n";
    return text;
  };
  BOOST_TEST(said({}) == "");
  BOOST_TEST(said({{"host", ""}}) == "host is , must be not empty\n");
  BOOST_TEST(said({{"port", "0"}}) == "port is 0, must be between 1 and 65535\n");
  BOOST_TEST(said({{"sender", ""}}) == "sender is , must be not empty\n");
  BOOST_TEST(said({{"heartbeat", "500ms"}}).starts_with("heartbeat is 500ms, must be between 1s and "));
  BOOST_TEST(said({{"heartbeat", "1500ms"}}) == "heartbeat is 1500ms, must be whole seconds\n");
  BOOST_TEST(said({{"id_prefix", "a-b"}}) == "id_prefix is a-b, must be 1 to 16 letters, digits, dots or underscores\n");
  BOOST_TEST(said({{"reconnect_min", "2s"}, {"reconnect_max", "1s"}}) == "reconnect_min is longer than reconnect_max\n");
  BOOST_TEST(said({{"password", "sesame"}}).find("sesame") == std::string::npos);
  BOOST_TEST(said({{"password", "sesame"}}) != "");
}

BOOST_AUTO_TEST_CASE(it_logs_on_with_what_the_settings_say) {
  LoggedOn at;
  BOOST_TEST(at.venue.logons().at(0) == "joe/sesame");
  BOOST_TEST(at.desk.all() == "connected");
}

BOOST_DATA_TEST_CASE(an_order_leaves_with_all_its_terms, orders()) {
  LoggedOn at;
  at.desk.send(sample.terms());
  BOOST_TEST(fields_of(at.venue.asked("D")) == sample.fields);
  BOOST_CHECK(fix::time(at.venue.asked("D"), tag::TransactTime) == at.desk.blotter.time);
}

BOOST_AUTO_TEST_CASE(an_order_sent_again_has_the_same_name_and_is_marked) {
  LoggedOn at;
  at.desk.send(terms_of(1));
  at.desk.send(terms_of(1), true);
  BOOST_TEST("97=Y|" + fields_of(at.venue.asked("D", 1)) == fields_of(at.venue.asked("D", 2)));
}

BOOST_AUTO_TEST_CASE(an_account_is_in_every_request) {
  ScratchDir kept;
  ScriptedVenue venue;
  FixDesk desk{venue.port, kept.str(), {{"account", "ACME/2"}, {"id_prefix", "X_1"}}};
  desk.wait("connected");
  desk.send(terms_of(1));
  BOOST_CHECK(has_all(venue.asked("D"), "1=ACME/2|11=X_1-7-1"));
  desk->cancel(working(terms_of(1)), 1, desk.blotter);
  BOOST_CHECK(has_all(venue.asked("F"), "1=ACME/2"));
  desk->ask({.number = 1, .open_orders = true, .fills = true, .positions = true, .balances = true, .orders = {working(terms_of(1))}}, desk.blotter);
  for (const char* type : {"AF", "AD", "AN", "BB", "H"}) BOOST_CHECK(has_all(venue.asked(type), "1=ACME/2"));
}

BOOST_AUTO_TEST_CASE(what_is_sent_before_a_logon_is_unknown_and_not_lost) {
  ScratchDir kept;
  ScriptedVenue venue;
  venue.refuse("closed on Sundays");
  FixDesk desk{venue.port, kept.str()};
  BOOST_TEST(desk.wait("disconnected").find("closed on Sundays") != std::string::npos);
  desk.send(terms_of(1));
  BOOST_TEST(desk.wait("unknown") == "unknown 7-1: not sent: not logged on");
  venue.refuse("");
  desk.wait("connected");
  BOOST_TEST(venue.count("D") == 0u);
}

BOOST_AUTO_TEST_CASE(changes_and_cancels_name_the_order_as_it_is_called_by_then) {
  LoggedOn at;
  const OrderTerms terms = terms_of(1);
  at.desk.replace(working(terms), "12", "101", 1);
  BOOST_CHECK(has_all(at.venue.asked("G"), "11=HF-7-1r1|41=HF-7-1|55=BTC|54=1|38=12|44=101|40=2|59=1"));
  at.desk.replace(working(terms, 1), "13", "102", 3);  // The second was refused.
  BOOST_CHECK(has_all(at.venue.asked("G", 2), "11=HF-7-1r3|41=HF-7-1r1|38=13|44=102"));
  at.desk->cancel(working(terms, 3), 44, at.desk.blotter);
  BOOST_CHECK(has_all(at.venue.asked("F"), "11=HF-7-1c44|41=HF-7-1r3|55=BTC|54=1|38=10"));
  BOOST_TEST(fields_of(at.venue.asked("F")).find("|37=") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_order_that_is_not_ours_is_named_as_the_venue_names_it) {
  LoggedOn at;
  OrderTerms terms = terms_of(1);
  terms.cl_ord_id = ClOrdId::make(ActorId{0}, 77);
  at.desk->cancel({terms, 77, 0, "them-1"}, 1, at.desk.blotter);
  BOOST_CHECK(has_all(at.venue.asked("F"), "11=HF-0-77c1|41=them-1"));
  at.desk->cancel({terms, 77, 0, ""}, 2, at.desk.blotter);
  BOOST_CHECK(has_all(at.venue.asked("F", 2), "11=HF-0-77c2|37=77"));
  at.desk.replace({terms, 77, 1, "them-1"}, "12", "101", 2);  // We have changed it before.
  BOOST_CHECK(has_all(at.venue.asked("G"), "11=HF-0-77r2|41=HF-0-77r1"));
  BOOST_TEST(at.hears(execution("37=77|11=HF-0-77c1|41=them-1|150=4|39=4")) == "cancelled 0-77: cancelled by the venue\n");
}

BOOST_AUTO_TEST_CASE(every_report_means_one_thing) {
  LoggedOn at;
  for (const Heard& one : executions()) {
    BOOST_TEST_CONTEXT(one.name) {
      const auto told = one.type == "8" ? execution(one.fields) : message(one.type, one.fields);
      BOOST_TEST(at.hears(told) == one.written + (one.written.empty() ? "" : "\n"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_corrected_fill_is_taken_back_and_made_anew) {
  LoggedOn at;
  at.hears(execution("17=20|150=F|39=1|31=99|32=4|12=0.5"));
  BOOST_TEST(at.hears(execution("17=21|19=20|150=G|39=1|31=98|32=3|12=0.4|58=wrong price")) ==
             "busted 20 buy 4@99 fee 0.5 7-1: wrong price\nfilled 7-1 exec 21 buy 3@98 of 1 taker fee 0.4\n");
  // And once more, on top of that.
  BOOST_TEST(at.hears(execution("17=22|19=21|150=G|39=1|31=97|32=3|12=0.3")) ==
             "busted 21 buy 3@98 fee 0.4 7-1: taken back by the venue\nfilled 7-1 exec 22 buy 3@97 of 1 taker fee 0.3\n");
}

struct Refusal {
  const char* name;
  std::string type, fields, written;
};
std::ostream& operator<<(std::ostream& out, const Refusal& r) { return out << r.name; }

BOOST_DATA_TEST_CASE(a_message_that_the_venue_did_not_understand_leaves_its_order_unknown,
                     (std::vector<Refusal>{
                         {"order", "j", "372=D|380=0|58=too many", "unknown 7-1: the venue refused the message: too many"},
                         {"order, by the session", "3", "372=D|373=5|371=44|58=wrong", "unknown 7-1: the venue refused the message: wrong"},
                         {"orders are not taken at all", "j", "372=D|380=3|58=no", "rejected 7-1: the venue refused the message: no"},
                         {"nor by the session", "3", "372=D|373=11", "rejected 7-1: the venue refused the message: it does not say why"},
                         {"cancel", "j", "372=F|380=0|58=busy", "unknown 7-1: the venue refused the message: busy"},
                         {"no cancels", "j", "372=F|380=3|58=no", "cancel rejected 7-1: the venue refused the message: no"},
                         {"no changes", "j", "372=G|380=3|58=no", "replace rejected 7-1: the venue refused the message: no"},
                     })) {
  LoggedOn at;
  const auto refuse = [&](const fix::Message& asked) {
    return ScriptedVenue::Answers{message(sample.type, sample.fields).set(tag::RefSeqNum, asked.seq)};
  };
  const std::string what = sample.fields.substr(4, 1);
  if (sample.type == "j") at.venue.answer(what, refuse);
  at.desk.send(terms_of(1));
  at.desk->cancel(working(terms_of(1)), 1, at.desk.blotter);
  at.desk.replace(working(terms_of(1)), "12", "101", 1);
  if (sample.type == "3") {
    // Only the session itself says that: what it is made of is the same.
    at.venue.endpoint().send(at.venue.session(), refuse(at.venue.asked("D"))[0]);
  }
  BOOST_TEST(at.desk.wait(sample.written.substr(0, sample.written.find(' '))) == sample.written);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
