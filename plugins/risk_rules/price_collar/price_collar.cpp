#include <holdfast/sdk.hpp>
#include <numeric>

using namespace holdfast;

/// Refuses limit prices far from the market, and market orders where the market is not known.
class PriceCollar final : public RiskRule {
 public:
  struct Config {
    Rate within = *Rate::parse("0.05");
    Duration quote_max_age = std::chrono::seconds{10};
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("within", &Config::within,
               "Largest distance of a limit price from the mid price or, without quotes, the last trade: "
               "0.05 is five percent.",
               more_than(Rate{}), at_most(Rate::of(1)))
        .field("quote_max_age", &Config::quote_max_age,
               "Oldest quote a market order may rely on; 0 accepts any.", at_least(Duration{}));
  }

  explicit PriceCollar(const Config& c) : config_{c} {}

  Verdict check(const OrderTerms& order, const Exposure& exposure) const override {
    return order.type == OrdType::market ? check_market(order, exposure) : check_limit(order, exposure);
  }

 private:
  Verdict check_market(const OrderTerms& order, const Exposure& exposure) const {
    const Quote* quote = exposure.quote(order.instrument);
    if (quote == nullptr) {
      // A feed of trades alone has no quotes to be fresh; the last price has to do.
      if (exposure.last_price(order.instrument)) return {};
      return "price collar: a market order needs a price, and none is known";
    }
    const Duration age = exposure.now() - quote->venue_time;
    if (config_.quote_max_age == Duration{} || age <= config_.quote_max_age) return {};
    return "price collar: the newest quote is " + default_text(age) + " old, allowed are " +
           default_text(config_.quote_max_age);
  }

  Verdict check_limit(const OrderTerms& order, const Exposure& exposure) const {
    std::optional<Price> centre = exposure.last_price(order.instrument);
    if (const Quote* quote = exposure.quote(order.instrument))
      centre = Price::from_raw(std::midpoint(quote->bid.raw(), quote->ask.raw()));
    if (!centre) return "price collar: no price is known to compare the limit with";
    using detail::Wide;
    const Wide distance = Wide{order.price.raw()} - centre->raw();
    const Wide allowed = Wide{centre->raw()} * config_.within.raw();
    if ((distance < 0 ? -distance : distance) * Rate::kOne <= allowed) return {};
    return "price collar: limit " + order.price.str() + " is more than " + config_.within.str() +
           " of the price away from " + centre->str();
  }

  Config config_;
};

HOLDFAST_PLUGIN(PriceCollar, "price_collar", "1.0.0", "Keeps limit prices near the market.")
