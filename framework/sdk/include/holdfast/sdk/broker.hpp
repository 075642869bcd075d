#pragma once

#include <functional>
#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>
#include <holdfast/sdk/instrument.hpp>
#include <holdfast/sdk/statement.hpp>

namespace holdfast {

/// Where a broker writes what its venue says, lent per call. [actor-thread]
///
/// An edge may report the same twice, late and in any order: what is known already is left out, and CumQty and
/// LeavesQty of fills are counted anew from our own book, so zeros will do there.
class Blotter {
 public:
  virtual ~Blotter() = default;
  virtual Time now() const = 0;
  virtual void acknowledged(const OrderAcknowledged&) = 0;
  virtual void filled(const OrderFilled&) = 0;
  virtual void cancelled(const OrderCancelled&, std::string_view why) = 0;
  virtual void expired(const OrderExpired&, std::string_view why) = 0;
  /// The venue itself said no. Whatever else went wrong is unknown().
  virtual void rejected(const OrderRejected&, std::string_view why) = 0;
  virtual void cancel_rejected(const CancelRejected&, std::string_view why) = 0;
  virtual void replaced(const OrderReplaced&) = 0;
  virtual void replace_rejected(const ReplaceRejected&, std::string_view why) = 0;
  /// Edges: what became of the order, or of a request about it, is not known.
  virtual void unknown(ClOrdId order, std::string_view why) = 0;
  virtual void busted(const FillBusted&, std::string_view why) = 0;
  virtual void instrument(const InstrumentChanged&, std::string_view venue_symbol) = 0;
  /// Edges: the connection to the venue is there, or is not. It is not before the first call.
  virtual void connected() = 0;
  virtual void disconnected(std::string_view why) = 0;
  /// Edges: the answer to ask(), complete.
  virtual void statement(const VenueStatement&) = 0;
  /// How many reports this incarnation has written; see Broker::durable().
  virtual std::uint64_t written() const = 0;
  /// For people, under the actor's name; nothing while history is replayed.
  virtual void log(std::string_view text) { (void)text; }
};

/// What a broker can do at its venue. What it does not claim is refused before it is sent.
struct BrokerCapabilities {
  std::vector<OrdType> types{OrdType::market, OrdType::limit};
  std::vector<TimeInForce> tifs{TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok};
  ExecInst exec_insts = ExecInst::none;
  bool icebergs = false;
  bool replace = false;
  bool asks = false;      ///< ask() is answered: what the account holds can be compared.
  bool positions = true;  ///< Positions are among what can be asked; if not, orders and fills must do.

  /// Why the venue would not take such an order; empty: it would.
  std::string refusal(const OrderTerms& terms) const;
};

/// Brings approved orders to a venue.
///
/// A *pure* broker (paper) is its own venue: send(), replace() and cancel() are part of the fold, called when
/// OrderSent, ReplaceSent and CancelSent are heard, also while history is replayed, and its reports are answers.
/// An *edge* broker's calls have effects outside: each once, when what it is about is durable and no latch
/// forbids it, and never during a replay. All calls [actor-thread]; none may wait for the venue.
class Broker {
 public:
  static constexpr std::string_view kKind = "broker";
  virtual ~Broker();
  /// True for a broker that is its own venue; the manifest says the same with kPurity.
  virtual bool pure() const { return false; }
  virtual BrokerCapabilities capabilities() const { return {}; }
  virtual void send(const ApprovedOrder& order, Blotter& blotter) = 0;
  /// `request` is unique among this actor's requests, over restarts too.
  virtual void cancel(const WorkingOrder& order, std::uint64_t request, Blotter& blotter) = 0;
  /// REQUIRES: capabilities().replace. `revision` counts the changes asked for of this order, from 1.
  virtual void replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision,
                       Blotter& blotter);

  // ---- pure ----
  /// Market data and passing time, for brokers that match by themselves.
  virtual void hear(const Event&, Blotter&) {}
  /// True while nothing of the market stream, passing time included, can make it report anything or
  /// change wake_at() or this: when no order is there to match. See Actor::quiet().
  virtual bool quiet() const { return false; }
  /// REQUIRES: quiet(). What hear() of each of the market events in `stretch` would do.
  virtual void hear_market(std::span<const std::byte> stretch) { (void)stretch; }
  /// When the broker wants TimeAdvanced if nothing else happens; zero means never.
  virtual Time wake_at() const { return {}; }
  virtual void state(Archive&) {}

  // ---- edges ----
  /// Once, after history was folded: connect from now on. `wake` [any-thread] asks for poll().
  virtual void open(std::function<void()> wake) { (void)wake; }
  /// Writes what the venue has said since. Must be cheap when it has said nothing.
  virtual void poll(Blotter&) {}
  /// REQUIRES: capabilities().asks, and connected. Ends in Blotter::statement(), or in disconnected().
  virtual void ask(const VenueQuestion&, Blotter&) {}
  /// An order that send() may be called with shortly, once it is durable and no latch forbids it: what makes sending it
  /// quick can be done here. Nothing may leave, and nothing may follow if it never comes.
  virtual void prepare(const OrderTerms&) {}
  /// Everything up to the `written`-th report is durable: what the venue said up to there may be acknowledged to it.
  virtual void durable(std::uint64_t written) { (void)written; }
  /// As send(), of an order that may have been sent before: the same ClOrdID, marked as a possible repetition.
  virtual void send_again(const ApprovedOrder& order, Blotter& blotter) { send(order, blotter); }
};

}  // namespace holdfast
