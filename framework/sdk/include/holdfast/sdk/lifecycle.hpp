#pragma once

#include <array>
#include <cstdint>

#include <holdfast/sdk/events.hpp>

/// Facts about the system itself, written by the runtime on its own behalf or an operator's.
namespace holdfast {

using Digest = std::array<std::uint8_t, 32>;

struct SystemStarted {  // tail: system name
  static constexpr auto kType = EventType::system_started;
  std::uint64_t epoch = 0;  ///< Counts the runs of this store, from 1.
  Digest plan{};            ///< SHA-256 of the effective configuration, kept beside the journal.
};
/// The store is that of a backup: ids that were given after it was made are not known here, and are skipped.
struct SystemRestored {  // tail: what was restored
  static constexpr auto kType = EventType::system_restored;
  std::uint64_t epoch = 0;
};
struct SystemStopped {  // tail: why
  static constexpr auto kType = EventType::system_stopped;
  std::uint64_t epoch = 0;
};
struct ActorDeclared {  // tail: actor name
  static constexpr auto kType = EventType::actor_declared;
  ActorId actor;
  std::uint16_t reserved[3] = {};
  std::uint64_t kind = 0;  ///< ActorKind; decides which events it may write.
};
/// From here on the journal refuses what earlier incarnations still had in flight.
struct ActorStarted {
  static constexpr auto kType = EventType::actor_started;
  ActorId actor;
  std::uint16_t reserved = 0;
  std::uint32_t incarnation = 0;
  Digest identity{};  ///< Hash of plugin code, settings and framework version: the era.
};
struct ActorFailed {  // tail: the cause chain
  static constexpr auto kType = EventType::actor_failed;
  ActorId actor;
  std::uint16_t reserved = 0;
  std::uint32_t incarnation = 0;
};
struct ActorStopped {  // tail: why
  static constexpr auto kType = EventType::actor_stopped;
  ActorId actor;
  std::uint16_t reserved = 0;
  std::uint32_t incarnation = 0;
};
/// Not restarted any more; the tail names the first differing event, or the reason.
struct ActorParked {
  static constexpr auto kType = EventType::actor_parked;
  ActorId actor;
  std::uint16_t reserved = 0;
  std::uint32_t incarnation = 0;
};
struct InstrumentDefined {  // tail: symbol '\n' currency '\n' session
  static constexpr auto kType = EventType::instrument_defined;
  InstrumentId instrument;
  std::uint32_t version = 0;
  Price tick;
  Quantity lot;
};

/// How much a latch still allows. Ordered: the strictest over anything is its trading state.
enum class LatchLevel : std::uint8_t { active = 0, reducing = 1, halted = 2 };
enum class LatchScope : std::uint8_t { system = 0, strategy = 1, instrument = 2 };
std::string_view to_string(LatchLevel);
std::string_view to_string(LatchScope);

struct LatchEngaged {  // tail: operator '\n' reason
  static constexpr auto kType = EventType::latch_engaged;
  LatchScope scope = LatchScope::system;
  LatchLevel level = LatchLevel::halted;
  std::uint16_t reserved = 0;
  std::uint32_t target = 0;  ///< ActorId or InstrumentId value; 0 for the system.
};
struct LatchReleased {  // tail: operator '\n' reason
  static constexpr auto kType = EventType::latch_released;
  LatchScope scope = LatchScope::system;
  std::uint8_t reserved[3] = {};
  std::uint32_t target = 0;
};
struct FeedEnded {
  static constexpr auto kType = EventType::feed_ended;
  ActorId feed;
  std::uint16_t reserved[3] = {};
};
/// Market data below `below_seq` was pruned; its digests stay in the chain.
struct MarketPruned {
  static constexpr auto kType = EventType::market_pruned;
  std::uint64_t below_seq = 0;
};

}  // namespace holdfast
