#include <holdfast/sdk.hpp>
#include <holdfast/trading/orders.hpp>
#include <map>

#include "timers.hpp"

using namespace holdfast;

/// Hosts one strategy plugin: turns events into its callbacks, and what it asks for into intents.
class StrategyActor final : public Actor {
 public:
  struct Config {
    PluginSlot<Strategy> strategy;
    Duration release_within{};
    bool hear_flagged = false;
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("strategy", &Config::strategy, "The strategy, as {plugin: name, its settings}.")
        .field("release_within", &Config::release_within,
               "An order not released this long after it was asked for expires; 0 is no deadline.",
               between(Duration{}, Duration{std::chrono::hours{24}}))
        .field("hear_flagged", &Config::hear_flagged, "Also hear quotes the feed has marked as bad.");
  }

  StrategyActor(const Config& config, const PluginContext& context)
      : config_{config},
        strategy_{*config_.strategy.plugin},
        instruments_{context.instruments},
        self_{context.id},
        random_{context.seed} {
    for (const InstrumentId id : *context.used) {
      if (id.value >= used_.size()) used_.resize(id.value + 1);
      used_[id.value] = 1;
    }
  }

  void hear(const Event& event, Stage& stage) override {
    desk_.stage = &stage;
    // A quote while no timer is due, as almost everything is, takes the short way.
    if (event.type() == EventType::quote && !timers_.due(event.time())) [[likely]] on_quote(event.as<Quote>());
    else hear_other(event);
  }

  void state(Archive& a) override {
    a(orders_, shares_, timers_, random_, next_id_, heard_id_);
    strategy_.state(a);
    wake_at(timers_.next());
  }

 private:
  [[gnu::noinline]] void hear_other(const Event& event) {
    if (timers_.due(event.time())) fire_timers(event.time());
    switch (event.type()) {
      case EventType::quote: return on_quote(event.as<Quote>());
      case EventType::trade:
        if (uses(event.as<Trade>().instrument)) strategy_.on_trade(event.as<Trade>(), desk_);
        return;
      case EventType::book_level:
        if (uses(event.as<BookLevel>().instrument)) strategy_.on_book(event.as<BookLevel>(), desk_);
        return;
      default:
        hear_business(event);
    }
  }

  void hear_business(const Event& event) {
    if (event.type() == EventType::strategy_removed) return on_removed(event);
    // Orders of a life that is lost may have had the next ids, and the venue knows them.
    if (event.type() == EventType::system_restored) heard_id_ = next_id_ += ClOrdId::kSkipped;
    if (event.type() == EventType::position_adjusted) {
      const auto& adjusted = event.as<PositionAdjusted>();
      shares_[{adjusted.owner, adjusted.instrument}] += adjusted.change;
      return;
    }
    const auto id = order_of(event);
    if (!id) return;
    if (orders_.owner(*id) == self_) return on_order(event, *id);
    if (const auto moved = position_change(event)) shares_[{orders_.owner(*id), moved->instrument}] += moved->quantity;
  }

  /// What was another's may be ours from here on; its orders follow, one event for each.
  void on_removed(const Event& event) {
    orders_.hear(event);
    const auto& removed = event.as<StrategyRemoved>();
    if (removed.what == Removal::hand_over)
      hand_over(shares_, removed.strategy, removed.heir, [](Quantity& to, Quantity from) { to += from; });
  }

  /// What the strategy may do, while it hears an event.
  class ActorDesk final : public Desk {
   public:
    explicit ActorDesk(StrategyActor& actor) : actor_{actor} {}
    ClOrdId submit(const OrderRequest& order, std::string_view reason) override {
      return actor_.submit(order, reason, *stage);
    }
    void replace(ClOrdId order, Quantity quantity, Price price, std::string_view reason) override {
      if (actor_.may_speak_of(order)) stage->answer(ReplaceIntent{order, quantity, price}, reason);
    }
    void cancel(ClOrdId order, std::string_view reason) override {
      if (actor_.may_speak_of(order)) stage->answer(CancelIntent{order}, reason);
    }
    Quantity position(InstrumentId instrument) const override {
      const auto held = actor_.shares_.find({actor_.self_, instrument});
      return held == actor_.shares_.end() ? Quantity{} : held->second;
    }
    Quantity account_position(InstrumentId instrument) const override {
      Quantity all;
      for (const auto& [key, share] : actor_.shares_)
        if (key.second == instrument) all += share;
      return all;
    }
    Time now() const override { return stage->now(); }
    void timer(TimerId id, Time when) override {
      actor_.timers_.set(id, when);
      actor_.wake_at(actor_.timers_.next());
    }
    const Instrument* instrument(InstrumentId id) const override { return actor_.instruments_->find(id); }
    Random& random() override { return actor_.random_; }
    void log(std::string_view text) override {
      if (!stage->muted()) stage->log(text);
    }

    Stage* stage = nullptr;  ///< Of the event being heard.

   private:
    StrategyActor& actor_;
  };

  bool uses(InstrumentId id) const { return id.value < used_.size() && used_[id.value] != 0; }

  void on_quote(const Quote& quote) {
    if (!uses(quote.instrument) || (quote.flaw != TickFlaw::none && !config_.hear_flagged)) return;
    strategy_.on_quote(quote, desk_);
  }

  void fire_timers(Time now) {
    // Only what is due already: a timer set to now by its own callback waits for the next event.
    for (const auto& [when, id] : timers_.due_list(now))
      if (timers_.take(id, when)) strategy_.on_timer(id, desk_);
    wake_at(timers_.next());
  }

