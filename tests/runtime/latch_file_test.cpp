#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <holdfast/runtime/latch_file.hpp>
#include <latch>
#include <thread>

using namespace holdfast;
using Latch = LatchFile::Latch;

namespace {

struct TempFile {
  TempFile() {
    std::string name = std::filesystem::temp_directory_path() / "holdfast-latch-XXXXXX";
    dir = ::mkdtemp(name.data());
    path = dir + "/latches";
  }
  ~TempFile() { std::filesystem::remove_all(dir); }
  std::string dir, path;
};

Latch latch(LatchScope scope, LatchLevel level, std::string target = "", std::string why = "test") {
  return {scope, level, std::move(target), "alice", std::move(why), Time{5}};
}

/// Runs `body` in a process of its own and returns its exit code.
int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = body();
    } catch (...) {
    }
    ::_exit(code);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

int level_of(LatchFile& file, const char* owner, const char* instrument) {
  return static_cast<int>(file.level(owner, instrument));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(latch_file)

BOOST_AUTO_TEST_CASE(a_new_file_holds_nothing_back) {
  TempFile temp;
  LatchFile file{temp.path};
  BOOST_TEST((file.level("a", "X") == LatchLevel::active));
  BOOST_TEST(file.engaged().empty());
}

BOOST_AUTO_TEST_CASE(the_strictest_latch_over_an_order_counts) {
  TempFile temp;
  LatchFile file{temp.path};
  file.engage(latch(LatchScope::strategy, LatchLevel::reducing, "a"));
  file.engage(latch(LatchScope::instrument, LatchLevel::halted, "X"));
  BOOST_TEST(level_of(file, "a", "Y") == 1);
  BOOST_TEST(level_of(file, "a", "X") == 2);
  BOOST_TEST(level_of(file, "b", "X") == 2);
  BOOST_TEST(level_of(file, "b", "Y") == 0);
  BOOST_TEST(level_of(file, "X", "a") == 0);  // A name counts in its own scope only.
  file.engage(latch(LatchScope::system, LatchLevel::reducing));
  BOOST_TEST(level_of(file, "b", "Y") == 1);
  file.engage(latch(LatchScope::system, LatchLevel::halted));
  BOOST_TEST(level_of(file, "b", "Y") == 2);
}

BOOST_AUTO_TEST_CASE(a_released_latch_leaves_the_others) {
  TempFile temp;
  LatchFile file{temp.path};
  file.engage(latch(LatchScope::strategy, LatchLevel::halted, "a"));
  file.engage(latch(LatchScope::strategy, LatchLevel::reducing, "b"));
  BOOST_TEST(file.release(LatchScope::strategy, "a"));
  BOOST_TEST(!file.release(LatchScope::strategy, "a"));
  BOOST_TEST(!file.release(LatchScope::instrument, "b"));
  BOOST_TEST(level_of(file, "a", "X") == 0);
  BOOST_TEST(level_of(file, "b", "X") == 1);
}

BOOST_AUTO_TEST_CASE(engaging_again_overwrites_in_place) {
  TempFile temp;
  LatchFile file{temp.path};
  file.engage(latch(LatchScope::strategy, LatchLevel::halted, "a", "first"));
  file.engage(latch(LatchScope::strategy, LatchLevel::reducing, "a", "second"));
  BOOST_REQUIRE(file.engaged().size() == 1u);
  const Latch is = file.engaged()[0];
  BOOST_TEST((is.scope == LatchScope::strategy));
  BOOST_TEST((is.level == LatchLevel::reducing));
  BOOST_TEST(is.target == "a");
  BOOST_TEST(is.who == "alice");
  BOOST_TEST(is.why == "second");
  BOOST_TEST(is.since.ns == 5);
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_and_never_runs_over) {
  TempFile temp;
  LatchFile file{temp.path};
  Latch l = latch(LatchScope::system, LatchLevel::halted, "", std::string(1000, 'w'));
  l.who = std::string(1000, 'x');
  file.engage(l);
  BOOST_TEST(file.engaged()[0].why == std::string(LatchFile::kWhyBytes - 1, 'w'));
  BOOST_TEST(file.engaged()[0].who == std::string(LatchFile::kNameBytes - 1, 'x'));
}

BOOST_AUTO_TEST_CASE(freed_places_are_used_again_and_a_full_file_says_so) {
  TempFile temp;
  LatchFile file{temp.path};
  for (std::size_t i = 0; i < LatchFile::kSlots; ++i)
    file.engage(latch(LatchScope::strategy, LatchLevel::halted, "s" + std::to_string(i)));
  BOOST_CHECK_EXCEPTION(file.engage(latch(LatchScope::strategy, LatchLevel::halted, "more")),
                        std::runtime_error, [](const auto& e) {
                          return e.what() ==
                                 std::string{"all latches are in use: release one, or halt the whole system"};
                        });
  file.engage(latch(LatchScope::strategy, LatchLevel::reducing, "s255"));  // Changing one still works.
  BOOST_TEST(file.release(LatchScope::strategy, "s7"));
  file.engage(latch(LatchScope::strategy, LatchLevel::halted, "more"));
  BOOST_TEST(level_of(file, "more", "X") == 2);
  BOOST_TEST(level_of(file, "s7", "X") == 0);
  BOOST_TEST(level_of(file, "s255", "X") == 1);
}

BOOST_AUTO_TEST_CASE(latches_outlive_the_process_that_set_them) {
  TempFile temp;
  { LatchFile{temp.path}.engage(latch(LatchScope::instrument, LatchLevel::halted, "X", "spread")); }
  LatchFile file{temp.path};
  BOOST_TEST(level_of(file, "a", "X") == 2);
  BOOST_TEST(file.engaged()[0].why == "spread");
}

BOOST_AUTO_TEST_CASE(another_process_sees_a_latch_at_once_and_may_set_one) {
  TempFile temp;
  LatchFile file{temp.path};
  file.engage(latch(LatchScope::strategy, LatchLevel::reducing, "a"));
  const int seen = in_child([&] {
    LatchFile own{temp.path};
    const int level = level_of(own, "a", "X");
    own.engage(latch(LatchScope::system, LatchLevel::halted));
    return level;
  });
  BOOST_TEST(seen == 1);
  BOOST_TEST(level_of(file, "b", "Y") == 2);
  BOOST_TEST(in_child([&] { return LatchFile{temp.path}.release(LatchScope::system, "") ? 0 : 1; }) == 0);
  BOOST_TEST(level_of(file, "b", "Y") == 0);
}

BOOST_AUTO_TEST_CASE(a_latch_set_by_a_process_that_is_killed_stays) {
  TempFile temp;
  LatchFile file{temp.path};
  const pid_t child = ::fork();
  if (child == 0) {
    LatchFile own{temp.path};
    own.engage(latch(LatchScope::system, LatchLevel::halted));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(level_of(file, "a", "X") == 2);
}

BOOST_AUTO_TEST_CASE(processes_that_write_at_the_same_time_lose_nothing) {
  TempFile temp;
  LatchFile file{temp.path};
  constexpr int kProcesses = 4, kEach = 30;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      LatchFile own{temp.path};
      for (int i = 0; i < kEach; ++i)
        own.engage(
            latch(LatchScope::strategy, LatchLevel::halted, std::to_string(p) + "-" + std::to_string(i)));
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) BOOST_REQUIRE(::waitpid(child, nullptr, 0) == child);
  BOOST_TEST(file.engaged().size() == static_cast<std::size_t>(kProcesses * kEach));
}

BOOST_AUTO_TEST_CASE(threads_that_write_at_the_same_time_lose_nothing) {
  TempFile temp;
  LatchFile file{temp.path};
  constexpr int kThreads = 4, kEach = 60;
  std::latch all{kThreads};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        all.arrive_and_wait();
        for (int i = 0; i < kEach; ++i)
          file.engage(latch(LatchScope::strategy, LatchLevel::halted, std::to_string(t) + "-" + std::to_string(i)));
      });
  }
  BOOST_TEST(file.engaged().size() == static_cast<std::size_t>(kThreads * kEach));
}

