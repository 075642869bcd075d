#pragma once

#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/events.hpp>
#include <holdfast/sdk/instrument.hpp>
#include <holdfast/sdk/order.hpp>
#include <holdfast/sdk/random.hpp>

namespace holdfast {

/// Names a timer of one strategy; set again, it moves.
struct TimerId {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(TimerId, TimerId) = default;
  void state(Archive& a) { a(value); }
};

/// What became of one of the strategy's own orders.
struct OrderUpdate {
  enum class Kind : std::uint8_t {
    approved, denied, sent, acknowledged, filled, cancelled, expired, rejected, cancel_rejected,
    replaced, replace_rejected,
    unknown,  ///< What became of it is not known; it still counts, and another update will follow.
    busted,   ///< The venue took a fill back: last_px and last_qty say which; may come after the end.
    inherited,  ///< An open order of a strategy that was removed is this one's from now on; it keeps its id.
  };
  Kind kind;
  ClOrdId cl_ord_id;
  InstrumentId instrument;
  Side side = Side::buy;
  Price last_px;        ///< filled: price of this fill.
  Quantity last_qty;    ///< filled: size of this fill.
  Quantity leaves_qty;  ///< Still open afterwards; zero ends the order.
  std::string_view text;///< denied, rejected: why. Valid during the call.

  /// No further update will follow for this order.
  bool terminal() const {
    return kind == Kind::denied || kind == Kind::cancelled || kind == Kind::expired ||
           kind == Kind::rejected || (kind == Kind::filled && leaves_qty.is_zero());
  }
};

/// What a strategy may do, lent for one callback. [actor-thread] Never keep a reference.
class Desk {
 public:
  virtual ~Desk() = default;
  /// Asks for an order and returns its id at once; the verdict and any fills arrive through
  /// on_order(). `reason` goes to the audit trail word for word, at most EventBuffer::kMaxTail
  /// bytes. Fails: never; what is malformed is denied.
  virtual ClOrdId submit(const OrderRequest& order, std::string_view reason) = 0;
  /// Asks to change a working order, keeping its id. `quantity` counts what is filled already. The verdict
  /// arrives as `replaced` or `replace_rejected`; until then either may be filled.
  virtual void replace(ClOrdId order, Quantity quantity, Price price, std::string_view reason) = 0;
  /// Asks to cancel; harmless when the order has already ended.
  virtual void cancel(ClOrdId order, std::string_view reason) = 0;
  /// This strategy's own share of what the accounts hold: its fills heard so far, busts taken off, and what it
  /// has inherited. What others, or nobody known, have bought in the same account is not in it.
  virtual Quantity position(InstrumentId instrument) const = 0;
  /// What the accounts at all brokers hold together, as far as our books know: everybody's shares, those of
  /// removed strategies and of nobody known included. Not this strategy's to close.
  virtual Quantity account_position(InstrumentId instrument) const = 0;
  /// Time of the event being heard; the only clock a strategy has.
  virtual Time now() const = 0;
  /// on_timer(id) is called with the first event at or after `when`.
  virtual void timer(TimerId id, Time when) = 0;
  /// Null when the instrument is not of this system.
  virtual const Instrument* instrument(InstrumentId id) const = 0;
  /// Seeded, part of the state: the same after a restart.
  virtual Random& random() = 0;
  /// For people; silent while history is folded.
  virtual void log(std::string_view text) = 0;
};

/// Decides what to trade. Hears quotes and trades of the instruments its settings name.
///
/// The same events must always give the same answers: no clock, no randomness and no container
/// ordered by address other than what the desk lends. A restart replays history and compares.
/// An exception ends this incarnation; the supervisor decides what follows.
class Strategy {
 public:
  static constexpr std::string_view kKind = "strategy";
  virtual ~Strategy();
  virtual void on_quote(const Quote&, Desk&) {}
  virtual void on_trade(const Trade&, Desk&) {}
  virtual void on_book(const BookLevel&, Desk&) {}
  virtual void on_timer(TimerId, Desk&) {}
  virtual void on_order(const OrderUpdate&, Desk&) {}
  /// Names every member that must survive a restart.
  virtual void state(Archive&) {}
};

}  // namespace holdfast
