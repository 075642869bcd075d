#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <holdfast/sdk/events.hpp>
#include <holdfast/sdk/instrument.hpp>

namespace holdfast {

/// What a rule may look at; all of it as of the intent. [actor-thread]
class Exposure {
 public:
  virtual ~Exposure() = default;
  virtual Time now() const = 0;
  /// When the event that caused the intent happened; now() minus this is the intent's age.
  virtual Time intent_time() const = 0;
  virtual const Instrument* instrument(InstrumentId) const = 0;
  /// Net position of one strategy, and of the whole system.
  virtual Quantity position(ActorId owner, InstrumentId) const = 0;
  virtual Quantity position(InstrumentId) const = 0;
  /// Open quantity of approved orders that have not ended, one side, never negative.
  virtual Quantity working(ActorId owner, InstrumentId, Side) const = 0;
  virtual Quantity working(InstrumentId, Side) const = 0;
  /// Newest quote and trade price; null before the first.
  virtual const Quote* quote(InstrumentId) const = 0;
  virtual std::optional<Price> last_price(InstrumentId) const = 0;
};

/// Empty when the order may pass; otherwise why not, with the numbers in it.
using Verdict = std::optional<std::string>;

/// One pre-trade check: a pure verdict on one intent. The first *no* of the declared order wins.
class RiskRule {
 public:
  static constexpr std::string_view kKind = "risk_rule";
  virtual ~RiskRule();
  virtual Verdict check(const OrderTerms& order, const Exposure& exposure) const = 0;
};

}  // namespace holdfast
