// Completion scripts for three shells.
#include <functional>

#include "commands.hpp"

namespace holdfast::cli {

namespace {

using Value = CommandOption::Value;

void each(const Command& command, const std::function<void(const Command&)>& visit) {
  visit(command);
  for (const auto& sub : command.commands) each(sub, visit);
}

std::string path_of(const Command& command) {
  std::string out;
  for (const auto& word : command.path) out += " " + word;
  return out;
}

/// `text` between single quotes, for every shell here.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::string bash_values(const CommandOption& option) {
  switch (option.value) {
    case Value::file: return "_holdfast_names -f";
    case Value::folder: return "_holdfast_names -d";
    case Value::choice: return "_holdfast_words " + quoted(joined(option.choices, " "));
    default: return "COMPREPLY=()";
  }
}

/// zsh: brackets and colons have a meaning in its specifications.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '[' || c == ']' || c == ':' || c == '\\' ? std::string{"\\"} + c : std::string(1, c);
  return out;
}

std::string zsh_values(const CommandOption& option) {
  switch (option.value) {
    case Value::file: return "_files";
    case Value::folder: return "_directories";
    case Value::choice: return "(" + joined(option.choices, " ") + ")";
    default: return " ";
  }
}

std::string zsh_function(const Command& command) { return "_" + command.name("_"); }

std::string zsh_arguments(const Command& command) {
  std::string out;
  for (const auto& option : command.options)
    for (const auto& flag : option.flags) {
      const std::string value = option.value == Value::none ? ""
                                                            : std::string{option.value_optional ? "::" : ":"} +
                                                                  zsh_text(option.name) + ":" + zsh_values(option);
      out += " \\\n    " + quoted((option.repeatable ? "*" : "") + flag + "[" + zsh_text(option.text) + "]" + value);
    }
  int place = 0;
  for (const auto& argument : command.arguments)
    out += " \\\n    " + quoted(std::to_string(++place) + ":" + zsh_text(argument.text) + ":" + zsh_values(argument));
  return out;
}

std::string fish_values(const CommandOption& option) {
  switch (option.value) {
    case Value::none: return "";
    case Value::file: return " -r -F";
    case Value::folder: return " -x -a '(__fish_complete_directories)'";
    case Value::choice: return " -x -a " + quoted(joined(option.choices, " "));
    case Value::text: return option.value_optional ? "" : " -x";
  }
  return "";
}

/// When a command is the one being typed: its words were given, and none of those below it.
std::string fish_condition(const Command& command) {
  std::string out = command.path.empty() ? "__fish_use_subcommand" : "";
  for (const auto& word : command.path)
    out += (out.empty() ? "" : "; and ") + std::string{"__fish_seen_subcommand_from "} + word;
  if (!command.path.empty() && !command.commands.empty()) {
    out += "; and not __fish_seen_subcommand_from";
    for (const auto& sub : command.commands) out += " " + sub.path.back();
  }
  return out;
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::string paths, values, words;
  each(program, [&](const Command& c) {
    const std::string path = path_of(c);
    if (!path.empty()) paths += (paths.empty() ? "" : "|") + quoted(path);
    std::vector<std::string> all;
    for (const auto& sub : c.commands) all.push_back(sub.path.back());
    for (const auto& option : c.options)
      for (const auto& flag : option.flags) {
        all.push_back(flag);
        if (option.value != Value::none)
          values += "    " + quoted(path + " " + flag) + ") " + bash_values(option) + "; return ;;\n";
      }
    words += "    " + quoted(path) + ") words=" + quoted(joined(all, " "));
    if (!c.arguments.empty()) words += "; [[ $cur == -* ]] || { " + bash_values(c.arguments.front()) + "; return; }";
    words += " ;;\n";
  });
  return "# Completion of holdfast for bash; made by `holdfast completion bash`.\n"
         "_holdfast_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
         "_holdfast_names() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\"); "
         "}\n"
         "_holdfast() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path= words= i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$path ${COMP_WORDS[i]}\" in\n      " +
         paths +
         ") path=\"$path ${COMP_WORDS[i]}\" ;;\n    esac\n  done\n"
         "  case \"$path $before\" in\n" +
         values +
         "  esac\n"
         "  case \"$path\" in\n" +
         words +
         "  esac\n"
         "  _holdfast_words \"$words\"\n"
         "}\n"
         "complete -F _holdfast holdfast\n";
}

std::string zsh_completion(const Command& program) {
  std::string out = "#compdef holdfast\n# Completion of holdfast for zsh; made by `holdfast completion zsh`.\n";
  each(program, [&](const Command& c) {
    out += "\n" + zsh_function(c) + "() {\n";
    if (c.commands.empty()) {
      out += "  _arguments -s" + zsh_arguments(c) + "\n}\n";
      return;
    }
    out += "  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C" + zsh_arguments(c) +
           " \\\n    '1: :->verb' '*:: :->rest'\n  case $state in\n    verb)\n      local -a verbs=(";
    for (const auto& sub : c.commands) out += "\n        " + quoted(sub.path.back() + ":" + zsh_text(sub.text));
    out += "\n      )\n      _describe -t commands 'verb' verbs ;;\n    rest)\n      case $words[1] in\n";
    for (const auto& sub : c.commands) out += "        " + sub.path.back() + ") " + zsh_function(sub) + " ;;\n";
    out += "      esac ;;\n  esac\n}\n";
  });
  return out + "\n_holdfast \"$@\"\n";
}

std::string fish_completion(const Command& program) {
  std::string out = "# Completion of holdfast for fish; made by `holdfast completion fish`.\ncomplete -c holdfast -f\n";
  each(program, [&](const Command& c) {
    const std::string when = "complete -c holdfast -n " + quoted(fish_condition(c));
    for (const auto& sub : c.commands) out += when + " -a " + sub.path.back() + " -d " + quoted(sub.text) + "\n";
    for (const auto& option : c.options) {
      std::string names;
      for (const auto& flag : option.flags)
        names += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
      out += when + names + fish_values(option) + " -d " + quoted(option.text) + "\n";
    }
    for (const auto& argument : c.arguments)
      if (argument.value == Value::file || argument.value == Value::folder)
        out += when + (argument.value == Value::file ? " -F" : " -a '(__fish_complete_directories)'") + "\n";
  });
  return out;
}

}  // namespace holdfast::cli
