#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include <holdfast/sdk/ensure.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

/// Bytes, as stored, that go over the belt together, and how many such loads may lie on it.
constexpr std::size_t kLoad = 128 << 10, kLoads = 8;

using Frames = std::vector<Frame>;
using Hosts = std::vector<std::unique_ptr<ActorHost>>;

/// History on its way from the one that reads it to several that fold it: each takes every load.
/// Whoever would have to wait decodes what lies ahead instead.
class Belt {
 public:
  Belt(const Store& store, std::size_t takers) : store_{store}, taken_(takers, 0), held_(takers) {}

  /// Waits while somebody is kLoads behind. False: decoding failed, and nothing more is taken.
  bool put(std::vector<StoredFrame> stored) {
    std::unique_lock lock{mutex_};
    while (!failure_ && put_ - std::ranges::min(taken_) == kLoads) decode_one(lock);
    if (failure_) return false;
    Load& load = loads_[put_++ % kLoads];
    load.stored = std::move(stored);
    load.state = Load::waiting;
    changed_.notify_all();
    return true;
  }
  /// Waits for the next one, which stays until the next call; null: that was the last.
  const Frames* take(std::size_t taker) {
    std::unique_lock lock{mutex_};
    held_[taker].reset();
    while (!failure_) {
      const bool more = taken_[taker] < put_;
      if (!more && ended_) break;
      if (!more || loads_[taken_[taker] % kLoads].state != Load::decoded) {
        decode_one(lock);
        continue;
      }
      held_[taker] = loads_[taken_[taker]++ % kLoads].frames;
      changed_.notify_all();
      return held_[taker].get();
    }
    return nullptr;
  }
  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
  }
  /// What decoding failed with, if it did.
  std::exception_ptr failure() const {
    const std::lock_guard lock{mutex_};
    return failure_;
  }

 private:
  struct Load {
    std::vector<StoredFrame> stored;
    std::shared_ptr<Frames> frames;
    enum { decoded, waiting, decoding } state = decoded;
  };

  /// The first load that nobody has begun to decode; waits for a change when there is none.
  void decode_one(std::unique_lock<std::mutex>& lock) {
    std::uint64_t n = std::ranges::min(taken_);
    while (n < put_ && loads_[n % kLoads].state != Load::waiting) ++n;
    if (n == put_) return changed_.wait(lock);
    Load& load = loads_[n % kLoads];
    load.state = Load::decoding;
    // Memory is used again, unless somebody still folds what lies in it.
    if (load.frames == nullptr || load.frames.use_count() > 1) load.frames = std::make_shared<Frames>();
    const auto frames = load.frames;
    lock.unlock();
    std::exception_ptr failure;
    try {
      frames->resize(load.stored.size());
      for (std::size_t i = 0; i < frames->size(); ++i) store_.decode(load.stored[i], (*frames)[i]);
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !failure_) failure_ = failure;
    load.state = Load::decoded;
    changed_.notify_all();
  }

  const Store& store_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Load, kLoads> loads_;
  std::uint64_t put_ = 0;
  std::vector<std::uint64_t> taken_;
  std::vector<std::shared_ptr<const Frames>> held_;  ///< What each taker folds.
  bool ended_ = false;
  std::exception_ptr failure_;
};

void fold(std::unique_ptr<ActorHost>& host, const Frames& frames) {
  const auto hear = [&] {
    for (const Frame& frame : frames) host->hear(frame);
  };
  if (host && !host->attempt(hear)) host.reset();
}

void put_history(const Store& store, std::uint64_t from, Belt& belt) {
  std::vector<StoredFrame> load;
  std::size_t bytes = 0;
  store.scan_stored(from, [&](StoredFrame frame) {
    bytes += frame.business.size() + (frame.market ? frame.market->size() : 0);
    load.push_back(std::move(frame));
    if (bytes < kLoad) return true;
    bytes = 0;
    return belt.put(std::exchange(load, {}));
  });
  belt.put(std::move(load));
}

/// Each frame is decoded once for all while `threads` fold. Whoever fails is dropped.
void fold_history(const Store& store, std::uint64_t from, Hosts& hosts, std::size_t threads,
                  const std::function<void(const char*)>& last_words) {
  Belt belt{store, threads};
  {
    std::vector<std::jthread> folding;
    struct AtEnd {
      Belt& belt;
      ~AtEnd() { belt.end(); }
    } const at_end{belt};
    for (std::size_t n = 0; n < threads; ++n)
      folding.emplace_back([&, n] {
        const EnsureScope scope{last_words};
        while (const Frames* load = belt.take(n))
          for (std::size_t i = n; i < hosts.size(); i += threads) fold(hosts[i], *load);
      });
    put_history(store, from, belt);
  }
  if (const auto failure = belt.failure()) std::rethrow_exception(failure);
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
