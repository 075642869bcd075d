#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "supervision_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Row {
  const char* what;
  const char* tree;
  const char* script;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.what; }

/// What Erlang/OTP 25 does with static children.
const Row kOtp[] = {
    {"children start from left to right", "one_for_one 1/5 (a b c)", "", "+a +b +c"},
    {"and stop in reverse", "one_for_one 1/5 (a b c)", "stop", "+a +b +c | -c -b -a stopped"},

    {"one_for_one restarts the one that failed", "one_for_one 1/5 (a b c)", "b:crash", "+a +b +c | +b"},
    {"one_for_all stops the others in reverse and starts all", "one_for_all 1/5 (a b c)", "b:crash",
     "+a +b +c | -c -a +a +b +c"},
    {"rest_for_one leaves what was started before", "rest_for_one 1/5 (a b c)", "b:crash",
     "+a +b +c | -c +b +c"},
    {"rest_for_one of the last is alone", "rest_for_one 1/5 (a b c)", "c:crash", "+a +b +c | +c"},

    {"permanent: also after a normal end", "one_for_one 1/5 (a b)", "b:exit", "+a +b | +b"},
    {"transient: after a crash", "one_for_one 1/5 (a b~)", "b:crash", "+a +b | +b"},
    {"transient: not after a normal end", "one_for_one 1/5 (a b~)", "b:exit", "+a +b |"},
    {"temporary: never", "one_for_one 1/5 (a b.)", "b:crash", "+a +b |"},
    {"what is not restarted costs nothing", "one_for_one 0/5 (a. b~)", "a:crash b:exit", "+a +b | |"},
    {"and takes nobody with it", "one_for_all 1/5 (a. b~ c)", "a:crash b:exit", "+a +b +c | |"},
    {"a temporary bystander is stopped for good, one_for_all", "one_for_all 1/5 (a. b c)", "b:crash",
     "+a +b +c | -c -a +b +c"},
    {"a temporary bystander is stopped for good, rest_for_one", "rest_for_one 1/5 (a b c. d)", "b:crash",
     "+a +b +c +d | -d -c +b +d"},
    {"and burns no intensity", "one_for_all 1/5 (a. b)", "b:crash 6000ms b:crash", "+a +b | -a +b | | +b"},
    {"a transient that had ended starts with the others, one_for_all", "one_for_all 1/5 (a~ b c)",
     "a:exit b:crash", "+a +b +c | | -c +a +b +c"},
    {"a transient that had ended starts with the rest", "rest_for_one 1/5 (a b~ c)", "b:exit a:crash",
     "+a +b +c | | -c +a +b +c"},
    {"but not with what comes after it", "rest_for_one 1/5 (a~ b c)", "a:exit b:crash",
     "+a +b +c | | -c +b +c"},

    {"intensity 2: the third death is one too many", "one_for_one 2/3600 (a b c)", "b:crash b:crash b:crash",
     "+a +b +c | +b | +b | -c -a give_up"},
    {"deaths of different children add up", "one_for_one 1/5 (a b)", "a:crash b:crash",
     "+a +b | +a | -a give_up"},
    {"intensity 0: the first death ends it", "one_for_one 0/5 (a b)", "b:crash", "+a +b | -a give_up"},
    {"intensity 0: even a normal one", "one_for_one 0/5 (a b)", "b:exit", "+a +b | -a give_up"},
    {"slow deaths never trip", "one_for_one 1/1 (a)", "a:crash 2100ms a:crash 2100ms a:crash 2100ms a:crash",
     "+a | +a | | +a | | +a | | +a"},
    {"the period's last instant counts", "one_for_one 1/1 (a)", "a:crash 1000ms a:crash",
     "+a | +a | | give_up"},
    {"the one after it does not", "one_for_one 1/1 (a)", "a:crash 1001ms a:crash", "+a | +a | | +a"},
    {"a sibling that dies while it is about to be stopped costs nothing", "one_for_all 1/5 (a b c)",
     "hang:c b:crash a:crash 5000ms", "+a +b +c | | -c | | !c +a +b +c"},
    {"and is not stopped once more after it came back", "one_for_all 9/5 (a b c)",
     "hang:c b:crash a:crash 5000ms", "+a +b +c | | -c | | !c +a +b +c"},

    {"one_for_all: a restart that fails takes the restarted down again", "one_for_all 9/5 (a b c)",
     "fail:b b:crash", "+a +b +c | | -c -a +a +b -a +a +b +c"},
    {"rest_for_one: a restart that fails keeps the good one before", "rest_for_one 9/5 (a b c)",
     "fail:b a:crash", "+a +b +c | | -c -b +a +b +b +c"},
    {"each failed restart costs intensity", "one_for_one 2/5 (a b)", "fail:b b:crash b:crash",
     "+a +b | | +b +b | -a give_up"},
    {"and then escalates", "one_for_one 1/5 (a b)", "fail:b b:crash", "+a +b | | +b -a give_up"},

    {"a supervisor that gives up is restarted by its own", "one_for_one 1/5 (a one_for_one 0/5 (x y) b)",
     "x:crash", "+a +x +y +b | -y +x +y"},
    {"until that one gives up too", "one_for_one 1/5 (a one_for_one 0/5 (x y) b)", "x:crash x:crash",
     "+a +x +y +b | -y +x +y | -y -b -a give_up"},
    {"budgets multiply over levels", "one_for_one 1/9 (one_for_one 1/9 (x y))",
     "x:crash x:crash x:crash x:crash", "+x +y | +x | -y +x +y | +x | -y give_up"},
    {"restarted by its parent, all static children come back", "one_for_one 1/5 (one_for_one 0/5 (x. y~ z))",
     "x:crash y:exit z:crash", "+x +y +z | | | +x +y +z"},
    {"a supervisor is restarted as one of its siblings", "one_for_all 1/5 (a one_for_one 1/5 (x y) b)",
     "a:crash", "+a +x +y +b | -b -y -x +a +x +y +b"},
    {"and takes its siblings with it", "rest_for_one 1/5 (a one_for_one 0/5 (x y) b)", "x:crash",
     "+a +x +y +b | -y -b +x +y +b"},
    {"stop goes through all levels in reverse", "one_for_one 1/5 (a one_for_all 1/5 (x y) b)", "stop",
     "+a +x +y +b | -b -y -x -a stopped"},

    {"who does not stop in time is killed", "one_for_one 1/5 (a b c)", "hang:b stop 4999ms 1ms",
     "+a +b +c | | -c -b | | !b -a stopped"},
    {"also in a restart of its siblings", "one_for_all 1/5 (a b c)", "hang:c b:crash 5000ms",
     "+a +b +c | | -c | !c -a +a +b +c"},
    {"also when the supervisor gives up", "one_for_one 0/5 (a b)", "hang:a b:crash 5000ms",
     "+a +b | | -a | !a give_up"},
};

