#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/journal/failpoints.hpp>
#include <set>
#include <thread>

using namespace holdfast;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(failpoints)

namespace {

// Two places that exist, with short names for the tables below.
constexpr const char* kA = "store.open";
constexpr const char* kB = "actor.hear";

/// `text`, where a and b stand for the two.
std::string spelled(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool name = (at == 0 || text[at - 1] == ';') && at + 1 < text.size() && (text[at + 1] == '=' || text[at + 1] == '/');
    if (!name || (text[at] != 'a' && text[at] != 'b')) continue;
    const std::string whole = text[at] == 'a' ? kA : kB;
    text.replace(at, 1, whole);
    at += whole.size();
  }
  return text;
}

/// What each of `times` hits of a did: x threw, r returned, . nothing.
std::string hits_of(Failpoints& points, int times, const char* name = kA, const char* of = "") {
  std::string seen;
  for (int i = 0; i < times; ++i) {
    try {
      seen += points.hit(name, of) ? 'r' : '.';
    } catch (const FailpointError&) {
      seen += 'x';
    }
  }
  return seen;
}

}  // namespace

BOOST_DATA_TEST_CASE(
    what_is_no_failpoint_is_refused_in_one_sentence,
    data::make({"a", "=throw", "a=jump", "a=throw@x", "a=sleep(x)", "a=throw@", "a=throw@-1", "a=throw@0", "b=throw;a", "a=101%throw",
                "a=throw(1)", "a=errno(EGOD)", "a=return", "a=corrupt", "stor.open=kill", "a=throw->"}) ^
        data::make({"failpoint 'a' needs name=task", "failpoint '=throw' needs name=task",
                    "failpoint 'store.open=jump': a task is off, throw, return, corrupt, kill, pause, sleep(MS) or errno(NAME)",
                    "failpoint 'store.open=throw@x': 'x' is not a whole number",
                    "failpoint 'store.open=sleep(x)': 'x' is not a whole number",
                    "failpoint 'store.open=throw@': '' is not a whole number",
                    "failpoint 'store.open=throw@-1': '-1' is not a whole number",
                    "failpoint 'store.open=throw@0': hits are counted from 1", "failpoint 'a' needs name=task",
                    "failpoint 'store.open=101%throw': a chance is at most 100%",
                    "failpoint 'store.open=throw(1)': 'throw' takes nothing in brackets",
                    "failpoint 'store.open=errno(EGOD)': errno is one of EIO, ENOSPC, EDQUOT, EROFS, EMFILE, EACCES, ENOMEM",
                    "failpoint 'store.open=return': store.open cannot be told to return",
                    "failpoint 'store.open=corrupt': store.open cannot be told to corrupt",
                    "failpoint 'stor.open=kill': there is no place 'stor.open': did you mean 'store.open'?",
                    "failpoint 'store.open=throw->': a task is off, throw, return, corrupt, kill, pause, sleep(MS) or errno(NAME)"}),
    text, sentence) {
  Failpoints points;
  BOOST_CHECK_EXCEPTION(points.set(spelled(text)), std::invalid_argument,
                        [&](const auto& error) { return error.what() == std::string{sentence}; });
  BOOST_CHECK_NO_THROW(points.hit(kB));  // Nothing was armed by the half that was right.
}

BOOST_DATA_TEST_CASE(a_point_acts_at_the_hits_it_was_told,
                     data::make({"a=throw", "a=throw@1", "a=throw@3", "b=off;a=throw@2", "b=throw", "a=off", "", "a=throw;a=off",
                                 "a=2*throw", "a=1*off->1*throw->1*off->throw", "a=0%throw", "a=100%throw", "a=0*throw->throw"}) ^
                         data::make({"xxxx", "x...", "..x.", ".x..", "....", "....", "....", "....", "xx..", ".x.x", "....", "xxxx", "xxxx"}),
                     text, expected) {
  Failpoints points;
  points.set(spelled(text));
  BOOST_TEST(hits_of(points, 4) == expected);
}

BOOST_AUTO_TEST_CASE(chances_come_from_the_seed) {
  const auto run = [](std::uint64_t seed) {
    Failpoints points{seed};
    points.set(spelled("a=30%throw"));
    return hits_of(points, 1000);
  };
  const std::string once = run(7);
  const auto thrown = std::ranges::count(once, 'x');
  BOOST_TEST((thrown > 230 && thrown < 370), thrown);
  BOOST_TEST(run(7) == once);
  BOOST_TEST(run(8) != once);
}

