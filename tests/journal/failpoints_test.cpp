#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/journal/failpoints.hpp>
#include <thread>

using namespace holdfast;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(failpoints)

BOOST_DATA_TEST_CASE(
    what_is_no_failpoint_is_refused_in_one_sentence,
    data::make({"a", "=throw", "a=jump", "a=throw@x", "a=sleep(x)", "a=throw@", "a=throw@-1", "b=throw;a"}) ^
        data::make({"failpoint 'a' needs name=action", "failpoint '=throw' needs name=action",
                    "failpoint 'a=jump': the action must be off, throw, kill, hang or sleep(MS)",
                    "failpoint 'a=throw@x': 'x' is not a whole number",
                    "failpoint 'a=sleep(x)': 'x' is not a whole number",
                    "failpoint 'a=throw@': '' is not a whole number",
                    "failpoint 'a=throw@-1': '-1' is not a whole number", "failpoint 'a' needs name=action"}),
    text, sentence) {
  Failpoints points;
  BOOST_CHECK_EXCEPTION(points.set(text), std::invalid_argument,
                        [&](const auto& error) { return error.what() == std::string{sentence}; });
  BOOST_CHECK_NO_THROW(points.hit("b"));  // Nothing was armed by the half that was right.
}

BOOST_DATA_TEST_CASE(a_point_acts_at_the_hits_it_was_told,
                     data::make({"a=throw", "a=throw@1", "a=throw@3", "b=off;a=throw@2", "b=throw", "a=off",
                                 "", "a=throw;a=off"}) ^
                         data::make({"xxxx", "x...", "..x.", ".x..", "....", "....", "....", "...."}),
                     text, expected) {
  Failpoints points;
  points.set(text);
  std::string seen;
  for (int i = 0; i < 4; ++i) {
    try {
      points.hit("a");
      seen += '.';
    } catch (const FailpointError&) {
      seen += 'x';
    }
  }
  BOOST_TEST(seen == expected);
}

BOOST_AUTO_TEST_CASE(a_point_can_be_disarmed) {
  Failpoints points;
  points.set("a=throw");
  BOOST_CHECK_THROW(points.hit("a"), FailpointError);
  points.set("a=off");
  BOOST_CHECK_NO_THROW(points.hit("a"));
}

BOOST_AUTO_TEST_CASE(hits_count_from_arming_on) {
  Failpoints points;
  points.set("b=throw");
  for (int i = 0; i < 5; ++i) points.hit("a");
  points.set("a=throw@2");
  BOOST_CHECK_NO_THROW(points.hit("a"));
  BOOST_CHECK_THROW(points.hit("a"), FailpointError);
}

BOOST_AUTO_TEST_CASE(a_hang_lasts_until_it_is_set_off) {
  Failpoints points;
  points.set("a=hang;b=throw@1");
  std::atomic<bool> through{false};
  std::thread waiting{[&] {
    try {
      points.hit("b");
    } catch (const FailpointError&) {
    }
    points.hit("a");
    through = true;
  }};
  points.set("b=off");
  BOOST_TEST(!through);
  points.set("a=off");
  waiting.join();
  BOOST_TEST(through);
}

BOOST_AUTO_TEST_CASE(kill_ends_the_process_like_sigkill) {
  const pid_t child = ::fork();
  if (child == 0) {
    Failpoints points;
    points.set("a=kill@2");
    points.hit("a");
    points.hit("a");
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(WTERMSIG(status) == SIGKILL);
}

BOOST_AUTO_TEST_SUITE_END()
