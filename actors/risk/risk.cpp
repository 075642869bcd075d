#include <holdfast/sdk.hpp>
#include <holdfast/trading/latches.hpp>
#include <holdfast/trading/listings.hpp>

#include "exposure.hpp"
#include "form.hpp"
#include "removals.hpp"

using namespace holdfast;

/// Says yes or no to every intent, takes orders back when a brake is pulled, and sees to it that what removed
/// strategies have left becomes what the configuration says.
///
/// The order of checks: form, what the venue has stated, latch, then the declared rules; the first *no* wins.
class Risk final : public Actor {
 public:
  struct Config {
    std::vector<PluginSlot<RiskRule>> rules;
    std::vector<std::string> brokers;
    std::string on_park = "cancel";
    std::string on_halt = "cancel";
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("rules", &Config::rules,
               "Rules in the order they are asked, each {plugin: name, its settings}.")
        .field("brokers", &Config::brokers,
               "Broker actors, the best first: an order goes to the first that can send. Not needed for one.")
        .field("on_park", &Config::on_park, "What becomes of the open orders of a strategy that is parked.",
               one_of({"cancel", "keep"}))
        .field("on_halt", &Config::on_halt, "What becomes of the open orders under a latch that halts.",
               one_of({"cancel", "keep"}));
  }

  Risk(const Config& config, const PluginContext& context) : config_{config}, ledgers_{context.instruments}, self_{context.id} {}

  void hear(const Event& event, Stage& stage) override {
    dispatch(event, stage);
    removals_.close(ledgers_.orders(), latches_, stage, [this](InstrumentId id, Quantity q) { return tradable(id, q); });
    wake_at(removals_.wake_at());
  }

  bool quiet() const override { return removals_.wake_at() == Time{}; }
  void hear_market(std::span<const std::byte> stretch) override { ledgers_.hear_market(stretch); }

  void state(Archive& a) override {
    a(ledgers_, latches_, actors_, links_, listings_, removals_);
    wake_at(removals_.wake_at());
  }

 private:
  struct No {
    DenyReason reason;
    std::string why;
  };

  void dispatch(const Event& event, Stage& stage) {
    const bool good = ledgers_.hear(event);
    if (event.type() < EventType::order_intent) return;
    removals_.hear(event, ledgers_.orders());
    listings_.hear(event);
    switch (event.type()) {
      case EventType::order_intent: return judge(event, good, stage);
      case EventType::replace_intent: return judge_change(event, good, stage);
      case EventType::replace_approved:
        return good ? void() : take_change_back(event.as<ReplaceApproved>().cl_ord_id, stage);
      // What an earlier incarnation said of its link holds no longer.
      case EventType::actor_started:
        if (event.as<ActorStarted>().actor == self_) removals_.begin(ledgers_.orders(), stage);
        return lose_link(event.as<ActorStarted>().actor);
      case EventType::actor_failed: return lose_link(event.as<ActorFailed>().actor);
      case EventType::actor_declared:
        actors_[std::string{event.tail<ActorDeclared>()}] = event.as<ActorDeclared>().actor;
        return;
      case EventType::link_changed: links_[event.as<LinkChanged>().broker] = event.as<LinkChanged>().state; return;
      case EventType::latch_engaged: latches_.hear(event); return on_latch(event.as<LatchEngaged>(), stage);
      case EventType::latch_released: latches_.hear(event); return;
      case EventType::actor_parked:
        if (config_.on_park == "cancel") take_back_of(event.as<ActorParked>().actor, stage);
        return;
      default: return;
    }
  }

  void lose_link(ActorId broker) {
    if (const auto link = links_.find(broker); link != links_.end()) link->second = LinkState::down;
  }

  /// It was approved of an order that has since been asked to end, or of which nothing is known any more.
  void take_change_back(ClOrdId id, Stage& stage) {
    if (ledgers_.orders().find(id) != nullptr)
      stage.answer(ReplaceDenied{id, DenyReason::malformed}, "the order has changed meanwhile");
  }

  void judge(const Event& event, bool fresh, Stage& stage) {
    const auto& intent = event.as<OrderIntent>();
    OrderTerms terms = intent.terms;
    // What closes a position goes where it is; what strategies say of it counts for nothing.
    const bool closing = event.author() == self_ && removals_.asked(terms);
    if (!closing || terms.broker == ActorId{}) terms.broker = route();
    ledgers_.look_at(event.time(), intent.asked.ns != 0 ? intent.asked : event.time());
    if (const auto no = fresh ? refusal(event, terms) : No{DenyReason::malformed, "the order id is in use"}) {
      stage.answer(OrderDenied{terms.cl_ord_id, no->reason, terms.instrument}, no->why);
      return;
    }
    ledgers_.reserve(terms.cl_ord_id);
    stage.answer(OrderApproved{terms});
  }

