#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <holdfast/sdk/ensure.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

/// Bytes, as stored, that go over the belt together, and how many such loads may lie on it.
constexpr std::size_t kLoad = 64 << 10, kLoads = 8;

using Frames = std::vector<Frame>;
using Hosts = std::vector<std::unique_ptr<ActorHost>>;

/// History on its way from the store to several that fold it: each takes every load. Whoever would
/// have to wait reads or decodes what lies ahead instead.
class Belt {
 public:
  Belt(const Store& store, std::uint64_t from, std::size_t takers)
      : store_{store}, history_{store.stored(from)}, taken_(takers, 0), held_(takers) {}

  /// Waits for the next one, which stays until the next call; null: that was the last, or failure().
  const Frames* take(std::size_t taker) {
    std::unique_lock lock{mutex_};
    held_[taker].reset();
    while (!failure_) {
      const std::uint64_t next = taken_[taker];
      if (next < put_ && loads_[next % kLoads].state == Load::decoded) {
        // A load for each is kept lying there, or they would wait while one of them reads.
        if (nth_waiting(taken_.size()) == nullptr && may_read()) {
          read(lock);
          continue;
        }
        held_[taker] = loads_[next % kLoads].frames;
        ++taken_[taker];
        changed_.notify_all();
        return held_[taker].get();
      }
      if (next == put_ && ended_) break;
      if (!bring_on(lock)) changed_.wait(lock);
    }
    return nullptr;
  }
  /// Nobody gets anything more: a taker that is missing would be waited for.
  void fail(std::exception_ptr why) {
    const std::lock_guard lock{mutex_};
    if (!failure_) failure_ = std::move(why);
    changed_.notify_all();
  }
  /// What reading or decoding failed with, if it did. Once nobody takes any more.
  std::exception_ptr failure() const { return failure_; }

 private:
  struct Load {
    std::vector<StoredFrame> stored;
    std::shared_ptr<Frames> frames;
    enum { decoded, waiting, decoding } state = decoded;
  };

  /// Decodes a load that lies there, or reads another one. False when there is neither to be done.
  bool bring_on(std::unique_lock<std::mutex>& lock) {
    if (Load* load = nth_waiting(1)) decode(*load, lock);
    else if (may_read()) read(lock);
    else return false;
    return true;
  }
  bool may_read() const { return !reading_ && !ended_ && put_ - std::ranges::min(taken_) < kLoads; }
  Load* nth_waiting(std::size_t nth) {
    for (std::uint64_t n = std::ranges::min(taken_); n < put_; ++n)
      if (Load& load = loads_[n % kLoads]; load.state == Load::waiting && --nth == 0) return &load;
    return nullptr;
  }
  void read(std::unique_lock<std::mutex>& lock) {
    reading_ = true;
    std::vector<StoredFrame>& load = loads_[put_ % kLoads].stored;
    bool more = true;
    unlocked(lock, [&] {
      load.clear();
      for (std::size_t bytes = 0; more && bytes < kLoad;) {
        auto frame = history_.next();
        more = frame.has_value();
        if (!more) break;
        bytes += frame->business.size() + (frame->market ? frame->market->size() : 0);
        load.push_back(std::move(*frame));
      }
    });
    reading_ = false;
    ended_ = !more;
    loads_[put_++ % kLoads].state = Load::waiting;
    changed_.notify_all();
  }
  void decode(Load& load, std::unique_lock<std::mutex>& lock) {
    load.state = Load::decoding;
    // Memory is used again, unless somebody still folds what lies in it.
    if (load.frames == nullptr || load.frames.use_count() > 1) load.frames = std::make_shared<Frames>();
    const auto frames = load.frames;
    unlocked(lock, [&] {
      frames->resize(load.stored.size());
      for (std::size_t i = 0; i < frames->size(); ++i) store_.decode(load.stored[i], (*frames)[i]);
    });
    load.state = Load::decoded;
    changed_.notify_all();
  }
  template <class Work>
  void unlocked(std::unique_lock<std::mutex>& lock, const Work& work) {
    lock.unlock();
    std::exception_ptr failure;
    try {
      work();
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
    lock.lock();
    if (!failure_) failure_ = failure;
  }

  const Store& store_;
  StoredFrames history_;  ///< Of whoever has set reading_.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Load, kLoads> loads_;
  std::uint64_t put_ = 0;
  std::vector<std::uint64_t> taken_;
  std::vector<std::shared_ptr<const Frames>> held_;  ///< What each taker folds.
  bool reading_ = false, ended_ = false;
  std::exception_ptr failure_;
};

void fold(std::unique_ptr<ActorHost>& host, const Frames& frames, Failpoints& failpoints) {
  const auto hear = [&] {
    for (const Frame& frame : frames) {
      failpoints.hit("actor.fold", host->identity().name);
      host->hear(frame);
    }
  };
  if (host && !host->attempt(hear)) host.reset();
}

/// Each frame is decoded once for all while `threads` fold. Whoever fails is dropped.
void fold_history(const Store& store, std::uint64_t from, Hosts& hosts, std::size_t threads, Failpoints& failpoints,
                  const std::function<void(const char*)>& last_words) {
  Belt belt{store, from, threads};
  {
    std::vector<std::jthread> folding;
    const auto work = [&](std::size_t n) {
      const EnsureScope scope{last_words};
      while (const Frames* load = belt.take(n))
        for (std::size_t i = n; i < hosts.size(); i += threads) fold(hosts[i], *load, failpoints);
    };
    try {
      for (std::size_t n = 0; n < threads; ++n) folding.emplace_back(work, n);
    } catch (const std::system_error&) {  // There is no thread to be had.
      belt.fail(std::current_exception());
      throw;
    }
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
    const auto restore = [&] {
      failpoints.hit("actor.restore", host->identity().name);
      first = std::min(first, host->restore(store->snapshot(host->identity().name)));
    };
    if (host && !host->attempt(restore)) host.reset();
  }
  const std::function<void(const char*)> words = [this](const char* what) { last_words(what, clock()); };
  try {
    fold_history(*store, first, hosts, std::min(hosts.size(), static_cast<std::size_t>(std::max(1, plan.workers))), failpoints,
                 words);
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
