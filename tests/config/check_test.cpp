#include <boost/test/unit_test.hpp>
#include <holdfast/config/check.hpp>
#include <holdfast/sdk/schema.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Stands for the plugin host: knows the actor "good", and a feed "inner" that it may name.
struct FakeHost final : PluginSource {
  std::vector<std::string> pins;
  bool all_checking = true;

  void pin(std::string_view kind, std::string_view name, std::string_view sha256, const Where& where) {
    pins.push_back(std::string{kind} + " " + std::string{name} + " " + std::string{sha256.substr(0, 2)} +
                   " line " + std::to_string(where.line));
  }
  Problems probe(std::string_view, std::string_view name, const Where& where) {
    if (name == "good") return {};
    return {{where, "there is no actor plugin '" + std::string{name} + "'", ""}};
  }
  std::shared_ptr<void> make(std::string_view kind, std::string_view, const Setting& settings,
                             const PluginContext& context, Problems& problems) override {
    all_checking = all_checking && context.checking;
    if (kind == "feed") {
      if (const Setting* bad = settings.find("bad"))
        problems.push_back({bad->where, "bad is " + bad->text, ""});
      return std::make_shared<char>();
    }
    InstrumentId id;
    if (const Setting* s = settings.find("instrument")) read_setting(*s, context, problems, id);
    std::shared_ptr<void> inner;
    if (const Setting* s = settings.find("source")) read_slot(*s, context, problems, "feed", inner);
    return std::make_shared<char>();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_actor_is_checked_and_all_problems_come_with_their_places) {
  const auto result = load(kHead + R"(instruments: [ { symbol: AAPL, tick: 1, lot: 1, currency: USD } ]
tree:
  children:
    - { name: a, actor: godo }
    - { name: b, actor: good, settings: { instrument: AAPL } }
    - { name: c, actor: good, settings: { instrument: AAPPL } }
    - { name: d, actor: good, settings: { source: { plugin: inner, bad: "${MY_TOKEN}" } } }
)",
                           {}, {{"MY_TOKEN", "hunter2"}});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  FakeHost host;
  BOOST_TEST(words(check_plan(*result.plan, host)) ==
             "f:6:25: there is no actor plugin 'godo'\n"
             "f:8:55: unknown instrument 'AAPPL' (did you mean 'AAPL'?)\n"
             "f:9:73: bad is ${MY_TOKEN}\n");
  BOOST_TEST(host.all_checking);
}

BOOST_AUTO_TEST_CASE(pins_are_set_before_anything_is_loaded) {
  const auto result =
      load(kHead + "plugins:\n  pins: { feed_x: " + std::string(64, 'A') +
           " }\ntree:\n  children:\n    - { name: a, actor: good, pin: " + std::string(64, 'b') + " }\n");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  FakeHost host;
  BOOST_TEST(check_plan(*result.plan, host).empty());
  const std::vector<std::string> expected{"feed x aa line 4", "actor good bb line 7"};
  BOOST_TEST(host.pins == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_plan_made_in_code_with_an_instrument_twice_is_refused) {
  Plan plan;
  Instrument instrument;
  instrument.symbol = "A";
  plan.instruments = {instrument, instrument};
  FakeHost host;
  BOOST_TEST(words(check_plan(plan, host)) == "the instrument 'A' is here twice (remove one of them)\n");
}
