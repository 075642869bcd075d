#include "routes.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace holdfast::config {

namespace {

using Actors = std::vector<const ActorPlan*>;

const ActorPlan* broker_named(const Actors& actors, const std::string& name) {
  const auto found =
      std::ranges::find_if(actors, [&](const ActorPlan* a) { return a->actor == "broker" && a->name == name; });
  return found == actors.end() ? nullptr : *found;
}

/// What a broker says of who gets what it cannot send; null: nothing.
const Setting* fallback_of(const ActorPlan& broker) {
  const Setting* fallback = broker.settings.find("fallback");
  return fallback == nullptr || fallback->text.empty() ? nullptr : fallback;
}

std::string names(const Actors& brokers) {
  std::string text;
  for (const ActorPlan* broker : brokers) text += (text.empty() ? "" : ", ") + broker->name;
  return text;
}

void check_order(const ActorPlan& risk, const Actors& actors, const Actors& brokers, Problems& problems) {
  const Setting* order = risk.settings.find("brokers");
  if (order == nullptr || order->items.empty()) {
    if (brokers.size() > 1)
      problems.push_back({risk.settings.where,
                          "there are " + std::to_string(brokers.size()) + " brokers, and '" + risk.name +
                              "' does not say which of them an order goes to",
                          "write brokers: [" + names(brokers) + "] into its settings, the best first"});
    return;
  }
  for (const Setting& name : order->items)
    if (broker_named(actors, name.text) == nullptr)
      problems.push_back({name.where, "there is no broker '" + name.text + "' in the tree",
                          brokers.empty() ? "declare it" : "name one of " + names(brokers)});
}

/// Follows the fallbacks from `first`; a circle is told of once, where its first broker stands.
void check_circle(const ActorPlan& first, const Actors& actors, std::set<std::string>& told, Problems& problems) {
  std::string path = first.name;
  std::set<std::string> seen{first.name};
  for (const Setting* next = fallback_of(first); next != nullptr;) {
    path += " → " + next->text;
    if (next->text == first.name) {
      told.merge(seen);
      problems.push_back(
          {fallback_of(first)->where, "the fallbacks go in a circle: " + path, "let the last of them have none"});
      return;
    }
    if (!seen.insert(next->text).second) return;  // A circle that this one only leads to.
    const ActorPlan* broker = broker_named(actors, next->text);
    next = broker == nullptr ? nullptr : fallback_of(*broker);
  }
}

}  // namespace

void check_routes(const std::vector<const ActorPlan*>& actors, Problems& problems) {
  Actors brokers;
  std::ranges::copy_if(actors, std::back_inserter(brokers), [](const ActorPlan* a) { return a->actor == "broker"; });
  for (const ActorPlan* actor : actors)
    if (actor->actor == "risk") check_order(*actor, actors, brokers, problems);
  std::set<std::string> told;
  for (const ActorPlan* broker : brokers) {
    const Setting* fallback = fallback_of(*broker);
    if (fallback == nullptr) continue;
    if (broker_named(actors, fallback->text) == nullptr)
      problems.push_back(
          {fallback->where,
           "the fallback of '" + broker->name + "' is '" + fallback->text + "', which is no broker of the tree",
           "name a broker that is, or take the line away"});
    else if (!told.contains(broker->name)) check_circle(*broker, actors, told, problems);
  }
}

}  // namespace holdfast::config
