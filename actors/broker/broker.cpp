#include <holdfast/sdk.hpp>
#include <map>
#include <set>

#include "blotters.hpp"
#include "desk_state.hpp"

using namespace holdfast;

/// Hosts one broker plugin: releases approved orders when they are durable and no latch forbids
/// it, passes cancels on at once, and writes down what the venue reports.
///
/// A pure plugin (paper) is driven by the events heard; an edge plugin by what is released here.
class BrokerActor final : public Actor {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config {
    PluginSlot<Broker> broker;
  };

  static Schema<Config> schema() {
    return Schema<Config>{}.required("broker", &Config::broker,
                                     "The venue, as {plugin: name, its settings}.");
  }

  BrokerActor(const Config& config, const PluginContext& context)
      : plugin_{config.broker.plugin}, pure_{plugin_->pure()}, self_{context.id} {
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

  Pace act(Outside& outside) override {
    const Pace pace = send_out(outside);
    wake_at(plugin_->wake_at());
    return pace;
  }

  void state(Archive& a) override {
    a(desk_);
    plugin_->state(a);
    wake_at(plugin_->wake_at());
  }

 private:
  /// The most events one release or cancel is expected to write, reports of an edge included.
  static constexpr std::size_t kSlack = 8;

  void dispatch(const Event& event, Stage& stage) {
    broker::AnswerBlotter blotter{stage};
    if (pure_) plugin_->hear(event, blotter);
    if (event.type() < EventType::order_intent) return;
    desk_.hear(event, self_);
    switch (event.type()) {
      case EventType::order_approved:
        approval_[event.as<OrderApproved>().terms.cl_ord_id] = event.seq();
        return;
      case EventType::order_sent:
        forget(event.as<OrderSent>().terms.cl_ord_id);
        if (pure_ && event.author() == self_) plugin_->send(event.approved(), blotter);
        return;
      case EventType::order_cancelled: forget(event.as<OrderCancelled>().cl_ord_id); return;
      case EventType::order_expired: forget(event.as<OrderExpired>().cl_ord_id); return;
      case EventType::cancel_sent:
        cancels_in_flight_.erase(event.as<CancelSent>().cl_ord_id);
        if (pure_ && event.author() == self_) plugin_->cancel(event.as<CancelSent>().cl_ord_id, blotter);
        return;
      default: return;
    }
  }

  Pace send_out(Outside& outside) {
    if (desk_.cancels().empty() && desk_.outbox().empty()) return {};
    std::size_t room = outside.room();
    // Cancels first: they wait for nothing, and take back what would be released below.
    for (const ClOrdId id : desk_.cancels())
      if (!cancel(id, outside, room)) return {.again = true, .at = {}};
    return release_all(outside, room);
  }

  void forget(ClOrdId id) {
    in_flight_.erase(id);
    approval_.erase(id);
  }

  /// False when there is no room.
  bool cancel(ClOrdId id, Outside& outside, std::size_t& room) {
    const Order* order = desk_.orders().find(id);
    if (order == nullptr || order->status == OrdStatus::intended) return true;
    // Released and not heard yet: the cancel follows when it is.
    if (in_flight_.contains(id) || cancels_in_flight_.contains(id)) return true;
    if (room < kSlack) return false;
    const std::size_t before = outside.facts().count();
    if (order->status == OrdStatus::approved) {
      in_flight_.emplace(id, false);
      outside.emit(OrderCancelled{id, order->leaves_qty}, id.value, outside.now(),
                   "cancelled before its release");
    } else {
      cancels_in_flight_.insert(id);
      next_cancel_ = std::max(next_cancel_, desk_.cancels_sent());
      outside.emit(CancelSent{id, outside.now()}, broker::kCancelPositions | next_cancel_++, outside.now());
      if (!pure_) {
        broker::FactBlotter blotter = facts(outside);
        plugin_->cancel(id, blotter);
      }
    }
    room -= std::min(room, outside.facts().count() - before);
    return true;
  }

  Pace release_all(Outside& outside, std::size_t& room) {
    Pace pace;
    for (const ClOrdId id : desk_.outbox()) {
      if (in_flight_.contains(id)) continue;
      if (room < kSlack) {
        pace.again = true;
        break;
      }
      const std::size_t before = outside.facts().count();
      const Order& order = *desk_.orders().find(id);
      if (!release(order, outside)) {
        // Not durable yet; the runtime calls again when it is, and a deadline must not be missed.
        const Time deadline = order.terms.release_deadline;
        if (deadline != Time{} && (!pace.at || deadline < *pace.at)) pace.at = deadline + Duration{1};
      }
      room -= std::min(room, outside.facts().count() - before);
    }
    return pace;
  }

  /// Decides about one approved order; false when it has to wait.
  bool release(const Order& order, Outside& outside) {
    const OrderTerms& terms = order.terms;
    const ClOrdId id = terms.cl_ord_id;
    if (terms.release_deadline != Time{} && outside.now() > terms.release_deadline) {
      in_flight_.emplace(id, false);
      outside.emit(OrderExpired{id, order.leaves_qty}, id.value, outside.now(), "not released in time");
      return true;
    }
    const auto approval = approval_.find(id);
    // What was restored rather than heard came from the journal's durable part.
    if (approval != approval_.end() && approval->second > outside.release_seq()) return false;
    const LatchLevel level = outside.latch(order.owner(), terms.instrument);
    if (level == LatchLevel::halted) return stop(order, "latch: trading is HALTED", outside);
    if (level == LatchLevel::reducing && !desk_.reduces(order, in_flight_))
      return stop(order, "latch: trading is REDUCING, and the order does not reduce", outside);
    in_flight_.emplace(id, true);
    const std::size_t at = outside.facts().append(OrderSent{terms, outside.now()}, outside.self(), id.value,
                                                  true, outside.now());
    if (!pure_) {
      const ApprovedOrder approved = outside.facts().at(at).approved();
      broker::FactBlotter blotter = facts(outside);
      plugin_->send(approved, blotter);
    }
    return true;
  }

  bool stop(const Order& order, std::string_view why, Outside& outside) {
    const ClOrdId id = order.terms.cl_ord_id;
    in_flight_.emplace(id, false);
    outside.emit(OrderCancelled{id, order.leaves_qty}, id.value, outside.now(), why);
    return true;
  }

  broker::FactBlotter facts(Outside& outside) {
    next_report_ = std::max(next_report_, desk_.reports());
    return broker::FactBlotter{outside, next_report_};
  }

  std::shared_ptr<Broker> plugin_;
  bool pure_;
  ActorId self_;
  broker::DeskState desk_;

  // Not state: what this incarnation has written and not heard back, and where approvals stand.
  std::map<ClOrdId, bool> in_flight_;  ///< True: released; false: ended without a release.
  std::set<ClOrdId> cancels_in_flight_;
  std::map<ClOrdId, std::uint64_t> approval_;
  std::uint64_t next_cancel_ = 0, next_report_ = 0;
};

HOLDFAST_PLUGIN(BrokerActor, "broker", "1.0.0", "Hosts one broker plugin and releases orders to it.")
