#include <holdfast/sdk.hpp>
#include <map>
#include <optional>

#include "desk_state.hpp"
#include "link.hpp"
#include "pen.hpp"

using namespace holdfast;

/// Hosts one broker plugin: releases approved orders when they are durable, no latch forbids it and our book
/// agrees with the venue's; passes cancels on at once; and writes down what the venue reports.
///
/// A pure plugin (paper) is driven by the events heard; an edge plugin by what is released here.
class BrokerActor final : public Actor {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config : broker::Intervals {
    PluginSlot<Broker> broker;
    Duration release_within{std::chrono::seconds{10}};
    std::string fallback;
    Duration fallback_after{std::chrono::seconds{2}};
  };

  static Schema<Config> schema() {
    using C = Config;
    using I = broker::Intervals;
    const auto of = [](Duration I::*interval) -> Duration C::* { return interval; };
    static const auto some = between(Duration{std::chrono::milliseconds{1}}, Duration{std::chrono::hours{24}});
    return Schema<C>{}
        .required("broker", &C::broker, "The venue, as {plugin: name, its settings}.")
        .field("release_within", &C::release_within,
               "For venues outside: an order whose strategy set no deadline expires when it was not released this long "
               "after it was asked for; 0 is no deadline.",
               between(Duration{}, Duration{std::chrono::hours{24}}))
        .field("answer_within", of(&I::answer_within),
               "A request that the venue has not answered for so long has an unknown outcome.", some)
        .field("check_in_flight", of(&I::in_flight),
               "How often the venue is asked about orders whose outcome is unknown.", some)
        .field("check_orders", of(&I::orders),
               "How often the open orders and the fills are compared with the venue's.", some)
        .field("check_positions", of(&I::positions), "How often the positions are compared.", some)
        .field("check_balances", of(&I::balances), "How often the balances are compared.", some)
        .field("patience", of(&I::patience), "How long a difference may last before it is believed.", some)
        .field("fallback", &C::fallback, "The broker actor that gets what this one cannot send; none when empty.")
        .field("fallback_after", &C::fallback_after, "How long the venue must be out of reach before that.", some);
  }

  BrokerActor(const Config& config, const PluginContext& context)
      : config_{config},
        plugin_{config.broker.plugin},
        instruments_{context.instruments},
        pure_{plugin_->pure()},
        self_{context.id},
        desk_{context.id} {
    wake_at(plugin_->wake_at());
  }

  void hear(const Event& event, Stage& stage) override {
    dispatch(event, stage);
    wake_at(plugin_->wake_at());
  }
  bool quiet() const override { return !pure_ || plugin_->quiet(); }
  void hear_market(std::span<const std::byte> stretch) override {
    if (pure_) plugin_->hear_market(stretch);
  }

  void open(std::function<void()> wake) override {
    pen_.emplace(desk_, self_);
    if (pure_) return;
    link_.emplace(*plugin_, *pen_, config_, *instruments_);
    plugin_->open(std::move(wake));
  }

  Pace act(Outside& outside) override {
    pen_->lend(&outside);
    Pace pace;
    if (link_ && outside.room() < kSlack) {
      pace.again = true;  // What the venue says waits where it is.
    } else if (link_) {
      broker::FactBlotter blotter{*pen_, *link_};
      plugin_->poll(blotter);
      tell_durable(outside);
      const Time next = link_->tick(blotter);
      if (next != Time{INT64_MAX}) pace.at = next;
    }
    send_out(outside, pace);
    pen_->lend(nullptr);
    wake_at(plugin_->wake_at());
    return pace;
  }

  void state(Archive& a) override {
    a(desk_, actors_);
    plugin_->state(a);
    wake_at(plugin_->wake_at());
  }

 private:
  /// The most events one release or cancel is expected to write, reports of an edge included.
  static constexpr std::size_t kSlack = 8;