  /// The first of the declared brokers that is connected and reconciled; if none is, the first.
  ActorId route() const {
    ActorId first;
    for (const std::string& name : config_.brokers) {
      const auto broker = actors_.find(name);
      if (broker == actors_.end()) continue;
      const auto link = links_.find(broker->second);
      // One that has never spoken of a link has none to lose.
      if (link == links_.end() || link->second == LinkState::armed) return broker->second;
      if (first == ActorId{}) first = broker->second;
    }
    return first;
  }

  /// A change is judged as the order it would make, which then stands in place of what it was.
  void judge_change(const Event& event, bool good, Stage& stage) {
    const auto& wanted = event.as<ReplaceIntent>();
    const auto no = [&](DenyReason reason, std::string_view why) {
      stage.answer(ReplaceDenied{wanted.cl_ord_id, reason}, why);
    };
    const Order* order = ledgers_.orders().find(wanted.cl_ord_id);
    if (order == nullptr || !good || order->status == OrdStatus::pending_replace)
      return no(DenyReason::malformed, "no such order is working");
    if (event.author() != order->owner())
      return no(DenyReason::malformed, "the order id belongs to another actor");
    if (wanted.quantity <= order->cum_qty)
      return no(DenyReason::malformed, order->cum_qty.str() + " of it are filled already");
    OrderTerms terms = order->terms;
    terms.quantity = wanted.quantity - order->cum_qty;
    terms.display_qty = std::min(terms.display_qty, terms.quantity);
    if (has_limit(terms.type)) terms.price = wanted.price;
    ledgers_.look_at(event.time(), event.time());
    ledgers_.leave_out(wanted.cl_ord_id);
    const auto refused = refusal(event, terms);
    ledgers_.count_again(wanted.cl_ord_id);
    if (refused) return no(refused->reason, refused->why);
    ledgers_.reserve_change(wanted.cl_ord_id, wanted.quantity);
    stage.answer(ReplaceApproved{wanted.cl_ord_id, wanted.quantity, terms.price});
  }

  std::optional<No> refusal(const Event& event, const OrderTerms& terms) const {
    const bool own = event.author() == self_ ? removals_.asked(terms) : event.author() == ledgers_.orders().owner(terms.cl_ord_id);
    if (!own)
      return No{DenyReason::malformed, "the order id belongs to another actor"};
    const Instrument* instrument = ledgers_.instrument(terms.instrument);
    if (instrument == nullptr)
      return No{DenyReason::unknown_instrument,
                "instrument " + std::to_string(terms.instrument.value) + " is not of this system"};
    if (auto why = risk::malformed(terms, *instrument, reference(terms)))
      return No{DenyReason::malformed, *why};
    if (auto no = unlisted(event.time(), terms, *instrument)) return no;
    if (auto why = latched(terms)) return No{DenyReason::latch, *why};
    for (const auto& rule : config_.rules)
      if (auto why = rule.plugin->check(terms, ledgers_)) return No{DenyReason::rule, *why};
    return {};
  }

  /// What the venue that it goes to has stated.
  std::optional<No> unlisted(Time now, const OrderTerms& terms, const Instrument& instrument) const {
    const InstrumentChanged* listing = listings_.find(terms.broker, terms.instrument);
    if (listing == nullptr) return {};
    if (listing->status != TradingStatus::open)
      return No{DenyReason::closed, "the venue says that " + instrument.symbol + " is " + std::string{to_string(listing->status)}};
    const Quote* quote = ledgers_.quote(terms.instrument);
    auto middle = ledgers_.last_price(terms.instrument);
    if (!middle && quote != nullptr) middle = Price::from_raw(quote->bid.raw() + (quote->ask - quote->bid).raw() / 2);
    auto price = has_limit(terms.type) ? terms.price : has_stop(terms.type) ? terms.stop_px : reference(terms);
    if (auto why = filtered(terms, *listing, now, price, middle)) return No{DenyReason::filter, *why};
    return {};
  }

  /// The most of `quantity` that one order may be of.
  Quantity tradable(InstrumentId id, Quantity quantity) const {
    const Instrument* instrument = ledgers_.instrument(id);
    if (instrument == nullptr) return {};
    Quantity lot = instrument->lot;
    if (const InstrumentChanged* listing = listings_.find({}, id)) {
      if (!listing->lot.is_zero()) lot = listing->lot;
      if (!listing->max_qty.is_zero()) quantity = std::min(quantity, listing->max_qty);
    }
    return lot.is_zero() ? quantity : Quantity::from_raw(quantity.raw() - quantity.raw() % lot.raw());
  }

  std::optional<Price> reference(const OrderTerms& terms) const {
    if (const Quote* quote = ledgers_.quote(terms.instrument))
      return terms.side == Side::buy ? quote->ask : quote->bid;
    return ledgers_.last_price(terms.instrument);
  }

  Verdict latched(const OrderTerms& terms) const {
    const ActorId owner = ledgers_.orders().owner(terms.cl_ord_id);
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
  std::map<std::string, ActorId> actors_;
  std::map<ActorId, LinkState> links_;
  Listings listings_;
  risk::Removals removals_;
  ActorId self_;
};

HOLDFAST_PLUGIN(Risk, "risk", "1.0.0", "Approves or denies every order by declared rules.")
