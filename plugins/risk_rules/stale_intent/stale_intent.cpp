#include <holdfast/sdk.hpp>

using namespace holdfast;

/// Refuses intents that were raised too long ago, or on market data that is too old.
class StaleIntent final : public RiskRule {
 public:
  struct Config {
    Duration max_age = std::chrono::seconds{1};
    Duration quote_max_age{};
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("max_age", &Config::max_age,
               "Longest time between the event a strategy answered and the check; 0 is no limit.",
               at_least(Duration{}))
        .field("quote_max_age", &Config::quote_max_age,
               "Oldest newest quote of the instrument; 0 is no limit, and then none is needed.",
               at_least(Duration{}));
  }

  explicit StaleIntent(const Config& c) : config_{c} {}

  Verdict check(const OrderTerms& order, const Exposure& exposure) const override {
    const Duration age = exposure.now() - exposure.intent_time();
    if (config_.max_age != Duration{} && age > config_.max_age)
      return "stale intent: it is " + default_text(age) + " old, allowed are " +
             default_text(config_.max_age);
    if (config_.quote_max_age == Duration{}) return {};
    const Quote* quote = exposure.quote(order.instrument);
    if (quote == nullptr) return "stale intent: there is no quote of the instrument";
    const Duration quote_age = exposure.now() - quote->venue_time;
    if (quote_age > config_.quote_max_age)
      return "stale intent: the newest quote is " + default_text(quote_age) + " old, allowed are " +
             default_text(config_.quote_max_age);
    return {};
  }

 private:
  Config config_;
};

HOLDFAST_PLUGIN(StaleIntent, "stale_intent", "1.0.0", "Refuses orders that answer an old market.")
