#pragma once

#include <holdfast/sdk.hpp>

/// A strategy there is nothing wrong with: one order rests far from the market, then it buys and
/// sells in turn at a fixed beat. What is derived from it spoils it in one way.
class Steady : public holdfast::Strategy {
 public:
  struct Config {
    holdfast::InstrumentId instrument;
    std::int64_t every = 500;
  };
  static holdfast::Schema<Config> schema() {
    return holdfast::Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("every", &Config::every, "Quotes from one order to the next.",
               holdfast::at_least<std::int64_t>(1));
  }
  explicit Steady(const Config& config) : config_{config} {}

  void on_quote(const holdfast::Quote& quote, holdfast::Desk& desk) override {
    using namespace holdfast;
    if (++heard_ == 1) {
      const std::int64_t tick = desk.instrument(config_.instrument)->tick.raw();
      const Price far = Price::from_raw(quote.bid.raw() / 2 / tick * tick);
      desk.submit(limit(Side::buy, lots(1, desk), config_.instrument, far), "resting");
    }
    if (heard_ % config_.every != 0) return;
    const Side side = heard_ / config_.every % 2 != 0 ? Side::buy : Side::sell;
    desk.submit(market(side, lots(size(), desk), config_.instrument), "the beat");
  }
  void state(holdfast::Archive& a) override { a(heard_); }

 protected:
  /// Lots of the next order.
  virtual std::int64_t size() { return 1; }

  Config config_;
  std::int64_t heard_ = 0;

 private:
  holdfast::Quantity lots(std::int64_t count, holdfast::Desk& desk) const {
    return holdfast::Quantity::from_raw(desk.instrument(config_.instrument)->lot.raw() * count);
  }
};
