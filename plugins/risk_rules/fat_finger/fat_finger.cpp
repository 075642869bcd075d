#include <holdfast/sdk.hpp>

using namespace holdfast;

/// Refuses single orders that are too large in units or in money.
class FatFinger final : public RiskRule {
 public:
  struct Config {
    Quantity max_quantity;
    Money max_notional;
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("max_quantity", &Config::max_quantity, "Most units in one order; 0 is no limit.",
               at_least(Quantity{}))
        .field("max_notional", &Config::max_notional,
               "Most money in one order, at its limit price or the best price; 0 is no limit.",
               at_least(Money{}))
        .check("one of max_quantity and max_notional must be set",
               [](auto& c) { return !c.max_quantity.is_zero() || !c.max_notional.is_zero(); });
  }

  explicit FatFinger(const Config& c) : config_{c} {}

  Verdict check(const OrderTerms& order, const Exposure& exposure) const override {
    if (!config_.max_quantity.is_zero() && order.quantity > config_.max_quantity)
      return "fat finger: " + order.quantity.str() + " units in one order, allowed are " +
             config_.max_quantity.str();
    if (config_.max_notional.is_zero()) return {};
    const auto price = price_of(order, exposure);
    if (!price) return "fat finger: no price is known to value the order with";
    // In 128 bits: a value beyond 64 bits is just too large, not a reason to stop.
    using detail::Wide;
    const Wide value = static_cast<Wide>(price->raw()) * order.quantity.raw();
    if (value > static_cast<Wide>(config_.max_notional.raw()) * Price::kOne)
      return "fat finger: " + order.quantity.str() + " units at " + price->str() +
             " are worth more than the allowed " + config_.max_notional.str();
    return {};
  }

 private:
  static std::optional<Price> price_of(const OrderTerms& order, const Exposure& exposure) {
    if (order.type == OrdType::limit) return order.price;
    if (const Quote* quote = exposure.quote(order.instrument))
      return order.side == Side::buy ? quote->ask : quote->bid;
    return exposure.last_price(order.instrument);
  }

  Config config_;
};

HOLDFAST_PLUGIN(FatFinger, "fat_finger", "1.0.0", "Limits the size and value of a single order.")
