// Wrong in one way: it throws now and then, before or after it has ordered. When is decided by
// calls in this process and not by events, so that a restart gets past the place.
#include <atomic>
#include <mutex>
#include <stdexcept>

#include "steady.hpp"

namespace {
std::mutex fuse;
holdfast::Random chance;
std::int64_t calls_left = 0;
int throws_left = 0;
}  // namespace

/// Tests look it up by name: from now on it throws `times`, at moments drawn from `seed`.
extern "C" __attribute__((visibility("default"))) void thrower_arm(std::uint64_t seed, int times) {
  const std::lock_guard lock{fuse};
  chance = holdfast::Random{seed};
  throws_left = times;
  calls_left = 5'000 + static_cast<std::int64_t>(chance.below(20'000));
}
extern "C" __attribute__((visibility("default"))) int thrower_left() {
  const std::lock_guard lock{fuse};
  return throws_left;
}

class Thrower final : public Steady {
 public:
  using Steady::Steady;

  void on_quote(const holdfast::Quote& quote, holdfast::Desk& desk) override {
    const bool before = due();
    if (before && heard_ % 2 == 0) throw std::runtime_error{"the thrower throws before it orders"};
    Steady::on_quote(quote, desk);
    if (before) throw std::runtime_error{"the thrower throws after it ordered"};
  }

 private:
  static bool due() {
    const std::lock_guard lock{fuse};
    if (throws_left == 0 || --calls_left > 0) return false;
    --throws_left;
    calls_left = 5'000 + static_cast<std::int64_t>(chance.below(20'000));
    return true;
  }
};

HOLDFAST_PLUGIN(Thrower, "thrower", "1.0.0", "Throws at random moments.")
