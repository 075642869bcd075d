#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <holdfast/journal/frame.hpp>
#include <holdfast/journal/store.hpp>

namespace holdfast {

/// What an author hands to the journal: events that enter together or not at all, and snapshots.
struct Submission {
  ActorId author;
  std::uint32_t incarnation = 0;
  EventBuffer events;
  std::vector<Snapshot> snapshots;
};

/// Links frames: packs and hashes what a frame holds and chains it to the one before. One thread.
class Sealer {
 public:
  explicit Sealer(const std::optional<FrameHeader>& head) : previous_{head ? head->hash : Digest{}} {}
  /// REQUIRES: frames come in the order they were cut, each once.
  void seal(Frame& frame);
  const Digest& last_hash() const { return previous_; }

 private:
  Digest previous_{};
  Sha256 sha_;
};

/// Gives events their sequence number and time and seals them into chained frames. The fence: once
/// ActorStarted(actor, n) is sequenced, whatever incarnations before n submit is dropped, whole.
/// One thread.
class Sequencer {
 public:
  /// `wall` set: events get its time; empty: time follows what the feeds say, never backwards.
  Sequencer(std::optional<FrameHeader> head, std::uint64_t epoch, std::function<Time()> wall);

  /// Stamps and appends. Returns false when the fence dropped it.
  bool add(Submission& submission);
  /// The same for one event of an author who is not fenced; returns where it lies now.
  Event add(const Event& event);
  /// Gives a market event its number and time where it lies, and adds it nowhere: for whoever keeps no journal.
  void stamp(std::byte* event);
  /// The events added since the last seal.
  std::span<const std::byte> open_events() const { return open_; }
  bool empty() const { return open_.empty(); }
  /// True when something was added that must become durable soon because its effect waits for it.
  bool urgent() const { return urgent_; }
  /// Union of cargo_of() the events added since the last seal.
  std::uint8_t cargo() const { return cargo_; }
  /// REQUIRES: !empty(). Ends the frame, sealed and chained, and starts a new one. `now` goes into
  /// Frame::sealed.
  FramePtr seal(std::chrono::steady_clock::time_point now = {});
  /// REQUIRES: !empty(), and never seal() beside it. Ends the frame for a Sealer elsewhere.
  std::shared_ptr<Frame> cut();
  /// Drops the events added since the last seal: for whoever keeps no journal.
  void forget();

  std::uint64_t next_seq() const { return next_seq_; }
  Time last_time() const { return last_time_; }
  const Digest& last_hash() const { return sealer_.last_hash(); }
  /// Sets the fence without an event, while history is folded at start-up.
  void fence(ActorId actor, std::uint32_t incarnation);

 private:
  void stamp(EventHeader& header, Time wall);
  void begin_frame();

  std::function<Time()> wall_;
  std::uint64_t epoch_;
  std::uint64_t next_seq_ = 1;
  std::uint64_t frame_first_ = 1;
  Time last_time_;
  Sealer sealer_;
  EventBytes open_;
  std::vector<std::uint32_t> business_;  ///< As Frame::business will be.
  std::uint32_t market_count_ = 0, count_ = 0;
  bool urgent_ = false;
  std::uint8_t cargo_ = 0;
  std::vector<std::uint32_t> fences_;
};

}  // namespace holdfast
