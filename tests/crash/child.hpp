#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "system_fixture.hpp"

namespace holdfast::test {

/// One life of crash_child; killed with its object if it still lives.
class Child {
 public:
  Child(const std::string& runtime, const std::string& data_dir, const std::string& plan_file,
        const std::string& failpoints = "") {
    int out[2], in[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(in, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    std::string program = (build_dir() / "bin/crash_child").string();
    std::string folders = wrong_plugins() + ":" + (build_dir() / "plugins").string();
    std::vector<std::string> words{program, runtime, data_dir, plan_file, folders, failpoints};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    ::close(in[0]);
    out_ = ::fdopen(out[0], "r");
    in_ = in[1];
    if (error != 0) throw std::runtime_error{"cannot run " + program};
  }
  ~Child() {
    kill();
    std::fclose(out_);
    ::close(in_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads what it says until `enough`; false when it ended before.
  bool listen(const std::function<bool()>& enough) {
    char line[256];
    while (!enough()) {
      if (std::fgets(line, sizeof line, out_) == nullptr) return false;
      std::istringstream words{line};
      std::string first;
      words >> first;
      if (first == "at") words >> head >> released;
      if (first == "done") words >> head >> digest;
      if (first == "halted") halted = true;
    }
    return true;
  }
  void tell(char letter) {
    if (::write(in_, &letter, 1) != 1) throw std::runtime_error{"the child does not listen"};
  }
  void kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }
  /// Its wait status, when it has ended.
  int wait() {
    ::waitpid(std::exchange(pid_, 0), &status_, 0);
    return status_;
  }
  /// Reads to its end. True when it ended well, false when it was killed; nothing else is expected.
  bool finish() {
    listen([] { return false; });
    wait();
    BOOST_TEST((WIFEXITED(status_) || WTERMSIG(status_) == SIGKILL));
    if (WIFEXITED(status_)) BOOST_TEST(WEXITSTATUS(status_) == 0);
    return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
  }

  std::uint64_t head = 0, released = 0;
  std::string digest;
  bool halted = false;

 private:
  pid_t pid_ = 0;
  int status_ = 0;
  std::FILE* out_ = nullptr;
  int in_ = -1;
};

/// Writes the plan where a child can read it. Returns the file's name.
inline std::string plan_file(const ScratchDir& dir, const Setup& setup) {
  std::ofstream{dir / "plan.yaml"} << setup.text();
  return dir / "plan.yaml";
}

/// The seed of this run: HOLDFAST_TEST_SEED, else one that always does. Printed, to be repeated.
inline std::uint64_t test_seed() {
  const char* const named = std::getenv("HOLDFAST_TEST_SEED");
  const std::uint64_t seed = named != nullptr ? std::stoull(named) : 20'240'102;
  std::cerr << "HOLDFAST_TEST_SEED=" << seed << '\n';
  return seed;
}

}  // namespace holdfast::test
