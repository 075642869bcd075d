// What becomes of the orders and positions of strategies that are no longer declared.
#include <algorithm>
#include <holdfast/runtime/actor_host.hpp>
#include <holdfast/runtime/removal.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

/// At a venue, on the way there, or waiting for risk's verdict, which a crash may have left unheard.
std::vector<const Order*> open_orders_of(const SystemRecord& record, ActorId strategy) {
  std::vector<const Order*> found;
  for (const auto& [id, order] : record.orders().open())
    if (order.owner() == strategy) found.push_back(&order);
  return found;
}

bool declares(const Plan& plan, const std::string& name) {
  return std::ranges::any_of(actors_of(plan.tree), [&](const ActorPlan* actor) { return actor->name == name; });
}

const RemovedPlan* decision(const Plan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.removed, name, &RemovedPlan::name);
  return found == plan.removed.end() ? nullptr : &*found;
}

/// Null when nothing was decided, or not since it was here last.
const SystemRecord::Removed* decided(const SystemRecord& record, ActorId strategy) {
  const auto found = record.removed().find(strategy.value);
  return found == record.removed().end() ? nullptr : &found->second;
}

}  // namespace

std::string belongings(const SystemRecord& record, ActorId strategy) {
  const auto orders = open_orders_of(record, strategy).size();
  std::string text;
  if (orders != 0) text = std::to_string(orders) + " open order" + (orders == 1 ? "" : "s");
  for (const auto& [key, holding] : record.holdings())
    if (key.first == strategy.value && !holding.position.is_zero())
      text += (text.empty() ? "" : ", ") + ("a position of " + holding.position.str()) + " " +
              record.symbol(InstrumentId{key.second});
  return text;
}

Problems undecided_removals(const Plan& plan, const SystemRecord& record) {
  Problems problems;
  for (const auto& [value, entry] : record.actors()) {
    if (entry.kind != static_cast<std::uint64_t>(ActorKind::strategy)) continue;
    const auto* before = decided(record, ActorId{value});
    if (declares(plan, entry.name)) {
      if (before != nullptr && before->what == Removal::hand_over)
        problems.push_back({plan.tree.where,
                            "the strategy '" + entry.name + "' has handed over what it had to '" +
                                record.actor_name(before->heir) + "', and cannot come back",
                            "give it another name"});
      continue;
    }
    const std::string has = belongings(record, ActorId{value});
    if (has.empty() || before != nullptr || decision(plan, entry.name) != nullptr) continue;
    problems.push_back({plan.tree.where,
                        "the strategy '" + entry.name + "' is not declared any more, and still has " + has,
                        "declare it again, or decide: write removed: { " + entry.name +
                            ": cancel }, or flatten, or { hand_over: "
                            "another strategy }"});
  }
  return problems;
}

void Core::say_removals(EventBuffer& events, Time now) const {
  const auto say = [&](const auto& what, std::uint64_t position) {
    events.append(what, ActorId{}, position, true, now);
  };
  const auto here = [&](std::uint16_t id) {
    return std::ranges::any_of(slots, [&](const auto& slot) { return slot->id.value == id; });
  };
  for (const auto& [value, before] : record_->removed())
    if (here(value)) say(StrategyRemoved{ActorId{value}, {}, Removal::none, {}}, value);
  // Risk that begins another era has nothing in flight any more, and must know.
  const bool forgotten = std::ranges::any_of(slots, [&](const auto& slot) {
    const auto* known = record_->find(slot->plan->name);
    return slot->kind == ActorKind::risk && known != nullptr && known->era != slot->era;
  });
  for (const auto& [value, before] : record_->removed()) {
    const ActorId strategy{value};
    const bool closes = before.what == Removal::flatten && !belongings(*record_, strategy).empty();
    if (forgotten && !here(value) && (closes || !open_orders_of(*record_, strategy).empty()))
      say(StrategyRemoved{strategy, {}, before.what, {}}, value);
  }
  for (const RemovedPlan& removed : plan.removed) {
    ActorId strategy;
    if (record_->find(removed.name, &strategy) == nullptr || belongings(*record_, strategy).empty()) continue;
    StrategyRemoved event{strategy, {}, removed.what, {}};
    for (const auto& slot : slots)
      if (slot->plan->name == removed.heir) event.heir = slot->id;
    const auto* before = decided(*record_, strategy);
    if (before != nullptr && *before == SystemRecord::Removed{event.what, event.heir}) continue;
    say(event, strategy.value);
    if (removed.what != Removal::hand_over) continue;
    for (const Order* order : open_orders_of(*record_, strategy))
      say(OrderHandedOver{order->terms,
                          order->cum_qty,
                          order->leaves_qty,
                          order->venue_order_id,
                          order->revision,
                          event.heir,
                          static_cast<std::uint8_t>(order->status),
                          {}},
          order->terms.cl_ord_id.value);
  }
}

}  // namespace holdfast
