#pragma once

#include <holdfast/sdk/events.hpp>

/// Facts about orders, and about the venues that have them. Included by events.hpp, whose rules hold here.
namespace holdfast {

enum class DenyReason : std::uint32_t {
  none = 0, rule = 1, latch = 2, stale = 3, unknown_instrument = 4, malformed = 5, closed = 6,
  filter = 7,  ///< The instrument's reference data, as the venue stated it, rules it out.
};

struct OrderIntent {  // tail: the strategy's reason
  static constexpr auto kType = EventType::order_intent;
  static constexpr std::uint8_t kVersion = 2;
  OrderTerms terms;
  Time asked{};  ///< When the event happened that the order answers; zero counts as the intent's own.
};
struct OrderApproved {
  static constexpr auto kType = EventType::order_approved;
  static constexpr std::uint8_t kVersion = 2;
  OrderTerms terms;
};
struct OrderDenied {  // tail: the rule's words, with the numbers in them
  static constexpr auto kType = EventType::order_denied;
  ClOrdId cl_ord_id;
  DenyReason reason = DenyReason::none;
  InstrumentId instrument;
};
/// Released to the broker: durable, and no latch forbade it at this instant.
struct OrderSent {
  static constexpr auto kType = EventType::order_sent;
  static constexpr std::uint8_t kVersion = 2;
  OrderTerms terms;
  Time released;  ///< The edge's own clock, for latency; ordering never uses it.
};
struct OrderAcknowledged {
  static constexpr auto kType = EventType::order_acknowledged;
  ClOrdId cl_ord_id;
  std::uint64_t venue_order_id = 0;
};
/// FIX ExecutionReport, ExecType=F. Unique by (broker, exec_id); may come after the order's end.
struct OrderFilled {
  static constexpr auto kType = EventType::order_filled;
  ClOrdId cl_ord_id;
  std::uint64_t exec_id = 0;
  InstrumentId instrument;
  Side side = Side::buy;
  Liquidity liquidity = Liquidity::taker;
  std::uint16_t reserved = 0;
  Price last_px;
  Quantity last_qty, cum_qty, leaves_qty;
  Money fee;  ///< In the instrument's currency; negative is a rebate.
};
/// How an order ended without (more) fills: cancelled, expired, rejected.
struct OrderCancelled {  // tail: why
  static constexpr auto kType = EventType::order_cancelled;
  ClOrdId cl_ord_id;
  Quantity leaves_qty;
};
struct OrderExpired {  // tail: why
  static constexpr auto kType = EventType::order_expired;
  ClOrdId cl_ord_id;
  Quantity leaves_qty;
};
struct OrderRejected {  // tail: the venue's words
  static constexpr auto kType = EventType::order_rejected;
  ClOrdId cl_ord_id;
};
struct CancelIntent {  // tail: reason
  static constexpr auto kType = EventType::cancel_intent;
  ClOrdId cl_ord_id;
};
struct CancelSent {
  static constexpr auto kType = EventType::cancel_sent;
  ClOrdId cl_ord_id;
  Time released;
};
struct CancelRejected {  // tail: why
  static constexpr auto kType = EventType::cancel_rejected;
  ClOrdId cl_ord_id;
};
/// FIX ExecType=5: the order has these terms now.
struct OrderReplaced {
  static constexpr auto kType = EventType::order_replaced;
  ClOrdId cl_ord_id;
  Quantity quantity;  ///< What is filled already included.
  Price price;
  Quantity leaves_qty;
  std::uint64_t venue_order_id = 0;  ///< Some venues give a new one.
  std::uint64_t revision = 0;        ///< Of the ReplaceSent that it answers.
};
/// What became of it, or of a request about it, is not known: no answer in time, a lost connection, a garbled
/// reply. It may work, be filled, or never have arrived; the venue is asked.
struct OrderUnknown {  // tail: why
  static constexpr auto kType = EventType::order_unknown;
  ClOrdId cl_ord_id;
};
/// The venue has an order open that was not open here. Its owner is 0, "external", unless the id is one of ours.
struct OrderAdopted {  // tail: the venue's ClOrdID, empty when it is our own
  static constexpr auto kType = EventType::order_adopted;
  OrderTerms terms;
  Quantity cum_qty, leaves_qty;
  std::uint64_t venue_order_id = 0;
};
/// The venue took a fill back (FIX ExecType=H). A correction is this and a new fill. Without an order and a quantity it
/// is of a fill that never reached us: should that come yet, it is left out.
struct FillBusted {  // tail: the venue's words
  static constexpr auto kType = EventType::fill_busted;
  ClOrdId cl_ord_id;
  std::uint64_t exec_id = 0;  ///< Of the fill.
  InstrumentId instrument;
  Side side = Side::buy;
  std::uint8_t reserved[3] = {};
  Price last_px;
  Quantity last_qty;
  Money fee;
};
struct ReplaceIntent {  // tail: reason
  static constexpr auto kType = EventType::replace_intent;
  ClOrdId cl_ord_id;
  Quantity quantity;
  Price price;
};
struct ReplaceApproved {
  static constexpr auto kType = EventType::replace_approved;
  ClOrdId cl_ord_id;
  Quantity quantity;
  Price price;
};
struct ReplaceDenied {  // tail: why
  static constexpr auto kType = EventType::replace_denied;
  ClOrdId cl_ord_id;
  DenyReason reason = DenyReason::none;
  std::uint32_t reserved = 0;
};
struct ReplaceSent {
  static constexpr auto kType = EventType::replace_sent;
  ClOrdId cl_ord_id;
  Quantity quantity;
  Price price;
  std::uint64_t revision = 0;  ///< Counts the changes asked for of this order, from 1.
  Time released;
};
struct ReplaceRejected {  // tail: why
  static constexpr auto kType = EventType::replace_rejected;
  ClOrdId cl_ord_id;
};
/// A broker that cannot send an approved order, and never has, leaves it to another.
struct OrderRouted {
  static constexpr auto kType = EventType::order_routed;
  ClOrdId cl_ord_id;
  ActorId to;
  std::uint16_t reserved[3] = {};
};
/// What becomes of the orders and the share of positions that a removed strategy leaves.
enum class Removal : std::uint8_t {
  none = 0,       ///< It is here again, and they are its own.
  cancel = 1,     ///< Its orders are cancelled; its share stays in its name, and nobody trades it.
  flatten = 2,    ///< Its orders are cancelled, and then its share is closed.
  hand_over = 3,  ///< Both are another strategy's from here on, fills and busts that come later included.
};
std::string_view to_string(Removal);
/// A strategy that owned something is no longer declared, and the configuration says what becomes of it.
struct StrategyRemoved {
  static constexpr auto kType = EventType::strategy_removed;
  ActorId strategy;
  ActorId heir;  ///< hand_over: whose it is from here on.
  Removal what = Removal::none;
  std::uint8_t reserved[3] = {};
};
/// After a StrategyRemoved: an open order that has changed hands, as it is. It keeps its id.
struct OrderHandedOver {
  static constexpr auto kType = EventType::order_handed_over;
  OrderTerms terms;
  Quantity cum_qty, leaves_qty;
  std::uint64_t venue_order_id = 0;
  std::uint64_t revision = 0;
  ActorId heir;
  std::uint8_t status = 0;  ///< OrdStatus, by its number.
  std::uint8_t reserved[5] = {};
};

}  // namespace holdfast
