#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <holdfast/sdk/ensure.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

/// Bytes of events that go over the belt together, and how many such loads may lie on it.
constexpr std::size_t kLoad = 1 << 20, kLoads = 4;

using Frames = std::vector<FramePtr>;
using Load = std::shared_ptr<const Frames>;
using Hosts = std::vector<std::unique_ptr<ActorHost>>;

/// History on its way from the one that reads it to several that fold it: each takes every load.
class Belt {
 public:
  explicit Belt(std::size_t takers) : taken_(takers, 0) {}

  /// Waits while somebody is kLoads behind.
  void put(Load load) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return put_ - std::ranges::min(taken_) < kLoads; });
    loads_[put_++ % kLoads] = std::move(load);
    changed_.notify_all();
  }
  /// Waits for the next one; null: that was the last.
  Load take(std::size_t taker) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return taken_[taker] < put_ || ended_; });
    if (taken_[taker] == put_) return nullptr;
    Load load = loads_[taken_[taker]++ % kLoads];
    changed_.notify_all();
    return load;
  }
  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Load, kLoads> loads_;
  std::uint64_t put_ = 0;
  std::vector<std::uint64_t> taken_;
  bool ended_ = false;
};

void fold(std::unique_ptr<ActorHost>& host, const Frames& frames) {
  const auto hear = [&] {
    for (const FramePtr& frame : frames) host->hear(*frame);
  };
  if (host && !host->attempt(hear)) host.reset();
}

void put_history(const Store& store, std::uint64_t from, Belt& belt) {
  Frames frames;
  std::size_t bytes = 0;
  store.scan(from, [&](FramePtr frame) {
    bytes += frame->events.size();
    frames.push_back(std::move(frame));
    if (bytes < kLoad) return true;
    belt.put(std::make_shared<const Frames>(std::exchange(frames, {})));
    bytes = 0;
    return true;
  });
  belt.put(std::make_shared<const Frames>(std::move(frames)));
}

/// Each frame is decoded once for all, here, while `threads` others fold. Whoever fails is dropped.
void fold_history(const Store& store, std::uint64_t from, Hosts& hosts, std::size_t threads,
                  const std::function<void(const char*)>& last_words) {
  Belt belt{threads};
  std::vector<std::jthread> folding;
  struct AtEnd {
    Belt& belt;
    ~AtEnd() { belt.end(); }
  } const at_end{belt};
  for (std::size_t n = 0; n < threads; ++n)
    folding.emplace_back([&, n] {
      const EnsureScope scope{last_words};
      while (const Load load = belt.take(n))
        for (std::size_t i = n; i < hosts.size(); i += threads) fold(hosts[i], *load);
    });
  put_history(store, from, belt);
}

}  // namespace

void Core::fold_all() {
  Hosts hosts(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i]->parked || !store->head()) continue;
    try {
      hosts[i] = make_host(i, slots[i]->incarnation + 1);
    } catch (const std::runtime_error&) {
      // It fails again, and is told of, where it is started.
    }
  }
  hosts.push_back(make_record_host());
  std::uint64_t first = UINT64_MAX;
  for (auto& host : hosts) {
    const auto restore = [&] { first = std::min(first, host->restore(store->snapshot(host->identity().name))); };
    if (host && !host->attempt(restore)) host.reset();
  }
  const std::function<void(const char*)> words = [this](const char* what) { last_words(what, clock()); };
  try {
    fold_history(*store, first, hosts, std::min(hosts.size(), static_cast<std::size_t>(std::max(1, plan.workers))), words);
  } catch (const StoreError&) {
    for (auto& host : hosts) host.reset();
  }
  record_host_ = std::move(hosts.back());
  hosts.pop_back();
  folded_ = std::move(hosts);
  if (!record_host_) fold_record();
}

/// Alone, so that whatever is wrong with it, or with the store, is thrown to whoever opens.
void Core::fold_record() {
  record_host_ = make_record_host();
  const auto from = record_host_->restore(store->snapshot(SystemRecord::kName));
  store->scan(from, [&](const FramePtr& frame) {
    record_host_->hear(*frame);
    return true;
  });
}

std::unique_ptr<ActorHost> Core::take_folded(std::size_t slot, std::uint32_t incarnation) {
  if (slot >= folded_.size() || !folded_[slot] || folded_[slot]->identity().incarnation != incarnation) return nullptr;
  return std::move(folded_[slot]);
}

}  // namespace holdfast
