#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Case {
  const char* name;
  std::string text;
  std::string problems;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "[";
  return text + std::string(depth, ']');
}

/// Nine anchors, each ten times the one before: a billion values from a few lines.
std::string bomb() {
  std::string text = "a0: &a0 x\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = std::string{"*a"} + std::to_string(i - 1);
    const std::string name = std::string{"a"} + std::to_string(i);
    text += name + ": &" + name + " [";
    for (int k = 0; k < 10; ++k) text += (k == 0 ? "" : ", ") + before;
    text += "]\n";
  }
  return text;
}

const std::vector<Case> kCases{
    {"tab", "holdfast: 1\nsystem:\n\tname: s\n",
     "f:3:1: a tab in the indentation (YAML is indented with spaces)\n"},
    {"open bracket", "holdfast: [1\n", "f:2:1: this is not YAML: end of sequence flow not found\n"},
    {"colon in a value", "a: b: c\n", "f:1:5: this is not YAML: illegal map value\n"},
    {"unknown anchor", "a: *nothing\n", "f:1:4: this is not YAML: the referenced anchor is not defined\n"},
    {"second document", kPlan + "---\nb: 1\n", "f:7:1: a second document (keep one per file)\n"},
    {"custom tag", with_settings("{ a: !secret x }"),
     "f:7:22: the tag !secret is not understood (remove it)\n"},
    {"binary", std::string{"holdfast: 1\nsy\0stem", 20},
     "f:2:3: a control character (this is not a text file)\n"},
    {"UTF-16, little-endian", std::string{"\xFF\xFEh\0o\0l\0d\0", 10},
     "f:1:1: this is UTF-16 (save it as UTF-8)\n"},
    {"UTF-16, big-endian", std::string{"\xFE\xFF\0h\0o\0l\0d", 10},
     "f:1:1: this is UTF-16 (save it as UTF-8)\n"},
    {"UTF-16 without a mark", std::string{"h\0o\0l\0d\0", 8}, "f:1:1: this is UTF-16 (save it as UTF-8)\n"},
    {"Latin-1", "holdfast: 1\nsystem: { name: \"m\xE4rz\" }\n",
     "f:2:19: a byte that is not UTF-8 (save the file as UTF-8)\n"},
    {"half a character", "a: m\xC3", "f:1:5: a byte that is not UTF-8 (save the file as UTF-8)\n"},
    {"longer than it need be", "a: \xC0\xAF", "f:1:4: a byte that is not UTF-8 (save the file as UTF-8)\n"},
    {"half of a pair", "a: \xED\xA0\x80", "f:1:4: a byte that is not UTF-8 (save the file as UTF-8)\n"},
    {"beyond the last character", "a: \xF4\x90\x80\x80", "f:1:4: a byte that is not UTF-8 (save the file as UTF-8)\n"},
    {"nothing but zeros", std::string(4, '\0'), "f:1:1: a control character (this is not a text file)\n"},
    {"an escape", "a: \x1B[2J\n", "f:1:4: a control character (this is not a text file)\n"},
    {"merge key", kHead + "tree: &t\n  children:\n    - { name: a, actor: x }\nmore: { <<: *t }\n",
     "f:6:1: unknown setting 'more' (settings are holdfast, system, plugins, journal, metrics, instruments, removed, profiles,"
     " tree)\nf:6:9: a merge key is not taken (write the values out)\n"},
    {"map as key", "{ a: b }: c\n", "f:1:1: a key must be a word (write `name: value`)\n"},
    {"alias bomb", bomb(),
     "f:6:45: more than 100000 values once aliases are expanded (write less, or fewer aliases)\n"},
    {"alias inside its anchor", "a: &a [ *a ]\n",
     "f:1:9: an alias inside its own anchor (write the value out)\n"},
    {"alias of an alias that is not done", "a: &a\n  b: &b [ *a ]\n",
     "f:2:11: an alias inside its own anchor (write the value out)\n"},
    {"deep", "a: " + nested(100) + "\n", "f:1:67: nested more than 64 levels deep\n"},
};

}  // namespace

BOOST_DATA_TEST_CASE(text_that_is_no_plain_yaml_is_refused_at_its_place, boost::unit_test::data::make(kCases),
                     c) {
  BOOST_TEST(words(load(c.text).problems) == c.problems);
}

BOOST_AUTO_TEST_CASE(a_long_text_cannot_be_multiplied_by_aliases) {
  std::string text = "a: &a " + std::string(200'000, 'x') + "\nb: [";
  for (int i = 0; i < 1000; ++i) text += "*a, ";
  const auto problems = words(load(text + "*a]\n").problems);
  BOOST_TEST(problems.find("more than 100000 values once aliases are expanded") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(deep_nesting_through_aliases_is_refused_too) {
  std::string text = "a0: &a0 " + nested(30) + "\n";
  text += "a1: &a1 " + std::string(30, '[') + "*a0" + std::string(30, ']') + "\n";
  text += "a2: " + std::string(30, '[') + "*a1" + std::string(30, ']') + "\n";
  BOOST_TEST(words(load(text).problems) == "f:3:35: nested more than 64 levels deep\n");
}

BOOST_AUTO_TEST_CASE(an_alias_stands_for_its_value) {
  const auto result = load(with_settings("{ a: &v { b: 1 }, c: *v }"));
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(flat(settings_of(result)) == R"({"a":{"b":"1"},"c":{"b":"1"}})");
}

BOOST_AUTO_TEST_CASE(words_that_yaml_1_1_takes_for_booleans_stay_text) {
  const auto result = load(with_settings("{ a: no, b: on, c: \"yes\", d: 010 }"));
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(flat(settings_of(result)) == R"({"a":"no","b":"on","c":"yes","d":"010"})");
  BOOST_TEST(settings_of(result).find("c")->quoted);
  BOOST_TEST(!settings_of(result).find("a")->quoted);
}

BOOST_AUTO_TEST_CASE(columns_count_characters_and_not_bytes) {
  const auto result = load("holdfast: 1\nsystem: { name: \"x\", data_dir: \"märz\", sed: 1 }\n" + kTree);
  BOOST_TEST(words(result.problems) == "f:2:40: unknown setting 'sed' (did you mean 'seed'?)\n");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_no_part_of_the_text) {
  const auto result = load("\xEF\xBB\xBF" + kPlan);
  BOOST_TEST(words(result.problems) == "");
}

BOOST_AUTO_TEST_CASE(windows_line_ends_are_read) {
  std::string text;
  for (const char c : kPlan) {
    if (c == '\n') text += '\r';
    text += c;
  }
  BOOST_TEST(words(load(text).problems) == "");
}
