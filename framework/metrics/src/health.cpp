#include <holdfast/metrics/health.hpp>

#include <algorithm>

namespace holdfast {

namespace {

std::string problem_of(const SystemStatus::ActorLine& actor) {
  using State = Supervision::State;
  if (actor.state == State::up || actor.state == State::finished) return "";
  return "it is " + std::string{to_string(actor.state)};
}

}  // namespace

std::vector<ReadinessCheck> readiness(const SystemStatus& status) {
  std::vector<ReadinessCheck> checks;
  // What failed and why is for those who may read the log; here anybody may ask.
  checks.push_back({"journal", status.state == "failed" ? "the system has failed" : ""});
  checks.push_back({"recovered", status.state == "ready" || status.state == "failed" ? "" : "it is " + status.state});
  const bool halted = std::ranges::any_of(status.latches, [](const LatchFile::Latch& latch) {
    return latch.scope == LatchScope::system && latch.level == LatchLevel::halted;
  });
  checks.push_back({"trading", halted ? "the system is halted" : ""});
  for (const auto& actor : status.actors) checks.push_back({"actor/" + actor.name, problem_of(actor)});
  return checks;
}

bool is_ready(const SystemStatus& status) {
  return std::ranges::all_of(readiness(status), [](const ReadinessCheck& check) { return check.problem.empty(); });
}

}  // namespace holdfast
