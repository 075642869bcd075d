// Manual pages as roff, and the verbs that print them and the completion scripts.
#include <filesystem>
#include <fstream>
#include <memory>

#include "commands.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using Terms = std::vector<std::pair<std::string, std::string>>;

const Terms& exit_codes() {
  static const Terms table{
      {"0", "Done"},
      {"1, 2, 3", "What the verb says they mean; 1 is a refusal or a difference"},
      {std::to_string(kUsage), "The command line is wrong"},
      {std::to_string(kUnavailable), "The data directory is in use, missing, or not usable"},
      {std::to_string(kFailed), "The system failed while it ran, and stopped safely"},
      {std::to_string(kOutput), "The result cannot be written where it should go"},
      {std::to_string(kConfiguration), "The configuration is wrong; nothing was started"},
  };
  return table;
}

const Terms& environment_variables() {
  static const Terms table{
      {"HOLDFAST_PLUGIN_PATH", "Folders in which plugins are looked for, separated by colons"},
      {"HOLDFAST_FAILPOINTS", "Failures on purpose, as with --failpoints"},
      {"NO_COLOR", "When not empty: no colours"},
      {"TERM", "When dumb or unset: no colours, no bars"},
  };
  return table;
}

/// Text as roff: nothing in it is a request or an escape.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c;
  }
  return !out.empty() && (out[0] == '.' || out[0] == '\'') ? "\\&" + out : out;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string value_name(const CommandOption& option) {
  if (option.value == CommandOption::Value::none) return "";
  std::string name = "\\fI" + roff(option.name) + "\\fR";
  if (option.value == CommandOption::Value::choice) {
    name.clear();
    for (const auto& choice : option.choices)
      name += (name.empty() ? "" : "|") + std::string{"\\fB"} + roff(choice) + "\\fR";
  }
  return option.value_optional ? "[" + name + "]" : name;
}

std::string flags_of(const CommandOption& option) {
  std::string out;
  for (const auto& flag : option.flags) out += (out.empty() ? "" : ", ") + std::string{"\\fB"} + roff(flag) + "\\fR";
  const std::string value = value_name(option);
  return value.empty() ? out : out.empty() ? value : out + " " + value;
}

std::string synopsis(const Command& command) {
  std::string out = "\\fB" + roff(command.name()) + "\\fR";
  if (!command.commands.empty()) return out + " \\fIverb\\fR …\n";
  for (const auto& a : command.arguments)
    out += a.required ? " \\fI" + roff(a.name) + "\\fR" : " [\\fI" + roff(a.name) + "\\fR]";
  bool more = false;
  for (const auto& o : command.options) {
    if (o.required) out += " " + flags_of(o);
    more = more || !o.required;
  }
  return out + (more ? " [\\fIoptions\\fR]\n" : "\n");
}

std::string entries(const std::vector<CommandOption>& options) {
  std::string out;
  for (const auto& o : options)
    out += ".TP\n" + flags_of(o) + "\n" + roff(o.text) + "." + (o.required && !o.flags.empty() ? " Required." : "") +
           (o.repeatable ? " May be given more than once." : "") + "\n";
  return out;
}

std::string verb_page(const Command& of) {
  std::string out = ".SH SYNOPSIS\n";
  for (const auto& sub : of.commands) out += (&sub == &of.commands.front() ? "" : ".br\n") + synopsis(sub);
  if (of.commands.empty()) out += synopsis(of);
  out += ".SH DESCRIPTION\n" + roff(of.text) + ".\n";
  for (const auto& sub : of.commands)
    out += ".SS " + roff(sub.name()) + "\n" + roff(sub.text) + ".\n" + entries(sub.arguments) + entries(sub.options);
  if (!of.arguments.empty()) out += ".SH ARGUMENTS\n" + entries(of.arguments);
  if (!of.options.empty()) out += ".SH OPTIONS\n" + entries(of.options);
  return out + ".SH SEE ALSO\n.BR holdfast (1)\n";
}

