#pragma once

#include <cstdint>
#include <string_view>

#include <holdfast/sdk/order.hpp>

/// Every fact Holdfast stores. A payload is a fixed little-endian layout, padded to 8 bytes by
/// hand so that its bytes are the same everywhere; some carry a text tail, named beside them.
/// Numbers and layouts are on disk: never renumber, never reorder; a changed layout gets a new
/// kVersion and an upcast in framework/journal/src/codec.cpp.
namespace holdfast {

/// Market data may be pruned; business events are kept.
enum class Stream : std::uint8_t { market = 0, business = 1 };

enum class EventType : std::uint8_t {
  quote = 1, trade = 2, book_level = 3, book_clear = 4, bad_tick = 5, time_advanced = 6,
  order_intent = 32, order_approved, order_denied, order_sent, order_acknowledged, order_filled,
  order_cancelled, order_expired, order_rejected, cancel_intent, cancel_sent, cancel_rejected,
  order_replaced, order_unknown, order_adopted, fill_busted,
  fill_booked = 48, checkpoint_signed, alert_sent,
  replace_intent, replace_approved, replace_denied, replace_sent, replace_rejected, order_routed, position_adjusted,
  strategy_removed, order_handed_over, share_booked,
  system_started = 64, system_stopped, actor_declared, actor_started, actor_failed, actor_stopped,
  actor_parked, instrument_defined, latch_engaged, latch_released, feed_ended, market_pruned,
  link_changed, reconciled, difference_found, difference_accepted, instrument_changed, system_restored,
};

constexpr Stream stream_of(EventType type) {
  return static_cast<std::uint8_t>(type) < 32 ? Stream::market : Stream::business;
}
/// Facts about processes rather than about trading; left out of every state digest.
constexpr bool is_lifecycle(EventType type) { return static_cast<std::uint8_t>(type) >= 64; }
std::string_view to_string(EventType);

// ---- market ------------------------------------------------------------------------------------

enum class TickFlaw : std::uint32_t { none = 0, crossed, locked, out_of_order, zero, not_a_number };
std::string_view to_string(TickFlaw);

/// Best bid and offer. `flaw` is set when declared policy lets a bad tick through marked.
struct Quote {
  static constexpr auto kType = EventType::quote;
  InstrumentId instrument;
  TickFlaw flaw = TickFlaw::none;
  Price bid, ask;
  Quantity bid_size, ask_size;
  Time venue_time;
};
struct Trade {
  static constexpr auto kType = EventType::trade;
  InstrumentId instrument;
  Side aggressor = Side::buy;
  std::uint8_t hidden = 0;
  std::uint16_t reserved = 0;
  Price price;
  Quantity quantity;
  Time venue_time;
};
/// The total resting at one price is now `quantity`; zero removes the level.
struct BookLevel {
  static constexpr auto kType = EventType::book_level;
  InstrumentId instrument;
  Side side = Side::buy;
  std::uint8_t last = 1;  ///< 0 while more levels of the same venue message follow.
  std::uint16_t reserved = 0;
  Price price;
  Quantity quantity;
  Time venue_time;
};
/// The book starts anew: a snapshot follows, or the feed lost its place.
struct BookClear {
  static constexpr auto kType = EventType::book_clear;
  InstrumentId instrument;
  std::uint32_t reserved = 0;
  Time venue_time;
};
/// A tick that declared policy dropped, kept as a count.
struct BadTick {
  static constexpr auto kType = EventType::bad_tick;
  InstrumentId instrument;
  TickFlaw flaw = TickFlaw::none;
  Time venue_time;
};
/// A timer was due and nothing else happened; the header's time is the new time.
struct TimeAdvanced {
  static constexpr auto kType = EventType::time_advanced;
};

// ---- books and checkpoints ---------------------------------------------------------------------

/// The ledger's posting for one fill; `journal verify` recomputes it.
struct FillBooked {
  static constexpr auto kType = EventType::fill_booked;
  ClOrdId cl_ord_id;
  std::uint64_t exec_id = 0;
  InstrumentId instrument;
  std::uint32_t busted = 0;  ///< 1: the fill was taken back, and this is the opposite of its posting.
  Quantity position;       ///< Of the owner in the instrument, after the fill.
  Money cash;              ///< Change of cash: -notional of a buy, fee included.
  Money realized;          ///< Profit this fill realised, before fees.
  Money fee;
};
/// The ledger's posting for a share that has changed hands at its cost; `journal verify` recomputes it.
struct ShareBooked {
  static constexpr auto kType = EventType::share_booked;
  ActorId from, to;
  InstrumentId instrument;
  Quantity quantity;       ///< Signed: what changed hands.
  Money cost;              ///< Signed: what that had cost.
  Quantity position;       ///< Of `to`, after it.
  Money realized;          ///< Profit of `to` where the two shares were opposite.
};
struct CheckpointSigned {  // tail: file name in the anchor directory
  static constexpr auto kType = EventType::checkpoint_signed;
  std::uint64_t covered_seq = 0;
};
/// A notifier has told people about the event `about_seq`.
struct AlertSent {  // tail: what was told
  static constexpr auto kType = EventType::alert_sent;
  std::uint64_t about_seq = 0;
};

}  // namespace holdfast

#include <holdfast/sdk/order_events.hpp>
#include <holdfast/sdk/venue_events.hpp>
