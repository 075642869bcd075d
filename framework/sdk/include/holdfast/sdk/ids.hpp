#pragma once

#include <compare>
#include <cstdint>

namespace holdfast {

/// An instrument of this system; 0 is none. Assigned once and journaled, stable over restarts.
struct InstrumentId {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(InstrumentId, InstrumentId) = default;
};

/// An actor of this system; 0 is the system itself. Assigned once and journaled.
struct ActorId {
  std::uint16_t value = 0;
  friend constexpr auto operator<=>(ActorId, ActorId) = default;
};

/// FIX ClOrdID (tag 11). The owner's id in the top 16 bits, the owner's own counter below: unique
/// over restarts because the counter is part of the owner's state.
struct ClOrdId {
  std::uint64_t value = 0;

  /// How many are skipped at SystemRestored: more than anybody gives between two backups.
  static constexpr std::uint64_t kSkipped = std::uint64_t{1} << 32;

  static constexpr ClOrdId make(ActorId owner, std::uint64_t counter) {
    return {(static_cast<std::uint64_t>(owner.value) << 48) | counter};
  }
  constexpr ActorId owner() const { return {static_cast<std::uint16_t>(value >> 48)}; }
  constexpr std::uint64_t counter() const { return value & 0xffff'ffff'ffffULL; }
  friend constexpr auto operator<=>(ClOrdId, ClOrdId) = default;
};

}  // namespace holdfast
