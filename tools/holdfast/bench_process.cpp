#include "bench_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <sstream>
#include <stdexcept>

namespace holdfast::cli {

Child::Child(std::vector<std::string> words, const std::string& preload) {
  int pipes[2];
  if (::pipe2(pipes, O_CLOEXEC) != 0) throw std::runtime_error{"cannot make a pipe"};
  words.insert(words.begin(), "holdfast");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(pipes[1], STDOUT_FILENO);
    if (words[1] != "bench") ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    if (!preload.empty()) ::setenv("LD_PRELOAD", preload.c_str(), 1);
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
  }
  ::close(pipes[1]);
  out_ = ::fdopen(pipes[0], "r");
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
}

Child::~Child() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::close(pidfd_);
  std::fclose(out_);
}

std::vector<double> Child::await(const std::string& word) {
  char line[256];
  while (std::fgets(line, sizeof line, out_) != nullptr) {
    std::istringstream in{line};
    std::string first;
    in >> first;
    if (first != word) continue;
    std::vector<double> numbers;
    for (double x; in >> x;) numbers.push_back(x);
    return numbers;
  }
  throw std::runtime_error{"the measured process ended before it said '" + word + "'"};
}

void Child::watch(std::chrono::milliseconds time) const {
  pollfd ended{pidfd_, POLLIN, 0};
  if (::poll(&ended, 1, static_cast<int>(time.count())) != 0) throw std::runtime_error{"the measured process ended"};
}

double Child::cpu_seconds() const {
  clockid_t clock;
  timespec time{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error{"the processor time of the measured process cannot be read"};
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace holdfast::cli
