// What a plan says of brokers, and of strategies that are no longer in it.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/config/check.hpp>
#include <ostream>

#include "config/plan_text.hpp"
#include "config/typed_host.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

/// Takes any settings.
struct AnyHost final : PluginSource {
  void pin(std::string_view, std::string_view, std::string_view, const Where&) {}
  Problems probe(std::string_view, std::string_view, const Where&) { return {}; }
  std::shared_ptr<void> make(std::string_view, std::string_view, const Setting&, const PluginContext&, Problems&) override {
    return std::make_shared<char>();
  }
};

std::string checked(const std::string& text) {
  const auto loaded = load(text);
  if (!loaded.plan) return words(loaded.problems);
  AnyHost host;
  return words(check_plan(*loaded.plan, host));
}

struct Case {
  const char* what;
  const char* children;  ///< From line 5 on.
  const char* problems;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.what; }

const Case kRoutes[] = {
    {"one broker needs no order", "    - { name: r, actor: risk }\n    - { name: a, actor: broker }\n", ""},
    {"no broker at all", "    - { name: r, actor: risk }\n", ""},
    {"two brokers, and no order",
     "    - { name: r, actor: risk, settings: { on_park: keep } }\n    - { name: a, actor: broker }\n    - { name: b, actor: broker }\n",
     "f:5:41: there are 2 brokers, and 'r' does not say which of them an order goes to (write brokers: [a, b] into its "
     "settings, the best first)\n"},
    {"two brokers, and risk without settings",
     "    - { name: r, actor: risk }\n    - { name: a, actor: broker }\n    - { name: b, actor: broker }\n",
     "f:5:7: there are 2 brokers, and 'r' does not say which of them an order goes to (write brokers: [a, b] into its "
     "settings, the best first)\n"},
    {"two brokers in order",
     "    - { name: r, actor: risk, settings: { brokers: [b, a] } }\n    - { name: a, actor: broker }\n    - { name: b, actor: broker }\n", ""},
    {"an order that names nobody",
     "    - { name: r, actor: risk, settings: { brokers: [a, c] } }\n    - { name: a, actor: broker }\n    - { name: b, actor: broker }\n",
     "f:5:56: there is no broker 'c' in the tree (name one of a, b)\n"},
    {"an order that names another actor",
     "    - { name: r, actor: risk, settings: { brokers: [r] } }\n    - { name: a, actor: broker }\n",
     "f:5:53: there is no broker 'r' in the tree (name one of a)\n"},
    {"a fallback", "    - { name: a, actor: broker, settings: { fallback: b } }\n    - { name: b, actor: broker }\n", ""},
    {"a fallback that is not there", "    - { name: a, actor: broker, settings: { fallback: c } }\n    - { name: b, actor: broker }\n",
     "f:5:55: the fallback of 'a' is 'c', which is no broker of the tree (name a broker that is, or take the line away)\n"},
    {"a fallback on itself", "    - { name: a, actor: broker, settings: { fallback: a } }\n",
     "f:5:55: the fallbacks go in a circle: a → a (let the last of them have none)\n"},
    {"fallbacks in a circle, and one that leads to it",
     "    - { name: x, actor: broker, settings: { fallback: a } }\n    - { name: a, actor: broker, settings: { fallback: b } }\n"
     "    - { name: b, actor: broker, settings: { fallback: c } }\n    - { name: c, actor: broker, settings: { fallback: a } }\n",
     "f:6:55: the fallbacks go in a circle: a → b → c → a (let the last of them have none)\n"},
};

const Case kRemoved[] = {
    {"three decisions", "removed: { a: cancel, b: flatten, c: { hand_over: s } }\n", ""},
    {"a list", "removed: [a]\n",
     "f:3:10: expected a map (write `name: cancel`, `name: flatten` or `name: { hand_over: another strategy }`)\n"},
    {"another word", "removed: { a: keep }\n",
     "f:3:15: 'a' says nothing that can be done with what it had (write `name: cancel`, `name: flatten` or `name: { hand_over: "
     "another strategy }`)\n"},
    {"an heir and more", "removed: { a: { hand_over: s, at: 3 } }\n",
     "f:3:15: 'a' says nothing that can be done with what it had (write `name: cancel`, `name: flatten` or `name: { hand_over: "
     "another strategy }`)\n"},
    {"one that is there", "removed: { s: cancel }\n", "f:3:12: 's' is removed, and declared in the tree (take one of the two away)\n"},
    {"an heir that is none", "removed: { a: { hand_over: r } }\n",
     "f:3:12: 'a' hands over to 'r', which is no strategy of the tree (name one that is)\n"},
    {"an heir that is removed, too", "removed: { a: { hand_over: b }, b: cancel }\n",
     "f:3:12: 'a' hands over to 'b', which is no strategy of the tree (name one that is)\n"},
};

}  // namespace

BOOST_DATA_TEST_CASE(every_order_must_have_one_broker_to_go_to, data::make(kRoutes), c) {
  BOOST_TEST(checked(kHead + "tree:\n  children:\n" + c.children) == c.problems);
}

BOOST_DATA_TEST_CASE(what_becomes_of_a_removed_strategy_is_said_in_words_that_can_be_done, data::make(kRemoved), c) {
  BOOST_TEST(checked(kHead + c.children + "tree:\n  children:\n    - { name: s, actor: strategy }\n    - { name: r, actor: risk }\n") ==
             c.problems);
}

BOOST_AUTO_TEST_CASE(a_decision_is_part_of_the_canonical_text_and_read_back_from_it) {
  const auto loaded = load(kHead + "removed: { old: cancel, older: { hand_over: a } }\n" + kTree);
  BOOST_TEST_REQUIRE(loaded.plan.has_value());
  const auto again = load(loaded.plan->canonical);
  BOOST_TEST_REQUIRE(again.plan.has_value());
  BOOST_TEST(again.plan->canonical == loaded.plan->canonical);
  BOOST_TEST_REQUIRE(again.plan->removed.size() == 2u);
  BOOST_TEST(again.plan->removed[1].name == "older");
  BOOST_CHECK(again.plan->removed[1].what == Removal::hand_over);
  BOOST_TEST(again.plan->removed[1].heir == "a");
}