  struct Approval {
    std::uint64_t seq = 0;  ///< Where it stands: durable once the journal is, up to there.
    bool prepared = false;
  };

  void dispatch(const Event& event, Stage& stage) {
    broker::AnswerBlotter blotter{stage};
    if (pure_) plugin_->hear(event, blotter);
    if (event.type() < EventType::order_intent) return;
    desk_.hear(event);
    if (pen_) pen_->hear(event);
    // However it ended: nothing of it waits for the disk any more.
    if (const auto id = order_of(event); id && desk_.orders().find(*id) == nullptr) durable_at_.erase(*id);
    switch (event.type()) {
      case EventType::order_approved: return approved(event.as<OrderApproved>().terms.cl_ord_id, event.seq());
      case EventType::replace_approved: return approved(event.as<ReplaceApproved>().cl_ord_id, event.seq());
      case EventType::actor_declared:
        actors_[std::string{event.tail<ActorDeclared>()}] = event.as<ActorDeclared>().actor;
        return;
      case EventType::difference_accepted:
        return accept(event.as<DifferenceAccepted>().instrument, event.tail<DifferenceAccepted>(), stage);
      case EventType::order_sent: durable_at_.erase(event.as<OrderSent>().terms.cl_ord_id); break;
      case EventType::replace_sent: durable_at_.erase(event.as<ReplaceSent>().cl_ord_id); break;
      default: break;
    }
    if (event.author() != self_) return;
    if (event.spontaneous() && (event.header().origin & broker::kReportPositions) != 0)
      heard_reports_.emplace_back((event.header().origin & ~broker::kReportPositions) + 1, event.seq());
    if (pure_) drive(event, blotter);
  }

  void approved(ClOrdId id, std::uint64_t seq) {
    if (desk_.orders().find(id) != nullptr) durable_at_[id] = {seq};
  }

  /// A pure plugin gets what was sent when that is heard.
  void drive(const Event& event, Blotter& blotter) {
    switch (event.type()) {
      case EventType::order_sent: return plugin_->send(event.approved(), blotter);
      case EventType::cancel_sent:
        return plugin_->cancel(named(event.as<CancelSent>().cl_ord_id),
                               event.header().origin & ~broker::kRequestPositions, blotter);
      case EventType::replace_sent: {
        const auto& sent = event.as<ReplaceSent>();
        return plugin_->replace(named(sent.cl_ord_id), event.approved_replace(), sent.revision, blotter);
      }
      default: return;
    }
  }

  /// Also of an order that ended while a request about it was on its way.
  WorkingOrder named(ClOrdId id) const {
    if (const Order* order = desk_.orders().find(id)) return order->working();
    WorkingOrder ended;
    ended.terms.cl_ord_id = id;
    return ended;
  }

  /// Takes the venue's word for what is unexplained, as a named operator has said.
  void accept(InstrumentId instrument, std::string_view words, Stage& stage) {
    if (const auto found = desk_.unexplained().find(instrument); found != desk_.unexplained().end()) {
      PositionAdjusted adjusted;
      adjusted.instrument = instrument;
      adjusted.change = found->second;
      stage.answer(adjusted, words);
    }
    for (const ClOrdId id : desk_.missing())
      if (const Order* order = desk_.orders().find(id); order != nullptr && order->terms.instrument == instrument)
        stage.answer(OrderCancelled{id, order->leaves_qty}, words);
  }

  /// What the venue said may be acknowledged to it once our events about it are on disk.
  void tell_durable(const Outside& outside) {
    std::optional<std::uint64_t> written;
    if (!told_) written = desk_.reports() - heard_reports_.size();  // What was restored is durable.
    told_ = true;
    while (!heard_reports_.empty() && heard_reports_.front().second <= outside.release_seq()) {
      written = heard_reports_.front().first;
      heard_reports_.pop_front();
    }
    if (written) plugin_->durable(*written);
  }

