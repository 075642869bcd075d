#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "supervision_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

SupervisorPlan with_backoff(const std::string& tree, double jitter) {
  SupervisorPlan plan = TreeReader{tree}.read();
  plan.backoff = {100ms, 1s, 2, jitter, 60s};
  return plan;
}

/// How long the next restart of `a` waits.
Duration wait_after_crash(SupervisedTree& tree) {
  tree.say("a:crash");
  const auto next = tree.supervision().next_deadline();
  if (!next) return Duration{0};
  const Duration wait = *next - tree.now;
  tree.pass(wait);
  return wait;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_restart_is_immediate_and_later_ones_wait_longer_up_to_a_limit) {
  SupervisedTree tree{with_backoff("one_for_one 99/5 (a b)", 0)};
  tree.play("");
  for (const Duration expected : {Duration{0}, Duration{100ms}, Duration{200ms}, Duration{400ms},
                                  Duration{800ms}, Duration{1s}, Duration{1s}})
    BOOST_TEST(wait_after_crash(tree).count() == expected.count());
}

BOOST_AUTO_TEST_CASE(nobody_else_waits) {
  SupervisedTree tree{with_backoff("one_for_one 99/5 (a b)", 0)};
  tree.play("");
  wait_after_crash(tree);
  tree.say("a:crash");
  BOOST_CHECK(tree.state("a") == Supervision::State::waiting);
  BOOST_CHECK(tree.state("b") == Supervision::State::up);
  tree.say("b:crash");
  BOOST_CHECK(tree.state("b") == Supervision::State::up);
  BOOST_CHECK(tree.state("a") == Supervision::State::waiting);
}

BOOST_DATA_TEST_CASE(jitter_spreads_a_wait_within_its_bounds_and_not_always_the_same_way,
                     boost::unit_test::data::make({0.1, 0.2, 1.0}), jitter) {
  std::set<std::int64_t> seen;
  std::int64_t least = INT64_MAX, most = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SupervisedTree tree{with_backoff("one_for_one 99/5 (a)", jitter), seed};
    tree.play("");
    wait_after_crash(tree);
    const auto wait = wait_after_crash(tree).count();
    seen.insert(wait);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  const double middle = 100e6;
  BOOST_TEST(static_cast<double>(least) >= middle * (1 - jitter));
  BOOST_TEST(static_cast<double>(most) <= middle * (1 + jitter));
  BOOST_TEST(static_cast<double>(least) < middle * (1 - jitter * 0.8));
  BOOST_TEST(static_cast<double>(most) > middle * (1 + jitter * 0.8));
  BOOST_TEST(seen.size() > 150u);
}

BOOST_AUTO_TEST_CASE(one_seed_gives_one_sequence_of_waits) {
  const auto waits = [] {
    SupervisedTree tree{with_backoff("one_for_one 99/5 (a)", 0.5), 42};
    tree.play("");
    std::vector<std::int64_t> all;
    for (int i = 0; i < 6; ++i) all.push_back(wait_after_crash(tree).count());
    return all;
  };
  BOOST_TEST(waits() == waits(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(healthy_for_long_enough_it_is_restarted_at_once_again) {
  SupervisedTree tree{with_backoff("one_for_one 99/5 (a)", 0)};
  tree.play("");
  wait_after_crash(tree);
  wait_after_crash(tree);
  tree.pass(60s);
  BOOST_TEST(wait_after_crash(tree).count() == Duration{200ms}.count());
  tree.pass(60001ms);
  BOOST_TEST(wait_after_crash(tree).count() == 0);
}

BOOST_AUTO_TEST_CASE(time_spent_failing_to_start_is_not_health) {
  SupervisorPlan plan = with_backoff("one_for_one 99/5 (a)", 0);
  plan.backoff.reset_after = 2s;
  SupervisedTree tree{plan};
  tree.play("");
  for (int i = 0; i < 8; ++i) tree.say("fail:a");
  tree.say("a:crash");
  // 0, 100, 200, 400, 800, 1000, 1000 ms: beyond reset_after, and never once up.
  tree.pass(3400ms);
  BOOST_CHECK(tree.state("a") == Supervision::State::waiting);
  BOOST_TEST((*tree.supervision().next_deadline() - tree.now).count() == Duration{100ms}.count());
}

BOOST_AUTO_TEST_CASE(a_restart_that_waits_is_called_off_by_a_stop) {
  SupervisedTree tree{with_backoff("one_for_one 99/5 (a b)", 0)};
  tree.play("");
  wait_after_crash(tree);
  tree.say("a:crash");
  BOOST_TEST(tree.play("stop 2000ms").ends_with("| -b stopped |"));
  BOOST_CHECK(tree.state("a") == Supervision::State::down);
  BOOST_CHECK(!tree.supervision().next_deadline());
}

BOOST_AUTO_TEST_CASE(siblings_taken_along_wait_for_the_one_that_failed) {
  SupervisedTree tree{with_backoff("one_for_all 99/5 (a b)", 0)};
  tree.play("");
  tree.say("a:crash");
  tree.say("a:crash");
  BOOST_CHECK(tree.state("b") == Supervision::State::down);
  tree.pass(100ms);
  BOOST_CHECK(tree.state("b") == Supervision::State::up);
}
