#include <holdfast/sdk.hpp>

using namespace holdfast;

/// Refuses an order that could carry a position beyond its limit if it and everything already
/// working on its side were filled and nothing on the other side were.
class PositionLimit final : public RiskRule {
 public:
  struct Config {
    InstrumentId instrument;
    Quantity per_strategy;
    Quantity per_system;
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("instrument", &Config::instrument, "The instrument limited; left out: each one.")
        .field("per_strategy", &Config::per_strategy, "Largest position of one strategy; 0 is no limit.",
               at_least(Quantity{}))
        .field("per_system", &Config::per_system, "Largest position of all strategies; 0 is no limit.",
               at_least(Quantity{}))
        .check("one of per_strategy and per_system must be set",
               [](auto& c) { return !c.per_strategy.is_zero() || !c.per_system.is_zero(); });
  }

  explicit PositionLimit(const Config& c) : config_{c} {}

  Verdict check(const OrderTerms& order, const Exposure& exposure) const override {
    if (config_.instrument.value != 0 && config_.instrument != order.instrument) return {};
    const ActorId owner = order.cl_ord_id.owner();
    if (auto no = over(order, config_.per_strategy, exposure.position(owner, order.instrument),
                       exposure.working(owner, order.instrument, order.side), "of this strategy"))
      return no;
    return over(order, config_.per_system, exposure.position(order.instrument),
                exposure.working(order.instrument, order.side), "of the system");
  }

 private:
  static Verdict over(const OrderTerms& order, Quantity limit, Quantity held, Quantity working,
                      std::string_view whose) {
    if (limit.is_zero()) return {};
    using detail::Wide;
    const Wide towards = order.side == Side::buy ? Wide{held.raw()} : -Wide{held.raw()};
    if (towards + working.raw() + order.quantity.raw() <= limit.raw()) return {};
    return "position limit: holding " + held.str() + ", working " + working.str() + ", a " +
           std::string{to_string(order.side)} + " of " + order.quantity.str() + " could pass the limit " +
           std::string{whose} + ", " + limit.str();
  }

  Config config_;
};

HOLDFAST_PLUGIN(PositionLimit, "position_limit", "1.0.0", "Limits positions, working orders included.")
