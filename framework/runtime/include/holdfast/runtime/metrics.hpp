#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <holdfast/journal/measures.hpp>
#include <holdfast/runtime/system.hpp>
#include <holdfast/trading/orders.hpp>

namespace holdfast {

/// Why an incarnation ended that nobody had asked to end.
enum class FailureCause : std::uint8_t {
  exception,   ///< It threw.
  divergence,  ///< It did not reproduce its own answers, and is parked.
  hang,        ///< It did not stop within its deadline, and was given up.
  lost,        ///< The runtime ended it without a word of its own.
};
constexpr std::size_t kFailureCauses = 4;
const char* to_string(FailureCause cause);

/// What one actor's place in the tree has measured since the process started.
struct ActorMetrics {
  std::uint64_t events = 0;    ///< Heard, again at each restart included.
  Durations::Counts handling;  ///< Of its turns, each with all events there were.
  Durations::Counts recovery;  ///< From a crash until live again.
  std::array<std::uint64_t, kFailureCauses> failures{};
  std::optional<FailureCause> last_failure;
};

struct JournalMetrics {
  std::uint64_t frames = 0, bytes = 0;  ///< Written since the process started.
  std::uint64_t queued_bytes = 0;       ///< Submitted and not written yet.
  Durations::Counts write, sync;
};

/// A moment's reading of everything a system measures. Counts below `status` are as old as the
/// journal; the others begin with the process.
struct SystemMetrics {
  SystemStatus status;
  std::vector<ActorMetrics> actors;  ///< In the order of status.actors.
  std::map<OrdStatus, std::uint64_t> open_orders;
  /// From the event an order answers, sealed into its frame, until the order is sent, in one.
  Durations::Counts trade_loop;
  JournalMetrics journal;
};

}  // namespace holdfast