  ClOrdId submit(const OrderRequest& order, std::string_view reason, Stage& stage) {
    OrderIntent intent;
    intent.terms.cl_ord_id = ClOrdId::make(self_, next_id_++);
    intent.terms.instrument = order.instrument;
    intent.terms.side = order.side;
    intent.terms.type = order.type;
    intent.terms.tif = order.tif;
    intent.terms.quantity = order.quantity;
    intent.terms.price = order.price;
    intent.terms.exec_inst = order.exec_inst;
    intent.terms.stop_px = order.stop_px;
    intent.terms.display_qty = order.display_qty;
    intent.terms.expire_time = order.expire_time;
    if (config_.release_within != Duration{})
      intent.terms.release_deadline = stage.now() + config_.release_within;
    intent.asked = stage.now();
    stage.answer(intent, reason);
    return intent.terms.cl_ord_id;
  }

  /// Whether it is an order of ours that may be open.
  bool may_speak_of(ClOrdId id) const {
    if (orders_.find(id) != nullptr) return true;
    // Ended orders are forgotten; one whose intent was not heard yet has only just been asked for.
    return id.owner() == self_ && id.counter() >= heard_id_ && id.counter() < next_id_;
  }

  void on_order(const Event& event, ClOrdId id) {
    // What was asked for in its name while it was removed has ids of its own.
    if (event.type() == EventType::order_intent && id.owner() == self_ && id.counter() < kClosingIds) {
      // Also when an earlier version of the strategy asked for more orders than this one did.
      heard_id_ = std::max(heard_id_, id.counter() + 1);
      next_id_ = std::max(next_id_, heard_id_);
    }
    const auto change = orders_.hear(event);
    const auto moved = position_change(event);
    if (!change.legal || (change.order == nullptr && !moved)) return;
    OrderUpdate update;
    if (!describe(event, update)) return;
    update.cl_ord_id = id;
    if (moved) {
      // Also of an order that has ended: the venue may say so late.
      update.instrument = moved->instrument;
      shares_[{self_, moved->instrument}] += moved->quantity;
    }
    if (change.order != nullptr) {
      update.instrument = change.order->terms.instrument;
      update.side = change.order->terms.side;
      update.leaves_qty = is_terminal(change.order->status) ? Quantity{} : change.order->leaves_qty;
    }
    strategy_.on_order(update, desk_);
  }

  /// False for events that are the strategy's own doing.
  static bool describe(const Event& event, OrderUpdate& update) {
    using Kind = OrderUpdate::Kind;
    switch (event.type()) {
      case EventType::order_approved: update.kind = Kind::approved; return true;
      case EventType::order_denied:
        update.kind = Kind::denied;
        update.text = event.tail<OrderDenied>();
        return true;
      case EventType::order_sent: update.kind = Kind::sent; return true;
      case EventType::order_acknowledged: update.kind = Kind::acknowledged; return true;
      case EventType::order_filled:
        update.kind = Kind::filled;
        update.side = event.as<OrderFilled>().side;
        update.last_px = event.as<OrderFilled>().last_px;
        update.last_qty = event.as<OrderFilled>().last_qty;
        return true;
      case EventType::order_cancelled:
        update.kind = Kind::cancelled;
        update.text = event.tail<OrderCancelled>();
        return true;
      case EventType::order_expired:
        update.kind = Kind::expired;
        update.text = event.tail<OrderExpired>();
        return true;
      case EventType::order_rejected:
        update.kind = Kind::rejected;
        update.text = event.tail<OrderRejected>();
        return true;
      case EventType::cancel_rejected:
        update.kind = Kind::cancel_rejected;
        update.text = event.tail<CancelRejected>();
        return true;
      case EventType::order_replaced: update.kind = Kind::replaced; return true;
      case EventType::order_handed_over: update.kind = Kind::inherited; return true;
      case EventType::replace_denied:
        update.kind = Kind::replace_rejected;
        update.text = event.tail<ReplaceDenied>();
        return true;
      case EventType::replace_rejected:
        update.kind = Kind::replace_rejected;
        update.text = event.tail<ReplaceRejected>();
        return true;
      case EventType::order_unknown:
        update.kind = Kind::unknown;
        update.text = event.tail<OrderUnknown>();
        return true;
      case EventType::fill_busted:
        update.kind = Kind::busted;
        update.side = event.as<FillBusted>().side;
        update.last_px = event.as<FillBusted>().last_px;
        update.last_qty = event.as<FillBusted>().last_qty;
        update.text = event.tail<FillBusted>();
        return true;
      default: return false;
    }
  }

  Config config_;
  Strategy& strategy_;  ///< The one in config_.
  ActorDesk desk_{*this};
  std::shared_ptr<const Instruments> instruments_;
  ActorId self_;
  std::vector<char> used_;  ///< By instrument id.

  Orders orders_;
  std::map<std::pair<ActorId, InstrumentId>, Quantity> shares_;  ///< Everybody's, at all brokers.
  Timers timers_;
  Random random_;
  std::uint64_t next_id_ = 1;   ///< Counter of the next order.
  std::uint64_t heard_id_ = 1;  ///< One beyond the newest order whose intent was heard.
};

HOLDFAST_PLUGIN(StrategyActor, "strategy", "1.0.0", "Hosts one strategy plugin.")
