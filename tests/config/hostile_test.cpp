#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"
#include "config/typed_host.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Case {
  const char* settings;
  std::string problems;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.settings; }

std::string boolean(const std::string& word, const std::string& here) {
  return "f:7:25: expected true or false, got '" + word + "' (write true or false; here " + here + ")\n";
}

/// What YAML 1.1 takes for something else, and what other tools let pass.
const std::vector<Case> kCases{
    {"{ flag: yes }", boolean("yes", "true")},
    {"{ flag: Yes }", boolean("Yes", "true")},
    {"{ flag: on }", boolean("on", "true")},
    {"{ flag: y }", boolean("y", "true")},
    {"{ flag: TRUE }", boolean("TRUE", "true")},
    {"{ flag: no }", boolean("no", "false")},
    {"{ flag: off }", boolean("off", "false")},
    {"{ flag: 0 }", boolean("0", "false")},
    {"{ flag: \"true\" }", "f:7:25: expected true or false, got the text \"true\" (leave out the quotes)\n"},
    {"{ count: \"20\" }", "f:7:26: expected a whole number, got the text \"20\" (leave out the quotes)\n"},
    {"{ count: 2.0 }", "f:7:26: expected a whole number, got '2.0' (write digits only, such as 20)\n"},
    {"{ count: 1e1 }", "f:7:26: expected a whole number, got '1e1' (write digits only, such as 20)\n"},
    {"{ count: 0x10 }", "f:7:26: expected a whole number, got '0x10' (write digits only, such as 20)\n"},
    {"{ count: 010 }", "f:7:26: '010' has leading zeros (write 10)\n"},
    {"{ count: 1_0 }", "f:7:26: expected a whole number, got '1_0' (write 10)\n"},
    {"{ count: 101 }", "f:7:26: count is 101, must be between 1 and 100\n"},
    {"{ count: 99999999999 }", "f:7:26: '99999999999' is too large (between -2147483648 and 2147483647)\n"},
    {"{ count: [ 1 ] }", "f:7:26: expected a whole number, got a list (write digits only, such as 20)\n"},
    {"{ factor: \"1.5\" }", "f:7:27: expected a number, got the text \"1.5\" (leave out the quotes)\n"},
    {"{ factor: .inf }", "f:7:27: expected a number, got '.inf' (write a number, such as 1.5)\n"},
    {"{ factor: nan }", "f:7:27: expected a number, got 'nan' (write a number, such as 1.5)\n"},
    {"{ price: '1,000' }", "f:7:26: expected a price, got '1,000' (write 1000)\n"},
    {"{ price: 1e3 }", "f:7:26: expected a price, got '1e3' (write a plain decimal, such as 0.25)\n"},
    {"{ price: 0 }", "f:7:26: price is 0, must be more than 0\n"},
    {"{ wait: 5 }", "f:7:25: '5' has no unit (write 5s, or another unit: ns, us, ms, s, m, h or d)\n"},
    {"{ wait: 1.5s }",
     "f:7:25: '1.5s' is not a whole number of units (take a smaller unit, such as 1500ms for 1.5s)\n"},
    {"{ wait: 1m30 }", "f:7:25: 'm30' is no unit of time (units are ns, us, ms, s, m, h or d)\n"},
    {"{ mode: fasst }", "f:7:25: mode is fasst, must be one of slow, fast (did you mean 'fast'?)\n"},
    {"{ note: { a: b } }", "f:7:25: expected text, got a map (write one value)\n"},
    {"{ names: x }", "f:7:26: expected a list (write [a, b] or one `- item` per line)\n"},
    {"{ cuont: 5 }", "f:7:19: unknown setting 'cuont' (did you mean 'count'?)\n"},
    {"{ count: 0, cuont: 5, flag: on }",
     "f:7:29: unknown setting 'cuont' (did you mean 'count'?)\n"
     "f:7:45: expected true or false, got 'on' (write true or false; here true)\n"
     "f:7:26: count is 0, must be between 1 and 100\n"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_setting_that_means_something_else_elsewhere_is_refused,
                     boost::unit_test::data::make(kCases), c) {
  const auto result = load(with_settings(c.settings));
  TypedHost host;
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(words(check_plan(*result.plan, host)) == c.problems);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_is_not_there_is_refused_where_it_is_named) {
  const auto result = load(kHead + "tree:\n  children:\n    - { name: a, actor: missing }\n");
  TypedHost host;
  BOOST_TEST(words(check_plan(*result.plan, host)) ==
             "f:5:25: there is no actor plugin 'missing' (did you mean 'x'?)\n");
}

BOOST_AUTO_TEST_CASE(a_slip_is_shown_with_its_line_its_caret_and_its_remedy) {
  const auto result = load(with_settings("\n        cuont: 5"));
  TypedHost host;
  BOOST_TEST(render(check_plan(*result.plan, host), result.file, result.source, false) ==
             "error: unknown setting 'cuont'\n"
             "  --> f:8:9\n"
             "    8 |         cuont: 5\n"
             "      |         ^^^^^ did you mean 'count'?\n"
             "1 error. Nothing was started.\n");
}
