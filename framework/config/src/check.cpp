#include <algorithm>
#include <holdfast/config/check.hpp>
#include <memory>

#include "routes.hpp"

namespace holdfast {

namespace {

std::shared_ptr<const Instruments> with_ids(const std::vector<Instrument>& listed, Problems& problems) {
  auto instruments = std::make_shared<Instruments>();
  std::uint32_t next = 1;
  for (Instrument instrument : listed) {
    if (instruments->find(instrument.symbol) != nullptr) {
      problems.push_back(
          {Where{}, "the instrument '" + instrument.symbol + "' is here twice", "remove one of them"});
      continue;
    }
    instrument.id = {next++};
    instruments->add(std::move(instrument));
  }
  return instruments;
}

const ActorPlan* find(const std::vector<const ActorPlan*>& actors, const std::string& name) {
  const auto found = std::ranges::find(actors, name, &ActorPlan::name);
  return found == actors.end() ? nullptr : *found;
}

/// What is said to be removed is not there, and who inherits is.
void check_removed(const Plan& plan, const std::vector<const ActorPlan*>& actors, Problems& problems) {
  for (const RemovedPlan& removed : plan.removed) {
    if (find(actors, removed.name) != nullptr)
      problems.push_back({removed.where, "'" + removed.name + "' is removed, and declared in the tree",
                          "take one of the two away"});
    if (removed.what != Removal::hand_over) continue;
    if (const ActorPlan* heir = find(actors, removed.heir); heir == nullptr || heir->actor != "strategy")
      problems.push_back({removed.where,
                          "'" + removed.name + "' hands over to '" + removed.heir + "', which is no strategy of the tree",
                          "name one that is"});
  }
}

}  // namespace

Problems check_plan(const Plan& plan, const PluginChecks& checks) {
  Problems problems;
  const auto instruments = with_ids(plan.instruments, problems);
  const auto actors = actors_of(plan.tree);
  for (const auto& pin : plan.pins) checks.pin(pin);
  for (const auto* actor : actors)
    if (!actor->pin.empty()) checks.pin({"actor", actor->actor, actor->pin, actor->pin_where});
  check_removed(plan, actors, problems);
  config::check_routes(actors, problems);
  std::uint16_t id = 1;
  for (const auto* actor : actors) {
    auto refused = checks.probe("actor", actor->actor, actor->actor_where);
    problems.insert(problems.end(), refused.begin(), refused.end());
    if (!refused.empty()) continue;
    PluginContext context;
    context.actor = actor->name;
    context.id = {id++};
    context.seed = plan.seed;
    context.base_dir = plan.base_dir;
    context.instruments = instruments;
    context.plugins = &checks.source;
    context.secrets = checks.secrets;
    context.checking = true;
    context.feed_clock = plan.clock == Plan::Clock::feed;
    checks.source.make("actor", actor->actor, actor->settings, context, problems);
  }
  for (auto& problem : problems) {
    problem.what = redact(plan, std::move(problem.what));
    problem.mend = redact(plan, std::move(problem.mend));
  }
  return problems;
}

}  // namespace holdfast
