#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

/// The command line as plain values, read from the one place where it is declared: what completion
/// and manual pages are made of.
namespace holdfast::cli {

struct CommandOption {
  enum class Value { none, file, folder, choice, text };
  std::vector<std::string> flags;  ///< "--json"; empty: an argument by its place.
  std::string name;                ///< Of its value: "D", "FILE"; empty for a flag.
  std::string text;
  Value value = Value::none;
  std::vector<std::string> choices;
  bool required = false, repeatable = false, value_optional = false;
};

struct Command {
  std::vector<std::string> path;  ///< {"journal", "verify"}; empty for the program.
  std::string text;
  std::vector<CommandOption> options, arguments;
  std::vector<Command> commands;

  /// "holdfast journal verify", with another word between.
  std::string name(const std::string& between = " ") const;
};

/// All of it but what is hidden.
Command read_commands(const CLI::App& app);

std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);
std::string fish_completion(const Command& program);

/// The manual page of the program, or of one of its verbs with all that stands below it, as roff.
std::string manual_page(const Command& program, const Command& of, const std::string& version);

}  // namespace holdfast::cli
