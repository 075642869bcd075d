#include <algorithm>
#include <thread>

#include <holdfast/sdk/ensure.hpp>

#include "core.hpp"

namespace holdfast {

/// Restores and folds the hosts whose slots are `from`, `from + step`, …, each frame decoded once
/// for all of them. Whoever fails is dropped: it is made anew, and fails, where it is started.
void Core::fold_some(std::size_t from, std::size_t step) {
  std::uint64_t first = UINT64_MAX;
  for (std::size_t i = from; i < slots.size(); i += step) {
    auto& host = folded_[i];
    const bool restored = host && host->attempt([&] {
      const std::uint64_t next = host->restore(store->snapshot(slots[i]->plan->name));
      first = std::min(first, next);
    });
    if (!restored) host.reset();
  }
  if (first == UINT64_MAX) return;
  try {
    store->scan(first, [&](const FramePtr& frame) {
      for (std::size_t i = from; i < slots.size(); i += step) {
        auto& host = folded_[i];
        const auto hear = [&] {
          frame->for_each([&](const Event& e) {
            if (e.seq() > host->heard_seq()) host->hear(e);
          });
        };
        if (host && !host->attempt(hear)) host.reset();
      }
      return true;
    });
  } catch (const StoreError&) {
    for (std::size_t i = from; i < slots.size(); i += step) folded_[i].reset();
  }
}

void Core::fold_all(const std::function<void(const char*)>& last_words) {
  folded_.resize(slots.size());
  if (!store->head()) return;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i]->parked) continue;
    try {
      folded_[i] = make_host(i, slots[i]->incarnation + 1);
    } catch (const std::runtime_error&) {
      // It fails again, and is told of, where it is started.
    }
  }
  std::vector<std::thread> threads;
  const auto step = static_cast<std::size_t>(std::max(1, plan.workers));
  for (std::size_t from = 0; from < std::min(step, slots.size()); ++from)
    threads.emplace_back([this, from, step, &last_words] {
      const EnsureScope scope{last_words};
      fold_some(from, step);
    });
  for (auto& thread : threads) thread.join();
}

std::unique_ptr<ActorHost> Core::take_folded(std::size_t slot, std::uint32_t incarnation) {
  if (slot >= folded_.size() || !folded_[slot] || folded_[slot]->identity().incarnation != incarnation) return nullptr;
  return std::move(folded_[slot]);
}

}  // namespace holdfast
