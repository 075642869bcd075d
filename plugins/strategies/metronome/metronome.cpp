#include <holdfast/sdk.hpp>
using namespace holdfast;

/// Orders at a fixed beat, buying and selling in turn: a steady load for benchmarks and drills.
class Metronome final : public Strategy {
 public:
  static constexpr const char* kStability = "stable";
  struct Config {
    InstrumentId instrument;
    Quantity size = Quantity::of(1);
    std::int64_t every = 1000;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("size", &Config::size, "Units per order.", more_than(Quantity{}))
        .field("every", &Config::every, "Quotes from one order to the next.", at_least<std::int64_t>(1));
  }
  explicit Metronome(const Config& c) : c_{c} {}

  void on_quote(const Quote&, Desk& desk) override {
    if (++heard_ % c_.every != 0) return;
    desk.submit(market(heard_ / c_.every % 2 != 0 ? Side::buy : Side::sell, c_.size, c_.instrument), "the beat");
  }
  void state(Archive& a) override { a(heard_); }

 private:
  Config c_;
  std::int64_t heard_ = 0;
};
HOLDFAST_PLUGIN(Metronome, "metronome", "1.0.0", "Orders at a fixed beat, for benchmarks and drills.")
