// The host's process belongs to the host: nothing of it is touched unless told.
#include <signal.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <map>
#include <set>

#include "embed/embed_fixture.hpp"

extern char** environ;

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// What every signal would do now, and which are blocked.
std::string signals() {
  std::string out;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action;
    std::memset(&action, 0, sizeof action);
    if (::sigaction(number, nullptr, &action) != 0) continue;
    const auto handler = reinterpret_cast<std::uintptr_t>(action.sa_handler);
    out += std::to_string(number) + "=" + std::to_string(handler) + "/" + std::to_string(action.sa_flags) + " ";
  }
  sigset_t blocked;
  ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
  for (int number = 1; number < NSIG; ++number) out += ::sigismember(&blocked, number) == 1 ? 'b' : '-';
  return out;
}

std::vector<std::string> environment() {
  std::vector<std::string> out;
  for (char** at = environ; *at != nullptr; ++at) out.emplace_back(*at);
  return out;
}

mode_t mask() {
  const mode_t now = ::umask(0);
  ::umask(now);
  return now;
}

/// What is open, by its number.
std::map<std::string, std::string> open_files() {
  std::map<std::string, std::string> out;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator{"/proc/self/fd"})
    if (const auto target = fs::read_symlink(entry.path(), gone).string(); !gone && !target.ends_with("/fd"))
      out[entry.path().filename()] = target;
  return out;
}

/// Those of `now` that were not in `before` and lie neither in `dir` nor in memory.
std::vector<std::string> strangers(const std::map<std::string, std::string>& before, const std::string& dir) {
  std::vector<std::string> out;
  for (const auto& [number, target] : open_files())
    if (!before.contains(number) && !target.starts_with(dir) && !target.starts_with("anon_inode:"))
      out.push_back(target);
  return out;
}

/// Works in an empty folder for as long as it lives.
class InEmptyFolder {
 public:
  explicit InEmptyFolder(const std::string& folder) : before_{fs::current_path()} {
    fs::create_directory(folder);
    fs::current_path(folder);
  }
  ~InEmptyFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

void run_once(const std::string& data_dir, Runtime runtime) {
  const auto system = System::open_text(small().text(), options_in(data_dir, runtime));
  system->start();
  finish(*system);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_system_leaves_signals_environment_mask_and_folder_as_they_were) {
  const ScratchDir dir;
  const InEmptyFolder here{dir / "here"};
  const auto signals_before = signals();
  const auto environment_before = environment();
  const auto mask_before = mask();
  const auto unchanged = [&] {
    BOOST_TEST(signals() == signals_before);
    BOOST_TEST(environment() == environment_before, boost::test_tools::per_element());
    BOOST_TEST(mask() == mask_before);
    BOOST_TEST(fs::current_path() == dir / "here");
    BOOST_TEST(fs::is_empty("."));
  };
  const auto live = System::open_text(endless().text(), options_in(dir / "live"));
  live->start();
  BOOST_TEST(until(*live, [](const auto& s) { return s.summary.counts.fills >= 3; }));
  unchanged();
  run_once(dir / "backtest", Runtime::sim);
  BOOST_TEST(live->stop(20s) == "");
  unchanged();
}

BOOST_AUTO_TEST_CASE(a_running_system_has_no_socket_and_no_file_open_outside_its_data_directory) {
  const ScratchDir dir;
  const auto before = open_files();
  const auto system = System::open_text(endless().text(), options_in(dir / "data"));
  system->start();
  BOOST_TEST(until(*system, [](const auto& s) { return s.summary.counts.fills >= 3; }));
  BOOST_TEST(open_files().size() > before.size());
  BOOST_TEST(strangers(before, dir / "data") == std::vector<std::string>{}, boost::test_tools::per_element());
  BOOST_TEST(system->stop(20s) == "");
}

BOOST_AUTO_TEST_CASE(a_system_that_is_gone_has_left_no_file_open) {
  const ScratchDir dir;
  run_once(dir / "first", Runtime::caf);  // What libraries open once for a process stays.
  const auto before = open_files();
  run_once(dir / "live", Runtime::caf);
  run_once(dir / "backtest", Runtime::sim);
  BOOST_TEST((open_files() == before));
}

BOOST_AUTO_TEST_CASE(a_mistake_in_the_plan_neither_ends_the_process_nor_leaves_anything) {
  const ScratchDir dir;
  const auto before = open_files();
  for (const char* text : {"", "holdfast: 1", "{", "holdfast: 2\ntree: []"})
    BOOST_CHECK_THROW(System::open_text(text, options_in(dir / "data")), PlanRefused);
  BOOST_TEST((open_files() == before));
  BOOST_TEST(!fs::exists(dir / "data"));
}
