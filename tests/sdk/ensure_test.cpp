// A failed check ends the process, so each one happens in a child whose end and words are read.
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <functional>
#include <holdfast/sdk/indicators.hpp>
#include <holdfast/sdk/instrument.hpp>
#include <stdexcept>
#include <string>

namespace {

using namespace holdfast;

struct End {
  bool aborted = false;
  std::string words;
};

End run_to_its_end(const std::function<void()>& body) {
  int ends[2];
  BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    std::signal(SIGABRT, SIG_DFL);  // The test framework catches it, the product does not.
    body();
    ::_exit(0);
  }
  ::close(ends[1]);
  End end;
  char buffer[256];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    end.words.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
  end.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  return end;
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void say(const std::string& words) {
  if (::write(STDERR_FILENO, words.data(), words.size()) < 0) ::_exit(1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ensure)

BOOST_AUTO_TEST_CASE(a_condition_that_holds_costs_nothing_and_says_nothing) {
  const End end = run_to_its_end([] { HOLDFAST_ENSURE(1 + 1 == 2, "arithmetic is broken"); });
  BOOST_TEST(!end.aborted);
  BOOST_TEST(end.words.empty());
}

BOOST_AUTO_TEST_CASE(a_failed_check_says_one_line_and_aborts) {
  const End end = run_to_its_end([] { HOLDFAST_ENSURE(1 + 1 == 3, "arithmetic is broken"); });
  BOOST_TEST(end.aborted);
  BOOST_TEST(
      end.words.starts_with("holdfast: internal error: arithmetic is broken [1 + 1 == 3, ensure_test.cpp:"));
  BOOST_TEST(end.words.ends_with("]\n"));
}

BOOST_AUTO_TEST_CASE(the_innermost_scope_has_the_last_words_once) {
  const End end = run_to_its_end([] {
    const std::function<void(const char*)> outer = [](const char*) { say("outer;"); };
    const std::function<void(const char*)> inner = [](const char* what) {
      say("inner " + std::string{what} + ";");
      HOLDFAST_ENSURE(false, "the last words fail too");
    };
    const EnsureScope a{outer};
    const EnsureScope b{inner};
    HOLDFAST_ENSURE(false, "first");
  });
  BOOST_TEST(end.aborted);
  BOOST_TEST(end.words.starts_with("inner first;holdfast: internal error: the last words fail too"));
  BOOST_TEST(!contains(end.words, "outer"));
}

BOOST_AUTO_TEST_CASE(a_scope_that_is_left_gives_the_word_back) {
  const End end = run_to_its_end([] {
    const std::function<void(const char*)> outer = [](const char*) { say("outer;"); };
    const std::function<void(const char*)> inner = [](const char*) { say("inner;"); };
    const EnsureScope a{outer};
    { const EnsureScope b{inner}; }
    HOLDFAST_ENSURE(false, "after");
  });
  BOOST_TEST(end.words.starts_with("outer;holdfast:"));
}

BOOST_AUTO_TEST_CASE(last_words_that_throw_do_not_hide_the_reason) {
  const End end = run_to_its_end([] {
    const std::function<void(const char*)> throws = [](const char*) { throw std::runtime_error{"no"}; };
    const EnsureScope scope{throws};
    HOLDFAST_ENSURE(false, "the reason");
  });
  BOOST_TEST(end.aborted);
  BOOST_TEST(contains(end.words, "the reason"));
}

BOOST_AUTO_TEST_CASE(a_very_long_reason_is_cut_and_still_ends_its_line) {
  const std::string reason(5'000, 'x');
  const End end = run_to_its_end([&] { HOLDFAST_ENSURE(false, reason.c_str()); });
  BOOST_TEST(end.aborted);
  BOOST_TEST(end.words.size() < 600U);
  BOOST_TEST(end.words.ends_with("x\n"));
}

BOOST_AUTO_TEST_CASE(arithmetic_that_overflows_aborts) {
  const auto most = Money::from_raw(INT64_MAX), least = Money::from_raw(INT64_MIN);
  const std::function<void()> bodies[] = {
      [=] { (void)(most + Money::from_raw(1)); },
      [=] { (void)(least - Money::from_raw(1)); },
      [=] { (void)-least; },
      [=] { (void)least.abs(); },
      [=] { (void)(most * 2); },
      [] { (void)Money::of(INT64_MAX); },
      [] { (void)detail::mul_div(INT64_MAX, 3, 2); },
      [] { (void)detail::mul_div(INT64_MIN, 1, -1); },
      [] { (void)notional(Price::from_raw(INT64_MAX), Quantity::of(2)); }};
  for (const auto& body : bodies) {
    const End end = run_to_its_end(body);
    BOOST_TEST(end.aborted);
    BOOST_TEST(contains(end.words, "an amount overflows 64 bits"));
  }
}

BOOST_AUTO_TEST_CASE(a_division_by_zero_and_a_mean_of_nothing_abort) {
  BOOST_TEST(contains(run_to_its_end([] { (void)detail::mul_div(1, 1, 0); }).words, "divided by zero"));
  BOOST_TEST(contains(run_to_its_end([] { (void)RollingMean{3}.mean(); }).words, "mean of no prices"));
}

BOOST_AUTO_TEST_CASE(a_second_instrument_with_the_same_id_or_symbol_aborts) {
  const auto add_two = [](std::uint32_t id, const char* symbol) {
    return run_to_its_end([=] {
      Instruments instruments;
      instruments.add({{1}, 1, "BTCUSDT", {}, {}, "USDT", "24x7"});
      instruments.add({{id}, 1, symbol, {}, {}, "USDT", "24x7"});
    });
  };
  BOOST_TEST(!add_two(2, "ETHUSDT").aborted);
  BOOST_TEST(contains(add_two(1, "ETHUSDT").words, "the same id"));
  BOOST_TEST(contains(add_two(2, "BTCUSDT").words, "the same symbol"));
}

BOOST_AUTO_TEST_SUITE_END()
