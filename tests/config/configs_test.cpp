#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

std::string shipped(const std::string& name) {
  const char* source = std::getenv("HOLDFAST_SOURCE");
  return std::string{source == nullptr ? "." : source} + "/configs/" + name;
}

const std::vector<std::string> kNames{"fix.yaml", "paper.yaml", "replay.yaml"};

}  // namespace

BOOST_DATA_TEST_CASE(a_shipped_configuration_is_a_plan_and_survives_its_canonical_text,
                     boost::unit_test::data::make(kNames), name) {
  const auto result = load_plan(shipped(name), {}, environment({{"HOLDFAST_FEED", "/data/feed.gz"}}));
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(actors_of(result.plan->tree).size() == 7u);
  const auto again = load(result.plan->canonical);
  BOOST_REQUIRE_EQUAL(words(again.problems), "");
  BOOST_TEST(again.plan->canonical == result.plan->canonical);
}

BOOST_AUTO_TEST_CASE(the_replay_configuration_says_which_variable_it_needs) {
  const auto result = load_plan(shipped("replay.yaml"), {}, environment({}));
  BOOST_REQUIRE_EQUAL(result.problems.size(), 1u);
  BOOST_TEST(result.problems[0].what == "the environment variable HOLDFAST_FEED is not set");
}
