#pragma once

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

namespace holdfast::cli {

/// Takes SIGTERM, SIGINT and SIGHUP (and what else is named) out of the process's hands while it
/// lives: they are asked for instead of interrupting. REQUIRES: made before any thread.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> more = {});
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  /// The next signal within `patience`, or 0.
  int wait(std::chrono::milliseconds patience) const;
  const sigset_t& previous() const { return previous_; }

 private:
  sigset_t set_{}, previous_{};
  void (*pipe_before_)(int) = nullptr;
};

/// How often a guarded system may crash. Kept in a file, so that it outlives the guard too.
class CrashBudget {
 public:
  static constexpr std::size_t kCrashes = 5;
  static constexpr std::chrono::seconds kPeriod{60};
  explicit CrashBudget(std::string path);
  /// Counts a crash at `now` (Unix milliseconds). Fails: std::runtime_error.
  void spend(std::int64_t now);
  /// Crashes within the period before `now`.
  std::size_t spent(std::int64_t now) const;
  bool exhausted(std::int64_t now) const { return spent(now) > kCrashes; }
  /// The first restart is immediate; then 100 ms, doubling, at most 10 s.
  static std::chrono::milliseconds backoff(std::size_t crashes);

 private:
  std::string path_;
  std::vector<std::int64_t> crashes_;
};

/// Runs this program with `arguments` as a child and starts it again when it crashes: when a signal
/// ends it or it says that the system failed. Passes SIGTERM on. Returns the last child's exit code.
int guard(const std::vector<std::string>& arguments, const std::string& data_dir);

}  // namespace holdfast::cli
