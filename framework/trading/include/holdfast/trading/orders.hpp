#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>
#include <holdfast/sdk/statement.hpp>
#include <holdfast/trading/owners.hpp>

namespace holdfast {

/// FIX OrdStatus (39), with the steps before the venue spelled out. Values are in snapshots.
enum class OrdStatus : std::uint8_t {
  intended = 1,   ///< The strategy asked; risk has not answered.
  approved,       ///< Risk said yes; not released yet.
  sent,           ///< Released; the venue has not answered (FIX Pending New).
  acknowledged,   ///< Working (FIX New).
  partially_filled,
  filled, cancelled, expired, rejected, denied,
  unknown,          ///< The venue must be asked; counts as working until it has answered.
  pending_cancel,   ///< Working, and asked to be cancelled.
  pending_replace,  ///< Working, and asked to be changed.
};
std::string_view to_string(OrdStatus);
/// Nothing can follow.
constexpr bool is_terminal(OrdStatus status) { return status >= OrdStatus::filled && status <= OrdStatus::denied; }

/// One order as its events tell it.
struct Order {
  OrderTerms terms;
  OrdStatus status = OrdStatus::intended;
  Quantity cum_qty;
  Quantity leaves_qty;
  Time intent_time;
  std::uint8_t cancel_requested = 0;
  std::uint64_t venue_order_id = 0;  ///< 0: not told yet.
  std::string venue_cl_ord_id;       ///< Of an adopted order that is not ours.
  std::uint64_t revision = 0;        ///< Of the newest change that the venue has made.
  std::uint64_t asked_revision = 0;  ///< Of the newest change asked for.
  /// Asked for, approved and not answered: what it may become. Zero: nothing.
  Quantity asked_qty;
  Price asked_px;
  ActorId heir;                      ///< Who has it from whoever asked for it; 0: nobody.

  ActorId owner() const { return heir == ActorId{} ? terms.cl_ord_id.owner() : heir; }
  /// What limits must count of it: what is left now or once a change comes to be, whichever is more.
  Quantity exposed() const { return std::max(leaves_qty, asked_qty - cum_qty); }
  WorkingOrder working() const { return {terms, venue_order_id, revision, venue_cl_ord_id}; }
  void state(Archive& a);
};

/// The order an event is about; empty when it is about none.
std::optional<ClOrdId> order_of(const Event& event);

/// The order state machine: the status `status` leads to by an event of `type`, or empty when the
/// event is illegal in that state. `leaves` is what is open after a fill, `cum` what was filled before: an
/// order that works again is partially filled or not. A table, nothing else.
std::optional<OrdStatus> next_status(OrdStatus status, EventType type, Quantity leaves, Quantity cum = {});

/// What an event does to its owner's position: a fill, or a bust of one.
struct PositionChange {
  InstrumentId instrument;
  Quantity quantity;  ///< Signed.
};
std::optional<PositionChange> position_change(const Event& event);

/// All orders that have not ended, as a fold over order events; ended ones are forgotten.
class Orders {
 public:
  /// What one event did to one order; `order` is valid until the next hear().
  struct Change {
    const Order* order = nullptr;  ///< Null when the event concerns no open order.
    bool legal = true;             ///< False: the transition is not in the table; nothing changed. A fill or
                                   ///< bust of an order that has ended is legal, and its position changes.
  };
  /// Folds any event; those that are no order events change nothing, but for StrategyRemoved.
  Change hear(const Event& event);

  /// Null when unknown or ended.
  const Order* find(ClOrdId id) const;
  /// Also of an order that has ended: whose a fill or bust of it is.
  ActorId owner(ClOrdId id) const { return owners_.of(id); }
  const Owners& owners() const { return owners_; }
  /// By id, so that iteration has one order everywhere.
  const std::map<ClOrdId, Order>& open() const { return open_; }
  /// Approved and not ended: what limits must count. Never negative.
  Quantity working(InstrumentId instrument, Side side, std::optional<ActorId> owner = {}) const;

  void state(Archive& a) { a(open_, owners_); }

 private:
  std::map<ClOrdId, Order> open_;
  Owners owners_;
  Order ended_;
};

}  // namespace holdfast