BOOST_AUTO_TEST_CASE(what_is_not_chosen_does_not_count) {
  Failpoints points;
  points.set(spelled("a=50%3*throw"));
  const std::string seen = hits_of(points, 100);
  BOOST_TEST(std::ranges::count(seen, 'x') == 3, seen);
  BOOST_TEST(seen.substr(0, 3) != "xxx", seen);
}

BOOST_AUTO_TEST_CASE(a_point_can_be_of_somebody) {
  Failpoints points;
  points.set(spelled("b/risk=throw"));
  BOOST_TEST(hits_of(points, 2, kB, "risk") == "xx");
  BOOST_TEST(hits_of(points, 2, kB, "ledger") == "..");
  points.set(spelled("b=throw;b/risk=off"));
  BOOST_TEST(hits_of(points, 2, kB, "risk") == "..");
  BOOST_TEST(hits_of(points, 2, kB, "ledger") == "xx");
}

BOOST_AUTO_TEST_CASE(an_errno_says_what_it_is) {
  Failpoints points;
  points.set(spelled("a=errno(ENOSPC)"));
  BOOST_CHECK_EXCEPTION(points.hit(kA), FailpointError, [](const FailpointError& error) {
    return error.what() == std::string{"failpoint store.open: No space left on device"};
  });
}

BOOST_AUTO_TEST_CASE(corrupting_turns_one_bit_over) {
  Failpoints points;
  points.set("journal.bytes=corrupt@2");
  std::array<std::byte, 64> bytes{};
  BOOST_TEST(!points.hit("journal.bytes", bytes));
  BOOST_TEST(std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{}; }));
  BOOST_TEST(!points.hit("journal.bytes", bytes));
  int bits = 0;
  for (const std::byte b : bytes) bits += std::popcount(std::to_integer<unsigned>(b));
  BOOST_TEST(bits == 1);
  BOOST_TEST(!points.hit("journal.bytes", std::span<std::byte>{}));
}

BOOST_AUTO_TEST_CASE(a_point_told_to_return_says_so) {
  Failpoints points;
  points.set("actor.act=1*return");
  BOOST_TEST(hits_of(points, 3, "actor.act") == "r..");
}

BOOST_AUTO_TEST_CASE(hits_are_counted_once_anything_is_armed) {
  Failpoints points;
  points.hit(kB);
  BOOST_TEST(points.hits().empty());
  points.set(spelled("a=sleep(0)"));
  points.hit(kB);
  points.hit(kB);
  BOOST_TEST(points.hits().find(kB)->second == 2u);
}

BOOST_AUTO_TEST_CASE(every_place_is_named_once_and_says_where_it_is) {
  std::set<std::string_view> names;
  for (const auto& site : failpoint_sites()) {
    BOOST_TEST(names.insert(site.name).second, site.name);
    BOOST_TEST(!site.where.empty());
  }
  BOOST_TEST(names.size() >= 40u);
}

BOOST_AUTO_TEST_CASE(a_point_can_be_disarmed) {
  Failpoints points;
  points.set(spelled("a=throw"));
  BOOST_TEST(hits_of(points, 1) == "x");
  points.set(spelled("a=off"));
  BOOST_TEST(hits_of(points, 1) == ".");
}

BOOST_AUTO_TEST_CASE(hits_count_from_arming_on) {
  Failpoints points;
  points.set(spelled("b=throw"));
  hits_of(points, 5);
  points.set(spelled("a=throw@2"));
  BOOST_TEST(hits_of(points, 3) == ".x.");
}

BOOST_AUTO_TEST_CASE(a_pause_lasts_until_it_is_set_off) {
  Failpoints points;
  points.set(spelled("a=pause;b=throw@1"));
  std::atomic<bool> through{false};
  std::thread waiting{[&] {
    hits_of(points, 1, kB);
    points.hit(kA);
    through = true;
  }};
  points.set(spelled("b=off"));
  BOOST_TEST(!through);
  points.set(spelled("a=off"));
  waiting.join();
  BOOST_TEST(through);
}

BOOST_AUTO_TEST_CASE(kill_ends_the_process_like_sigkill) {
  const pid_t child = ::fork();
  if (child == 0) {
    Failpoints points;
    points.set(spelled("a=kill@2"));
    points.hit(kA);
    points.hit(kA);
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(WTERMSIG(status) == SIGKILL);
}

BOOST_AUTO_TEST_SUITE_END()
