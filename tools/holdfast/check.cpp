// holdfast check FILE: everything that is wrong with a plan, at once.
#include <map>
#include <memory>

#include <holdfast/config/check.hpp>
#include <holdfast/plugin_host/plugin_host.hpp>

#include "output.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

struct CheckOptions {
  std::string file;
  std::vector<std::string> sets;
  bool json = false;
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

int check(const CheckOptions& options) {
  const LoadResult loaded = load_plan(options.file, options.sets);
  Problems problems = loaded.problems;
  if (loaded.plan) {
    PluginHost host{plugin_folders(&*loaded.plan)};
    problems = check_plan(*loaded.plan, host);
  }
  if (options.json)
    print(dump({{"schema", "holdfast.check/1"},
                {"file", options.file},
                {"ok", problems.empty()},
                {"system", loaded.plan ? Json(loaded.plan->name) : Json()},
                {"problems", problems_json(problems)}}));
  if (!problems.empty()) return report_problems(loaded, problems);
  if (!options.json) print("OK: " + loaded.plan->name + ": " + outline(*loaded.plan));
  return kOk;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  auto options = std::make_shared<CheckOptions>();
  auto* verb = app.add_subcommand("check", "Say everything that is wrong with a configuration file");
  verb->add_option("FILE", options->file, "A system in YAML")->required();
  verb->add_option("--set", options->sets, "Replace a value: path=value, repeatable")->allow_extra_args(false);
  verb->add_flag("--json", options->json, "Result as JSON");
  verb->callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace holdfast::cli
