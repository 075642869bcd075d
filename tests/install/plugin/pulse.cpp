#include <holdfast/sdk.hpp>
using namespace holdfast;

/// In and out again, every so many quotes.
class Pulse final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    int every = 100;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("every", &Config::every, "Quotes between two orders.", between(1, 1'000'000));
  }
  explicit Pulse(const Config& config) : config_{config} {}

  void on_quote(const Quote&, Desk& desk) override {
    if (++heard_ % config_.every != 0) return;
    const bool in = !desk.position(config_.instrument).is_zero();
    desk.submit(market(in ? Side::sell : Side::buy, Quantity::of(1), config_.instrument), "it is time");
  }
  void state(Archive& a) override { a(heard_); }

 private:
  Config config_;
  int heard_ = 0;
};
HOLDFAST_PLUGIN(Pulse, "pulse", "1.0.0", "In and out again.")
