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

std::string child(const std::string& rest) { return kHead + "tree:\n  children:\n    - { " + rest + " }\n"; }
std::string instrument(const std::string& rest) { return kPlan + "instruments:\n  - { " + rest + " }\n"; }

const std::vector<Case> kCases{
    {"empty", "", "f: is empty (begin with `holdfast: 1`)\n"},
    {"only a comment", "# nothing\n", "f: is empty (begin with `holdfast: 1`)\n"},
    {"a list", "- a\n",
     "f:1:1: expected a system, one `section:` after another (begin with `holdfast: 1`)\n"},
    {"a word", "hello\n",
     "f:1:1: expected a system, one `section:` after another (begin with `holdfast: 1`)\n"},
    {"sections missing", "holdfast: 1\n",
     "f:1:1: the section system is missing (write system: { name: … })\n"
     "f:1:1: the section tree is missing (write tree: with its children)\n"},
    {"version missing", "system: { name: s }\n" + kTree,
     "f:1:1: the version of the format is missing (begin with `holdfast: 1`)\n"},
    {"newer version", "holdfast: 2\nsystem: { name: s }\n" + kTree,
     "f:1:11: version 2 of the format is not known (this program reads version 1: take a newer one)\n"},
    {"unknown section", kPlan + "jornal: { }\n",
     "f:6:1: unknown setting 'jornal' (did you mean 'journal'?)\n"},
    {"unknown key", "holdfast: 1\nsystem: { name: s, sed: 7 }\n" + kTree,
     "f:2:20: unknown setting 'sed' (did you mean 'seed'?)\n"},
    {"key twice", "holdfast: 1\nsystem: { name: s, seed: 1, seed: 2 }\n" + kTree,
     "f:2:29: the key 'seed' is here twice, first in line 2 (remove one of them)\n"},
    {"section twice", kPlan + "system: { name: t }\n",
     "f:6:1: the key 'system' is here twice, first in line 2 (remove one of them)\n"},
    {"wrong type", "holdfast: 1\nsystem: { name: s, workers: many }\n" + kTree,
     "f:2:29: expected a whole number, got 'many' (write digits only, such as 20)\n"},
    {"out of range", "holdfast: 1\nsystem: { name: s, workers: 0 }\n" + kTree,
     "f:2:29: workers is 0, must be between 1 and 256\n"},
    {"leading zero", "holdfast: 1\nsystem: { name: s, seed: 007 }\n" + kTree,
     "f:2:26: '007' has leading zeros (write 7)\n"},
    {"wrong word", "holdfast: 1\nsystem: { name: s, clock: fed }\n" + kTree,
     "f:2:27: clock is fed, must be one of wall, feed (did you mean 'feed'?)\n"},
    {"no value", kPlan + "journal:\n", "f:6:1: 'journal' has no value (write one, or remove the line)\n"},
    {"bad name", child("name: a.b, actor: x"),
     "f:5:15: name is a.b, must be letters, digits, '_' or '-', at most 64\n"},
    {"name twice", child("name: a, actor: x }\n    - { name: a, actor: y"),
     "f:6:15: the name 'a' is in the tree twice, first in line 5 (rename one of them)\n"},
    {"name of the root", child("name: root, actor: x"),
     "f:5:15: the name 'root' is in the tree twice (root is the tree itself)\n"},
    {"neither actor nor supervisor", child("name: a"),
     "f:5:7: a child is an actor or a supervisor (write `actor: <library>` or `supervisor: one_for_one`)\n"},
    {"both", child("name: a, actor: x, supervisor: one_for_one"),
     "f:5:7: a child is an actor or a supervisor, not both"
     " (write `actor: <library>` or `supervisor: one_for_one`)\n"},
    {"restart", child("name: a, actor: x, restart: permanently"),
     "f:5:37: restart is permanently, must be one of permanent, transient, temporary"
     " (did you mean 'permanent'?)\n"},
    {"no unit", child("name: a, actor: x, shutdown: 5"),
     "f:5:38: '5' has no unit (write 5s, or another unit: ns, us, ms, s, m, h or d)\n"},
    {"pin", child("name: a, actor: x, pin: abc"), "f:5:33: pin is abc, must be 64 hexadecimal digits\n"},
    {"settings no map", child("name: a, actor: x, settings: [1]"),
     "f:5:38: expected settings, one `name: value` after another\n"},
    {"no children", kHead + "tree: { children: [] }\n",
     "f:3:19: a supervisor without children (write at least one)\n"},
    {"children no list", kHead + "tree: { children: { a: b } }\n",
     "f:3:19: expected a list of children (write one `- { name: …, actor: … }` per line)\n"},
    {"strategy", kHead + "tree: { strategy: one_for_al, children: [ { name: a, actor: x } ] }\n",
     "f:3:19: strategy is one_for_al, must be one of one_for_one, one_for_all, rest_for_one"
     " (did you mean 'one_for_all'?)\n"},
    {"backoff", kHead + "tree: { backoff: { initial: 2s, max: 1s }, children: [ { name: a, actor: x } ] }\n",
     "f:3:18: initial must not be longer than max\n"},
    {"tick", instrument("symbol: A, tick: 0, lot: 1, currency: USD"),
     "f:7:24: tick is 0, must be more than 0\n"},
    {"lot", instrument("symbol: A, tick: 1, lot: -1, currency: USD"),
     "f:7:32: lot is -1, must be more than 0\n"},
    {"nine decimals", instrument("symbol: A, tick: 0.000000001, lot: 1, currency: USD"),
     "f:7:24: '0.000000001' has more than eight decimals (round it to eight)\n"},
    {"no currency", instrument("symbol: A, tick: 1, lot: 1"),
     "f:7:5: currency is required (Of prices, fees and profit.)\n"},
    {"empty currency", instrument("symbol: A, tick: 1, lot: 1, currency: \"\""),
     "f:7:45: currency is , must be 1 to 16 characters without spaces\n"},
    {"session", instrument("symbol: A, tick: 1, lot: 1, currency: USD, session: 9-5"),
     "f:7:59: session is 9-5, must be 24x7 or such as \"Mon-Fri 09:30-16:00 America/New_York\"\n"},
    {"session without length",
     instrument("symbol: A, tick: 1, lot: 1, currency: U, session: \"09:00-09:00 UTC\""),
     "f:7:57: session is 09:00-09:00 UTC, must be 24x7 or such as \"Mon-Fri 09:30-16:00 America/New_York\"\n"},
    {"symbol twice",
     instrument("symbol: A, tick: 1, lot: 1, currency: U }\n"
                "  - { symbol: A, tick: 1, lot: 1, currency: U"),
     "f:8:15: the instrument 'A' is here twice, first in line 7 (remove one of them)\n"},
    {"size", kPlan + "journal: { wal_cap: 128MB }\n",
     "f:6:21: expected a size, got '128MB' (write a whole number and B, KiB, MiB or GiB, such as 128MiB)\n"},
    {"size too small", kPlan + "journal: { wal_cap: 1KiB }\n",
     "f:6:21: wal_cap is 1KiB, must be between 1MiB and 16GiB\n"},
    {"size beyond 64 bits", kPlan + "journal: { wal_cap: 17179869184GiB }\n",
     "f:6:21: expected a size, got '17179869184GiB'"
     " (write a whole number and B, KiB, MiB or GiB, such as 128MiB)\n"},
    {"retention", kPlan + "journal: { retention: { market_event: 5 } }\n",
     "f:6:25: unknown setting 'market_event' (did you mean 'market_events'?)\n"},
    {"pins", kPlan + "plugins: { pins: { crossover: abc, strategy_crossover: abc } }\n",
     "f:6:20: 'crossover' names no library (write <kind>_<name>, such as strategy_crossover)\n"
     "f:6:56: expected a SHA-256 (write 64 hexadecimal digits)\n"},
    {"everything at once",
     "holdfast: 1\nsystem: { name: s, workers: x }\nextra: 1\n" +
         std::string{"tree:\n  period: 0s\n  children:\n    - { name: a, actor: x, restart: no }\n"},
     "f:2:29: expected a whole number, got 'x' (write digits only, such as 20)\n"
     "f:3:1: unknown setting 'extra' (settings are holdfast, system, plugins, journal, metrics, instruments, removed, profiles, tree)\n"
     "f:5:11: period is 0s, must be more than 0s\n"
     "f:7:37: restart is no, must be one of permanent, transient, temporary\n"},
};

}  // namespace

BOOST_DATA_TEST_CASE(what_is_wrong_is_said_with_its_place_and_its_remedy,
                     boost::unit_test::data::make(kCases), c) {
  const auto result = load(c.text);
  BOOST_TEST(words(result.problems) == c.problems);
  BOOST_TEST(!result.plan.has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_one_clear_problem) {
  const auto result = load_plan("/nowhere/paper.yaml");
  BOOST_TEST(words(result.problems) == "/nowhere/paper.yaml: cannot be read: No such file or directory\n");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_too_large_is_refused_whole) {
  BOOST_TEST(words(load(kPlan + std::string(1 << 20, '#')).problems) ==
             "f: larger than 1024 KiB (this is no configuration)\n");
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_file) {
  BOOST_TEST(words(load_plan("/").problems) == "/: is a folder (name the file in it)\n");
}

BOOST_AUTO_TEST_CASE(an_endless_file_is_refused) {
  BOOST_TEST(words(load_plan("/dev/zero").problems) ==
             "/dev/zero: larger than 1024 KiB (this is no configuration)\n");
}
