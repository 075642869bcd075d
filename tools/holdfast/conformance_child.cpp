// One process per case: what a plugin does to it, it does to nobody else.
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "conformance.hpp"
#include "guard.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using testkit::Outcome;
using Clock = std::chrono::steady_clock;

/// A folder that is gone with the case.
class CaseDir {
 public:
  CaseDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "holdfast-conformance-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"cannot make a folder in " + std::filesystem::temp_directory_path().string()};
    path_ = pattern;
  }
  ~CaseDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  CaseDir(const CaseDir&) = delete;
  CaseDir& operator=(const CaseDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// What a child has printed, its last line for people.
std::string last_words(const std::string& file) {
  std::string text(4096, '\0');
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const off_t size = ::lseek(fd, 0, SEEK_END);
  ::lseek(fd, size > 4096 ? size - 4096 : 0, SEEK_SET);
  const ssize_t n = ::read(fd, text.data(), text.size());
  ::close(fd);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text = text.substr(text.rfind('\n') + 1);
  return text.empty() ? "" : "; its last words: " + printable(text);
}

struct Child {
  pid_t pid = -1;
  int from = -1;  ///< Where it writes its result.
};

Child start(const std::vector<std::string>& arguments, const CaseDir& dir, const Signals& signals) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error{std::string{"cannot make a pipe: "} + std::strerror(errno)};
  std::vector<std::string> all = arguments;
  all.insert(all.end(), {"--case-fd", std::to_string(ends[1]), "--case-dir", dir.path()});
  const std::string said = dir.path() + "/said";
  std::vector<char*> argv;
  for (auto& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const std::string onlooker = own_library("libholdfast_watch.so");
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error{std::string{"cannot start a process: "} + std::strerror(errno)};
  if (pid == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kFailed);
    ::fcntl(ends[1], F_SETFD, 0);
    const int out = ::open(said.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (out < 0 || ::dup2(out, STDOUT_FILENO) < 0 || ::dup2(out, STDERR_FILENO) < 0) ::_exit(kFailed);
    ::close(out);
    pthread_sigmask(SIG_SETMASK, &signals.previous(), nullptr);
    if (!onlooker.empty()) ::setenv("LD_PRELOAD", onlooker.c_str(), 1);
    ::execv("/proc/self/exe", argv.data());
    ::_exit(kFailed);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

enum class Ended { itself, overdue, interrupted };

/// Reads until the child has said all, or must be stopped.
Ended listen(const Child& child, const Signals& signals, int limit_s, std::string& said) {
  const auto deadline = Clock::now() + std::chrono::seconds{limit_s};
  while (true) {
    pollfd ready{child.from, POLLIN, 0};
    if (::poll(&ready, 1, 100) > 0) {
      char buffer[4096];
      const ssize_t n = ::read(child.from, buffer, sizeof buffer);
      if (n <= 0) return Ended::itself;
      said.append(buffer, static_cast<std::size_t>(n));
      if (said.back() == '\n') return Ended::itself;
    }
    if (signals.wait(std::chrono::milliseconds{0}) != 0) return Ended::interrupted;
    if (Clock::now() > deadline) return Ended::overdue;
  }
}

void conclude(RanCase& one, int status, const std::string& said, const std::string& words) {
  const Json result = Json::parse(said, nullptr, false);
  if (result.is_object() && result.contains("outcome")) {
    one.why = result["why"];
    one.evidence = result["evidence"];
    for (const Outcome outcome : {Outcome::passed, Outcome::warned, Outcome::failed, Outcome::skipped})
      if (result["outcome"] == testkit::to_string(outcome)) one.outcome = outcome;
    return;
  }
  one.outcome = Outcome::failed;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    // Nobody sends itself these: somebody else did, and nothing was proved.
    if (signal == SIGKILL || signal == SIGTERM || signal == SIGINT) one.outcome = Outcome::inconclusive;
    one.why = std::string{"the process was killed: "} + ::strsignal(signal) + words;
  } else {
    one.why =
        "the process ended in the middle of the case, with exit code " + std::to_string(WEXITSTATUS(status)) + words;
  }
}

}  // namespace

bool run_in_child(RanCase& one, const std::vector<std::string>& arguments, int limit_s) {
  const CaseDir dir;
  one.why.clear();
  const Signals signals;
  const auto begun = Clock::now();
  const Child child = start(arguments, dir, signals);
  std::string said;
  const Ended ended = listen(child, signals, limit_s, said);
  if (ended != Ended::itself) ::kill(-child.pid, SIGKILL);
  int status = 0;
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  ::kill(-child.pid, SIGKILL);  // What it has started goes with it.
  ::close(child.from);
  one.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  if (ended == Ended::itself) {
    conclude(one, status, said, last_words(dir.path() + "/said"));
    return true;
  }
  one.outcome = Outcome::inconclusive;
  one.why = ended == Ended::interrupted
                ? "interrupted"
                : "not done after " + std::to_string(limit_s) + " s" + last_words(dir.path() + "/said");
  return ended != Ended::interrupted;
}

void answer(int fd, const testkit::CaseResult& result) {
  const std::string line = dump(Json{{"outcome", testkit::to_string(result.outcome)}, {"why", result.why}, {"evidence", result.evidence}}) + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  // Everything of the case is over; what the plugin left for the end of the process is not waited for.
  ::_exit(written ? kOk : kFailed);
}

}  // namespace holdfast::cli
