#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/atom.hpp>

#include <holdfast/journal/journal.hpp>
#include <holdfast/runtime/metrics.hpp>

#include "caf/trade_loop.hpp"
#include "src/core.hpp"

namespace holdfast::live {

// Everything sent between CAF actors; data never is: it is in the journal.
using doorbell_atom = caf::atom_constant<caf::atom("doorbell")>;
using stop_atom = caf::atom_constant<caf::atom("stop")>;
using crash_atom = caf::atom_constant<caf::atom("crash")>;
using begin_atom = caf::atom_constant<caf::atom("begin")>;
using started_atom = caf::atom_constant<caf::atom("started")>;
using exited_atom = caf::atom_constant<caf::atom("exited")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;

/// What a place in the tree measures. On cache lines of its own: its incarnations count, one after
/// another, and nobody else writes there.
struct alignas(64) CellMeasures {
  Counter events;
  Durations handling, recovery;
  std::array<Counter, kFailureCauses> failures;
  std::atomic<int> last_failure{-1};  ///< A FailureCause; -1: none.

  void failed(FailureCause cause) {
    failures[static_cast<std::size_t>(cause)].add();
    last_failure = static_cast<int>(cause);
  }
  ActorMetrics read() const;
};

/// One place in the tree, outliving the incarnations that fill it.
struct Cell {
  std::mutex mutex;                        ///< Guards `handle`.
  caf::actor handle;
  std::atomic<bool> rung{false};           ///< A doorbell is on its way.
  std::atomic<bool> live{false};
  std::atomic<bool> busy{false};           ///< Inside an activation.
  std::atomic<std::uint64_t> turns{0};     ///< Activations that have ended.
  std::atomic<std::uint64_t> cursor{0};    ///< Last event heard.
  std::atomic<std::int64_t> progress{0};   ///< Steady nanoseconds of the last activation's end.
  std::atomic<std::int64_t> crashed{0};    ///< Steady nanoseconds of the crash it is recovering from; 0: none.
  std::atomic<std::int64_t> recovery{0};   ///< Nanoseconds from the last crash until live again.
  std::atomic<std::uint32_t> restarts{0};
  std::atomic<Supervision::State> state{Supervision::State::down};
  CellMeasures measures;
};

/// What the parts of a live system share. Outlives all of them.
struct Shared {
  explicit Shared(std::unique_ptr<Core> c);

  std::unique_ptr<Core> core;
  std::unique_ptr<Journal> journal;
  std::vector<std::unique_ptr<Cell>> cells;  ///< One per slot; the last is the record's.
  std::unique_ptr<ActorHost> record_host;
  mutable std::mutex record_mutex;           ///< The record is read by status() while it folds.
  TradeLoop trade_loop;                      ///< Heard by the record's actor.
  caf::actor supervisor;
  std::atomic<bool> draining{false};         ///< Feeds are silent.
  std::atomic<std::uint64_t> verdicts{0};    ///< Newest frame with an order that waits for the disk.
  std::atomic<bool> feed_waits{false};       ///< A feed ran out of room; see let_feeds_go().

  std::mutex mutex;                          ///< Guards what follows.
  std::condition_variable changed;
  bool ready = false, down = false, failing = false, failed = false;
  std::uint64_t ends = 0;                    ///< Feeds that ended and actors that were parked, as the record hears it.
  std::string failure;

  std::size_t record_cell() const { return cells.size() - 1; }
  Time wall() const { return core->clock(); }
  void ring(std::size_t cell);
  void ring_all();
  /// Those who wait for what the frame brings; ring_all() follows.
  void ring_interested(std::uint8_t cargo);
  void ring_edges();
  /// A listener that has not moved for this long is not waited for: it will read from the store.
  static constexpr Duration kStuck = std::chrono::seconds{1};
  /// How many events feeds may add before they wait for the slowest listener.
  std::size_t room() const;
  /// Whether there is so much room that waking a feed is worth it.
  bool roomy() const { return room() * 4 > window(); }
  /// For whoever made room: wakes the feeds that wait for it. They look once more themselves after
  /// they have set feed_waits, so none is forgotten.
  void let_feeds_go();
  /// Nobody has anything left to hear, to say, or to make durable.
  bool quiescent() const;
  void fail(const std::string& why);
  /// Wakes who waits for all feeds to have ended.
  void one_ended();
  /// The end of every escalation: nothing more is sent but cancels, and they are given a moment.
  void brake(const std::string& why);
  /// Returns the submission's number.
  std::uint64_t say(EventBuffer events);

 private:
  bool in_step() const;
  std::uint64_t window() const;
};

std::int64_t steady_ns();

}  // namespace holdfast::live
