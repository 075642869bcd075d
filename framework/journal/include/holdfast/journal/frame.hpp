#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/journal/sha256.hpp>
#include <holdfast/sdk/event.hpp>

namespace holdfast {

/// What the chain is made of. On disk as it stands, little-endian; a change needs a new version.
///
/// hash = SHA-256 over all fields before it. The two digests stand for the events, so the chain can
/// still be verified after market data was pruned.
struct FrameHeader {
  static constexpr std::uint32_t kMagic = 0x6d726648;  // "Hfrm"
  static constexpr std::uint32_t kVersion = 1;
  std::uint32_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint64_t first_seq = 0;
  std::uint32_t count = 0;           ///< Events of both streams.
  std::uint32_t market_count = 0;
  std::uint32_t market_bytes = 0;    ///< As stored: packed.
  std::uint32_t business_bytes = 0;
  std::uint64_t epoch = 0;           ///< The run that wrote it.
  Time last_time;                    ///< Time of the last event.
  Digest previous{};                 ///< hash of the frame before; zeros for the first.
  Digest market_digest{};            ///< SHA-256 of the market events as stored: packed.
  Digest business_digest{};
  Digest hash{};

  std::uint64_t last_seq() const { return first_seq + count - 1; }
  Digest compute_hash() const;
};
static_assert(sizeof(FrameHeader) == 176);

/// What a frame brings, in coarse kinds: whoever waits for one of them is woken first.
enum class Cargo : std::uint8_t { market = 1, intents = 2, verdicts = 4, reports = 8, other = 16 };
constexpr std::uint8_t cargo_of(EventType type) {
  using T = EventType;
  const auto kind = stream_of(type) == Stream::market                                  ? Cargo::market
                    : type == T::order_intent || type == T::cancel_intent || type == T::replace_intent
                                                                                       ? Cargo::intents
                    : type == T::order_approved || type == T::order_denied || type == T::replace_approved
                                                                                       ? Cargo::verdicts
                    : type >= T::order_sent && type <= T::fill_busted                  ? Cargo::reports
                                                                                       : Cargo::other;
  return static_cast<std::uint8_t>(kind);
}

/// A batch of events that were sequenced together: the unit of storage, hashing and broadcast.
/// Immutable once sealed and shared by all who hear it. [any-thread]
struct Frame {
  FrameHeader header;
  /// Both streams in sequence order. Market events are missing when `market_pruned`.
  EventBytes events;
  /// Where the business events begin in `events`, ascending: what lies between is of the market.
  std::vector<std::uint32_t> business;
  bool market_pruned = false;
  std::uint8_t cargo = 0;  ///< Union of cargo_of() its events; only on a frame that was just sealed.
  /// When it was sealed; only on a frame that the live journal just sealed. For measuring latency.
  std::chrono::steady_clock::time_point sealed{};
  /// The market events as they are stored; only on a frame that was just sealed.
  std::vector<std::byte> packed_market;

  template <class F>
  void for_each(F&& f) const { for_each_event(events, std::forward<F>(f)); }
  Event business_at(std::size_t offset) const { return Event{events.data() + offset}; }
  /// The business events alone, as they are stored.
  std::vector<std::byte> business_events() const;
};
using FramePtr = std::shared_ptr<const Frame>;

/// Why bytes are not well-formed events of a schema we know, or empty. Everything read from disk or
/// a socket passes here before anyone looks inside.
/// `business`, where wanted, becomes what Frame::business is.
std::optional<std::string> check_events(std::span<const std::byte> bytes, std::vector<std::uint32_t>* business = nullptr);

}  // namespace holdfast