  void send_out(Outside& outside, Pace& pace) {
    const auto& view = pen_->view();
    if (view.cancels().empty() && view.changes().empty() && view.outbox().empty()) return;
    std::size_t room = outside.room() - std::min(outside.room(), outside.facts().count());
    const auto each = [&](const std::deque<ClOrdId>& ids, auto&& what) {
      for (const ClOrdId id : std::deque<ClOrdId>{ids}) {
        if (room < kSlack) {
          pace.again = true;
          return;
        }
        const std::size_t before = outside.facts().count();
        what(id);
        room -= std::min(room, outside.facts().count() - before);
      }
    };
    // Cancels first: they wait for nothing, and take back what would be released below.
    each(view.cancels(), [&](ClOrdId id) { cancel(id, outside); });
    if (!link_ || link_->armed()) each(view.changes(), [&](ClOrdId id) { replace(id, outside); });
    each(view.outbox(), [&](ClOrdId id) {
      // What an edge reports while one is sent may have ended another.
      if (const Order* order = view.orders().find(id); order != nullptr && order->status == OrdStatus::approved)
        release(*order, outside, pace);
    });
  }

  void cancel(ClOrdId id, Outside& outside) {
    const Order* order = pen_->view().orders().find(id);
    if (order == nullptr || order->status == OrdStatus::intended) return;
    if (order->status == OrdStatus::approved) {
      // Perhaps it was sent before we began: then it is cancelled once the venue has said so.
      if (link_ && link_->in_doubt(id)) return;
      pen_->release(OrderCancelled{id, order->leaves_qty}, id, "cancelled before its release");
      return;
    }
    if (link_ && !link_->up()) return;
    const WorkingOrder working = order->working();
    const std::uint64_t request = pen_->view().requests();
    pen_->request(CancelSent{id, outside.now()});
    if (!link_) return;
    link_->awaits(id, outside.now());
    broker::FactBlotter blotter{*pen_, *link_};
    plugin_->cancel(working, request, blotter);
  }

  void replace(ClOrdId id, Outside& outside) {
    const Order* order = pen_->view().orders().find(id);
    if (order == nullptr) return;
    const bool working = order->status == OrdStatus::acknowledged || order->status == OrdStatus::partially_filled;
    if (!working || !durable(id, outside)) return;
    const LatchLevel level = outside.latch(order->owner(), order->terms.instrument);
    if (level == LatchLevel::halted) return pen_->report(ReplaceRejected{id}, "latch: trading is HALTED");
    if (level == LatchLevel::reducing && order->asked_qty > order->terms.quantity)
      return pen_->report(ReplaceRejected{id}, "latch: trading is REDUCING, and the change makes the order larger");
    if (!plugin_->capabilities().replace) return pen_->report(ReplaceRejected{id}, "the venue cannot change orders");
    const WorkingOrder before = order->working();
    const ReplaceSent sent{id, order->asked_qty, order->asked_px, order->asked_revision + 1, outside.now()};
    const std::size_t at = pen_->request(sent);
    if (!link_) return;
    link_->awaits(id, outside.now());
    const ApprovedReplace change = outside.facts().at(at).approved_replace();
    broker::FactBlotter blotter{*pen_, *link_};
    plugin_->replace(before, change, sent.revision, blotter);
  }

  bool durable(ClOrdId id, const Outside& outside) const {
    const auto at = durable_at_.find(id);
    // What was restored rather than heard came from the journal's durable part.
    return at == durable_at_.end() || at->second.seq <= outside.release_seq();
  }

