// holdfast check FILE: everything that is wrong with a plan, at once; and what it amounts to.
#include <map>
#include <memory>

#include <holdfast/config/check.hpp>
#include <holdfast/config/effective.hpp>
#include <holdfast/config/secrets.hpp>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/runtime/removal.hpp>
#include <holdfast/runtime/stopped.hpp>

#include "json_schema.hpp"
#include "output.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

struct CheckOptions {
  std::string file, data;
  std::vector<std::string> sets, profiles;
  bool json = false, schema = false, show = false, origin = false;
};

/// "8 actors (1 feed, 2 strategy, …), 1 instrument, clock wall, seed 7".
std::string outline(const Plan& plan) {
  std::map<std::string, int> kinds;
  const auto actors = actors_of(plan.tree);
  for (const auto* actor : actors) ++kinds[actor->actor];
  std::string parts;
  for (const auto& [kind, count] : kinds) parts += (parts.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  const auto plural = [](std::size_t n, const std::string& word) {
    return std::to_string(n) + " " + word + (n == 1 ? "" : "s");
  };
  return plural(actors.size(), "actor") + " (" + parts + "), " + plural(plan.instruments.size(), "instrument") +
         ", clock " + (plan.clock == Plan::Clock::wall ? "wall" : "feed") + ", seed " + std::to_string(plan.seed);
}

Json problems_json(const Problems& problems) {
  Json out = Json::array();
  for (const auto& p : problems)
    out.push_back({{"file", p.where.file}, {"line", p.where.line}, {"column", p.where.column}, {"what", p.what},
                   {"mend", p.mend}});
  return out;
}

/// Values are text, so that no number changes on its way; a dollar is a dollar here.
Json setting_json(const Setting& s) {
  if (s.kind == Setting::Kind::list) {
    Json out = Json::array();
    for (const auto& item : s.items) out.push_back(setting_json(item));
    return out;
  }
  if (s.kind == Setting::Kind::map) {
    Json out = Json::object();
    for (const auto& [name, value] : s.fields) out[name] = setting_json(value);
    return out;
  }
  std::string text;
  for (std::size_t i = 0; i < s.text.size(); ++i) {
    text += s.text[i];
    if (s.text.compare(i, 2, "$$") == 0) ++i;
  }
  return text;
}

void show(const CheckOptions& options, const LoadResult& loaded, PluginHost& host, const SecretReader& secrets) {
  const auto describe = [&](std::string_view kind, std::string_view name) {
    Problems none_expected;
    return host.describe(kind, name, none_expected);
  };
  const Effective all = effective(loaded, describe, secrets);
  if (!options.json) return print(effective_yaml(all, options.origin));
  Json out = {{"schema", "holdfast.effective/1"},
              {"file", options.file},
              {"configuration", setting_json(all.tree)},
              {"secrets", all.secrets}};
  if (options.origin) out["origins"] = all.origins;
  print(dump(out));
}

int check(const CheckOptions& options) {
  const LoadResult loaded = load_plan(options.file, options.sets, process_environment, options.profiles);
  Problems problems = loaded.problems;
  PluginHost host{plugin_folders(loaded.plan ? &*loaded.plan : nullptr)};
  const SecretReader secrets = secret_reader(process_secrets());
  if (loaded.plan) problems = check_plan(*loaded.plan, host, secrets);
  if (loaded.plan && problems.empty() && !options.data.empty())
    problems = undecided_removals(*loaded.plan, *read_record(*open_for_reading(options.data)));
  const bool shown = options.show && problems.empty();
  if (shown) show(options, loaded, host, secrets);
  else if (options.json)
    print(dump({{"schema", "holdfast.check/1"},
                {"file", options.file},
                {"ok", problems.empty()},
                {"system", loaded.plan ? Json(loaded.plan->name) : Json()},
                {"problems", problems_json(problems)}}));
  if (!problems.empty()) return report_problems(loaded, problems);
  if (!shown && !options.json) print("OK: " + loaded.plan->name + ": " + outline(*loaded.plan));
  return kOk;
}

int print_schema() {
  PluginHost host{plugin_folders(nullptr)};
  const auto plugins = host.list();
  for (const auto& p : plugins)
    for (const auto& refusal : p.refused) console().message("left out: " + printable(refusal.what));
  print(json_schema(plugins).dump(2, ' ', false, Json::error_handler_t::replace));
  return kOk;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  auto options = std::make_shared<CheckOptions>();
  auto* verb = app.add_subcommand("check", "Say everything that is wrong with a configuration file");
  verb->add_option("FILE", options->file, "A system in YAML");
  verb->add_option("--data", options->data, "Also whether it can go on with the journal in this data directory");
  verb->add_option("--profile", options->profiles, "Apply this profile of the file, repeatable")->allow_extra_args(false);
  verb->add_option("--set", options->sets, "Replace a value: path=value, repeatable")->allow_extra_args(false);
  verb->add_flag("--json", options->json, "Result as JSON");
  auto* show = verb->add_flag("--show", options->show, "Print the effective configuration, defaults filled in");
  verb->add_flag("--origin", options->origin, "With --show: where each value comes from")->needs(show);
  verb->add_flag("--schema", options->schema, "Print the JSON Schema of such files, installed plugins included");
  verb->callback([options, &action] {
    if (options->schema != options->file.empty())
      throw CLI::ValidationError{options->schema ? "--schema takes no file" : "FILE is required"};
    action = [options] { return options->schema ? print_schema() : check(*options); };
  });
}

}  // namespace holdfast::cli
