#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "embed/command.hpp"
#include "embed/event_json.hpp"

namespace holdfast {

namespace {

/// Whoever asks wants an answer; what is not durable by then is effective all the same.
constexpr auto kDurablePatience = std::chrono::milliseconds{1500};

Json crash(System& system, const Command& command) {
  if (system.record().find(command.actor) == nullptr)
    return {{"unknown", "there is no actor '" + command.actor + "' in this system"}};
  system.crash(command.actor, command.reason);
  return {{"crashed", true}};
}

Json instruct(System& system, const Command& command) {
  Instruction said{Instruction::What::accept, {}, command.latch.target, command.latch.who, command.latch.why};
  if (command.verb == Command::Verb::cancel) {
    const auto id = parse_order(command.order, system.record());
    if (!id) return {{"unknown", "there is no order '" + command.order + "' in this system"}};
    said.what = Instruction::What::cancel;
    said.order = *id;
  }
  return {{"durable", system.instruct(said, kDurablePatience)}};
}

}  // namespace

Json carry_out(System& system, const Command& command) {
  const auto& latch = command.latch;
  try {
    switch (command.verb) {
      case Command::Verb::status: {
        Json status = status_json(system.status());
        status["pid"] = ::getpid();
        return status;
      }
      case Command::Verb::book: return book_json(system.record());
      case Command::Verb::cancel:
      case Command::Verb::accept: return instruct(system, command);
      case Command::Verb::halt: return {{"durable", system.halt(latch, kDurablePatience)}};
      case Command::Verb::resume:
        return {{"released", system.resume(latch.scope, latch.target, latch.who, latch.why)}};
      case Command::Verb::crash: return crash(system, command);
      case Command::Verb::checkpoint: return {{"directory", system.checkpoint()}};
      case Command::Verb::failpoints: {
        system.failpoints().set(command.reason);
        return {{"hits", system.failpoints().hits()}};
      }
    }
  } catch (const std::invalid_argument& unknown) {
    return {{"unknown", unknown.what()}};
  }
  return {};
}

}  // namespace holdfast
