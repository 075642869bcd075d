// A strategy that does everything a strategy can do to orders, by chance and by its seed: what it does is a fold
// like any strategy's, so that it goes on after a restart where it was.
#include <holdfast/sdk.hpp>
#include <map>
using namespace holdfast;

class Trader final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    Price around = Price::of(100);
    Quantity size = Quantity::of(1);
    std::int64_t orders = 20;
    Duration every{std::chrono::milliseconds{10}};
    bool rests = false;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("around", &Config::around, "Where the market is.")
        .field("size", &Config::size, "Units per order.")
        .field("orders", &Config::orders, "How many orders; then what is open is cancelled.")
        .field("every", &Config::every, "From one act to the next.")
        .field("rests", &Config::rests, "Only orders far from the market, and nothing is taken back.");
  }
  explicit Trader(const Config& c) : c_{c} {}

  void on_quote(const Quote&, Desk& desk) override {
    if (!started_) desk.timer({1}, desk.now());
    started_ = true;
  }
  void on_timer(TimerId, Desk& desk) override {
    if (placed_ < c_.orders) act(desk);
    else if (!c_.rests && ++rounds_ % 20 == 1) take_back(desk);
    desk.timer({1}, desk.now() + c_.every);
  }
  void on_order(const OrderUpdate& update, Desk&) override {
    if (update.terminal()) open_.erase(update.cl_ord_id);
  }
  void state(Archive& a) override { a(open_, started_, placed_, rounds_); }

 private:
  void act(Desk& desk) {
    const auto dice = desk.random().below(10);
    if (dice == 8 && !open_.empty()) return desk.cancel(any(desk), "by chance");
    if (dice == 9 && !open_.empty())
      return desk.replace(any(desk), c_.size * static_cast<std::int64_t>(1 + desk.random().below(3)), price(Side::buy, false, desk), "by chance");
    const Side side = desk.random().below(2) == 0 ? Side::buy : Side::sell;
    ++placed_;
    if (dice == 7 && !c_.rests) {
      open_[desk.submit(market(side, c_.size, c_.instrument), "market")] = side;
      return;
    }
    const bool takes = dice < 4 && !c_.rests;
    const auto tif = takes && dice == 0 ? TimeInForce::ioc : TimeInForce::gtc;
    open_[desk.submit(limit(side, c_.size, c_.instrument, price(side, takes, desk), tif), takes ? "taking" : "resting")] = side;
  }
  Price price(Side side, bool takes, Desk& desk) const {
    const Price off = Price::of(takes ? 3 : 1 + static_cast<std::int64_t>(desk.random().below(5)));
    return (side == Side::buy) == takes ? c_.around + off : c_.around - off;
  }
  ClOrdId any(Desk& desk) const {
    auto at = open_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(desk.random().below(open_.size())));
    return at->first;
  }
  void take_back(Desk& desk) {
    for (const auto& [id, side] : open_) desk.cancel(id, "the end");
  }

  Config c_;
  std::map<ClOrdId, Side> open_;
  bool started_ = false;
  std::int64_t placed_ = 0, rounds_ = 0;
};
HOLDFAST_PLUGIN(Trader, "trader", "1.0.0", "Does everything to orders, by chance.")
