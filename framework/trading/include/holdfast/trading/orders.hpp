#pragma once

#include <map>
#include <optional>
#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>

namespace holdfast {

/// FIX OrdStatus (39), with the steps before the venue spelled out. Values are in snapshots.
enum class OrdStatus : std::uint8_t {
  intended = 1,   ///< The strategy asked; risk has not answered.
  approved,       ///< Risk said yes; not released yet.
  sent,           ///< Released; the venue has not answered (FIX Pending New).
  acknowledged,   ///< Working (FIX New).
  partially_filled,
  filled, cancelled, expired, rejected, denied,
};
std::string_view to_string(OrdStatus);
/// Nothing can follow.
constexpr bool is_terminal(OrdStatus status) { return status >= OrdStatus::filled; }

/// One order as its events tell it.
struct Order {
  OrderTerms terms;
  OrdStatus status = OrdStatus::intended;
  Quantity cum_qty;
  Quantity leaves_qty;
  Time intent_time;
  std::uint8_t cancel_requested = 0;

  ActorId owner() const { return terms.cl_ord_id.owner(); }
  void state(Archive& a);
};

/// The order an event is about; empty when it is about none.
std::optional<ClOrdId> order_of(const Event& event);

/// The order state machine: the status `status` leads to by an event of `type`, or empty when the
/// event is illegal in that state. `leaves` is what is open after a fill. A table, nothing else.
std::optional<OrdStatus> next_status(OrdStatus status, EventType type, Quantity leaves);

/// All orders that have not ended, as a fold over order events; ended ones are forgotten.
class Orders {
 public:
  /// What one event did to one order; `order` is valid until the next hear().
  struct Change {
    const Order* order = nullptr;  ///< Null when the event concerns no open order.
    bool legal = true;             ///< False: the transition is not in the table; nothing changed.
  };
  /// Folds any event; those that are no order events change nothing.
  Change hear(const Event& event);

  /// Null when unknown or ended.
  const Order* find(ClOrdId id) const;
  /// By id, so that iteration has one order everywhere.
  const std::map<ClOrdId, Order>& open() const { return open_; }
  /// Approved and not ended: what limits must count. Never negative.
  Quantity working(InstrumentId instrument, Side side, std::optional<ActorId> owner = {}) const;

  void state(Archive& a) { a(open_); }

 private:
  std::map<ClOrdId, Order> open_;
  Order ended_;
};

}  // namespace holdfast
