#include "words.hpp"

namespace holdfast {

namespace {

using Severity = Alert::Severity;

Alert about(const Event& event, Severity severity, std::string text) {
  // One line, whatever a cause chain or a person has put into it.
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return {severity, event.seq(), event.time(), std::move(text)};
}

/// "operator\nreason" as "by operator: reason".
std::string by(std::string_view tail) {
  const auto line = tail.find('\n');
  if (line == std::string_view::npos) return "by " + std::string{tail};
  return "by " + std::string{tail.substr(0, line)} + ": " + std::string{tail.substr(line + 1)};
}

}  // namespace

std::string AlertWords::actor(std::uint32_t id) const {
  const auto known = actors_.find(id);
  return known == actors_.end() ? "actor " + std::to_string(id) : known->second;
}

std::string AlertWords::target(LatchScope scope, std::uint32_t id) const {
  if (scope == LatchScope::system) return "the system";
  if (scope == LatchScope::strategy) return "strategy " + actor(id);
  const auto known = symbols_.find(id);
  return "instrument " + (known == symbols_.end() ? std::to_string(id) : known->second);
}

Alert AlertWords::latch_engaged(const Event& event) const {
  const auto& latch = event.as<LatchEngaged>();
  return about(event, latch.level == LatchLevel::halted ? Severity::critical : Severity::warning,
               target(latch.scope, latch.target) + " is " + std::string{to_string(latch.level)} + ", " +
                   by(event.tail<LatchEngaged>()));
}

Alert AlertWords::latch_released(const Event& event) const {
  const auto& latch = event.as<LatchReleased>();
  return about(event, Severity::info,
               target(latch.scope, latch.target) + " is released, " + by(event.tail<LatchReleased>()));
}

std::optional<Alert> AlertWords::hear(const Event& event) {
  switch (event.type()) {
    case EventType::actor_declared:
      actors_[event.as<ActorDeclared>().actor.value] = std::string{event.tail<ActorDeclared>()};
      return {};
    case EventType::instrument_defined: {
      const auto tail = event.tail<InstrumentDefined>();
      symbols_[event.as<InstrumentDefined>().instrument.value] = std::string{tail.substr(0, tail.find('\n'))};
      return {};
    }
    case EventType::system_started:
      return about(event, Severity::info, "system " + std::string{event.tail<SystemStarted>()} + " started, run " +
                                              std::to_string(event.as<SystemStarted>().epoch));
    case EventType::system_restored:
      return about(event, Severity::critical, "system restored: " + std::string{event.tail<SystemRestored>()});
    case EventType::system_stopped:
      return about(event, Severity::info, "system stopped: " + std::string{event.tail<SystemStopped>()});
    case EventType::actor_failed:
      return about(event, Severity::warning, actor(event.as<ActorFailed>().actor.value) + " failed: " +
                                                 std::string{event.tail<ActorFailed>()});
    case EventType::actor_parked:
      return about(event, Severity::critical, actor(event.as<ActorParked>().actor.value) + " is parked: " +
                                                  std::string{event.tail<ActorParked>()});
    case EventType::latch_engaged: return latch_engaged(event);
    case EventType::latch_released: return latch_released(event);
    default: return {};
  }
}

}  // namespace holdfast
