#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "fix/fixture.hpp"
#include "test_data.hpp"

namespace holdfast {

using namespace test;
namespace tag = fix::tag;

namespace {

/// A file of the project, or of the test data.
std::string read(const std::string& path) {
  const char* source = std::getenv("HOLDFAST_SOURCE");
  std::ifstream in{path.starts_with("framework") ? std::string{source != nullptr ? source : "."} + "/" + path : path};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string ours() { return read("framework/fix/dictionary/FIX44.xml"); }

/// The attributes of every element of this kind.
std::vector<std::map<std::string, std::string>> elements(const std::string& xml, const std::string& name) {
  std::vector<std::map<std::string, std::string>> found;
  const std::regex element{"<" + name + R"((\s[^>]*)>)"}, attribute{R"re((\w+)=["']([^"']*)["'])re"};
  for (std::sregex_iterator at{xml.begin(), xml.end(), element}, end; at != end; ++at) {
    const std::string inside = (*at)[1];
    auto& one = found.emplace_back();
    for (std::sregex_iterator a{inside.begin(), inside.end(), attribute}; a != end; ++a) one[(*a)[1]] = (*a)[2];
  }
  return found;
}

/// Number to name and type.
std::map<std::string, std::string> fields(const std::string& xml) {
  std::map<std::string, std::string> all;
  for (auto& field : elements(xml, "field"))
    if (field.contains("number")) all[field["number"]] = field["name"] + " " + field["type"];
  return all;
}

std::map<std::string, std::string> types(const std::string& xml) {
  std::map<std::string, std::string> all;
  for (auto& message : elements(xml, "message")) all[message["msgtype"]] = message["name"];
  return all;
}

std::set<std::string> required_header(const std::string& xml) {
  std::set<std::string> names;
  const auto begin = xml.find("<header>"), end = xml.find("</header>");
  for (auto& field : elements(xml.substr(begin, end - begin), "field"))
    if (field["required"] == "Y") names.insert(field["name"]);
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_dictionary)

BOOST_AUTO_TEST_CASE(the_dialect_is_the_standards_where_both_know_a_thing,
                     *boost::unit_test::precondition(NeedsData{"fix/FIX44.xml"})) {
  const std::string mine = ours(), standard = read(test_data("fix/FIX44.xml"));
  const auto standard_fields = fields(standard), standard_types = types(standard);
  BOOST_REQUIRE_GT(standard_fields.size(), 900u);
  std::set<std::string> added;
  for (const auto& [number, field] : fields(mine)) {
    const auto at = standard_fields.find(number);
    if (at == standard_fields.end()) added.insert(number);
    else BOOST_CHECK_EQUAL(field, at->second);
  }
  BOOST_CHECK((added == std::set<std::string>{"969", "1003", "1138", "1140", "5001", "5002"}));
  for (const auto& [type, name] : types(mine)) {
    BOOST_REQUIRE_MESSAGE(standard_types.contains(type), type);
    BOOST_CHECK_EQUAL(name, standard_types.at(type));
  }
  BOOST_CHECK(required_header(mine) == required_header(standard));
}

BOOST_AUTO_TEST_CASE(every_tag_has_the_name_that_the_dictionary_gives_it) {
  const std::string header = read("framework/fix/include/holdfast/fix/tags.hpp");
  const auto all = fields(ours());
  std::size_t found = 0;
  const std::regex line{R"(int (\w+) = (\d+);)"};
  for (std::sregex_iterator at{header.begin(), header.end(), line}, end; at != end; ++at, ++found) {
    BOOST_REQUIRE_MESSAGE(all.contains((*at)[2]), at->str());
    BOOST_CHECK_EQUAL(all.at((*at)[2]).substr(0, all.at((*at)[2]).find(' ')), (*at)[1]);
  }
  BOOST_CHECK_EQUAL(found, all.size());
}

BOOST_AUTO_TEST_CASE(groups_and_own_fields_arrive_as_they_were_sent) {
  Side venue{venue_side()}, client{client_side()};
  const auto port = venue.endpoint.listen("127.0.0.1", 0);
  venue.endpoint.start();
  client.endpoint.connect(client.session, "127.0.0.1", port);
  client.endpoint.start();
  client.heard.wait("logon");
  venue.heard.wait("logon");

  fix::Message list{"y"};
  list.set(tag::SecurityReqID, "r").set(tag::SecurityResponseID, "s").set(tag::SecurityRequestResult, 0);
  list.add(tag::NoRelatedSym, {{tag::Symbol, "AAPL"}, {tag::MinPriceIncrement, "0.01"},
                               {tag::MaxTradeVol, "1000"}, {tag::PriceBand, "0.1"}});
  list.add(tag::NoRelatedSym, {{tag::Symbol, "MSFT"}, {tag::MinNotional, "5"}});
  fix::Message change{"X"};
  change.add(tag::NoMDEntries, {{tag::MDUpdateAction, "0"}, {tag::MDEntryType, "0"}, {tag::Symbol, "AAPL"},
                                {tag::MDEntryPx, "1.5"}, {tag::RptSeq, "7"}});
  change.add(tag::NoMDEntries, {{tag::MDUpdateAction, "2"}, {tag::MDEntryType, "1"}, {tag::Symbol, "AAPL"}});
  fix::Message trade{"AE"};
  trade.set(tag::TradeReportID, "1").set(tag::Symbol, "AAPL").set(tag::LastQty, 1).set(tag::LastPx, 2);
  trade.set(tag::TransactTime, Time{});
  trade.add(tag::NoSides, {{tag::Side, "1"}, {tag::OrderID, "9"}, {tag::ClOrdID, "A"}});
  for (const auto& message : {list, change, trade}) BOOST_CHECK(venue.endpoint.send(venue.session, message));

  const auto got = client.heard.wait("message", 1).message;
  BOOST_REQUIRE_EQUAL(got.entries(tag::NoRelatedSym).size(), 2);
  BOOST_CHECK_EQUAL(text(got.entries(tag::NoRelatedSym)[0], tag::PriceBand), "0.1");
  BOOST_CHECK_EQUAL(text(got.entries(tag::NoRelatedSym)[1], tag::Symbol), "MSFT");
  BOOST_CHECK(!got.get(tag::NoRelatedSym));
  const auto changed = client.heard.wait("message", 2).message.entries(tag::NoMDEntries);
  BOOST_REQUIRE_EQUAL(changed.size(), 2);
  BOOST_CHECK_EQUAL(text(changed[0], tag::RptSeq), "7");
  BOOST_CHECK_EQUAL(text(changed[1], tag::MDUpdateAction), "2");
  const auto traded = client.heard.wait("message", 3).message.entries(tag::NoSides);
  BOOST_REQUIRE_EQUAL(traded.size(), 1);
  BOOST_CHECK_EQUAL(text(traded[0], tag::ClOrdID), "A");
  BOOST_CHECK_EQUAL(client.heard.count("admin") + venue.heard.count("admin"), 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