BOOST_AUTO_TEST_CASE(who_reads_while_a_latch_changes_sees_the_old_or_the_new_and_no_mixture) {
  TempFile temp;
  LatchFile file{temp.path};
  const Latch before = latch(LatchScope::strategy, LatchLevel::halted, "a", std::string(150, 'x'));
  Latch after = latch(LatchScope::strategy, LatchLevel::halted, "a", std::string(100, 'y'));
  after.who = std::string(60, 'b');
  after.since = Time{6};
  file.engage(before);
  std::atomic<bool> done{false};
  std::jthread writer{[&] {
    for (int i = 0; i < 100'000; ++i) file.engage(i % 2 == 0 ? after : before);
    done = true;
  }};
  const auto is = [](const Latch& a, const Latch& b) { return a.who == b.who && a.why == b.why && a.since == b.since; };
  int mixed = 0, held = 0, looks = 0;
  for (; !done; ++looks) {
    const auto seen = file.engaged();
    held += level_of(file, "a", "X") == 2;
    if (seen.size() != 1 || (!is(seen[0], before) && !is(seen[0], after))) ++mixed;
  }
  BOOST_TEST(mixed == 0);
  BOOST_TEST(held == looks);  // Never off in between.
}

BOOST_AUTO_TEST_CASE(one_that_died_while_it_wrote_neither_lifts_a_latch_nor_hides_it) {
  constexpr std::streamoff kVersion = 12;  // Behind magic number and slots used; odd while somebody writes.
  TempFile temp;
  LatchFile file{temp.path};
  file.engage(latch(LatchScope::system, LatchLevel::halted));
  const auto version = [&] {
    std::uint32_t number = 0;
    std::ifstream{temp.path, std::ios::binary}.seekg(kVersion).read(reinterpret_cast<char*>(&number), sizeof number);
    return number;
  };
  const std::uint32_t odd = version() | 1;
  std::fstream{temp.path, std::ios::binary | std::ios::in | std::ios::out}.seekp(kVersion).write(
      reinterpret_cast<const char*>(&odd), sizeof odd);
  BOOST_TEST(level_of(file, "a", "X") == 2);
  BOOST_TEST(file.engaged().size() == 1u);
  LatchFile again{temp.path};
  BOOST_TEST(again.engaged().size() == 1u);
  // Whoever writes next ends what was begun.
  again.engage(latch(LatchScope::strategy, LatchLevel::reducing, "a"));
  BOOST_TEST(version() % 2 == 0u);
  BOOST_TEST(file.engaged().size() == 2u);
}

BOOST_DATA_TEST_CASE(a_file_that_is_no_latch_file_is_refused_not_ignored,
                     boost::unit_test::data::make({"garbage", "x"}) *
                         boost::unit_test::data::make({false, true}),
                     text, right_size) {
  TempFile temp;
  std::uintmax_t size = 0;
  {
    LatchFile file{temp.path};
    size = std::filesystem::file_size(temp.path);
  }
  { std::ofstream{temp.path, std::ios::trunc} << text; }
  if (right_size) std::filesystem::resize_file(temp.path, size);
  const std::string sentence =
      "the latch file " + temp.path + " is not a latch file: restore it or remove it knowingly";
  BOOST_CHECK_EXCEPTION(LatchFile{temp.path}, std::runtime_error,
                        [&](const std::runtime_error& e) { return e.what() == sentence; });
}

BOOST_AUTO_TEST_CASE(a_file_that_a_crash_left_empty_is_made_anew) {
  TempFile temp;
  std::ofstream{temp.path};
  LatchFile file{temp.path};
  file.engage(latch(LatchScope::system, LatchLevel::halted));
  BOOST_TEST(level_of(file, "a", "X") == 2);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_named) {
  BOOST_CHECK_EXCEPTION(LatchFile{"/nonexistent/latches"}, std::runtime_error, [](const auto& e) {
    return e.what() ==
           std::string{"the latch file /nonexistent/latches cannot be opened: No such file or directory"};
  });
}

BOOST_AUTO_TEST_SUITE_END()
