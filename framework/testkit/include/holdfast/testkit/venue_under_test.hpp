#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <holdfast/sdk/settings.hpp>
#include <holdfast/sdk/statement.hpp>
#include <holdfast/testkit/bench.hpp>

namespace holdfast::testkit {

/// The venue cannot be reached or does not do what it is told: such a case has proved nothing.
struct VenueTrouble : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The other side of a broker under test: what the suite does to a venue so that something happens to our orders.
///
/// One is made per case. [one thread] Every call fails with VenueTrouble, one sentence.
class VenueUnderTest {
 public:
  virtual ~VenueUnderTest() = default;
  /// The plugin's settings with what is known only now: the address of this venue.
  virtual Setting settings(const Setting& written) const { return written; }
  /// Before anything else: the bench that the broker lives on, which must outlive this.
  virtual void attach(Bench& bench) = 0;

  /// From now on somebody buys `size` at `bid` and sells `size` at `ask`, and nobody else does anything.
  virtual void quote(InstrumentId instrument, Price bid, Price ask, Quantity size) = 0;
  /// Somebody trades `quantity` with our resting order at its price.
  virtual void trade_with(const OrderTerms& resting, Quantity quantity) = 0;

  /// What the venue itself knows of our account, past the plugin; empty: it cannot be asked.
  virtual std::optional<VenueStatement> oracle() { return std::nullopt; }
  /// Makes the venue misbehave in a way it knows by this name, until the next call; "" ends it. False: it knows
  /// no such way.
  virtual bool inject(std::string_view pathology) { return pathology.empty(); }
  /// The venue dies without a word, as by kill -9.
  virtual void kill() {}
  /// It is there again, at the same address, with all it had written down.
  virtual void restart() {}
};
using MakeVenue = std::function<std::unique_ptr<VenueUnderTest>()>;

/// For pure brokers, which are their own venue: the market is quotes that the broker hears.
std::unique_ptr<VenueUnderTest> market_venue();

}  // namespace holdfast::testkit
