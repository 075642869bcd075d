#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include <holdfast/journal/sequencer.hpp>

namespace holdfast {

/// Seals frames and writes them on a thread of its own, in order, behind a runtime that goes on.
/// What a kill loses is a tail of whole frames. All members from one thread.
class FrameWriter {
 public:
  explicit FrameWriter(Store& store);
  /// Writes what was pushed.
  ~FrameWriter();

  /// Waits while too much is on its way. Fails: StoreError, of an earlier frame.
  void push(std::shared_ptr<Frame> frame, std::vector<Snapshot> snapshots);
  /// Everything pushed is in the store, though not synced. Fails: StoreError.
  void flush();
  /// Header of the newest frame in the store. Waits like flush().
  std::optional<FrameHeader> head();

 private:
  struct Item {
    std::shared_ptr<Frame> frame;
    std::vector<Snapshot> snapshots;
  };
  void run();
  void await(std::size_t at_most, std::unique_lock<std::mutex>& lock);

  Store& store_;
  Sealer sealer_;
  std::optional<FrameHeader> head_;
  std::mutex mutex_;  ///< Guards what follows.
  std::condition_variable changed_;
  std::deque<Item> items_;  ///< The first is being written.
  std::exception_ptr error_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace holdfast