  /// Decides about one approved order, unless it has to wait.
  void release(const Order& order, Outside& outside, Pace& pace) {
    const OrderTerms& terms = order.terms;
    if (link_ && link_->in_doubt(terms.cl_ord_id)) return;  // Whether it is there already is being asked.
    const Time deadline = deadline_of(order);
    if (deadline != Time{} && outside.now() > deadline) {
      pen_->release(OrderExpired{terms.cl_ord_id, order.leaves_qty}, terms.cl_ord_id, "not released in time");
      return;
    }
    if (link_ && !link_->armed()) {
      if (!link_->up() && !config_.fallback.empty()) return leave(order, outside, pace);
    } else {
      if (link_) prepare(terms);
      if (durable(terms.cl_ord_id, outside)) return send(order, outside);
    }
    // The runtime calls again when it is durable or the venue has spoken, and a deadline must not be missed.
    if (deadline != Time{}) at_most(pace, deadline + Duration{1});
  }

  /// Before the latch is looked at: from that look to the wire is to be as short as can be.
  void prepare(const OrderTerms& terms) {
    // What was restored rather than heard is rare, and may take longer.
    if (const auto at = durable_at_.find(terms.cl_ord_id); at != durable_at_.end() && !std::exchange(at->second.prepared, true))
      plugin_->prepare(terms);
  }

  /// Not released after this; zero is never. A venue outside may be out of reach for long, and the market moves on.
  Time deadline_of(const Order& order) const {
    if (order.terms.release_deadline != Time{}) return order.terms.release_deadline;
    return link_ && config_.release_within != Duration{} ? order.intent_time + config_.release_within : Time{};
  }

  static void at_most(Pace& pace, Time when) {
    if (!pace.at || when < *pace.at) pace.at = when;
  }

  void send(const Order& order, Outside& outside) {
    const OrderTerms terms = order.terms;
    const LatchLevel level = outside.latch(order.owner(), terms.instrument);
    if (level == LatchLevel::halted) return stop(order, "latch: trading is HALTED");
    if (level == LatchLevel::reducing && !pen_->view().reduces(order))
      return stop(order, "latch: trading is REDUCING, and the order does not reduce");
    if (const auto why = plugin_->capabilities().refusal(terms); !why.empty()) return stop(order, why);
    const std::size_t at = pen_->release(OrderSent{terms, outside.now()}, terms.cl_ord_id);
    if (!link_) return;
    link_->awaits(terms.cl_ord_id, outside.now());
    const ApprovedOrder approved = outside.facts().at(at).approved();
    broker::FactBlotter blotter{*pen_, *link_};
    if (link_->repeats(terms.cl_ord_id)) plugin_->send_again(approved, blotter);
    else plugin_->send(approved, blotter);
  }

  void stop(const Order& order, std::string_view why) {
    const ClOrdId id = order.terms.cl_ord_id;
    pen_->release(OrderCancelled{id, order.leaves_qty}, id, why);
  }

  /// To another broker: never an order that may have been sent here.
  void leave(const Order& order, Outside& outside, Pace& pace) {
    const auto to = actors_.find(config_.fallback);
    const Time since = link_->down_since().value_or(outside.now());
    if (outside.now() - since < config_.fallback_after) return at_most(pace, since + config_.fallback_after);
    if (to == actors_.end() || to->second == self_ || link_->repeats(order.terms.cl_ord_id)) return;
    pen_->report(OrderRouted{order.terms.cl_ord_id, to->second});
  }

  Config config_;
  std::shared_ptr<Broker> plugin_;
  std::shared_ptr<const Instruments> instruments_;
  bool pure_;
  ActorId self_;
  broker::DeskState desk_;
  std::map<std::string, ActorId> actors_;

  // Not state: of this incarnation.
  std::optional<broker::Pen> pen_;    ///< Since it may act.
  std::optional<broker::Link> link_;  ///< Edges only.
  std::map<ClOrdId, Approval> durable_at_;  ///< Approvals that were heard, and not passed on.
  std::deque<std::pair<std::uint64_t, std::uint64_t>> heard_reports_;  ///< Count of reports, and where the last stands.
  bool told_ = false;
};

HOLDFAST_PLUGIN(BrokerActor, "broker", "1.0.0", "Hosts one broker plugin and releases orders to it.")
