// Feed "synthetic": a seeded market that needs no file, for demos, tests and benchmarks.
#include <algorithm>
#include <stdexcept>

#include "market.hpp"

namespace holdfast::synthetic {

/// Where time begins: 2024-01-02T00:00:00Z, the first business day of a year without surprises.
constexpr Time kStart{1'704'153'600'000'000'000};
/// Fewer ticks than this below the start price leave the walk no room.
constexpr std::int64_t kLeastTicks = 100;

class SyntheticFeed : public Feed {
 public:
  struct Config {
    std::vector<InstrumentId> instruments;
    std::uint64_t seed = 1;
    std::uint64_t ticks = 0;
    Duration interval = std::chrono::milliseconds{1};
    Price start_price = Price::of(100);
    std::int64_t spread_ticks = 2;
    std::int64_t volatility_ticks = 2;
    std::uint64_t trade_every = 10;
    Quantity quote_size = Quantity::of(10);
    Quantity trade_size = Quantity::of(1);
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instruments", &Config::instruments, "symbols to quote, one after another")
        .field("seed", &Config::seed, "which market; mixed with the seed of the system")
        .field("ticks", &Config::ticks, "records over all instruments until the end; 0 never ends")
        .field("interval", &Config::interval, "time from one record to the next, over all instruments",
               more_than(Duration{0}), at_most<Duration>(std::chrono::hours{1}))
        .field("start_price", &Config::start_price, "price that all prices stay around", more_than(Price{}),
               at_most(Price::of(1'000'000'000)))
        .field("spread_ticks", &Config::spread_ticks, "ticks from bid to ask", between<std::int64_t>(1, 1000))
        .field("volatility_ticks", &Config::volatility_ticks, "ticks a price moves at most per record",
               between<std::int64_t>(0, 1000))
        .field("trade_every", &Config::trade_every, "one record in so many is also a trade; 0 means none")
        .field("quote_size", &Config::quote_size, "largest size of a bid or an ask", more_than(Quantity{}))
        .field("trade_size", &Config::trade_size, "largest size of a trade", more_than(Quantity{}))
        .check("instruments is empty, must name at least one",
               [](const Config& c) { return !c.instruments.empty(); });
  }

  SyntheticFeed(const Config& config, const PluginContext& context)
      : interval_{config.interval.count()},
        trade_every_{config.trade_every},
        seed_{config.seed ^ context.seed} {
    // An endless market ends where 64 bits of nanoseconds do, in the year 2262.
    last_ = static_cast<std::uint64_t>((INT64_MAX - kStart.ns) / interval_);
    if (config.ticks != 0) last_ = std::min(last_, config.ticks);
    for (const auto id : config.instruments) {
      const auto* instrument = context.instruments->find(id);
      HOLDFAST_ENSURE(instrument != nullptr, "a checked instrument is unknown");
      terms_.push_back(terms_of(*instrument, config));
    }
    begin();
  }

  void open(std::uint64_t after, std::function<void()>) override {
    // A state of other settings, or from beyond where the journal ends, is of no use.
    if (position_ > after || walks_.size() != terms_.size()) begin();
    time_ = kStart.ns + static_cast<std::int64_t>(position_) * interval_;
    turn_ = position_ % terms_.size();
    until_trade_ = trade_every_ == 0 ? 0 : trade_every_ - position_ % trade_every_;
    while (position_ < after) record();
  }

  Step next(Tape& tape) override {
    if (position_ >= last_) return Step::ended;
    const Terms& terms = terms_[turn_];
    const Walk& walk = walks_[turn_];
    const auto [buyer, size] = record();
    const std::int64_t bid = walk.price * terms.tick;
    const std::int64_t ask = bid + terms.spread * terms.tick;
    Quote quote;
    quote.instrument = terms.instrument;
    quote.bid = Price::from_raw(bid);
    quote.ask = Price::from_raw(ask);
    quote.bid_size = lots(size, terms.quote_lots, terms);
    quote.ask_size = lots(size ^ 0xffff, terms.quote_lots, terms);
    quote.venue_time = Time{time_};
    tape.quote(quote, position_);
    if (traded_) {
      Trade trade;
      trade.instrument = terms.instrument;
      trade.aggressor = buyer ? Side::buy : Side::sell;
      trade.price = Price::from_raw(buyer ? ask : bid);
      trade.quantity = lots(size, terms.trade_lots, terms);
      trade.venue_time = Time{time_};
      tape.trade(trade, position_);
    }
    return Step::record;
  }

  void state(Archive& a) override { a(position_, random_, walks_); }

 private:
  static Terms terms_of(const Instrument& instrument, const Config& config) {
    const auto count = [](Quantity size, Quantity lot) {
      return std::clamp<std::int64_t>(size.raw() / lot.raw(), 1, 0xffff'ffff);
    };
    Terms terms;
    terms.instrument = instrument.id;
    terms.tick = instrument.tick.raw();
    terms.lot = instrument.lot.raw();
    terms.start = config.start_price.raw() / terms.tick;
    if (terms.start < kLeastTicks)
      throw std::runtime_error{"start_price " + config.start_price.str() +
                               " of the synthetic feed is fewer than " + std::to_string(kLeastTicks) +
                               " ticks of " + instrument.symbol + ", whose tick is " + instrument.tick.str() +
                               ": raise start_price"};
    terms.swing = std::max<std::int64_t>(terms.start / 20, 1);
    terms.spread = config.spread_ticks;
    terms.volatility = static_cast<std::uint64_t>(config.volatility_ticks);
    terms.quote_lots = static_cast<std::uint64_t>(count(config.quote_size, instrument.lot));
    terms.trade_lots = static_cast<std::uint64_t>(count(config.trade_size, instrument.lot));
    return terms;
  }
  static Quantity lots(std::uint64_t bits, std::uint64_t most, const Terms& terms) {
    return Quantity::from_raw(static_cast<std::int64_t>(((bits * most) >> 16) + 1) * terms.lot);
  }

  void begin() {
    position_ = 0;
    random_ = Random{seed_};
    walks_.clear();
    for (const auto& terms : terms_) walks_.push_back({terms.start, terms.start, terms.start});
  }

  /// One record without a tape: what next() shows and open() skips.
  synthetic::Step record() {
    const auto step = advance(walks_[turn_], terms_[turn_], random_);
    ++position_;
    time_ += interval_;
    if (++turn_ == terms_.size()) turn_ = 0;
    traded_ = until_trade_ != 0 && --until_trade_ == 0;
    if (traded_) until_trade_ = trade_every_;
    return step;
  }

  std::uint64_t last_;
  std::int64_t interval_;
  std::uint64_t trade_every_;
  std::uint64_t seed_;
  std::vector<Terms> terms_;
  // The state; everything below it follows from position_.
  std::uint64_t position_ = 0;
  Random random_;
  std::vector<Walk> walks_;
  std::int64_t time_ = 0;
  std::size_t turn_ = 0;
  std::uint64_t until_trade_ = 0;
  bool traded_ = false;
};

}  // namespace holdfast::synthetic

using holdfast::synthetic::SyntheticFeed;
HOLDFAST_PLUGIN(SyntheticFeed, "synthetic", "1.0.0",
                "A seeded random market: quotes and trades without any file")
