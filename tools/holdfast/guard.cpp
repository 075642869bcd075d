#include "guard.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Signals::Signals(std::initializer_list<int> more) {
  sigemptyset(&set_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
  for (const int signal : more) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, &previous_);
  // Whoever reads our messages may go; that is no reason to stop trading.
  pipe_before_ = std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() {
  std::signal(SIGPIPE, pipe_before_);
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

int Signals::wait(std::chrono::milliseconds patience) const {
  const timespec time{patience.count() / 1000, patience.count() % 1000 * 1'000'000};
  const int signal = sigtimedwait(&set_, nullptr, &time);
  return signal > 0 ? signal : 0;
}

CrashBudget::CrashBudget(std::string path) : path_{std::move(path)} {
  std::ifstream file{path_};
  for (std::int64_t at = 0; file >> at;) crashes_.push_back(at);
}

void CrashBudget::spend(std::int64_t now) {
  const auto oldest = now - std::chrono::milliseconds{kPeriod}.count();
  std::erase_if(crashes_, [&](std::int64_t at) { return at <= oldest || at > now; });
  crashes_.push_back(now);
  std::string text;
  for (const auto at : crashes_) text += std::to_string(at) + "\n";
  const std::string temporary = path_ + ".new";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool good = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good || ::rename(temporary.c_str(), path_.c_str()) != 0)
    throw std::runtime_error{"cannot keep the crash budget " + path_ + ": " + std::strerror(errno)};
}

std::size_t CrashBudget::spent(std::int64_t now) const {
  const auto oldest = now - std::chrono::milliseconds{kPeriod}.count();
  return static_cast<std::size_t>(
      std::count_if(crashes_.begin(), crashes_.end(), [&](std::int64_t at) { return at > oldest && at <= now; }));
}

std::chrono::milliseconds CrashBudget::backoff(std::size_t crashes) {
  if (crashes <= 1) return std::chrono::milliseconds{0};
  return std::min(std::chrono::milliseconds{100} * (1 << std::min<std::size_t>(crashes - 2, 10)),
                  std::chrono::milliseconds{10'000});
}

namespace {

pid_t start_child(const std::vector<std::string>& arguments, const Signals& signals) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t guard = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{std::string{"cannot start the system: "} + std::strerror(errno)};
  if (child > 0) return child;
  // A guard that dies takes its system down in order instead of leaving it without one.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != guard) ::_exit(kFailed);
  pthread_sigmask(SIG_SETMASK, &signals.previous(), nullptr);
  ::execv("/proc/self/exe", argv.data());
  ::_exit(kFailed);
}

/// Waits for the child's end and passes requests to stop on; `stopping` remembers that one came.
int wait_child(pid_t child, const Signals& signals, bool& stopping) {
  while (true) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return status;
    const int signal = signals.wait(std::chrono::milliseconds{1000});
    if (signal == 0 || signal == SIGCHLD) continue;
    stopping = true;
    ::kill(child, SIGTERM);
  }
}

bool crashed(int status) { return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == kFailed); }

std::string end_of(int status) {
  if (WIFSIGNALED(status)) return std::string{"was killed by "} + ::strsignal(WTERMSIG(status));
  return "failed";
}

bool wait_backoff(std::chrono::milliseconds pause, const Signals& signals) {
  const auto end = std::chrono::steady_clock::now() + pause;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    const int signal = signals.wait(left);
    if (signal != 0 && signal != SIGCHLD) return false;
  }
}

}  // namespace

int guard(const std::vector<std::string>& arguments, const std::string& data_dir) {
  const Signals signals{SIGCHLD};
  CrashBudget budget{data_dir + "/guard"};
  const std::string limit = std::to_string(CrashBudget::kCrashes) + " crashes in " +
                            std::to_string(CrashBudget::kPeriod.count()) + " s";
  bool stopping = false;
  while (true) {
    if (budget.exhausted(wall_ms())) {
      console().error("the guard gives up: more than " + limit + " (kept in " + data_dir +
                      "/guard); find out why before you start it again");
      return kFailed;
    }
    const int status = wait_child(start_child(arguments, signals), signals, stopping);
    if (!crashed(status)) return WEXITSTATUS(status);
    if (stopping) {
      console().error("the system " + end_of(status) + " while it was stopping");
      return kFailed;
    }
    budget.spend(wall_ms());
    const auto crashes = budget.spent(wall_ms());
    if (budget.exhausted(wall_ms())) continue;
    const auto pause = CrashBudget::backoff(crashes);
    console().message("the system " + end_of(status) + "; the guard starts it again" +
                      (pause.count() > 0 ? " in " + duration_text(static_cast<double>(pause.count()) / 1000) : "") +
                      " (crash " + std::to_string(crashes) + ", at most " + limit + ")");
    if (!wait_backoff(pause, signals)) return kOk;
  }
}

}  // namespace holdfast::cli
