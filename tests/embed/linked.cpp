#include <holdfast/sdk.hpp>
using namespace holdfast;

/// Buys once when it is given the right key; lives in the test program, in no library.
class Linked final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    Secret key;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .required("key", &Config::key, "Opens the door.");
  }
  explicit Linked(const Config& config) : config_{config} {}

  void on_quote(const Quote&, Desk& desk) override {
    if (!std::exchange(bought_, true) && config_.key.reveal() == "open sesame")
      desk.submit(market(Side::buy, Quantity::of(1), config_.instrument), "linked in");
  }
  void state(Archive& a) override { a(bought_); }

 private:
  Config config_;
  bool bought_ = false;
};
HOLDFAST_PLUGIN(Linked, "linked", "1.0.0", "Buys once.")
