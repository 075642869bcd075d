// holdfast plugin list | show NAME | verify FILE | new KIND NAME
#include <algorithm>
#include <memory>

#include <holdfast/plugin_host/plugin_host.hpp>

#include "output.hpp"
#include "plugin_example.hpp"
#include "plugin_new.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

struct PluginOptions {
  std::string name, kind, file;
  bool json = false;
};

std::string refusals(const PluginListing& listing) {
  std::string text;
  for (const auto& refusal : listing.refused) text += (text.empty() ? "" : "; ") + refusal.at({}).str();
  return text;
}

Json listing_json(const PluginListing& p) {
  Json why = Json::array();
  for (const auto& r : p.refused)
    why.push_back({{"field", r.field}, {"expected", r.expected}, {"got", r.got}, {"text", r.what}, {"remedy", r.mend}});
  return {{"kind", p.kind},       {"name", p.name}, {"version", p.version}, {"stability", p.stability},
          {"purity", p.purity},   {"summary", p.summary}, {"path", p.path}, {"sha256", p.sha256},
          {"sdk_version", p.sdk_version}, {"abi", p.abi}, {"hides", p.hides},
          {"usable", p.refused.empty()}, {"refused", refusals(p)}, {"refusals", why}};
}

int list(const PluginOptions& options) {
  PluginHost host{plugin_folders(nullptr)};
  Json plugins = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& p : host.list()) {
    if (!options.kind.empty() && p.kind != options.kind) continue;
    plugins.push_back(listing_json(p));
    rows.push_back({p.kind, printable(p.name), p.version, p.stability, p.purity, p.refused.empty() ? "usable" : "refused", p.path});
    if (!p.refused.empty()) console().message("refused: " + printable(refusals(p)));
    for (const auto& hidden : p.hides) console().message("hidden: " + printable(hidden + " by " + p.path));
  }
  if (options.json) print(dump({{"schema", "holdfast.plugins/1"}, {"plugins", plugins}}));
  else print(table({"kind", "name", "version", "stability", "purity", "status", "path"}, rows));
  return kOk;
}

Json settings_json(const std::vector<FieldDoc>& fields) {
  Json out = Json::array();
  for (const auto& f : fields)
    out.push_back({{"name", f.name}, {"type", f.type}, {"required", f.required}, {"default", f.default_text},
                   {"limits", f.limits}, {"text", f.text}});
  return out;
}

std::string settings_text(const std::vector<FieldDoc>& fields) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& f : fields)
    rows.push_back({"  " + f.name, f.type, f.required ? "required" : f.default_text, f.limits, f.text});
  return rows.empty() ? "  no settings\n" : table({"  setting", "type", "default", "limits", "what it is"}, rows);
}

int not_found(const PluginOptions& options, const std::vector<PluginListing>& all) {
  std::vector<std::string> names;
  for (const auto& p : all)
    if (options.kind.empty() || p.kind == options.kind) names.push_back(p.name);
  const std::string near = nearest(options.name, names);
  console().error("there is no plugin '" + printable(options.name) + "'" +
                  (options.kind.empty() ? "" : " of kind " + printable(options.kind)) +
                  (near.empty() ? "; `holdfast plugin list` shows all" : "; did you mean '" + near + "'?"));
  return kRefused;
}

std::string shown_text(const PluginListing& p) {
  std::string text = p.kind + " " + p.name + " " + p.version + " (" + p.stability + ", " + p.purity + "): " + p.summary + "\n\n" +
                     "path    " + p.path + "\nsha256  " + p.sha256 + "\nsdk     " + std::to_string(p.sdk_version) + "\nabi     " + p.abi + "\n";
  for (const auto& hidden : p.hides) text += "hides   " + hidden + "\n";
  return text + "\n" + settings_text(p.settings) + "\nIn a configuration:\n\n" + plugin_example(p);
}

void explain(const PluginListing& p) {
  for (const auto& r : p.refused) {
    console().error(printable(Refusal{"", "", "", p.path + ": " + r.what, r.mend}.at({}).str()));
    if (!r.expected.empty() && !r.got.empty())
      console().message(printable("  " + r.field + ": expected " + r.expected + ", got " + r.got));
  }
}

int show(const PluginOptions& options) {
  PluginHost host{plugin_folders(nullptr)};
  const auto all = host.list();
  Json shown = Json::array();
  std::string text;
  bool refused = false;
  for (const auto& p : all) {
    if (p.name != options.name || (!options.kind.empty() && p.kind != options.kind)) continue;
    explain(p);
    refused = refused || !p.refused.empty();
    Json json = listing_json(p);
    json["settings"] = settings_json(p.settings);
    json["example"] = plugin_example(p);
    shown.push_back(json);
    if (p.refused.empty()) text += (text.empty() ? "" : "\n") + shown_text(p);
  }
  if (shown.empty()) return not_found(options, all);
  if (options.json) print(dump({{"schema", "holdfast.plugin/1"}, {"plugins", shown}}));
  else if (!text.empty()) print(text);
  return refused ? kRefused : kOk;
}

int verify(const PluginOptions& options) {
  PluginHost host{plugin_folders(nullptr)};
  const PluginListing p = host.verify(options.file);
  if (options.json) print(dump({{"schema", "holdfast.plugin_verify/1"}, {"plugin", listing_json(p)}}));
  explain(p);
  if (!p.refused.empty()) return kRefused;
  if (!options.json)
    print("OK: " + p.kind + " " + p.name + " " + p.version + " (" + p.stability + ", " + p.purity + ")\nsha256 " + p.sha256);
  return kOk;
}

}  // namespace

void add_plugin(CLI::App& app, Action& action) {
  auto options = std::make_shared<PluginOptions>();
  auto* verb = app.add_subcommand("plugin", "See what can be plugged in");
  verb->require_subcommand(1);
  const auto add = [&](const char* name, const char* text, int (*run)(const PluginOptions&)) {
    auto* sub = verb->add_subcommand(name, text);
    sub->add_flag("--json", options->json, "Result as JSON");
    sub->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
    return sub;
  };
  add("list", "Every plugin that can be found", list)
      ->add_option("--kind", options->kind, "Only this kind: actor, feed, strategy, broker, risk_rule, notifier");
  auto* shown = add("show", "One plugin and its settings", show);
  shown->add_option("NAME", options->name, "Name of the plugin")->required();
  shown->add_option("--kind", options->kind, "Only this kind");
  add("verify", "Check one library file", verify)
      ->add_option("FILE", options->file, "A shared library")->required();
  auto wanted = std::make_shared<NewPlugin>();
  auto* fresh = verb->add_subcommand("new", "Write the project of a new plugin");
  fresh->add_option("KIND", wanted->kind, "What it is")->required()->check(CLI::IsMember({"strategy", "feed", "broker", "risk_rule", "notifier"}));
  fresh->add_option("NAME", wanted->name, "What it is called, in small letters")->required();
  fresh->add_option("--dir", wanted->dir, "The folder to write it to; one of its name unless given")->type_name("DIR");
  fresh->add_flag("--json", wanted->json, "Result as JSON");
  fresh->callback([wanted, &action] { action = [wanted] { return plugin_new(*wanted); }; });
}

}  // namespace holdfast::cli