/// What we add: parking, stopping at any moment.
const Row kOurs[] = {
    {"a parked one stays down whatever its type", "one_for_one 0/5 (a b c)", "b:park", "+a +b +c |"},
    {"also when its siblings are restarted", "one_for_all 1/5 (a b c)", "b:park a:crash",
     "+a +b +c | | -c +a +c"},
    {"also when its supervisor is restarted", "one_for_one 1/5 (one_for_one 0/5 (x y))", "x:park y:crash",
     "+x +y | | +y"},
    {"a tree that gave up can still be asked to stop", "one_for_one 0/5 (a)", "a:crash stop",
     "+a | give_up | stopped"},
    {"a tree that is down does not stop twice over", "one_for_one 1/5 (a)", "stop stop",
     "+a | -a stopped | stopped"},
    {"a crash while stopping is no reason to restart", "one_for_one 9/5 (a b)", "hang:b stop b:crash",
     "+a +b | | -b | -a stopped"},
    {"an exit nobody asked about twice is heard once", "one_for_one 1/5 (a~)", "a:exit a:exit", "+a | |"},
};

}  // namespace

BOOST_DATA_TEST_CASE(supervision_does_what_otp_does, boost::unit_test::data::make(kOtp)) {
  BOOST_TEST(SupervisedTree{TreeReader{sample.tree}.read()}.play(sample.script) == sample.expected);
}

