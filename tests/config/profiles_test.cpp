#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

const std::string kText = kHead + R"(profiles:
  live: { system.clock: wall, system.seed: 5, actors.a.settings.speed: 1 }
  loud: { system.seed: 6 }
tree:
  children:
    - { name: a, actor: x, settings: { speed: 0 } }
)";

LoadResult load_with(const std::string& text, const std::vector<std::string>& profiles,
                     const std::vector<std::string>& overrides = {}) {
  return load_plan_text(text, "f", ".", overrides, environment({}), profiles);
}

struct Case {
  const char* name;
  std::string section;
  std::vector<std::string> chosen;
  std::string problems;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const std::vector<Case> kCases{
    {"nobody knows it",
     "profiles: { live: { system.seed: 1 } }\n",
     {"liv"},
     "--profile liv: there is no profile 'liv' (did you mean 'live'?)\n"},
    {"nothing like it",
     "profiles: { live: { system.seed: 1 }, dry: { system.seed: 2 } }\n",
     {"other"},
     "--profile other: there is no profile 'other' (there are live, dry)\n"},
    {"no section",
     "",
     {"live"},
     "--profile live: there is no profile 'live' (the file has no section profiles)\n"},
    {"no map",
     "profiles: [ live ]\n",
     {},
     "f:6:11: expected profiles, one `name:` after another"
     " (write one `path: value` per line, such as `system.clock: wall`)\n"},
    {"one that is no map, and not chosen",
     "profiles: { live: wall }\n",
     {},
     "f:6:19: expected what the profile 'live' changes"
     " (write one `path: value` per line, such as `system.clock: wall`)\n"},
    {"a path to nowhere",
     "profiles: { live: { actors.b.settings.speed: 1 } }\n",
     {"live"},
     "f:6:21: there is no actor 'b' (did you mean 'a'?)\n"},
    {"an unknown setting",
     "profiles: { live: { system.sed: 1 } }\n",
     {"live"},
     "f:6:21: unknown setting 'sed' (did you mean 'seed'?)\n"},
    {"a wrong value",
     "profiles: { live: { system.workers: many } }\n",
     {"live"},
     "f:6:37: expected a whole number, got 'many' (write digits only, such as 20)\n"},
    {"twice",
     "profiles: { live: { system.seed: 1 }, live: { system.seed: 2 } }\n",
     {},
     "f:6:39: the key 'live' is here twice, first in line 6 (remove one of them)\n"},
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_profile_that_is_not_chosen_changes_nothing) {
  const auto result = load_with(kText, {});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(result.plan->seed == 1u);
  BOOST_TEST(result.plan->canonical.find("profiles") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(default_file_profile_and_override_win_in_this_order) {
  const std::string without = kHead + kTree;
  const std::string with =
      "holdfast: 1\nsystem: { name: s, seed: 2 }\nprofiles: { p: { system.seed: 3 } }\n" + kTree;
  BOOST_TEST(load_with(without, {}).plan->seed == 1u);
  BOOST_TEST(load_with(with, {}).plan->seed == 2u);
  BOOST_TEST(load_with(with, {"p"}).plan->seed == 3u);
  BOOST_TEST(load_with(with, {"p"}, {"system.seed=4"}).plan->seed == 4u);
}

BOOST_AUTO_TEST_CASE(the_last_of_several_profiles_wins) {
  BOOST_TEST(load_with(kText, {"loud", "live"}).plan->seed == 5u);
  BOOST_TEST(load_with(kText, {"live", "loud"}).plan->seed == 6u);
}

BOOST_AUTO_TEST_CASE(variables_are_replaced_in_whatever_value_won) {
  const auto load_seed = [](std::map<std::string, std::string> variables, std::vector<std::string> sets) {
    return load_plan_text(
               "holdfast: 1\nsystem:\n  name: s\nprofiles:\n  live:\n    system.seed: ${SEED:-5}\n" + kTree,
               "f", ".", sets, environment(std::move(variables)), {"live"})
        .plan->seed;
  };
  BOOST_TEST(load_seed({}, {}) == 5u);
  BOOST_TEST(load_seed({{"SEED", "8"}}, {}) == 8u);
  BOOST_TEST(load_seed({{"SEED", "8"}, {"OTHER", "9"}}, {"system.seed=${OTHER}"}) == 9u);
}

BOOST_AUTO_TEST_CASE(a_variable_of_a_profile_that_is_not_chosen_need_not_be_set) {
  const std::string text = kPlan + "profiles: { live: { system.name: \"${ACCOUNT}\" } }\n";
  BOOST_TEST(words(load_with(text, {}).problems) == "");
  BOOST_TEST(words(load_with(text, {"live"}).problems) ==
             "f:6:34: the environment variable ACCOUNT is not set (set it, or write ${ACCOUNT:-default})\n");
}

BOOST_AUTO_TEST_CASE(a_profile_reaches_into_actors) {
  const auto result = load_with(kText, {"live"});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(flat(settings_of(result)) == R"({"speed":"1"})");
}

BOOST_DATA_TEST_CASE(a_profile_that_means_nothing_is_one_clear_problem, boost::unit_test::data::make(kCases),
                     c) {
  const auto result = load_with(kPlan + c.section, c.chosen);
  BOOST_TEST(words(result.problems) == c.problems);
}
