#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <holdfast/sdk/event.hpp>

namespace holdfast {

/// Market events as they are stored: about a quarter of their size in memory.
///
/// An event is a row of 8-byte words. Each word is predicted from the row before of the same size
/// (its value plus its last change, so counters and regular times vanish) and what is left is
/// stored in the fewest bytes. Knows nothing of event types, so a new one needs no code here.
/// Layout: u32 size of the events; per event: u8 words, then a nibble per word (bytes that follow,
/// 0 to 8), then those bytes of the zigzagged difference, little-endian.
///
/// Of `events` those are left out that begin at `without`, ascending.
std::vector<std::byte> pack(std::span<const std::byte> events, std::span<const std::uint32_t> without = {});

/// The events that pack() was given, and among them, by sequence number, those of `business`, which are
/// checked; in the memory of `reuse`. Empty when `packed` is not what pack() makes; never reads or writes
/// out of bounds.
std::optional<EventBytes> unpack(std::span<const std::byte> packed, std::span<const std::byte> business = {},
                                 EventBytes reuse = {});

}  // namespace holdfast
