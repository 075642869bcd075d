#include <boost/test/unit_test.hpp>

#include "fix/fixture.hpp"
#include "fix/raw_client.hpp"

namespace holdfast {

using namespace test;

namespace {

/// A venue with the sessions ACME and BETA.
struct Venue {
  Side side{venue_side()};
  fix::SessionId beta = side.endpoint.add_session(venue_side("BETA"));
  std::uint16_t port = side.endpoint.listen("127.0.0.1", 0);
  Venue() { side.endpoint.start(); }
  explicit Venue(const fix::Limits& limits) : side{venue_side(), limits} { side.endpoint.start(); }
};

const std::string kOrder = "11=x|55=AAPL|54=1|38=100|40=2|44=187.25|60=20260101-00:00:00|";

/// What is sent after the Logon, and what comes back: beginnings of messages, or what they contain.
struct Case {
  const char* name;
  std::function<std::string(const RawClient&)> sent;
  std::vector<std::string> answers;
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

const std::vector<Case>& cases() {
  using C = const RawClient&;
  // What is garbled is passed over: then the number after it is too high, or the next message is answered.
  static const std::vector<Case> table{
      {"garbage before a message",
       [](C c) { return "garbage 8=F" + c.message("1", 2, "112=a|"); },
       {"35=0|", "112=a|"}},
      {"wrong checksum",
       [](C c) {
         auto bad = c.message("1", 2, "112=a|");
         bad[bad.size() - 2] = bad[bad.size() - 2] == '0' ? '1' : '0';
         return bad + c.message("1", 2, "112=b|");
       },
       {"35=0|", "112=b|"}},
      {"body length too long",
       [](C c) { return replaced(c.message("1", 2, "112=a|"), "9=", "9=1") + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"body length too short",
       [](C c) { return replaced(c.message("1", 2, "112=a|"), "9=6", "9=5") + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"body length beyond all measure",
       [](C c) { return replaced(c.message("1", 2, "112=a|"), "9=", "9=99999999") + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"body length is no number",
       [](C c) { return replaced(c.message("1", 2, "112=a|"), "9=", "9=x") + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"type is not the third field",
       [](C c) { return RawClient::framed("34=2|" + c.body("1", 2, "112=a|")) + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"tag is no number",
       [](C c) { return c.message("1", 2, "x=1|112=a|") + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"number too high", [](C c) { return c.message("1", 5, "112=a|"); }, {"35=2|", "7=2|"}},
      {"number too high in a Reject",
       [](C c) { return c.message("3", 5, "45=1|") + c.message("1", 6, "112=a|"); },
       {"35=2|", "7=2|"}},
      {"number too low",
       [](C c) { return c.message("1", 1, "112=a|"); },
       {"35=5|", "58=MsgSeqNum too low, expecting 2 but received 1", "closed"}},
      {"number too low, possibly a duplicate",
       [](C c) { return c.message("1", 1, "43=Y|122=20260101-00:00:00|112=a|") + c.message("1", 2, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"no number",
       [](C c) { return RawClient::framed(replaced(c.body("1", 2, "112=a|"), "34=2|", "")); },
       {"35=5|", "closed"}},
      {"wrong SenderCompID",
       [](C c) { return RawClient::framed(replaced(c.body("1", 2, "112=a|"), "49=ACME", "49=EVIL")); },
       {"35=3|", "373=9|", "35=5|"}},
      {"wrong BeginString", [](C c) { return RawClient::framed(c.body("1", 2, "112=a|"), "8=FIX.4.2|"); }, {"35=5|"}},
      {"sent at another time",
       [](C c) { return RawClient::framed("35=1|34=2|49=ACME|52=20200101-00:00:00|56=VENUE|112=a|"); },
       {"35=3|", "373=10|", "35=5|"}},
      {"type that nobody knows", [](C c) { return c.message("ZZ", 2); }, {"35=3|", "45=2|", "373=11|"}},
      {"type that is the standard's and not ours",
       [](C c) { return c.message("S", 2, "117=q|"); },
       {"35=j|", "372=S|", "380=3|"}},
      {"field that is missing",
       [](C c) { return c.message("D", 2, replaced(kOrder, "55=AAPL|", "")); },
       {"35=3|", "371=55|", "373=1|"}},
      {"field without a value",
       [](C c) { return c.message("D", 2, replaced(kOrder, "55=AAPL|", "55=|")); },
       {"35=3|", "371=55|", "373=4|"}},
      {"number that is none",
       [](C c) { return c.message("D", 2, replaced(kOrder, "44=187.25", "44=cheap")); },
       {"35=3|", "371=44|", "373=6|"}},
      {"time that is none",
       [](C c) { return c.message("D", 2, replaced(kOrder, "60=2026", "60=yesterday")); },
       {"35=3|", "371=60|", "373=6|"}},
      {"character that is two",
       [](C c) { return c.message("D", 2, replaced(kOrder, "54=1", "54=12")); },
       {"35=3|", "371=54|", "373=6|"}},
      {"field twice", [](C c) { return c.message("D", 2, kOrder + "55=MSFT|"); }, {"35=3|", "371=55|", "373=13|"}},
      {"field of the header in the body",
       [](C c) { return c.message("D", 2, kOrder + "50=desk|"); },
       {"35=3|", "371=50|", "373=14|"}},
      {"group with another count",
       [](C c) { return c.message("V", 2, "262=r|263=1|264=0|267=3|269=0|269=1|146=1|55=AAPL|"); },
       {"35=3|", "371=267|", "373=5|"}},
      {"group whose count is no number",
       [](C c) { return c.message("V", 2, "262=r|263=1|264=0|267=x|269=0|146=1|55=AAPL|"); },
       {"35=3|", "371=267|", "373=6|"}},
      {"field that only the standard knows",
       [](C c) { return c.message("D", 2, kOrder + "21=1|") + c.message("1", 3, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"field of somebody's own",
       [](C c) { return c.message("D", 2, kOrder + "7777=1|") + c.message("1", 3, "112=b|"); },
       {"35=0|", "112=b|"}},
      {"resend of what never was",
       [](C c) { return c.message("2", 2, "7=900|16=0|") + c.message("1", 3, "112=b|"); },
       {"35=3|", "371=7|", "373=5|", "35=0|", "112=b|"}},
      {"group with more than its count",
       [](C c) { return c.message("V", 2, "262=r|263=1|264=0|267=1|269=0|269=1|146=1|55=AAPL|"); },
       {"35=3|", "371=267|", "373=5|"}},
      {"group of a thousand million entries",
       [](C c) { return c.message("V", 2, "262=r|263=1|264=0|267=1000000000|269=0|146=1|55=AAPL|"); },
       {"35=3|", "371=267|", "373=5|"}},
      {"sequence reset backwards",
       [](C c) { return c.message("4", 2, "36=1|") + c.message("1", 2, "112=b|"); },
       {"35=3|", "373=5|", "35=0|", "112=b|"}},
      {"second Logon inside", [](C c) { return c.message("A", 2, RawClient::kLogon); }, {"closed"}},
  };
  return table;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_hostile)

BOOST_AUTO_TEST_CASE(what_is_wrong_is_answered_as_fix_says) {
  for (const auto& one : cases()) {
    BOOST_TEST_CONTEXT(one.name) {
      Venue venue;
      RawClient beta{venue.port, "BETA"};
      beta.log_on();
      RawClient client{venue.port};
      client.log_on();
      client.write(one.sent(client));
      std::string all;
      for (const auto& answer : one.answers) {
        const bool whole = answer == "closed" || answer.starts_with("35=");
        if (whole) all = client.hear();
        const bool right = whole ? all.starts_with(answer) : all.find("|" + answer) != std::string::npos;
        BOOST_CHECK_MESSAGE(right, all << " where " << answer << " is expected");
      }
      // Whatever one does, another is served.
      beta.say("1", 2, "112=still here|");
      BOOST_CHECK(beta.hear("0").find("112=still here|") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
