#include <algorithm>
#include <holdfast/sdk.hpp>
#include <numeric>

using namespace holdfast;

/// Makes a market in one instrument: a bid and an offer around the mid price, moved against the
/// inventory so that it tends back to zero. Orders are replaced when the mid has moved and by a
/// timer; an order is cancelled first, and its successor goes out when it has ended.
class Quoter final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    Quantity size = Quantity::of(1);
    Price half_spread = *Price::parse("0.05");
    Price skew;
    Quantity max_inventory = Quantity::of(5);
    Price requote_move = *Price::parse("0.02");
    Duration requote_every = std::chrono::seconds{1};
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("size", &Config::size, "Units bid and offered.", more_than(Quantity{}))
        .field("half_spread", &Config::half_spread, "Distance of bid and offer from the centre.",
               more_than(Price{}))
        .field("skew", &Config::skew, "How far the centre moves against each `size` held.",
               between(Price{}, Price::of(1'000'000)))
        .field("max_inventory", &Config::max_inventory, "Largest position, long or short.",
               more_than(Quantity{}))
        .field("requote_move", &Config::requote_move, "Move of the mid after which quotes are replaced.",
               at_least(Price{}))
        .field("requote_every", &Config::requote_every, "Longest time between two looks.",
               at_least(Duration{1'000'000}))
        .check("max_inventory must not be below size", [](auto& c) { return c.max_inventory >= c.size; });
  }

  explicit Quoter(const Config& c) : config_{c} {}

  void on_quote(const Quote& q, Desk& desk) override {
    mid_ = Price::from_raw(std::midpoint(q.bid.raw(), q.ask.raw()));
    const bool first = !quoted_mid_;
    if (first) desk.timer(kLook, desk.now() + config_.requote_every);
    if (first || (mid_ - *quoted_mid_).abs() > config_.requote_move) requote(desk);
  }

  void on_timer(TimerId, Desk& desk) override {
    desk.timer(kLook, desk.now() + config_.requote_every);
    requote(desk);
  }

  void on_order(const OrderUpdate& update, Desk& desk) override {
    for (Leg* leg : {&bid_, &offer_}) {
      if (leg->order != update.cl_ord_id) continue;
      if (update.kind == OrderUpdate::Kind::cancel_rejected) leg->cancelling = false;
      if (!update.terminal()) continue;
      const bool asked_for = leg->cancelling && update.kind == OrderUpdate::Kind::cancelled;
      *leg = {};
      // Only an order this strategy took back is replaced at once; what was refused waits for
      // the next look, so that a refusal never becomes a loop.
      if (asked_for) requote(desk);
    }
  }

  void state(Archive& a) override { a(mid_, quoted_mid_, bid_, offer_); }

 private:
  static constexpr TimerId kLook{1};
  struct Leg {
    ClOrdId order;  ///< 0: none.
    Price price;
    bool cancelling = false;
    void state(Archive& a) { a(order, price, cancelling); }
  };

  void requote(Desk& desk) {
    const Instrument* instrument = desk.instrument(config_.instrument);
    if (instrument == nullptr) return;
    quoted_mid_ = mid_;
    const Quantity held = desk.position(config_.instrument);
    // skew * held / size, exact in 128 bits.
    const Price centre =
        mid_ - Price::from_raw(detail::mul_div(config_.skew.raw(), held.raw(), config_.size.raw()));
    const std::int64_t tick = instrument->tick.raw();
    const std::int64_t low = (centre - config_.half_spread).raw(),
                       high = (centre + config_.half_spread).raw();
    const Price bid = Price::from_raw(low - low % tick);
    const Price offer = Price::from_raw(high + (tick - high % tick) % tick);
    place(bid_, Side::buy, bid, held + config_.size <= config_.max_inventory && low >= tick, desk);
    place(offer_, Side::sell, offer, config_.size - held <= config_.max_inventory && high > 0, desk);
  }

  void place(Leg& leg, Side side, Price price, bool wanted, Desk& desk) {
    if (leg.order.value != 0) {
      if (leg.cancelling || (wanted && leg.price == price)) return;
      leg.cancelling = true;
      desk.cancel(leg.order, wanted ? "the market moved" : "inventory is at its limit");
    } else if (wanted) {
      leg = {desk.submit(limit(side, config_.size, config_.instrument, price), "quoting"), price, false};
    }
  }

  Config config_;
  Price mid_;
  std::optional<Price> quoted_mid_;
  Leg bid_, offer_;
};

HOLDFAST_PLUGIN(Quoter, "quoter", "1.0.0", "Quotes both sides around the mid, skewed by inventory.")
