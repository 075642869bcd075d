#pragma once

#include <functional>

#include <holdfast/runtime/system.hpp>

namespace holdfast::cli {

/// A sink that writes each line to stderr with the time and its level: text for people, or one JSON
/// object per line for whoever collects logs. [any-thread]
std::function<void(const LogLine&)> log_sink(bool json);

}  // namespace holdfast::cli
