#pragma once

#include <chrono>
#include <condition_variable>
#include <holdfast/journal/journal.hpp>
#include <mutex>

#include "journal_fixture.hpp"

namespace holdfast::test {

/// A running journal that keeps what its listener was told.
class Live {
 public:
  explicit Live(Store& store, Journal::Options options = {}) {
    if (!options.wall) options.wall = Clock{};
    Journal::Listener listener;
    if (const auto head = store.head()) heard_seq_ = head->last_seq();
    listener.on_frame = [this](const Frame& frame) {
      tell([&] {
        heard_.push_back(frame.events);
        heard_seq_ = frame.header.last_seq();
      });
    };
    listener.on_written = [] {};
    listener.on_release = [this] {
      if (on_release) on_release();
      tell([] {});
    };
    listener.on_failure = [this](const std::string& why) { tell([&] { failures_.push_back(why); }); };
    const auto wall = options.wall;
    journal.emplace(store, Sequencer{store.head(), 1, options.feed_clock ? std::function<Time()>{} : wall},
                    options, listener);
  }
  ~Live() { journal->stop(); }

  /// False when it does not come true within a generous deadline.
  bool wait(const std::function<bool()>& condition) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20}, condition);
  }
  bool wait_released(std::uint64_t seq) {
    return wait([&] { return journal->release_seq() >= seq; });
  }
  bool wait_heard(std::uint64_t seq) {
    return wait([&] { return heard_seq_ >= seq; });  // The head moves a little before that.
  }
  bool wait_failed() {
    return wait([&] { return !failures_.empty(); });
  }
  std::vector<std::string> failures() {
    const std::lock_guard lock{mutex_};
    return failures_;
  }
  /// Every event heard so far, in order.
  std::vector<std::byte> heard() {
    const std::lock_guard lock{mutex_};
    std::vector<std::byte> all;
    for (const auto& events : heard_) all.insert(all.end(), events.begin(), events.end());
    return all;
  }
  std::size_t count(EventType type) {
    std::size_t n = 0;
    const auto events = heard();
    for_each_event(events, [&](const Event& event) { n += event.type() == type; });
    return n;
  }

  std::function<void()> on_release;  ///< Set before anything is submitted.
  std::optional<Journal> journal;

 private:
  template <class F>
  void tell(F&& change) {
    const std::lock_guard lock{mutex_};
    change();
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<EventBytes> heard_;
  std::uint64_t heard_seq_ = 0;
  std::vector<std::string> failures_;
};

}  // namespace holdfast::test
