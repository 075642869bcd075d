#pragma once

#include <holdfast/testkit/bench.hpp>
#include <holdfast/testkit/contract.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::testkit {

/// A bench for one strategy: ticks in, intents out, in virtual time. The strategy lives in the same
/// actor as in a system; the market and the venue are played by the test. [one thread]
class StrategyBench {
 public:
  /// `subject` must outlive the bench. Fails: std::runtime_error when it cannot be made.
  explicit StrategyBench(const Subject& subject, Bench::Options options = {})
      : StrategyBench{subject, maker(subject), options} {}
  /// With the actor made in another way.
  StrategyBench(const Subject& subject, Bench::Make make, Bench::Options options)
      : subject_{subject}, bench_{std::move(make), options} {}

  /// How to make the actor that hosts it, as often as wanted; `subject` must outlive it.
  static Bench::Make maker(const Subject& subject);

  /// The first instrument unless another is named.
  void quote(const char* bid, const char* ask, const char* size = "1", InstrumentId id = {1}) {
    quote(bid, size, ask, size, id);
  }
  void quote(const char* bid, const char* bid_size, const char* ask, const char* ask_size, InstrumentId id = {1});
  void trade(const char* price, const char* quantity = "1", InstrumentId id = {1});
  void advance(Duration by) { bench_.advance(by); }

  /// Plays an obliging venue for every order and cancel since the last call: each is approved and
  /// sent; a market order is filled at the newest quote, a limit order rests until it is cancelled.
  void grant();
  /// Risk says no to every order since the last call.
  void deny(const char* why);
  /// Fills a resting order at its price, in whole.
  void fill(ClOrdId order);

  /// Everything it has asked for: "buy 2 BTCUSDT at 99.5: spread is wide", "cancel 1: too old".
  std::vector<std::string> asked() const;
  Bench& bench() { return bench_; }

 private:
  std::vector<OrderTerms> fresh();
  void fill(const OrderTerms& terms, Price price);

  const Subject& subject_;
  Bench bench_;
  std::map<InstrumentId, Quote> quotes_;
  std::map<ClOrdId, OrderTerms> resting_;
  std::size_t orders_ = 0, cancels_ = 0;
  std::uint64_t executions_ = 0;
};

}  // namespace holdfast::testkit
