#include "plugin_example.hpp"

namespace holdfast::cli {

namespace {

/// A value a reader would take, for a setting that has no default.
std::string example_value(const FieldDoc& s) {
  const std::string list = "list of ";
  if (s.type.starts_with(list)) {
    FieldDoc item = s;
    item.type = s.type.substr(list.size());
    return "[" + example_value(item) + "]";
  }
  if (!s.choices.empty()) return s.choices.front();
  if (s.type == "instrument") return "BTCUSDT";
  if (s.type == "text") return "\"...\"";
  if (s.type == "true or false") return "true";
  if (s.type == "duration") return s.low.empty() || s.above_low ? "1s" : s.low;
  if (s.type == "secret") return "{ secret: name }";
  if (s.type.ends_with(" plugin")) return "{ plugin: name }";
  return s.low.empty() || s.above_low ? "1" : s.low;
}

/// One setting per line at `indent`; what need not be written is a comment.
std::string settings_lines(const PluginListing& plugin, const std::string& indent) {
  std::string out;
  for (const auto& s : plugin.settings) {
    std::string line = indent + (s.required ? s.name + ": " + example_value(s) : "# " + s.name + ": " + s.default_text);
    line.resize(std::max<std::size_t>(line.size() + 2, 40), ' ');
    out += line + "# " + s.text + (s.limits.empty() ? "" : " (" + s.limits + ")") + "\n";
  }
  return out;
}

}  // namespace

std::string plugin_example(const PluginListing& plugin) {
  const std::string plugged = "plugin: " + plugin.name + "\n";
  if (plugin.kind == "actor")
    return "- name: " + plugin.name + "\n  actor: " + plugin.name + "\n" +
           (plugin.settings.empty() ? "" : "  settings:\n" + settings_lines(plugin, "    "));
  if (plugin.kind == "risk_rule")
    return "- name: risk\n  actor: risk\n  settings:\n    rules:\n      - " + plugged + settings_lines(plugin, "        ");
  const std::string slot = plugin.kind == "feed" ? "source" : plugin.kind;
  return "- name: " + plugin.name + "\n  actor: " + plugin.kind + "\n  settings:\n    " + slot + ":\n      " + plugged +
         settings_lines(plugin, "      ");
}

}  // namespace holdfast::cli
