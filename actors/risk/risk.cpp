#include <holdfast/sdk.hpp>
#include <holdfast/trading/latches.hpp>

#include "exposure.hpp"
#include "form.hpp"

using namespace holdfast;

/// Says yes or no to every intent, and takes orders back when a brake is pulled.
///
/// The order of checks: form, latch, then the declared rules; the first *no* wins.
class Risk final : public Actor {
 public:
  struct Config {
    std::vector<PluginSlot<RiskRule>> rules;
    std::string on_park = "cancel";
    std::string on_halt = "cancel";
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("rules", &Config::rules,
               "Rules in the order they are asked, each {plugin: name, its settings}.")
        .field("on_park", &Config::on_park, "What becomes of the open orders of a strategy that is parked.",
               one_of({"cancel", "keep"}))
        .field("on_halt", &Config::on_halt, "What becomes of the open orders under a latch that halts.",
               one_of({"cancel", "keep"}));
  }

  Risk(const Config& config, const PluginContext& context) : config_{config}, ledgers_{context.instruments} {}

  void hear(const Event& event, Stage& stage) override {
    const bool good = ledgers_.hear(event);
    switch (event.type()) {
      case EventType::order_intent: return judge(event, good, stage);
      case EventType::latch_engaged: latches_.hear(event); return on_latch(event.as<LatchEngaged>(), stage);
      case EventType::latch_released: latches_.hear(event); return;
      case EventType::actor_parked:
        if (config_.on_park == "cancel") take_back_of(event.as<ActorParked>().actor, stage);
        return;
      default: return;
    }
  }

  bool quiet() const override { return true; }
  void hear_market(std::span<const std::byte> stretch) override { ledgers_.hear_market(stretch); }

  void state(Archive& a) override { a(ledgers_, latches_); }

 private:
  struct No {
    DenyReason reason;
    std::string why;
  };

  void judge(const Event& event, bool fresh, Stage& stage) {
    const auto& intent = event.as<OrderIntent>();
    const OrderTerms& terms = intent.terms;
    ledgers_.look_at(event.time(), intent.asked.ns != 0 ? intent.asked : event.time());
    if (const auto no = fresh ? refusal(event, terms) : No{DenyReason::malformed, "the order id is in use"}) {
      stage.answer(OrderDenied{terms.cl_ord_id, no->reason, terms.instrument}, no->why);
      return;
    }
    ledgers_.reserve(terms.cl_ord_id);
    stage.answer(OrderApproved{terms});
  }

  std::optional<No> refusal(const Event& event, const OrderTerms& terms) const {
    if (event.author() != terms.cl_ord_id.owner())
      return No{DenyReason::malformed, "the order id belongs to another actor"};
    const Instrument* instrument = ledgers_.instrument(terms.instrument);
    if (instrument == nullptr)
      return No{DenyReason::unknown_instrument,
                "instrument " + std::to_string(terms.instrument.value) + " is not of this system"};
    if (auto why = risk::malformed(terms, *instrument, reference(terms)))
      return No{DenyReason::malformed, *why};
    if (auto why = latched(terms)) return No{DenyReason::latch, *why};
    for (const auto& rule : config_.rules)
      if (auto why = rule.plugin->check(terms, ledgers_)) return No{DenyReason::rule, *why};
    return {};
  }

  std::optional<Price> reference(const OrderTerms& terms) const {
    if (const Quote* quote = ledgers_.quote(terms.instrument))
      return terms.side == Side::buy ? quote->ask : quote->bid;
    return ledgers_.last_price(terms.instrument);
  }

  Verdict latched(const OrderTerms& terms) const {
    const ActorId owner = terms.cl_ord_id.owner();
    const LatchLevel level = latches_.level(owner, terms.instrument);
    if (level == LatchLevel::active) return {};
    const Quantity held = ledgers_.position(owner, terms.instrument);
    if (level == LatchLevel::halted) return "trading is HALTED";
    if (reduces(terms.side, terms.quantity, held, ledgers_.working(owner, terms.instrument, terms.side)))
      return {};
    return "trading is REDUCING, and a " + std::string{to_string(terms.side)} + " of " +
           terms.quantity.str() + " does not reduce a position of " + held.str();
  }

  void on_latch(const LatchEngaged& latch, Stage& stage) {
    if (latch.level != LatchLevel::halted || config_.on_halt != "cancel") return;
    take_back(stage, "a latch has halted trading", [&](const Order& order) {
      return latch.scope == LatchScope::system ||
             (latch.scope == LatchScope::strategy && order.owner().value == latch.target) ||
             (latch.scope == LatchScope::instrument && order.terms.instrument.value == latch.target);
    });
  }

  void take_back_of(ActorId owner, Stage& stage) {
    take_back(stage, "its strategy is parked", [&](const Order& order) { return order.owner() == owner; });
  }

  template <class Match>
  void take_back(Stage& stage, std::string_view why, Match&& match) {
    for (const auto& [id, order] : ledgers_.orders().open())
      if (match(order)) stage.answer(CancelIntent{id}, why);
  }

  Config config_;
  risk::Ledgers ledgers_;
  Latches latches_;
};

HOLDFAST_PLUGIN(Risk, "risk", "1.0.0", "Approves or denies every order by declared rules.")
