// A strategy that does everything a strategy can do to orders. What it asks for in which turn is a matter of its
// seed alone, whatever becomes of it; and it is a fold like any strategy's, so that it goes on after a restart.
#include <atomic>
#include <holdfast/sdk.hpp>
#include <vector>
using namespace holdfast;

class Trader final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    Price around = Price::of(100);
    Quantity size = Quantity::of(1);
    std::int64_t orders = 20;
    Duration every{std::chrono::milliseconds{10}};
    bool rests = false, stops = true;
    std::int64_t crashes = 0;
    bool forgets = false;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("around", &Config::around, "Where the market is.")
        .field("size", &Config::size, "Units per order.")
        .field("orders", &Config::orders, "How many orders; then what is open is cancelled.")
        .field("every", &Config::every, "From one act to the next.")
        .field("rests", &Config::rests, "Only orders far from the market; nothing is taken back.")
        .field("stops", &Config::stops, "With `rests`: whether some of them are stops.")
        .field("crashes", &Config::crashes, "In a process, how often it throws at a fill or once all is placed.")
        .field("forgets", &Config::forgets, "Which of its lives it is in shows in what it says.");
  }
  explicit Trader(const Config& c) : c_{c} { ++lives_; }

  void on_quote(const Quote&, Desk& desk) override {
    if (!started_) desk.timer({1}, desk.now());
    started_ = true;
  }
  void on_timer(TimerId, Desk& desk) override {
    if (placed_ < c_.orders) act(desk);
    else if (c_.rests) return crash();  // From then on it is still.
    else if (++rounds_ % 20 == 1) take_back(desk);
    desk.timer({1}, desk.now() + c_.every);
  }
  void on_order(const OrderUpdate& update, Desk&) override {
    if (update.kind == OrderUpdate::Kind::filled) crash();
    if (update.terminal()) std::erase(open_, update.cl_ord_id);
  }
  void state(Archive& a) override { a(open_, all_, started_, placed_, rounds_); }

 private:
  /// One turn: every number is drawn, whether it is needed or not.
  void act(Desk& desk) {
    Random& random = desk.random();
    const auto dice = random.below(10);
    const Side side = random.below(2) == 0 ? Side::buy : Side::sell;
    const Price off = Price::of(1 + static_cast<std::int64_t>(random.below(5)));
    const auto which = random.below(1'000'000), size = 1 + random.below(3);
    if (dice >= 8 && !c_.rests) return change(dice == 8, which, static_cast<std::int64_t>(size), off, desk);
    ++placed_;
    place(dice, side, off, desk);
  }
  void change(bool cancels, std::uint64_t which, std::int64_t size, Price off, Desk& desk) const {
    if (all_.empty()) return;
    const ClOrdId id = all_[which % all_.size()];  // Also of an order that has ended: that is harmless.
    if (cancels) desk.cancel(id, "by chance");
    else desk.replace(id, c_.size * size, c_.around - off, "by chance");
  }
  void place(std::uint64_t dice, Side side, Price off, Desk& desk) {
    const auto& i = c_.instrument;
    const Price far = side == Side::buy ? c_.around - off : c_.around + off;
    const Price through = side == Side::buy ? c_.around + Price::of(3) : c_.around - Price::of(3);
    const std::string why = c_.forgets ? "life " + std::to_string(lives_) : "by chance";
    const auto submit = [&](const OrderRequest& request) {
      const ClOrdId id = desk.submit(request, why);
      open_.push_back(id);
      all_.push_back(id);
    };
    // Beyond all that rests, so that no trade sets it free.
    const Price beyond = off * 2 + Price::of(6);
    if (c_.rests && c_.stops && dice < 3) submit(stop(side, c_.size, i, side == Side::buy ? c_.around + beyond : c_.around - beyond));
    else if (c_.rests) submit(limit(side, c_.size, i, far));
    else if (dice == 7) submit(market(side, c_.size, i));
    else if (dice < 4) submit(limit(side, c_.size, i, through, dice == 0 ? TimeInForce::ioc : TimeInForce::gtc));
    else submit(limit(side, c_.size, i, far));
  }
  void take_back(Desk& desk) const {
    for (const ClOrdId id : open_) desk.cancel(id, "the end");
  }
  void crash() const {
    if (crashed_ >= c_.crashes) return;
    ++crashed_;
    throw std::runtime_error{"the trader throws"};
  }

  inline static std::atomic<std::int64_t> lives_ = 0, crashed_ = 0;  ///< Of this process: no state.
  Config c_;
  std::vector<ClOrdId> open_, all_;
  bool started_ = false;
  std::int64_t placed_ = 0, rounds_ = 0;
};
HOLDFAST_PLUGIN(Trader, "trader", "1.0.0", "Does everything to orders, by chance.")
