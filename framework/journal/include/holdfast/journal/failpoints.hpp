#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

namespace holdfast {

/// Thrown by a failpoint told to `throw`.
struct FailpointError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Named places where a test or a drill makes a system fail. One relaxed load when none is armed.
///
/// Text: `name=action[@hit]`, several joined by `;`. Actions: off, throw, kill (SIGKILL to this
/// process), hang (until set to off), sleep(MS). `@n` waits for the n-th hit from arming on.
/// Owned by a System; two systems have two sets. [any-thread]
class Failpoints {
 public:
  /// Fails: std::invalid_argument with one sentence; nothing is armed then.
  void set(std::string_view text);
  /// REQUIRES: `name` is a literal. Does what was armed for it.
  void hit(const char* name) {
    if (armed_.load(std::memory_order_relaxed)) act(name);
  }
  ~Failpoints();

 private:
  struct Point {
    std::string action;
    long argument = 0;
    long hit = 0, hits = 0;
  };
  void act(std::string_view name);

  std::atomic<bool> armed_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Point, std::less<>> points_;
};

}  // namespace holdfast
