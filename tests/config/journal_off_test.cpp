// `journal: off`: what stands in place of a section.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/config/effective.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

const std::string kOff = kHead + "journal: off\n" + kTree;

std::string shown(const LoadResult& result) {
  const auto none = effective(
      result, [](auto, auto) { return std::vector<FieldDoc>{}; }, {});
  return effective_yaml(none, true);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_journal_that_is_off_is_in_the_plan_with_its_place) {
  const auto result = load(kOff);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(result.plan->journal.off);
  BOOST_TEST(result.plan->journal.off_where.line == 3);
  BOOST_TEST(result.plan->journal.off_where.column == 10);
  BOOST_TEST(!load(kPlan).plan->journal.off);
  BOOST_TEST(!load(kHead + "journal: { ring: 2MiB }\n" + kTree).plan->journal.off);
}

BOOST_AUTO_TEST_CASE(a_journal_that_is_off_is_another_system_and_its_canonical_text_reads_back_to_it) {
  const auto result = load(kOff);
  BOOST_TEST(result.plan->canonical.find("\njournal: off\n") != std::string::npos, result.plan->canonical);
  BOOST_TEST(result.plan->canonical.find("frame:") == std::string::npos);
  const auto again = load(result.plan->canonical);
  BOOST_REQUIRE_EQUAL(words(again.problems), "");
  BOOST_TEST(again.plan->journal.off);
  BOOST_TEST(again.plan->canonical == result.plan->canonical);
  BOOST_TEST(again.plan->canonical != load(kPlan).plan->canonical);
}

BOOST_AUTO_TEST_CASE(an_override_turns_the_journal_off_and_on_again) {
  const auto off = load(kHead + "journal: { ring: 2MiB }\n" + kTree, {"journal=off"});
  BOOST_REQUIRE_EQUAL(words(off.problems), "");
  BOOST_TEST(off.plan->canonical == load(kOff).plan->canonical);
  const auto on = load(kOff, {"journal={}"});
  BOOST_REQUIRE_EQUAL(words(on.problems), "");
  BOOST_TEST(on.plan->canonical == load(kPlan).plan->canonical);
  BOOST_TEST(words(load(kOff, {"journal.ring=2MiB"}).problems) ==
             "--set journal.ring=2MiB: 'journal' is a value, nothing is below it\n");
}

BOOST_AUTO_TEST_CASE(what_is_in_force_shows_that_the_journal_is_off_and_who_said_so) {
  BOOST_TEST(shown(load(kOff)).find("\njournal: off  # f:3\n") != std::string::npos, shown(load(kOff)));
  const auto set = shown(load(kPlan, {"journal=off"}));
  BOOST_TEST(set.find("\njournal: off  # --set journal\n") != std::string::npos, set);
  BOOST_TEST(set.find("frame:") == std::string::npos);
}

BOOST_DATA_TEST_CASE(any_other_value_is_refused_where_it_stands,
                     data::make(std::vector<std::string>{"on", "false", "no", "none", "Off", "0"}), word) {
  BOOST_TEST(words(load(kHead + "journal: " + word + "\n" + kTree).problems) ==
             "f:3:10: journal is '" + word +
                 "', must be off or settings (write `journal: off`, or settings such as { frame: 256KiB })\n");
}
