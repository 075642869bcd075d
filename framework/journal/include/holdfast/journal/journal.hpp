#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <holdfast/journal/measures.hpp>
#include <holdfast/journal/sequencer.hpp>

namespace holdfast {

/// The live journal: one at a time sequences, hashes and broadcasts; a thread writes and syncs behind it.
///
/// Whoever submits a little while nobody sequences does it on its own thread, for others too that
/// come meanwhile: an order meets no thread that has to wake up before it reaches the disk. Much at
/// once, and timers, are sequenced by the journal's thread.
/// A disk that hangs stops the second alone: everybody inside goes on hearing, so that cancels still
/// leave and a latch still spreads, while feeds wait and nothing is released.
/// Submitting never blocks and the journal never waits for a listener: recent frames sit in a
/// bounded ring, and whoever falls behind reads from the store.
class Journal {
 public:
  struct Options {
    std::function<Time()> wall;                  ///< Required: pacing of timers and syncs.
    bool feed_clock = false;                     ///< Event times follow the feeds.
    std::size_t frame_bytes = 256 << 10;         ///< A frame is sealed at this size at the latest.
    std::size_t ring_bytes = 48u << 20;          ///< Of memory that recent frames may take.
    Duration sync_interval = std::chrono::milliseconds{5};
    Failpoints* failpoints = nullptr;
    /// Asked after snapshots were written: market data below it may go; 0: nothing may.
    std::function<std::uint64_t(std::uint64_t head)> prune_below;
  };
  /// Called on the journal's threads and on those that submit; must return at once and never submit.
  struct Listener {
    std::function<void(const Frame&)> on_frame;  ///< head() moved; not written yet.
    std::function<void()> on_written;            ///< What was heard is written, not yet durable.
    std::function<void()> on_release;            ///< release_seq() moved.
    std::function<void(const std::string&)> on_failure;  ///< Once; the journal has stopped.
  };
  Journal(Store& store, Sequencer sequencer, Options options, Listener listener);
  ~Journal();

  /// [any-thread] Whole or not at all; silently dropped when fenced or after a failure.
  /// Returns its number: what it says is sequenced once done() has reached it.
  std::uint64_t submit(Submission submission);
  /// [any-thread] The frame that holds `seq`, from the ring or the store; null beyond the head.
  FramePtr read(std::uint64_t seq) const;
  /// That frame and those that follow it, about kRunBytes of events in all: what somebody who is
  /// behind hears in one go. Only from the ring; where it reads the store, a single frame. [any-thread]
  std::vector<FramePtr> read_run(std::uint64_t seq) const;
  static constexpr std::size_t kRunBytes = 256 << 10;
  /// Newest sequenced event. [any-thread]
  std::uint64_t head() const { return head_.load(std::memory_order_acquire); }
  /// Everything at or below is durable. [any-thread]
  std::uint64_t release_seq() const { return release_.load(std::memory_order_acquire); }
  /// Bytes submitted and not in the store yet. [any-thread]
  std::size_t queued_bytes() const {
    return queued_.load(std::memory_order_relaxed) + unwritten_.load(std::memory_order_relaxed);
  }
  /// Submissions not sequenced yet. [any-thread]
  std::uint64_t queued() const {
    const std::uint64_t done = done_.load(std::memory_order_acquire);
    return submitted_.load(std::memory_order_acquire) - done;
  }
  /// How many submissions were sequenced, or dropped by the fence. [any-thread]
  std::uint64_t done() const { return done_.load(std::memory_order_acquire); }
  /// [any-thread]
  const JournalMeasures& measures() const { return measures_; }
  /// Header of the newest written frame that ends at or below `seq`, if the ring still has it.
  std::optional<FrameHeader> written_header(std::uint64_t seq) const;
  /// TimeAdvanced is appended at `when` if nothing else happens first. Live clocks only. [any-thread]
  void wake_at(ActorId author, std::optional<Time> when);
  /// Makes everything submitted so far durable, then stops both threads. Idempotent. False when the
  /// disk had not answered by `until`: the threads live on, and so must this and its store.
  bool stop(std::optional<std::chrono::steady_clock::time_point> until = std::nullopt);

 private:
  /// A frame, snapshots, or both, on their way to the disk.
  struct Pending {
    FramePtr frame;
    std::vector<Snapshot> snapshots;
  };
  void run();
  void run_disk();
  void ended(bool& thread);
  bool next_for_disk(std::deque<Pending>& items, bool& urgent, std::chrono::steady_clock::time_point next_sync);
  void write(std::deque<Pending>& items);
  void sync();
  void hand_over(FramePtr frame, std::vector<Snapshot> snapshots, bool urgent);
  bool await_work(std::unique_lock<std::mutex>& lock);
  void sequence(std::unique_lock<std::mutex>& lock, std::size_t most);
  void sequence_batch();
  void publish(const FramePtr& frame);
  std::deque<FramePtr>::const_iterator find(std::uint64_t seq) const;
  void prune();
  void fail(const std::string& why);
  bool hit(const char* failpoint) const { return options_.failpoints != nullptr && options_.failpoints->hit(failpoint); }
  std::optional<Time> next_wake() const;

  Store& store_;
  Sequencer sequencer_;            ///< With the two below: of whoever has set sequencing_.
  std::deque<Submission> batch_;
  std::vector<Snapshot> snapshots_;
  const Options options_;
  const Listener listener_;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Submission> queue_;
  std::map<std::uint16_t, Time> wakes_;
  bool sequencing_ = false, stopping_ = false, pruning_ = false;
  bool turn_awaited_ = false;  ///< The journal's thread found somebody sequencing; a timer may be due.

  mutable std::mutex ring_mutex_;
  std::deque<FramePtr> ring_;
  std::size_t ring_size_ = 0;

  std::mutex disk_mutex_;  ///< Guards the six below.
  std::condition_variable disk_work_, ended_;
  std::deque<Pending> pending_;
  bool urgent_ = false;  ///< Something in pending_ should be durable soon.
  bool sequencing_ended_ = false, disk_ended_ = false;
  std::atomic<bool> disk_stop_{false};
  std::atomic<std::uint64_t> written_{0};  ///< Newest event in the store, durable or not.

  JournalMeasures measures_;  ///< Of the disk thread.
  std::atomic<std::uint64_t> head_{0}, release_{0};
  std::atomic<std::size_t> queued_{0}, unwritten_{0};
  std::atomic<std::uint64_t> submitted_{0}, done_{0};
  std::atomic<bool> failed_{false};
  std::thread thread_, disk_thread_;
};

}  // namespace holdfast
