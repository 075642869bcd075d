// The program `holdfast`: understands the command line and hands over to one verb.
#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include <holdfast/journal/store.hpp>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/runtime/system.hpp>

#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

int report_problems(const LoadResult& loaded, const Problems& problems) {
  console().message(render(problems, loaded.file, loaded.source, console().colour()));
  return kConfiguration;
}

namespace {
constexpr const char* kNoMemory = "out of memory: give the process more, see `ulimit -v` and the unit's MemoryMax";
constexpr const char* kNoThread =
    "no thread can be had: give the process more, see `ulimit -u`, `ulimit -v` and the unit's TasksMax and MemoryMax";
}  // namespace

int report_exception() {
  try {
    throw;
  } catch (const PlanRefused& refused) {
    console().message(render(refused.problems, "", "", console().colour()));
    return kConfiguration;
  } catch (const StoreError& error) {
    console().error(error.what());
    return kUnavailable;
  } catch (const std::invalid_argument& error) {
    console().error(error.what());
    return kUsage;
  } catch (const OutputError& error) {
    console().error(error.what());
    return kOutput;
  } catch (const std::bad_alloc&) {
    console().error(kNoMemory);
    return kFailed;
  } catch (const std::system_error& error) {
    const bool thread = error.code() == std::errc::resource_unavailable_try_again;
    console().error(thread ? kNoThread : error.what());
    return kFailed;
  } catch (const std::exception& error) {
    console().error(error.what());
    return kFailed;
  }
}

namespace {

/// What nobody could catch, such as in a thread of a library, which gives up in silence where it
/// cannot have a thread. Aborts, so that a guard starts the program again.
[[noreturn]] void last_words() {
  std::string_view text = kNoThread;
  try {
    if (std::current_exception() != nullptr) throw;
  } catch (const std::bad_alloc&) {
    text = kNoMemory;
  } catch (const std::exception& error) {
    text = error.what();
  } catch (...) {
    text = "an exception of no known kind";
  }
  // By write(2): there may be no memory left for anything else.
  for (const std::string_view part : {std::string_view{"error: "}, text, std::string_view{"\n"}})
    if (::write(STDERR_FILENO, part.data(), part.size()) < 0) break;
  std::abort();
}

/// A verb nobody knows gets the nearest one that exists.
std::string hint(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  std::vector<std::string> verbs;
  for (const auto* verb : app.get_subcommands(nullptr)) verbs.push_back(verb->get_name());
  if (std::find(verbs.begin(), verbs.end(), argv[1]) != verbs.end()) return "";
  const std::string near = nearest(argv[1], verbs);
  return "there is no verb '" + printable(argv[1]) + "'" + (near.empty() ? "" : ": did you mean '" + near + "'?");
}

int run_program(int argc, char** argv) {
  CLI::App app{"Holdfast: a trading runtime you can crash on purpose.", "holdfast"};
  app.set_version_flag("--version", "holdfast " HOLDFAST_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  add_plugin_path(app);
  Action action;
  for (const auto add : {add_check, add_run, add_backtest, add_status, add_top, add_halt, add_resume, add_orders, add_positions,
                         add_reconcile, add_journal, add_plugin, add_conformance, add_bench, add_venue, add_backup, add_restore, add_failpoints, add_doctor,
                         add_completion, add_man})
    add(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, std::cout, std::cerr);
    const std::string near = hint(app, argc, argv);
    console().error(near.empty() ? printable(error.what()) : near);
    console().message("`holdfast --help` lists what there is.");
    return kUsage;
  }
  return action();
}

}  // namespace

/// Keeps what frames and batches lay in: given back to the kernel each time, their pages would have to be
/// found and zeroed each time. A matter of the whole process, so that a program that embeds us decides itself.
static void keep_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

}  // namespace holdfast::cli

int main(int argc, char** argv) {
  holdfast::cli::take_standard_files();
  holdfast::cli::keep_memory();
  std::set_terminate(holdfast::cli::last_words);
  try {
    return holdfast::cli::run_program(argc, argv);
  } catch (...) {
    return holdfast::cli::report_exception();
  }
}
