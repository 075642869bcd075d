#include <algorithm>
#include <map>

#include "plan_reader.hpp"
#include "sections.hpp"

namespace holdfast::config {

namespace {

/// Reads the tree and knows every name it has met.
class TreeReader {
 public:
  explicit TreeReader(Problems& problems) : problems_{problems} {}

  SupervisorPlan supervisor(const Setting& s, bool root) {
    const auto section = supervisor_schema(root).read(s, context_, problems_);
    SupervisorPlan plan;
    if (!root) plan.name = section.name;
    remember(plan.name, s);
    plan.strategy = section.strategy == "one_for_all"    ? RestartStrategy::one_for_all
                    : section.strategy == "rest_for_one" ? RestartStrategy::rest_for_one
                                                         : RestartStrategy::one_for_one;
    plan.intensity = section.intensity;
    plan.period = section.period;
    plan.shutdown = section.shutdown;
    plan.backoff = backoff_schema().read(section.backoff, context_, problems_);
    plan.where = s.where;
    children(s, plan);
    return plan;
  }

 private:
  /// Read from the setting itself, so that one wrong field does not hide the children's problems.
  void children(const Setting& s, SupervisorPlan& plan) {
    const Setting* list = s.find("children");
    if (list == nullptr || list->kind == Setting::Kind::missing) return;
    if (list->kind != Setting::Kind::list) {
      problems_.push_back(
          {list->where, "expected a list of children", "write one `- { name: …, actor: … }` per line"});
      return;
    }
    if (list->items.empty())
      problems_.push_back({list->where, "a supervisor without children", "write at least one"});
    for (const auto& item : list->items) child(item, plan);
  }

  void child(const Setting& s, SupervisorPlan& plan) {
    if (s.kind == Setting::Kind::missing) return;
    const bool actor = s.find("actor") != nullptr, supervisor_child = s.find("supervisor") != nullptr;
    if (s.kind != Setting::Kind::map || actor == supervisor_child) {
      problems_.push_back(
          {s.where,
           actor ? "a child is an actor or a supervisor, not both" : "a child is an actor or a supervisor",
           "write `actor: <library>` or `supervisor: one_for_one`"});
      return;
    }
    if (actor) plan.children.push_back({this->actor(s)});
    else plan.children.push_back({supervisor(s, false)});
  }

  ActorPlan actor(const Setting& s) {
    const auto section = actor_schema().read(s, context_, problems_);
    ActorPlan plan;
    plan.name = section.name;
    remember(plan.name, s);
    plan.actor = section.actor;
    plan.restart = section.restart == "transient"   ? Restart::transient
                   : section.restart == "temporary" ? Restart::temporary
                                                    : Restart::permanent;
    plan.shutdown = section.shutdown;
    plan.settings = section.settings;
    plan.where = s.where;
    if (plan.settings.kind == Setting::Kind::missing) plan.settings.where = s.where;
    else if (plan.settings.kind != Setting::Kind::map)
      problems_.push_back({plan.settings.where, "expected settings, one `name: value` after another", ""});
    plan.actor_where = s.find("actor")->where;
    plan.pin = section.pin;
    std::transform(plan.pin.begin(), plan.pin.end(), plan.pin.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (const Setting* pin = s.find("pin")) plan.pin_where = pin->where;
    return plan;
  }

  void remember(const std::string& name, const Setting& s) {
    if (name.empty()) return;
    const Setting* named = s.find("name");
    const Where where = named == nullptr ? s.where : named->where;
    const auto [first, fresh] = names_.emplace(name, where);
    if (fresh) return;
    problems_.push_back({where,
                         "the name '" + name + "' is in the tree twice" +
                             (name == "root" ? "" : ", first in line " + std::to_string(first->second.line)),
                         name == "root" ? "root is the tree itself" : "rename one of them"});
  }

  const PluginContext context_;
  Problems& problems_;
  std::map<std::string, Where> names_;
};

}  // namespace

SupervisorPlan read_tree(const Setting& tree, Problems& problems) {
  return TreeReader{problems}.supervisor(tree, true);
}

}  // namespace holdfast::config
