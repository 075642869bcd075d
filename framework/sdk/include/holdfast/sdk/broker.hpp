#pragma once

#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>
#include <holdfast/sdk/instrument.hpp>

namespace holdfast {

/// Where a broker writes what its venue says, lent per call. [actor-thread]
class Blotter {
 public:
  virtual ~Blotter() = default;
  virtual Time now() const = 0;
  virtual void acknowledged(const OrderAcknowledged&) = 0;
  virtual void filled(const OrderFilled&) = 0;
  virtual void cancelled(const OrderCancelled&, std::string_view why) = 0;
  virtual void expired(const OrderExpired&, std::string_view why) = 0;
  virtual void rejected(const OrderRejected&, std::string_view why) = 0;
  virtual void cancel_rejected(const CancelRejected&, std::string_view why) = 0;
};

/// Brings approved orders to a venue.
///
/// A *pure* broker (paper) is its own venue: send() and cancel() are part of the fold, called when
/// OrderSent and CancelSent are heard, also while history is replayed, and its reports are answers.
/// An *edge* broker's send() and cancel() have effects outside: called once, when the order is
/// durable and no latch forbids it, and never during a replay.
class Broker {
 public:
  static constexpr std::string_view kKind = "broker";
  virtual ~Broker();
  /// True for a broker that is its own venue; the manifest says the same with kPurity.
  virtual bool pure() const { return false; }
  virtual void send(const ApprovedOrder& order, Blotter& blotter) = 0;
  virtual void cancel(ClOrdId order, Blotter& blotter) = 0;
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
};

}  // namespace holdfast
