// Every sentence a person can meet when a setting is wrong.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/plugin.hpp>
#include <ostream>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;

Setting scalar(std::string text, bool quoted = false) {
  Setting s;
  s.kind = Setting::Kind::scalar;
  s.where = {"f.yaml", 2, 5};
  s.text = std::move(text);
  s.quoted = quoted;
  return s;
}

Setting list(std::vector<Setting> items) {
  Setting s;
  s.kind = Setting::Kind::list;
  s.where = {"f.yaml", 2, 5};
  s.items = std::move(items);
  return s;
}

Setting map(std::vector<std::pair<std::string, Setting>> fields) {
  Setting s;
  s.kind = Setting::Kind::map;
  s.where = {"f.yaml", 1, 1};
  s.fields = std::move(fields);
  for (std::size_t i = 0; i < s.fields.size(); ++i) s.keys.push_back({"f.yaml", static_cast<int>(i) + 2, 3});
  return s;
}

/// Remembers what was asked for and brings some object, or nothing when told to fail.
struct Source : PluginSource {
  std::string kind, name;
  Setting rest;
  bool fails = false;
  std::shared_ptr<void> make(std::string_view k, std::string_view n, const Setting& s, const PluginContext&,
                             Problems&) override {
    kind = k;
    name = n;
    rest = s;
    return fails ? nullptr : std::static_pointer_cast<void>(std::make_shared<int>(1));
  }
};

PluginContext context(PluginSource* source = nullptr) {
  PluginContext c;
  auto instruments = std::make_shared<Instruments>();
  instruments->add({{4}, 1, "BTCUSDT", {}, {}, "USDT", "24x7"});
  instruments->add({{5}, 1, "ETHUSDT", {}, {}, "USDT", "24x7"});
  c.instruments = instruments;
  c.plugins = source;
  return c;
}

std::string text_of(const Problems& problems) {
  std::string text;
  for (const auto& problem : problems) text += (text.empty() ? "" : "\n") + problem.str();
  return text;
}

/// The problems of reading `s` as a T, or "ok: " and the value as documentation would print it.
template <class T>
std::string outcome(const Setting& s) {
  Problems problems;
  T value{};
  const bool good = read_setting(s, context(), problems, value);
  BOOST_TEST(good == problems.empty());
  return good ? "ok: " + default_text(value) : text_of(problems);
}

struct Case {
  std::string (*read)(const Setting&);
  Setting setting;
  std::string expected;  ///< Without the place, which is always f.yaml:2:5.
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.setting.canonical() << " " << c.expected;
}

const std::string kTooLarge = "(between -9223372036854775808 and 9223372036854775807)";
const std::string kTooMuch = "(between -92233720368.54775808 and 92233720368.54775807)";
const std::string kDigits = "(write digits only, such as 20)";
const std::string kDecimal = "(write a plain decimal, such as 0.25)";
const std::string kNumber = "(write a number, such as 1.5)";
const std::string kSpan = "(write a whole number and a unit, such as 250ms)";
const std::string kUnitList = "ns, us, ms, s, m, h or d";

