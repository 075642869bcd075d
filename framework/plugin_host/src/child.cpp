#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace holdfast::host {

namespace {

constexpr std::size_t kMostWords = 64 << 10;
constexpr std::size_t kMostSaid = 4 << 20;
/// What the child writes: a tag, and for texts their length.
constexpr char kStage = 's', kResult = 'r', kExit = 'x', kThrew = 't';

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_{fd} {}
  ~Fd() { close(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  void set(int fd) { close(), fd_ = fd; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

bool make_pipe(Fd& read, Fd& write) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  read.set(ends[0]);
  write.set(ends[1]);
  return true;
}

// ---- in the child ------------------------------------------------------------------------------

void send(int fd, char tag, std::string_view text) {
  std::string bytes(1, tag);
  const auto length = static_cast<std::uint32_t>(text.size());
  bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
  bytes.append(text);
  for (std::size_t at = 0; at < bytes.size();) {
    const auto n = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (n <= 0) ::_exit(1);
    at += static_cast<std::size_t>(n);
  }
}

/// Nothing of the parent may be heard from here: not its handlers, not its terminal, not its core.
void settle(int words) {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(words, STDERR_FILENO);
}

/// exit() would run what the parent has registered for its own end, here; this comes before that.
void leave_at_once(int code, void* fd) {
  send(static_cast<int>(reinterpret_cast<std::intptr_t>(fd)), kExit, std::to_string(code));
  ::_exit(code);
}

[[noreturn]] void be_the_child(int result, int words,
                               const std::function<std::string(const std::function<void(std::string_view)>&)>& work) {
  settle(words);
  ::on_exit(leave_at_once, reinterpret_cast<void*>(static_cast<std::intptr_t>(result)));
  try {
    const std::string said = work([result](std::string_view stage) { send(result, kStage, stage); });
    send(result, kResult, said);
  } catch (const std::exception& error) {
    send(result, kThrew, error.what());
  } catch (...) {
    send(result, kThrew, "");
  }
  ::_exit(0);
}

// ---- in the parent -----------------------------------------------------------------------------

/// Appends what is there to read; false at the end, or when `most` is reached.
bool take(int fd, std::string& into, std::size_t most) {
  char buffer[4096];
  const auto n = ::read(fd, buffer, sizeof buffer);
  if (n < 0) return errno == EINTR;
  into.append(buffer, static_cast<std::size_t>(n));
  return n > 0 && into.size() <= most;
}

/// Reads the child's messages; true when the last one is there.
bool understand(std::string& bytes, ChildReport& report) {
  while (bytes.size() >= 5) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + 1, sizeof length);
    if (bytes.size() - 5 < length) return false;
    const char tag = bytes[0];
    const std::string text = bytes.substr(5, length);
    bytes.erase(0, 5 + length);
    if (tag == kStage) {
      report.stage = text;
      continue;
    }
    if (tag == kResult) report.said = text, report.done = true;
    else if (tag == kThrew) report.ending = text.empty() ? "threw something unknown" : "threw: " + text;
    else if (tag == kExit) report.ending = "exited with code " + text;
    return true;
  }
  return false;
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const auto line = text.rfind('\n');
  text = line == std::string::npos ? text : text.substr(line + 1);
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, 200);
}

/// Until the last message, the end of the child, or the end of patience; true for the last.
bool listen(int result, int words, int timer, ChildReport& report) {
  std::string bytes;
  bool hears = true, reads = true;
  while (hears) {
    pollfd waits[3] = {{result, POLLIN, 0}, {timer, POLLIN, 0}, {reads ? words : -1, POLLIN, 0}};
    if (::poll(waits, 3, -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    if (waits[2].revents != 0) reads = take(words, report.words, kMostWords);
    if (waits[0].revents != 0) hears = take(result, bytes, kMostSaid) && !understand(bytes, report);
    else if (waits[1].revents != 0) return true;
  }
  if (bytes.size() > kMostSaid) report.ending = "said more than anybody can use";
  // What it wrote before its end is there by now.
  for (pollfd more{words, POLLIN, 0}; reads && ::poll(&more, 1, 0) > 0;) reads = take(words, report.words, kMostWords);
  return false;
}

std::string ending_of(int status) {
  if (WIFEXITED(status)) return "exited with code " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  return std::string{number == SIGABRT ? "aborted" : "crashed"} + " (" + ::strsignal(number) + ")";
}

/// Ends it, if it has not ended by itself, and waits until it is gone.
void bury(pid_t child) {
  ::kill(child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// How one ended that nobody ended; one that only pretends to, by closing its files, is ended.
std::string end_of(pid_t child) {
  int status = 0;
  for (int looks = 0; looks < 100; ++looks) {
    const pid_t waited = ::waitpid(child, &status, WNOHANG);
    if (waited == child) return ending_of(status);
    if (waited < 0 && errno != EINTR) return "ended without a word";
    ::poll(nullptr, 0, 10);
  }
  bury(child);
  return "closed what it was to answer on";
}

}  // namespace

ChildReport run_in_child(const std::function<std::string(const std::function<void(std::string_view)>& stage)>& work,
                         Duration patience) {
  ChildReport report;
  Fd result_read, result_write, words_read, words_write;
  Fd timer{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const itimerspec when{{0, 0}, {seconds.count(), static_cast<long>((patience - seconds).count())}};
  if (!make_pipe(result_read, result_write) || !make_pipe(words_read, words_write) || timer.get() < 0 ||
      ::timerfd_settime(timer.get(), 0, &when, nullptr) != 0) {
    report.ending = std::string{"could not be asked: "} + std::strerror(errno);
    return report;
  }
  const pid_t child = ::fork();
  if (child == 0) be_the_child(result_write.get(), words_write.get(), work);
  result_write.close();
  words_write.close();
  if (child < 0) {
    report.ending = std::string{"could not be asked: "} + std::strerror(errno);
    return report;
  }
  const bool late = listen(result_read.get(), words_read.get(), timer.get(), report);
  if (late) report.ending = "did not come back within " + std::to_string(seconds.count()) + " s";
  if (report.done || !report.ending.empty()) bury(child);
  else report.ending = end_of(child);
  ::kill(-child, SIGKILL);  // What it has started and left behind.
  report.words = last_line(report.words);
  return report;
}

}  // namespace holdfast::host
