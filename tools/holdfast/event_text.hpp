#pragma once

#include <string>

#include "embed/event_json.hpp"

namespace holdfast::cli {

/// "12  2024-01-02T00:00:00.000000000Z  trend  order_intent  <- 11  order=trend-1 … 'means crossed'".
std::string event_line(const Event& event, const SystemRecord& record);

}  // namespace holdfast::cli
