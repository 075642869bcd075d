#include <holdfast/runtime/supervision.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

namespace holdfast {

/// A supervisor or an actor. What a node should be is in `wanted` and `bounce`; what it is, in
/// `state`; step() closes the gap one ordered move at a time, so that overlapping failures need no
/// case of their own.
struct Supervision::Node {
  std::string name;
  Node* parent = nullptr;
  bool is_actor = false;
  std::size_t index = 0;
  Restart type = Restart::permanent;
  Duration shutdown{};
  State state = State::down;
  bool wanted = false;
  bool bounce = false;              ///< Must go down once before it may be up.
  std::optional<Time> not_before;   ///< Back-off.
  std::optional<Time> deadline;     ///< Of a stop under way; no child's is later.
  std::uint32_t restarts = 0, streak = 0;
  std::optional<Time> up_since;     ///< Empty until this incarnation was up.

  // Supervisors only.
  RestartStrategy strategy = RestartStrategy::one_for_one;
  int intensity = 0;
  Duration period{};
  BackoffPlan backoff;
  std::deque<Time> history;
  bool failing = false;
  std::string why;
  std::vector<std::unique_ptr<Node>> children;

  bool running() const { return state == State::up || state == State::starting; }
  /// A child on its way up, or waiting for it, holds up those after it?
  bool in_order() const { return state == State::starting || strategy != RestartStrategy::one_for_one; }
};

Supervision::Supervision(const SupervisorPlan& plan, std::uint64_t seed) : random_{seed} {
  root_ = build(plan, nullptr);
}
Supervision::~Supervision() = default;

std::unique_ptr<Supervision::Node> Supervision::build(const SupervisorPlan& plan, Node* parent) {
  auto node = std::make_unique<Node>();
  node->name = plan.name;
  node->parent = parent;
  node->shutdown = plan.shutdown;
  node->strategy = plan.strategy;
  node->intensity = plan.intensity;
  node->period = plan.period;
  node->backoff = plan.backoff;
  for (const auto& child : plan.children) {
    if (const auto* supervisor = child.supervisor()) {
      node->children.push_back(build(*supervisor, node.get()));
      continue;
    }
    const ActorPlan& actor = *child.actor();
    auto leaf = std::make_unique<Node>();
    leaf->name = actor.name;
    leaf->parent = node.get();
    leaf->is_actor = true;
    leaf->index = actors_.size();
    leaf->type = actor.restart;
    leaf->shutdown = actor.shutdown;
    actors_.push_back(leaf.get());
    node->children.push_back(std::move(leaf));
  }
  return node;
}

Supervision::Commands Supervision::start(Time now) {
  Commands out;
  root_->wanted = true;
  begin(*root_, now, out);
  return out;
}

Supervision::Commands Supervision::stop(Time now) {
  Commands out;
  root_->wanted = false;
  if (root_->running()) end(*root_, now, out);
  else if (root_->state == State::down) out.push_back({Command::Kind::stopped, 0, ""});
  return out;
}

Supervision::Commands Supervision::started(std::size_t actor, Time now) {
  Commands out;
  if (actors_[actor]->state == State::starting) went_up(*actors_[actor], now, out);
  return out;
}

Supervision::Commands Supervision::exited(std::size_t actor, Exit exit, Time now) {
  Commands out;
  Node& node = *actors_[actor];
  if (node.running() || node.state == State::stopping) went_down(node, exit, now, out);
  return out;
}

void Supervision::begin(Node& child, Time now, Commands& out) {
  child.state = State::starting;
  child.not_before.reset();
  child.up_since.reset();
  child.bounce = false;
  if (child.is_actor) {
    out.push_back({Command::Kind::start, child.index, ""});
    return;
  }
  child.failing = false;
  child.history.clear();
  for (auto& grandchild : child.children) {
    grandchild->wanted = true;
    grandchild->bounce = false;
    if (!grandchild->running() && grandchild->state != State::parked) grandchild->state = State::down;
  }
  step(child, now, out);
}

void Supervision::end(Node& child, Time now, Commands& out) {
  child.state = State::stopping;
  child.bounce = false;
  child.deadline = now + child.shutdown;
  for (const Node* above = child.parent; above != nullptr; above = above->parent)
    if (above->deadline) child.deadline = std::min(*child.deadline, *above->deadline);
  if (child.is_actor) {
    out.push_back({Command::Kind::stop, child.index, ""});
    return;
  }
  for (auto& grandchild : child.children) grandchild->wanted = false;
  step(child, now, out);
}

/// One ordered move of a supervisor towards what its children should be: first stop, last child
/// first; then start, first child first; one at a time.
void Supervision::step(Node& supervisor, Time now, Commands& out) {
  for (const auto& child : supervisor.children)
    if (child->state == State::stopping) return;
  for (auto at = supervisor.children.rbegin(); at != supervisor.children.rend(); ++at)
    if ((*at)->running() && (!(*at)->wanted || (*at)->bounce)) {
      end(**at, now, out);
      return step(supervisor, now, out);
    }
  if (!supervisor.wanted || supervisor.state == State::stopping) {
    for (auto& child : supervisor.children) {
      child->not_before.reset();
      if (child->state == State::waiting) child->state = State::down;
    }
    if (supervisor.state == State::stopping)
      went_down(supervisor, supervisor.failing ? Exit::crash : Exit::normal, now, out);
    return;
  }
  for (auto& child : supervisor.children) {
    if (child->state == State::starting && supervisor.in_order()) return;
    if (!child->wanted || (child->state != State::down && child->state != State::waiting)) continue;
    if (child->not_before && now < *child->not_before) {
      child->state = State::waiting;
      if (supervisor.in_order()) return;
      continue;
    }
    begin(*child, now, out);
    if (child->state == State::starting && supervisor.in_order()) return;
  }
  if (supervisor.state == State::starting) went_up(supervisor, now, out);
}

void Supervision::went_up(Node& child, Time now, Commands& out) {
  child.state = State::up;
  child.up_since = now;
  if (child.parent != nullptr) step(*child.parent, now, out);
}

void Supervision::went_down(Node& child, Exit exit, Time now, Commands& out) {
  // Who ends by itself just before it would have been stopped was as good as asked.
  const bool asked = (child.state == State::stopping || child.bounce) && !child.failing;
  child.state = exit == Exit::parked ? State::parked : State::down;
  child.deadline.reset();
  if (child.parent == nullptr) {
    out.push_back({child.failing ? Command::Kind::give_up : Command::Kind::stopped, 0, child.why});
    return;
  }
  Node& parent = *child.parent;
  if (asked) {
    // Stopped for a sibling's sake: a temporary one is not started again.
    if (child.is_actor && child.type == Restart::temporary && exit != Exit::parked) {
      child.wanted = false;
      child.state = State::finished;
    }
  } else if (exit == Exit::parked || !parent.wanted || parent.state == State::stopping) {
    child.wanted = false;
  } else if (child.type == Restart::temporary || (child.type == Restart::transient && exit == Exit::normal)) {
    child.wanted = false;
    child.state = State::finished;
  } else {
    restart(child, now, out);
    return;
  }
  step(parent, now, out);
}

void Supervision::restart(Node& child, Time now, Commands& out) {
  Node& parent = *child.parent;
  parent.history.push_back(now);
  while (!parent.history.empty() && now - parent.history.front() > parent.period) parent.history.pop_front();
  if (parent.history.size() > static_cast<std::size_t>(std::max(0, parent.intensity))) {
    parent.failing = true;
    parent.why = "supervisor '" + parent.name + "' gave up: more than " + std::to_string(parent.intensity) +
                 " restarts within its period, the last of '" + child.name + "'";
    if (parent.parent == nullptr || parent.parent->why.empty()) {
      if (!child.is_actor && !child.why.empty()) parent.why += " <- " + child.why;
    }
    parent.state = State::stopping;
    for (auto& sibling : parent.children) sibling->wanted = false;
    step(parent, now, out);
    return;
  }
  child.not_before = now + backoff(child, now);
  ++child.restarts;
  bool after = false;
  for (auto& sibling : parent.children) {
    if (sibling.get() == &child) {
      after = true;
      continue;
    }
    const bool taken = parent.strategy == RestartStrategy::one_for_all ||
                       (parent.strategy == RestartStrategy::rest_for_one && after);
    if (taken && sibling->running()) sibling->bounce = true;
    // One that had ended well starts anew with the others; a temporary one is gone for good.
    if (taken && sibling->state == State::finished && sibling->type == Restart::transient) {
      sibling->wanted = true;
      sibling->state = State::down;
    }
  }
  step(parent, now, out);
}

Duration Supervision::backoff(Node& child, Time now) {
  const BackoffPlan& plan = child.parent->backoff;
  if (child.up_since && now - *child.up_since > plan.reset_after) child.streak = 0;
  if (child.streak++ == 0) return Duration{0};
  const double grown = static_cast<double>(plan.initial.count()) *
                       std::pow(plan.multiplier, std::min<double>(child.streak - 2, 60));
  const double capped = std::min(grown, static_cast<double>(plan.max.count()));
  const double spread = (static_cast<double>(random_.below(2'000'001)) / 1'000'000.0 - 1.0) * plan.jitter;
  return Duration{static_cast<std::int64_t>(capped * (1.0 + spread))};
}

Supervision::Commands Supervision::advance(Time now) {
  Commands out;
  advance(*root_, now, out);
  return out;
}

void Supervision::advance(Node& node, Time now, Commands& out) {
  if (node.is_actor && node.deadline && now >= *node.deadline) {
    node.deadline.reset();
    out.push_back({Command::Kind::kill, node.index, "did not stop within its shutdown deadline"});
  }
  bool due = false;
  for (auto& child : node.children) {
    advance(*child, now, out);
    due |= child->state == State::waiting && child->not_before && now >= *child->not_before;
  }
  if (due) step(node, now, out);
}

std::optional<Time> Supervision::next_deadline() const {
  std::optional<Time> next;
  const auto consider = [&](const std::optional<Time>& t) {
    if (t && (!next || *t < *next)) next = t;
  };
  const auto visit = [&](const auto& self, const Node& node) -> void {
    if (node.is_actor) consider(node.deadline);
    if (node.state == State::waiting) consider(node.not_before);
    for (const auto& child : node.children) self(self, *child);
  };
  visit(visit, *root_);
  return next;
}

std::string Supervision::escalation() const { return root_->failing ? root_->why : ""; }

Supervision::State Supervision::state(std::size_t actor) const { return actors_[actor]->state; }
std::uint32_t Supervision::restarts(std::size_t actor) const { return actors_[actor]->restarts; }

const char* to_string(Supervision::State state) {
  static constexpr const char* names[] = {"down", "waiting", "starting", "up", "stopping", "parked", "finished"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace holdfast
