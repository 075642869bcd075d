#pragma once

#include <holdfast/sdk.hpp>
#include <map>
#include <optional>
#include <string>

namespace holdfast {

/// Turns facts about the system into alerts, with names instead of numbers.
class AlertWords {
 public:
  /// Learns names, and returns the alert when the event is worth one.
  std::optional<Alert> hear(const Event& event);
  void state(Archive& a) { a(actors_, symbols_); }

 private:
  std::string actor(std::uint32_t id) const;
  std::string target(LatchScope scope, std::uint32_t id) const;
  Alert latch_engaged(const Event& event) const;
  Alert latch_released(const Event& event) const;

  std::map<std::uint32_t, std::string> actors_, symbols_;
};

}  // namespace holdfast