BOOST_DATA_TEST_CASE(supervision_adds_parking_and_a_stop_at_any_time, boost::unit_test::data::make(kOurs)) {
  BOOST_TEST(SupervisedTree{TreeReader{sample.tree}.read()}.play(sample.script) == sample.expected);
}

BOOST_AUTO_TEST_CASE(a_child_starts_when_the_one_before_it_is_up) {
  SupervisedTree tree{TreeReader{"one_for_one 1/5 (a b c)"}.read()};
  tree.say("slow:b");
  BOOST_TEST(tree.play("up:b") == "+a +b | +c");
}

BOOST_AUTO_TEST_CASE(a_stop_during_the_start_takes_back_what_was_started) {
  SupervisedTree tree{TreeReader{"one_for_one 1/5 (a b c)"}.read()};
  tree.say("slow:b");
  BOOST_TEST(tree.play("stop") == "+a +b | -b -a stopped");
}

BOOST_AUTO_TEST_CASE(the_first_start_that_fails_uses_up_the_budget_and_ends_the_tree) {
  SupervisedTree tree{TreeReader{"one_for_one 1/5 (a b c)"}.read()};
  tree.say("fail:b");
  tree.say("fail:b");
  BOOST_TEST(tree.play("") == "+a +b +b -a give_up");
}

BOOST_AUTO_TEST_CASE(one_that_is_parked_in_its_start_does_not_hold_up_the_others) {
  SupervisedTree tree{TreeReader{"one_for_one 0/5 (a b c)"}.read()};
  tree.say("slow:b");
  BOOST_TEST(tree.play("b:park") == "+a +b | +c");
  BOOST_CHECK(tree.state("b") == Supervision::State::parked);
}

BOOST_AUTO_TEST_CASE(who_gives_up_says_which_supervisor_and_which_child_and_why) {
  SupervisedTree tree{TreeReader{"one_for_one 0/5 (a one_for_one 0/5 (x))"}.read()};
  tree.play("x:crash");
  BOOST_TEST(tree.why.find("supervisor 's0' gave up") == 0u);
  BOOST_TEST(tree.why.find("the last of 's1' <- supervisor 's1' gave up") != std::string::npos);
  BOOST_TEST(tree.why.find("the last of 'x'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_supervisor_has_one_deadline_for_all_its_children) {
  SupervisorPlan plan = TreeReader{"one_for_one 1/5 (a one_for_one 1/5 (x y z))"}.read();
  std::get<SupervisorPlan>(plan.children[1].what).shutdown = std::chrono::seconds{7};
  SupervisedTree tree{plan};
  for (const char* name : {"hang:x", "hang:y", "hang:z"}) tree.say(name);
  BOOST_TEST(tree.play("stop 5000ms 1999ms 1ms") == "+a +x +y +z | -z | !z -y | | !y -x !x -a stopped");
}

BOOST_AUTO_TEST_CASE(restarts_are_counted_by_child) {
  SupervisedTree tree{TreeReader{"one_for_all 9/5 (a b c)"}.read()};
  tree.play("b:crash b:crash c:crash");
  BOOST_TEST(tree.supervision().restarts(tree.index("a")) == 0u);
  BOOST_TEST(tree.supervision().restarts(tree.index("b")) == 2u);
  BOOST_TEST(tree.supervision().restarts(tree.index("c")) == 1u);
}

BOOST_AUTO_TEST_CASE(what_will_never_start_again_is_finished_and_not_merely_down) {
  SupervisedTree tree{TreeReader{"one_for_all 9/5 (a. b~ c)"}.read()};
  tree.play("b:exit");
  BOOST_CHECK(tree.state("b") == Supervision::State::finished);
  tree.say("c:crash");
  BOOST_CHECK(tree.state("a") == Supervision::State::finished);
  BOOST_CHECK(tree.state("b") == Supervision::State::up);
}
