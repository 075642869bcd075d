#include <holdfast/sdk.hpp>
using namespace holdfast;

/// Trend follower: long while the fast mean of the mid price is above the slow one, else short.
class Crossover final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    Quantity size = Quantity::of(1);
    int fast = 20, slow = 100;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("size", &Config::size, "Units to be long or short.", more_than(Quantity{}))
        .field("fast", &Config::fast, "Length of the fast mean, in quotes.", between(1, 100'000))
        .field("slow", &Config::slow, "Length of the slow mean, in quotes.", between(2, 100'000))
        .check("fast must be shorter than slow", [](auto& c) { return c.fast < c.slow; });
  }
  explicit Crossover(const Config& c) : c_{c}, fast_(c.fast), slow_(c.slow) {}

  void on_quote(const Quote& q, Desk& desk) override {
    for (auto* mean : {&fast_, &slow_}) mean->add(Price::from_raw(q.bid.raw() / 2 + q.ask.raw() / 2));
    const bool up = fast_.mean() > slow_.mean();
    if (!slow_.full() || waiting_ || (up ? 1 : -1) == side_) return;
    side_ = up ? 1 : -1;
    const Quantity gap = c_.size * side_ - desk.position(c_.instrument);
    if (!(waiting_ = !gap.is_zero())) return;
    desk.submit(market(gap > Quantity{} ? Side::buy : Side::sell, gap.abs(), c_.instrument), "means crossed");
  }
  void on_order(const OrderUpdate& u, Desk&) override { waiting_ = waiting_ && !u.terminal(); }
  void state(Archive& a) override { a(fast_, slow_, side_, waiting_); }

 private:
  Config c_;
  RollingMean fast_, slow_;
  int side_ = 0;
  bool waiting_ = false;
};
HOLDFAST_PLUGIN(Crossover, "crossover", "1.0.0", "Follows a fast mean over a slow one.")
