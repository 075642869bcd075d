#include <holdfast/runtime/system.hpp>

#include <chrono>
#include <filesystem>

#include "core.hpp"

namespace holdfast {

std::unique_ptr<System> make_sim_system(std::unique_ptr<Core> core);
std::unique_ptr<System> make_caf_system(std::unique_ptr<Core> core);

namespace {

Time system_clock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count()};
}

/// Virtual time alone can do without a journal, and what lies in a data directory is one.
void check_unjournaled(const Plan& plan, const System::Options& options) {
  const auto refuse = [&](const std::string& what, const std::string& mend) {
    throw PlanRefused{{{plan.journal.off_where, what, mend}}};
  };
  if (options.runtime == System::Runtime::caf)
    refuse("a live system needs its journal, and journal is off", "take journal: off away, or run it as a backtest");
  if (!options.data_dir.empty() || options.resume)
    refuse("journal is off, so there is nothing to put into a data directory and nothing to resume",
           "take journal: off away, or the data directory and resume");
}

void name_data_dir(const Plan& plan, System::Options& options) {
  if (!options.data_dir.empty()) return;
  if (plan.data_dir.empty())
    throw PlanRefused{{{{}, "the system has no data directory", "set Options::data_dir, or system.data_dir in the plan"}}};
  options.data_dir = (std::filesystem::path{plan.base_dir} / plan.data_dir).lexically_normal().string();
}

/// Problems that are found later stand in the same text as those found while reading it.
std::unique_ptr<System> open_loaded(LoadResult loaded, System::Options options) {
  if (!loaded.plan) throw PlanRefused{std::move(loaded.problems), loaded.file, loaded.source};
  try {
    return System::open(std::move(*loaded.plan), std::move(options));
  } catch (const PlanRefused& refused) {
    throw PlanRefused{refused.problems, loaded.file, loaded.source};
  }
}

}  // namespace

std::unique_ptr<System> System::open(Plan plan, Options options) {
  if (plan.journal.off) check_unjournaled(plan, options);
  else name_data_dir(plan, options);
  if (!options.plugins) {
    auto folders = options.plugin_path;
    folders.insert(folders.end(), plan.plugin_path.begin(), plan.plugin_path.end());
    options.plugins = std::make_shared<PluginHost>(std::move(folders));
  }
  if (!options.clock) options.clock = system_clock;
  auto core = std::make_unique<Core>(std::move(plan), options);
  return options.runtime == Runtime::sim ? make_sim_system(std::move(core)) : make_caf_system(std::move(core));
}

std::unique_ptr<System> System::open(Plan plan, PluginHost& plugins, Options options) {
  options.plugins = {std::shared_ptr<PluginHost>{}, &plugins};
  return open(std::move(plan), std::move(options));
}

std::unique_ptr<System> System::open_text(const std::string& yaml, Options options) {
  auto loaded = load_plan_text(yaml, "<text>", ".", options.overrides, options.environment, options.profiles);
  return open_loaded(std::move(loaded), std::move(options));
}

std::unique_ptr<System> System::open_file(const std::string& file, Options options) {
  auto loaded = load_plan(file, options.overrides, options.environment, options.profiles);
  return open_loaded(std::move(loaded), std::move(options));
}

}  // namespace holdfast
