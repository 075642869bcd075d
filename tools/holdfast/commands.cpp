#include "commands.hpp"

namespace holdfast::cli {

namespace {

/// "{reducing,halted}" out of a type name such as "TEXT:{reducing,halted}".
std::vector<std::string> choices_in(const std::string& type) {
  const auto open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> out{""};
  for (const char c : type.substr(open + 1, close - open - 1)) {
    if (c == ',') out.emplace_back();
    else out.back() += c;
  }
  return out;
}

CommandOption read_option(const CLI::Option& option) {
  CommandOption out;
  for (const auto& name : option.get_snames()) out.flags.push_back("-" + name);
  for (const auto& name : option.get_lnames()) out.flags.push_back("--" + name);
  out.text = option.get_description();
  out.required = option.get_required();
  if (option.get_items_expected_max() == 0) return out;
  const std::string type = option.get_type_name();
  out.choices = choices_in(type);
  out.name = out.flags.empty() ? option.get_name(true) : type.substr(0, type.find(':'));
  out.repeatable = option.get_expected_max() > 1;
  out.value_optional = option.get_items_expected_min() == 0;
  using Value = CommandOption::Value;
  out.value = !out.choices.empty()                         ? Value::choice
              : out.name == "D" || out.name == "DIR"       ? Value::folder
              : out.name.find("FILE") == 0 || out.name.find("F.") == 0 ? Value::file
                                                           : Value::text;
  return out;
}

/// Options of a group stand beside those of the verb it belongs to.
void read_options(const CLI::App& app, Command& out) {
  for (const auto* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    CommandOption read = read_option(*option);
    (read.flags.empty() ? out.arguments : out.options).push_back(std::move(read));
  }
  for (const auto* group : app.get_subcommands([](const CLI::App* sub) { return sub->get_name().empty(); }))
    read_options(*group, out);
}

Command read(const CLI::App& app, std::vector<std::string> path) {
  Command out;
  out.path = std::move(path);
  out.text = app.get_description();
  read_options(app, out);
  for (const auto* sub : app.get_subcommands([](const CLI::App* s) { return !s->get_name().empty() && !s->get_group().empty(); })) {
    auto below = out.path;
    below.push_back(sub->get_name());
    out.commands.push_back(read(*sub, std::move(below)));
  }
  return out;
}

}  // namespace

std::string Command::name(const std::string& between) const {
  std::string out = "holdfast";
  for (const auto& word : path) out += between + word;
  return out;
}

Command read_commands(const CLI::App& app) { return read(app, {}); }

}  // namespace holdfast::cli
