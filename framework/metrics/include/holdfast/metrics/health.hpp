#pragma once

#include <string>
#include <vector>

#include <holdfast/runtime/system.hpp>

namespace holdfast {

/// One thing that must be so before a system may be sent work.
struct ReadinessCheck {
  std::string name;
  std::string problem;  ///< Empty: it is so.
};

/// Ready is: recovered and not stopping, every actor up or ended as planned, the journal not
/// failed, and no latch that halts the whole system.
std::vector<ReadinessCheck> readiness(const SystemStatus& status);
bool is_ready(const SystemStatus& status);

}  // namespace holdfast
