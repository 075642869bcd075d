#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

const std::map<std::string, std::string> kVariables{
    {"HOST", "venue"}, {"EMPTY", ""}, {"DOLLAR", "$5"}, {"TRICK", "a, b: [c]"}, {"API_KEY", "hunter2"}};

struct Good {
  const char* text;
  const char* value;
};
std::ostream& operator<<(std::ostream& out, const Good& c) { return out << c.text; }

const std::vector<Good> kGood{
    {"${HOST}", "venue"},
    {"x-${HOST}-y", "x-venue-y"},
    {"${HOST}${HOST}", "venuevenue"},
    {"${NONE:-fallback}", "fallback"},
    {"${EMPTY:-fallback}", "fallback"},
    {"${HOST:-fallback}", "venue"},
    {"${NONE:-}", ""},
    {"${NONE:-${HOST}}", "venue"},
    {"${NONE:-a${NONE:-b}c}", "abc"},
    {"${HOST:-${NONE}}", "venue"},
    {"$$", "$"},
    {"$${HOST}", "${HOST}"},
    {"${DOLLAR}", "$5"},
    {"${TRICK}", "a, b: [c]"},
};

struct Bad {
  const char* text;
  const char* problem;
};
std::ostream& operator<<(std::ostream& out, const Bad& c) { return out << c.text; }

const std::vector<Bad> kBad{
    {"${NONE}", "the environment variable NONE is not set (set it, or write ${NONE:-default})"},
    {"${EMPTY}", "the environment variable EMPTY is not set (set it, or write ${EMPTY:-default})"},
    {"${NONE:-${NEITHER}}",
     "the environment variable NEITHER is not set (set it, or write ${NEITHER:-default})"},
    {"$HOST", "a single '$' (write $$ for a dollar sign, or ${VAR})"},
    {"${HOST", "'${' without its '}' (write ${VAR} or ${VAR:-default})"},
    {"${}", "'${}' is not a variable (write ${VAR} or ${VAR:-default})"},
    {"${1A}", "'${1A}' is not a variable (write ${VAR} or ${VAR:-default})"},
    {"${HOST:?no}", "'${HOST:?no}' is not a variable (write ${VAR} or ${VAR:-default})"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_variable_in_a_value_is_replaced, boost::unit_test::data::make(kGood), c) {
  const auto result = load(with_settings("{ v: \"" + std::string{c.text} + "\" }"), {}, kVariables);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(settings_of(result).find("v")->text == c.value);
}

BOOST_DATA_TEST_CASE(a_variable_that_cannot_be_replaced_is_a_problem_at_its_place,
                     boost::unit_test::data::make(kBad), c) {
  const auto result = load(with_settings("{ v: \"" + std::string{c.text} + "\" }"), {}, kVariables);
  BOOST_TEST(words(result.problems) == "f:7:22: " + std::string{c.problem} + "\n");
}

BOOST_AUTO_TEST_CASE(keys_are_not_replaced) {
  const auto result = load(with_settings("{ \"${HOST}\": 1 }"), {}, kVariables);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(settings_of(result).fields.front().first == "${HOST}");
}

BOOST_AUTO_TEST_CASE(an_unquoted_variable_may_be_a_number) {
  const auto result = load("holdfast: 1\nsystem: { name: s, workers: \"${N}\" }\n" + kTree, {}, {{"N", "4"}});
  BOOST_TEST(words(result.problems) ==
             "f:2:29: expected a whole number, got the text \"4\" (leave out the quotes)\n");
  const auto plain = load("holdfast: 1\nsystem:\n  name: s\n  workers: ${N}\n" + kTree, {}, {{"N", "4"}});
  BOOST_REQUIRE_EQUAL(words(plain.problems), "");
  BOOST_TEST(plain.plan->workers == 4);
}

BOOST_AUTO_TEST_CASE(a_secret_is_in_the_settings_and_in_no_text) {
  const auto result = load(with_settings("{ key: \"${API_KEY}!\" }"), {}, kVariables);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(settings_of(result).find("key")->text == "hunter2!");
  BOOST_TEST(result.plan->canonical.find("hunter2") == std::string::npos);
  BOOST_TEST(result.plan->canonical.find("key: \"${API_KEY}!\"") != std::string::npos);
  BOOST_TEST(redact(*result.plan, "said hunter2 and hunter2") == "said ${API_KEY} and ${API_KEY}");
}

BOOST_AUTO_TEST_CASE(a_secret_outside_of_settings_is_refused_without_naming_it) {
  const auto result = load("holdfast: 1\nsystem: { name: \"${API_KEY}\" }\n" + kTree, {}, kVariables);
  BOOST_TEST(words(result.problems) ==
             "f:2:17: ${API_KEY} looks like a secret and stands outside of settings"
             " (secrets belong into an actor's settings; otherwise rename the variable)\n");
}

BOOST_AUTO_TEST_CASE(a_problem_does_not_repeat_a_secret) {
  const auto result =
      load(kHead + "tree:\n  period: ${API_KEY}\n  children:\n    - { name: a, actor: x }\n", {}, kVariables);
  BOOST_TEST(words(result.problems).find("hunter2") == std::string::npos);
  BOOST_TEST(words(result.problems).find("expected a duration, got '${API_KEY}'") != std::string::npos);
}
