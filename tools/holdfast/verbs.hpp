#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include <holdfast/config/load.hpp>

/// What the program's files share: a verb is a file, and each adds its subcommand here.
namespace holdfast::cli {

/// What a verb does once the command line is understood; returns the exit code.
using Action = std::function<int()>;

/// Documented exit codes; 1, 2 and 3 mean what the verb says they mean.
enum ExitCode : int {
  kOk = 0,
  kRefused = 1,
  kUsage = 64,          ///< The command line is wrong.
  kUnavailable = 69,    ///< A store or an address is in use, missing or not usable.
  kFailed = 70,         ///< A system failed while it ran and stopped safely.
  kOutput = 74,         ///< The result cannot be written where it should go.
  kConfiguration = 78,  ///< A file a person wrote is wrong; nothing was started.
};

void add_check(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_backtest(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_halt(CLI::App& app, Action& action);
void add_resume(CLI::App& app, Action& action);
void add_orders(CLI::App& app, Action& action);
void add_positions(CLI::App& app, Action& action);
void add_reconcile(CLI::App& app, Action& action);
void add_journal(CLI::App& app, Action& action);
void add_plugin(CLI::App& app, Action& action);
void add_conformance(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);
void add_top(CLI::App& app, Action& action);
void add_venue(CLI::App& app, Action& action);
void add_backup(CLI::App& app, Action& action);
void add_restore(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_failpoints(CLI::App& app, Action& action);
/// Both read the whole command line, which must outlive the action.
void add_completion(CLI::App& app, Action& action);
void add_man(CLI::App& app, Action& action);

/// The exception in flight as one message on stderr and its exit code. REQUIRES: inside a catch.
int report_exception();
/// Problems on stderr, with their lines of the file; always kConfiguration.
int report_problems(const LoadResult& loaded, const Problems& problems);
/// Where plugins are looked for, in this order: --plugin-path, HOLDFAST_PLUGIN_PATH, the plan's
/// folders, the user's own; PluginHost adds those of the program and of the system.
std::vector<std::string> plugin_folders(const Plan* plan);
/// A library of the program's own, where the build or the installation put it; empty: nowhere.
std::string own_library(const std::string& name);
/// Adds --plugin-path, which goes before the verb.
void add_plugin_path(CLI::App& app);

}  // namespace holdfast::cli
