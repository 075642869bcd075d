#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/sdk/random.hpp>

namespace holdfast {

/// Thrown by a failpoint told to `throw` or `errno`.
struct FailpointError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A named place in the program, as `holdfast failpoints` lists it.
struct FailpointSite {
  std::string_view name, where;
  bool throws = true;     ///< May be told to `throw`, or `errno`: somebody catches it there.
  bool returns = false;   ///< May be told to `return`: what would be done there is left out.
  bool corrupts = false;  ///< May be told to `corrupt`: one bit of what passes there is turned over.
};
/// All of them; whoever adds a place to the code adds it here.
std::span<const FailpointSite> failpoint_sites();

/// Named places where a test or a drill makes a system fail. One relaxed load when none is armed.
///
/// Text, as in fail-rs: `name=task`, several joined by `;`. A name may say of whom: `actor.hear/risk`. A task is
/// `[p%][n*]what`, or `what@n`, which is `(n-1)*off->1*what`; several are chained by `->`, each takes over when the
/// one before has acted its n times. What: off, throw, return, corrupt, kill (SIGKILL to this process), pause (until
/// set to something else), sleep(MS), errno(ENOSPC). Chances come from the seed. Owned by a System; two systems have
/// two sets. [any-thread]
class Failpoints {
 public:
  /// `seed` decides chances and the bits that `corrupt` turns over.
  explicit Failpoints(std::uint64_t seed = 1) : random_{seed} {}
  /// What is not named stays. Fails: std::invalid_argument with one sentence; nothing is changed then.
  void set(std::string_view text);
  /// REQUIRES: `name` is of failpoint_sites(). Does what was armed for it, or for it and `of`.
  /// True: what would be done here is to be left out. Fails: FailpointError.
  bool hit(std::string_view name, std::string_view of = {}) {
    return armed() && act(name, of, {});
  }
  /// The same where bytes pass.
  bool hit(std::string_view name, std::span<std::byte> bytes) { return hit(name, {}, bytes); }
  bool hit(std::string_view name, std::string_view of, std::span<std::byte> bytes) { return armed() && act(name, of, bytes); }
  bool armed() const { return armed_.load(std::memory_order_relaxed); }
  /// How often each place was reached since anything was armed.
  std::map<std::string, std::uint64_t, std::less<>> hits() const;
  ~Failpoints();

 private:
  struct Task {
    std::string what;
    long argument = 0;
    long permille = 1000;
    long times = -1;  ///< Left; -1: for ever.
  };
  using Chain = std::vector<Task>;
  static Chain parse_chain(std::string_view text, std::string_view whole);
  static Task parse_task(std::string_view text, std::string_view whole);
  bool act(std::string_view name, std::string_view of, std::span<std::byte> bytes);
  /// What is to be done at this hit; null: nothing.
  const Task* turn(Chain& chain);

  std::atomic<bool> armed_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Chain, std::less<>> points_;
  std::map<std::string, std::uint64_t, std::less<>> hits_;
  Random random_;
};

}  // namespace holdfast
