#pragma once

#include <holdfast/sdk/order_events.hpp>

/// Facts about how we and a venue stand to each other. Included by events.hpp, whose rules hold here.
namespace holdfast {

/// A position of the account that no fill explains was accepted as it is, by a named operator.
struct PositionAdjusted {  // tail: operator '\n' reason
  static constexpr auto kType = EventType::position_adjusted;
  InstrumentId instrument;
  ActorId owner;  ///< 0: external.
  std::uint16_t reserved = 0;
  Quantity change;
};
enum class LinkState : std::uint32_t {
  down = 0,        ///< Nothing can be sent.
  reconciling = 1, ///< Connected; only cancels are sent.
  armed = 2,       ///< Books agree; orders may leave.
};
std::string_view to_string(LinkState);
/// How a broker stands with its venue.
struct LinkChanged {  // tail: why
  static constexpr auto kType = EventType::link_changed;
  ActorId broker;
  std::uint16_t reserved = 0;
  LinkState state = LinkState::down;
};
/// Our book and the venue's were compared.
struct Reconciled {
  static constexpr auto kType = EventType::reconciled;
  ActorId broker;
  std::uint16_t reserved = 0;
  std::uint32_t corrections = 0;  ///< Events written to mend our book.
  std::uint32_t differences = 0;  ///< What stays unexplained.
  std::uint32_t orders = 0;       ///< Open at the venue.
  std::uint64_t fills_up_to = 0;  ///< All fills up to this execution are known: where the next comparison begins.
};
enum class DifferenceKind : std::uint32_t { order = 1, position = 2, balance = 3 };
std::string_view to_string(DifferenceKind);
/// Something at the venue that our events do not explain; of a position with equal amounts: explained since.
struct DifferenceFound {  // tail: the evidence, for people
  static constexpr auto kType = EventType::difference_found;
  ActorId broker;
  std::uint16_t reserved = 0;
  DifferenceKind kind = DifferenceKind::order;
  InstrumentId instrument;  ///< 0 for a balance.
  std::uint32_t reserved2 = 0;
  ClOrdId cl_ord_id;        ///< 0 unless it is about one order.
  Quantity ours, theirs;
};
/// A named operator takes the venue's word for what is unexplained of an instrument; the broker mends the book.
struct DifferenceAccepted {  // tail: operator '\n' reason
  static constexpr auto kType = EventType::difference_accepted;
  InstrumentId instrument;
  std::uint32_t reserved = 0;
};
enum class TradingStatus : std::uint32_t { open = 0, halted = 1, closed = 2, expired = 3 };
std::string_view to_string(TradingStatus);
/// What the venue says of an instrument: reference data, and whether it trades. Zero: no such limit.
struct InstrumentChanged {  // tail: the venue's symbol
  static constexpr auto kType = EventType::instrument_changed;
  InstrumentId instrument;
  TradingStatus status = TradingStatus::open;
  Price tick;
  Quantity lot, min_qty, max_qty;
  Money min_notional;
  Rate price_band;
  Time expiry;

  friend bool operator==(const InstrumentChanged&, const InstrumentChanged&) = default;
};

}  // namespace holdfast
