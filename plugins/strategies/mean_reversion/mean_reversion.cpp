#include <algorithm>
#include <cmath>
#include <holdfast/sdk.hpp>
#include <numeric>

using namespace holdfast;

/// Bets that a price far from its own mean comes back: sells high scores, buys low ones, and goes
/// flat near the mean. The score is the distance from the rolling mean in standard deviations.
class MeanReversion final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    Quantity size = Quantity::of(1);
    int window = 200;
    double entry = 2.0;
    double exit = 0.5;
    std::string price = "quote";
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("size", &Config::size, "Units to be long or short.", more_than(Quantity{}))
        .field("window", &Config::window, "Prices the mean is taken over.", between(2, 1'000'000))
        .field("entry", &Config::entry, "Score at which a position is opened.", more_than(0.0))
        .field("exit", &Config::exit, "Score below which the position is closed.", at_least(0.0))
        .field("price", &Config::price, "Mid price of quotes, or price of trades.",
               one_of({"quote", "trade"}))
        .check("exit must be below entry", [](auto& c) { return c.exit < c.entry; });
  }

  explicit MeanReversion(const Config& c)
      : config_{c}, from_trades_{c.price == "trade"}, mean_(static_cast<std::size_t>(c.window)) {}

  void on_quote(const Quote& q, Desk& desk) override {
    if (!from_trades_) see(Price::from_raw(std::midpoint(q.bid.raw(), q.ask.raw())), desk);
  }
  void on_trade(const Trade& t, Desk& desk) override {
    if (from_trades_) see(t.price, desk);
  }
  void on_order(const OrderUpdate& update, Desk&) override {
    if (update.terminal()) waiting_ = false;
  }
  void state(Archive& a) override { a(mean_, wanted_, waiting_, seen_); }

 private:
  void see(Price price, Desk& desk) {
    mean_.add(price);
    // The deviation costs a pass over the window, so it is taken once per eighth of a window.
    if (!mean_.full() || ++seen_ % std::max(1, config_.window / 8) != 0) return;
    const double deviation = mean_.deviation();
    if (deviation <= 0.0) return;
    const double score = (price.approx() - mean_.mean().approx()) / deviation;
    const int wanted = score > config_.entry            ? -1
                       : score < -config_.entry         ? 1
                       : std::abs(score) < config_.exit ? 0
                                                        : wanted_;
    // One try for each change of mind: what risk denies is not asked for again at every tick.
    if (waiting_ || wanted == wanted_) return;
    wanted_ = wanted;
    const Quantity gap = config_.size * wanted - desk.position(config_.instrument);
    if (gap.is_zero()) return;
    waiting_ = true;
    const Side side = gap > Quantity{} ? Side::buy : Side::sell;
    desk.submit(market(side, gap.abs(), config_.instrument),
                wanted == 0 ? "price is back at its mean" : "price is far from its mean");
  }

  Config config_;
  bool from_trades_;
  RollingMean mean_;
  int wanted_ = 0;  ///< 1 long, -1 short, 0 flat.
  bool waiting_ = false;
  std::uint64_t seen_ = 0;
};

HOLDFAST_PLUGIN(MeanReversion, "mean_reversion", "1.0.0",
                "Trades against large distances from a rolling mean.")