std::string program_page(const Command& program) {
  std::string out = ".SH SYNOPSIS\n\\fBholdfast\\fR \\fIverb\\fR …\n.SH DESCRIPTION\n" + roff(program.text) +
                    "\nResults go to standard output, messages to standard error.\n.SH VERBS\n";
  for (const auto& sub : program.commands)
    out += ".TP\n.BR holdfast\\-" + roff(sub.path.back()) + " (1)\n" + roff(sub.text) + ".\n";
  out += ".SH OPTIONS\n" + entries(program.options) + ".SH EXIT STATUS\n";
  for (const auto& [code, text] : exit_codes()) out += ".TP\n" + code + "\n" + roff(text) + ".\n";
  out += ".SH ENVIRONMENT\n";
  for (const auto& [name, text] : environment_variables()) out += ".TP\n.B " + name + "\n" + roff(text) + ".\n";
  out += ".SH SEE ALSO\n";
  for (std::size_t i = 0; i < program.commands.size(); ++i)
    out += ".BR holdfast\\-" + roff(program.commands[i].path.back()) + " (1)" +
           (i + 1 < program.commands.size() ? " ,\n" : "\n");
  return out;
}

struct ManualOptions {
  std::string verb, into, shell;
};

std::string page_of(const Command& program, const Command& of) { return manual_page(program, of, HOLDFAST_VERSION); }

void write_page(const std::string& folder, const Command& program, const Command& of) {
  const std::string path = folder + "/" + of.name("-") + ".1";
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out << page_of(program, of);
  out.close();
  if (!out) throw std::runtime_error{"cannot write " + path + ": check that its folder may be written"};
}

int manual(const CLI::App& app, const ManualOptions& options) {
  const Command program = read_commands(app);
  if (!options.into.empty()) {
    std::filesystem::create_directories(options.into);
    write_page(options.into, program, program);
    for (const auto& verb : program.commands) write_page(options.into, program, verb);
    return kOk;
  }
  const Command* of = options.verb.empty() ? &program : nullptr;
  std::vector<std::string> verbs;
  for (const auto& verb : program.commands) {
    verbs.push_back(verb.path.back());
    if (verbs.back() == options.verb) of = &verb;
  }
  if (of == nullptr) {
    const std::string near = nearest(options.verb, verbs);
    throw std::invalid_argument{"there is no verb '" + printable(options.verb) + "'" +
                                (near.empty() ? "" : ": did you mean '" + near + "'?")};
  }
  print(page_of(program, *of));
  return kOk;
}

int completion(const CLI::App& app, const ManualOptions& options) {
  const Command program = read_commands(app);
  print(options.shell == "bash"  ? bash_completion(program)
        : options.shell == "zsh" ? zsh_completion(program)
                                 : fish_completion(program));
  return kOk;
}

}  // namespace

std::string manual_page(const Command& program, const Command& of, const std::string& version) {
  const bool whole = of.path.empty();
  // The date is left out: the same source gives the same page.
  return ".\\\" Made by `holdfast man`.\n.TH " + upper(of.name("\\-")) + " 1 \"\" \"holdfast " + version +
         "\" \"Holdfast\"\n.SH NAME\n" + roff(of.name("-")) + " \\- " + roff(of.text) + "\n" +
         (whole ? program_page(program) : verb_page(of));
}

void add_completion(CLI::App& app, Action& action) {
  auto options = std::make_shared<ManualOptions>();
  auto* verb = app.add_subcommand("completion", "Print a completion script for a shell");
  verb->add_option("SHELL", options->shell, "Whose script")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->callback([&app, options, &action] { action = [&app, options] { return completion(app, *options); }; });
}

void add_man(CLI::App& app, Action& action) {
  auto options = std::make_shared<ManualOptions>();
  auto* verb = app.add_subcommand("man", "Print a manual page as roff; try `holdfast man | man -l -`");
  verb->add_option("VERB", options->verb, "Which verb's; the program's unless said");
  verb->add_option("--into", options->into, "Write all pages to this folder instead")->type_name("DIR");
  verb->callback([&app, options, &action] { action = [&app, options] { return manual(app, *options); }; });
}

}  // namespace holdfast::cli