const Case kCases[] = {
    {outcome<bool>, scalar("true"), "ok: true"},
    {outcome<bool>, scalar("false"), "ok: false"},
    {outcome<bool>, scalar("yes"), "expected true or false, got 'yes' (write true or false; here true)"},
    {outcome<bool>, scalar("On"), "expected true or false, got 'On' (write true or false; here true)"},
    {outcome<bool>, scalar("True"), "expected true or false, got 'True' (write true or false; here true)"},
    {outcome<bool>, scalar("off"), "expected true or false, got 'off' (write true or false; here false)"},
    {outcome<bool>, scalar("NO"), "expected true or false, got 'NO' (write true or false; here false)"},
    {outcome<bool>, scalar("maybe"), "expected true or false, got 'maybe' (write true or false)"},
    {outcome<bool>, scalar("true", true),
     "expected true or false, got the text \"true\" (leave out the quotes)"},
    {outcome<bool>, list({}), "expected true or false, got a list (write true or false)"},

    {outcome<std::int64_t>, scalar("-20"), "ok: -20"},
    {outcome<std::int64_t>, scalar("+20"), "ok: 20"},
    {outcome<std::int64_t>, scalar("0"), "ok: 0"},
    {outcome<std::int64_t>, scalar("-9223372036854775808"), "ok: -9223372036854775808"},
    {outcome<std::int64_t>, scalar("9223372036854775808"), "'9223372036854775808' is too large " + kTooLarge},
    {outcome<std::int64_t>, scalar("007"), "'007' has leading zeros (write 7)"},
    {outcome<std::int64_t>, scalar("-010"), "'-010' has leading zeros (write -10)"},
    {outcome<std::int64_t>, scalar("00"), "'00' has leading zeros (write 0)"},
    {outcome<std::int64_t>, scalar("1_000"), "expected a whole number, got '1_000' (write 1000)"},
    {outcome<std::int64_t>, scalar("1,000"), "expected a whole number, got '1,000' (write 1000)"},
    {outcome<std::int64_t>, scalar("1.0"), "expected a whole number, got '1.0' " + kDigits},
    {outcome<std::int64_t>, scalar("1e3"), "expected a whole number, got '1e3' " + kDigits},
    {outcome<std::int64_t>, scalar("0x10"), "expected a whole number, got '0x10' " + kDigits},
    {outcome<std::int64_t>, scalar(""), "expected a whole number, got '' " + kDigits},
    {outcome<std::int64_t>, scalar("-"), "expected a whole number, got '-' " + kDigits},
    {outcome<std::int64_t>, scalar("20", true),
     "expected a whole number, got the text \"20\" (leave out the quotes)"},
    {outcome<std::int64_t>, map({}), "expected a whole number, got a map " + kDigits},
    {outcome<std::int64_t>, {}, "expected a whole number, got nothing " + kDigits},
    {outcome<int>, scalar("2147483647"), "ok: 2147483647"},
    {outcome<int>, scalar("2147483648"), "'2147483648' is too large (between -2147483648 and 2147483647)"},
    {outcome<std::uint64_t>, scalar("18446744073709551615"), "ok: 18446744073709551615"},
    {outcome<std::uint64_t>, scalar("18446744073709551616"),
     "'18446744073709551616' is too large (between 0 and 18446744073709551615)"},
    {outcome<std::uint64_t>, scalar("-1"), "'-1' is negative (write zero or more)"},

    {outcome<double>, scalar("1.5"), "ok: 1.5"},
    {outcome<double>, scalar("-2e-3"), "ok: -0.002"},
    {outcome<double>, scalar("+3"), "ok: 3"},
    {outcome<double>, scalar("nan"), "expected a number, got 'nan' " + kNumber},
    {outcome<double>, scalar("inf"), "expected a number, got 'inf' " + kNumber},
    {outcome<double>, scalar(".inf"), "expected a number, got '.inf' " + kNumber},
    {outcome<double>, scalar("1.5x"), "expected a number, got '1.5x' " + kNumber},
    {outcome<double>, scalar("1_000"), "expected a number, got '1_000' (write 1000)"},
    {outcome<double>, scalar("1e999"), "'1e999' is out of range (write a number a double can hold)"},
    {outcome<double>, scalar("01.5"), "'01.5' has leading zeros (write 1.5)"},
    {outcome<double>, scalar("1.5", true), "expected a number, got the text \"1.5\" (leave out the quotes)"},
    {outcome<double>, list({}), "expected a number, got a list " + kNumber},

    {outcome<std::string>, scalar("yes"), "ok: yes"},
    {outcome<std::string>, scalar("", true), "ok: "},
    {outcome<std::string>, list({}), "expected text, got a list (write one value)"},
    {outcome<std::string>, {}, "expected text, got nothing (write one value)"},

    {outcome<Price>, scalar("-0.25"), "ok: -0.25"},
    {outcome<Price>, scalar("0.25", true), "ok: 0.25"},
    {outcome<Price>, scalar("1e5"), "expected a price, got '1e5' " + kDecimal},
    {outcome<Quantity>, scalar("many"), "expected a quantity, got 'many' " + kDecimal},
    {outcome<Money>, scalar("1,000"), "expected an amount of money, got '1,000' (write 1000)"},
    {outcome<Rate>, scalar("1."), "expected a rate, got '1.' " + kDecimal},
    {outcome<Price>, scalar("0.123456789"), "'0.123456789' has more than eight decimals (round it to eight)"},
    {outcome<Price>, scalar("92233720369"), "'92233720369' is too large " + kTooMuch},
    {outcome<Price>, scalar("007.5"), "'007.5' has leading zeros (write 7.5)"},
    {outcome<Price>, map({}), "expected a price, got a map " + kDecimal},

    {outcome<Duration>, scalar("250ms"), "ok: 250ms"},
    {outcome<Duration>, scalar("120s"), "ok: 2m"},
    {outcome<Duration>, scalar("24h"), "ok: 1d"},
    {outcome<Duration>, scalar("40us"), "ok: 40us"},
    {outcome<Duration>, scalar("10ns"), "ok: 10ns"},
    {outcome<Duration>, scalar("60m"), "ok: 1h"},
    {outcome<Duration>, scalar("0s"), "ok: 0s"},
    {outcome<Duration>, scalar("5"), "'5' has no unit (write 5s, or another unit: " + kUnitList + ")"},
    {outcome<Duration>, scalar("5min"), "'min' is no unit of time (units are " + kUnitList + ")"},
    {outcome<Duration>, scalar("5S"), "'S' is no unit of time (units are " + kUnitList + ")"},
    {outcome<Duration>, scalar("1.5s"),
     "'1.5s' is not a whole number of units (take a smaller unit, such as 1500ms for 1.5s)"},
    {outcome<Duration>, scalar("-5s"), "expected a duration, got '-5s' " + kSpan},
    {outcome<Duration>, scalar("soon"), "expected a duration, got 'soon' " + kSpan},
    {outcome<Duration>, scalar(""), "expected a duration, got '' " + kSpan},
    {outcome<Duration>, scalar("05s"), "'05s' has leading zeros (write 5s)"},
    {outcome<Duration>, scalar("106752d"), "'106752d' is too long (at most 106751d)"},
    {outcome<Duration>, scalar("99999999999999999999ns"),
     "'99999999999999999999ns' is too long (at most 106751d)"},
    {outcome<Duration>, list({}), "expected a duration, got a list " + kSpan},

    {outcome<InstrumentId>, scalar("BTCUSTD"), "unknown instrument 'BTCUSTD' (did you mean 'BTCUSDT'?)"},
    {outcome<InstrumentId>, scalar("SPY"),
     "unknown instrument 'SPY' (add it to the instruments of the system)"},
    {outcome<InstrumentId>, list({}), "expected the symbol of an instrument, got a list (write one symbol)"},

    {outcome<std::vector<int>>, scalar("1"), "expected a list (write [a, b] or one `- item` per line)"},
};

