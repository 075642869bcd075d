#pragma once

#include <cstddef>
#include <string>

#include <holdfast/runtime/latch_file.hpp>

#include "embed/json.hpp"

/// What people and programs tell a running system, through its control socket or the C interface.
namespace holdfast {

/// One command, every value within its bounds.
struct Command {
  enum class Verb { status, book, halt, resume, crash, cancel, accept, failpoints, checkpoint };
  Verb verb = Verb::status;
  LatchFile::Latch latch;     ///< To halt; to resume, without a level. No `since`: now.
  std::string actor, reason;  ///< To crash. As failpoints, what Failpoints::set() reads.
  std::string order;          ///< To cancel: its name, as book_json() has it. The latch says who and why.
};

/// Reads {"verb":"halt","by":"ann","reason":"odd prices","scope":"system","level":"halted"} and the
/// like. Fails: std::invalid_argument or Json::exception; a command is whole or not at all.
Command read_command(const Json& request);

/// Who and why stand in fields of fixed size, one line each. Fails: std::invalid_argument that
/// calls the text `name`.
void check_latch_text(const std::string& text, std::size_t most, const std::string& name);

/// Carries out `command` on a system that runs in this process. A name it does not know is answered
/// with {"unknown": "there is no …"}. [any-thread]
Json carry_out(System& system, const Command& command);

}  // namespace holdfast
