#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// A count that one thread at a time adds to and any thread reads: no locked instruction on the
/// way of whoever counts.
class Counter {
 public:
  void add(std::uint64_t by = 1) { count_.store(get() + by, std::memory_order_relaxed); }
  std::uint64_t get() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_{0};
};

/// How often something took how long, in the buckets of a Prometheus histogram. One thread at a
/// time adds, any thread reads.
class Durations {
 public:
  /// What a bucket holds took no longer than its bound; the last bucket has none.
  static constexpr std::array<Duration, 18> kBounds = [] {
    using namespace std::chrono_literals;
    return std::array<Duration, 18>{10us, 25us, 50us,  100us, 250us, 500us, 1ms, 2500us, 5ms,
                                    10ms, 25ms, 50ms, 100ms, 250ms, 500ms, 1s,  2500ms, 5s};
  }();
  struct Counts {
    std::array<std::uint64_t, kBounds.size() + 1> buckets{};  ///< Each for itself, not cumulative.
    Duration sum{};
  };

  void add(Duration took) {
    const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), took) - kBounds.begin();
    buckets_[static_cast<std::size_t>(bucket)].add();
    nanoseconds_.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, took.count())));
  }
  /// While somebody adds, the newest may be in the buckets and not yet in the sum.
  Counts read() const {
    Counts out;
    out.sum = Duration{static_cast<std::int64_t>(nanoseconds_.get())};
    for (std::size_t i = 0; i < buckets_.size(); ++i) out.buckets[i] = buckets_[i].get();
    return out;
  }

 private:
  std::array<Counter, kBounds.size() + 1> buckets_;
  Counter nanoseconds_;
};

/// What the journal's disk thread has done since it was started. On cache lines of its own, which
/// nobody else writes.
struct alignas(64) JournalMeasures {
  Counter frames;   ///< Written to the store.
  Counter bytes;    ///< Of their events, as stored.
  Durations write;  ///< Of all that was waiting, at once.
  Durations sync;
};

}  // namespace holdfast