struct Sample {
  int length = 20;
  Price edge;
  std::string mode = "fast";
  Duration pause = std::chrono::milliseconds{1500};
  bool loud = true;
  double factor = 0.5;
  std::vector<int> steps;

  static Schema<Sample> schema() {
    return Schema<Sample>{}
        .field("length", &Sample::length, "how many prices", at_least(2), at_most(100))
        .required("edge", &Sample::edge, "how far from the middle", more_than(Price{}))
        .field("mode", &Sample::mode, "how to do it", one_of({"fast", "careful"}))
        .field("pause", &Sample::pause, "how long to wait")
        .field("loud", &Sample::loud, "whether to speak")
        .field("factor", &Sample::factor, "by what", between(0.0, 1.0))
        .field("steps", &Sample::steps, "where to")
        .check("length must be even when mode is careful",
               [](const Sample& s) { return s.mode != "careful" || s.length % 2 == 0; });
  }
};

std::string read_sample(const Setting& s, Sample* out = nullptr) {
  Problems problems;
  const Sample sample = Sample::schema().read(s, context(), problems);
  if (out != nullptr) *out = sample;
  return text_of(problems);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_DATA_TEST_CASE(each_wrong_value_gets_its_sentence, data::make(kCases), one) {
  const std::string got = one.read(one.setting);
  const bool placed = one.setting.where.line > 0 && !one.expected.starts_with("ok: ");
  const std::string place = one.setting.kind == Setting::Kind::map ? "f.yaml:1:1: " : "f.yaml:2:5: ";
  BOOST_TEST(got == (placed ? place + one.expected : one.expected));
}

BOOST_AUTO_TEST_CASE(every_item_of_a_list_is_read_and_every_wrong_one_reported) {
  Problems problems;
  std::vector<int> values;
  BOOST_TEST(
      !read_setting(list({scalar("1"), scalar("x"), scalar("3"), scalar("y")}), context(), problems, values));
  BOOST_TEST(problems.size() == 2U);
  problems.clear();
  values.clear();
  BOOST_TEST(read_setting(list({scalar("1"), scalar("3")}), context(), problems, values));
  BOOST_TEST(values == (std::vector<int>{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_instrument_that_is_named_is_remembered_as_used) {
  const PluginContext c = context();
  Problems problems;
  InstrumentId id;
  BOOST_TEST(read_setting(scalar("ETHUSDT"), c, problems, id));
  BOOST_TEST(id.value == 5U);
  BOOST_CHECK(*c.used == std::set<InstrumentId>{{5}});
  BOOST_TEST(!read_setting(scalar("NONE"), c, problems, id));
  BOOST_TEST(c.used->size() == 1U);
  PluginContext bare;
  BOOST_TEST(!read_setting(scalar("ETHUSDT"), bare, problems, id));
}

BOOST_AUTO_TEST_CASE(fields_that_are_left_out_keep_their_defaults) {
  Sample sample;
  BOOST_TEST(read_sample(map({{"edge", scalar("0.5")}, {"length", scalar("7")}}), &sample) == "");
  BOOST_TEST(sample.length == 7);
  BOOST_TEST(sample.edge.str() == "0.5");
  BOOST_TEST(sample.mode == "fast");
  BOOST_TEST(sample.loud);
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once_each_with_its_place) {
  const Setting s = map({{"lenght", scalar("7")},
                         {"length", scalar("1")},
                         {"mode", scalar("carefull")},
                         {"factor", scalar("1.5")},
                         {"colour", scalar("red")}});
  BOOST_TEST(read_sample(s) ==
             "f.yaml:2:3: unknown setting 'lenght' (did you mean 'length'?)\n"
             "f.yaml:6:3: unknown setting 'colour' "
             "(settings are length, edge, mode, pause, loud, factor, steps)\n"
             "f.yaml:2:5: length is 1, must be at least 2\n"
             "f.yaml:1:1: edge is required (how far from the middle)\n"
             "f.yaml:2:5: mode is carefull, must be one of fast, careful (did you mean 'careful'?)\n"
             "f.yaml:2:5: factor is 1.5, must be between 0 and 1");
}

BOOST_AUTO_TEST_CASE(a_limit_holds_at_its_very_edge) {
  const auto with = [](const char* name, const char* value) {
    return read_sample(name == std::string{"edge"} ? map({{"edge", scalar(value)}})
                                                   : map({{"edge", scalar("1")}, {name, scalar(value)}}));
  };
  for (const char* good : {"2", "100"}) BOOST_TEST(with("length", good) == "");
  for (const char* bad : {"1", "101"}) BOOST_TEST(with("length", bad) != "");
  for (const char* good : {"0", "1"}) BOOST_TEST(with("factor", good) == "");
  for (const char* bad : {"-0.1", "1.1"}) BOOST_TEST(with("factor", bad) != "");
  BOOST_TEST(with("edge", "0.00000001") == "");
  BOOST_TEST(with("edge", "0") == "f.yaml:2:5: edge is 0, must be more than 0");
  BOOST_TEST(with("mode", "slow") == "f.yaml:2:5: mode is slow, must be one of fast, careful");
}

BOOST_AUTO_TEST_CASE(a_condition_on_several_fields_is_checked_when_each_is_valid) {
  const Setting odd = map({{"edge", scalar("1")}, {"mode", scalar("careful")}, {"length", scalar("7")}});
  BOOST_TEST(read_sample(odd) == "f.yaml:1:1: length must be even when mode is careful");
  const Setting wrong = map({{"edge", scalar("x")}, {"mode", scalar("careful")}, {"length", scalar("7")}});
  BOOST_TEST(read_sample(wrong) == "f.yaml:2:5: expected a price, got 'x' " + kDecimal);
}

BOOST_AUTO_TEST_CASE(settings_that_are_no_map_are_refused_and_missing_ones_are_only_defaults) {
  struct Nothing {};
  Problems problems;
  Schema<Nothing>{}.read(Setting{}, context(), problems);
  BOOST_TEST(text_of(problems) == "");
  Schema<Nothing>{}.read(scalar("x"), context(), problems);
  BOOST_TEST(text_of(problems) ==
             "f.yaml:2:5: expected settings, got 'x' (write one `name: value` per line)");
  problems.clear();
  Schema<Nothing>{}.read(map({{"a", scalar("1")}}), context(), problems);
  BOOST_TEST(text_of(problems) == "f.yaml:2:3: unknown setting 'a' (there are no settings here)");
}

BOOST_AUTO_TEST_CASE(the_schema_is_its_own_documentation) {
  const auto docs = Sample::schema().describe();
  BOOST_REQUIRE_EQUAL(docs.size(), 7U);
  BOOST_TEST(docs[0].name == "length");
  BOOST_TEST(docs[0].type == "whole number");
  BOOST_TEST(docs[0].limits == "at least 2, at most 100");
  BOOST_TEST(docs[0].default_text == "20");
  BOOST_TEST(!docs[0].required);
  BOOST_TEST(docs[1].type == "price");
  BOOST_TEST(docs[1].required);
  BOOST_TEST(docs[1].default_text == "");
  BOOST_TEST(docs[2].limits == "one of fast, careful");
  BOOST_TEST(docs[3].default_text == "1500ms");
  BOOST_TEST(docs[4].type == "true or false");
  BOOST_TEST(docs[5].default_text == "0.5");
  BOOST_TEST(docs[6].type == "list of whole number");
}

BOOST_AUTO_TEST_CASE(programs_learn_the_limits_in_parts) {
  const auto docs = Sample::schema().describe();
  BOOST_TEST(docs[0].low == "2");
  BOOST_TEST(docs[0].high == "100");
  BOOST_TEST(!docs[0].above_low);
  BOOST_TEST(docs[2].choices == (std::vector<std::string>{"fast", "careful"}), boost::test_tools::per_element());
  BOOST_TEST(docs[1].pattern == "^[+-]?[0-9]+(\\.[0-9]+)?$");
  BOOST_TEST(docs[3].pattern == "^[0-9]+(d|h|m|s|ms|us|ns)$");
  BOOST_TEST(docs[0].pattern == "");
  BOOST_TEST(more_than(1.5).low == "1.5");
  BOOST_TEST(more_than(1.5).above_low);
  BOOST_TEST(default_text(std::vector<int>{1, 2}) == "[1, 2]");
  BOOST_TEST(default_text(std::vector<int>{}) == "[]");
}

BOOST_AUTO_TEST_CASE(a_slot_makes_the_plugin_it_names_from_the_other_fields) {
  Source source;
  Problems problems;
  PluginSlot<RiskRule> slot;
  const Setting s = map({{"a", scalar("1")}, {"plugin", scalar("fat_finger")}, {"b", scalar("2")}});
  BOOST_TEST(read_setting(s, context(&source), problems, slot));
  BOOST_TEST(slot.plugin.get() != nullptr);
  BOOST_TEST(source.kind == "risk_rule");
  BOOST_TEST(source.name == "fat_finger");
  BOOST_TEST(source.rest.canonical() == map({{"a", scalar("1")}, {"b", scalar("2")}}).canonical());
  BOOST_REQUIRE_EQUAL(source.rest.keys.size(), 2U);
  BOOST_TEST(source.rest.keys[1].line == 4);  // Its own place, not that of the field left out.
}

BOOST_AUTO_TEST_CASE(a_slot_that_names_no_plugin_is_refused) {
  Source source, failing;
  failing.fails = true;
  const auto problem = [](const Setting& s, PluginSource* from) {
    Problems problems;
    PluginSlot<RiskRule> slot;
    BOOST_TEST(!read_setting(s, context(from), problems, slot));
    return text_of(problems);
  };
  const std::string mend = " (write {plugin: name, and its settings})";
  BOOST_TEST(problem(scalar("x"), &source) == "f.yaml:2:5: expected a risk_rule plugin, got 'x'" + mend);
  BOOST_TEST(problem(map({}), &source) == "f.yaml:1:1: a risk_rule plugin is not named" + mend);
  BOOST_TEST(problem(map({{"plugin", list({})}}), &source) ==
             "f.yaml:2:5: expected the name of a risk_rule plugin, got a list" + mend);
  const Setting good = map({{"plugin", scalar("fat_finger")}});
  BOOST_TEST(problem(good, nullptr) == "f.yaml:2:5: no plugin can be named here");
  BOOST_TEST(problem(good, &failing) == "f.yaml:2:5: the risk_rule plugin 'fat_finger' cannot be made");
}

BOOST_AUTO_TEST_SUITE_END()
