#include "log_lines.hpp"

#include <chrono>

#include "output.hpp"
#include "summary.hpp"

namespace holdfast::cli {

namespace {

Time now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace

std::function<void(const LogLine&)> log_sink(bool json) {
  if (json)
    return [](const LogLine& line) {
      console().message(dump({{"time", now().str()}, {"level", to_string(line.level)}, {"actor", line.actor}, {"text", line.text}}));
    };
  return [](const LogLine& line) {
    const std::string who = line.actor.empty() ? "" : line.actor + ": ";
    console().message(now().str().substr(0, 23) + "Z " + std::string{to_string(line.level)} + " " + printable(who + line.text));
  };
}

}  // namespace holdfast::cli
