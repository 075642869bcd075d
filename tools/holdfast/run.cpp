// holdfast run FILE and holdfast backtest FILE: one system, live or in virtual time.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include <holdfast/journal/data_dir.hpp>
#include <holdfast/journal/store.hpp>
#include <holdfast/metrics/listener.hpp>
#include <holdfast/runtime/system.hpp>

#include "control.hpp"
#include "embed/command.hpp"
#include "guard.hpp"
#include "log_lines.hpp"
#include "output.hpp"
#include "report.hpp"
#include "status_view.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
constexpr auto kStep = 100ms;
constexpr auto kStopDeadline = 10s;

struct RunOptions {
  bool backtest = false;
  std::string file, data_dir, speed, report, failpoints;
  std::vector<std::string> sets, profiles;
  std::optional<std::uint64_t> seed, kill_at;
  bool until_end = false, guard = false, resume = false, json = false, log_json = false;
};

/// A directory for a run that nobody wants to keep.
class ScratchDir {
 public:
  const std::string& make() {
    std::error_code error;
    path_ = (fs::temp_directory_path(error) / "holdfast-XXXXXX").string();
    if (!error && ::mkdtemp(path_.data()) == nullptr) error = {errno, std::generic_category()};
    if (error) throw StoreError{StoreError::Kind::io, "there is no place for a journal nobody keeps (" + error.message() +
                                                          "): set TMPDIR, or say --data-dir"};
    return path_;
  }
  ~ScratchDir() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

 private:
  std::string path_;
};

/// The plan with what the command line says over it, so that problems name the option.
LoadResult load(const RunOptions& options) {
  auto sets = options.sets;
  if (options.seed) sets.push_back("system.seed=" + std::to_string(*options.seed));
  LoadResult loaded = load_plan(options.file, sets, process_environment, options.profiles);
  if (!loaded.plan || options.speed.empty()) return loaded;
  const std::string speed = options.speed == "max" ? "0" : options.speed;
  for (const auto* actor : actors_of(loaded.plan->tree))
    if (actor->actor == "feed") sets.push_back("actors." + actor->name + ".settings.speed=" + speed);
  return load_plan(options.file, sets, process_environment, options.profiles);
}

/// Empty where there is no journal to lie in one.
std::string data_dir_of(const RunOptions& options, const Plan& plan, ScratchDir& scratch) {
  if (!options.data_dir.empty()) return options.data_dir;
  if (plan.journal.off) return "";
  if (options.backtest) return scratch.make();
  if (!plan.data_dir.empty()) return (fs::path{plan.base_dir} / plan.data_dir).lexically_normal().string();
  return "data/" + plan.name;
}

std::string failpoints_of(const RunOptions& options) {
  std::string text = process_environment("HOLDFAST_FAILPOINTS").value_or("");
  const auto add = [&](const std::string& more) { text += (text.empty() || more.empty() ? "" : ";") + more; };
  add(options.failpoints);
  if (options.kill_at) add("sim.event=kill@" + std::to_string(*options.kill_at));
  return text;
}

void show_progress(const System& system, const Worked& worked) {
  const auto counts = system.status().summary.counts;
  console().progress(std::nullopt, grouped(counts.ticks) + " ticks, " + grouped(counts.orders) + " orders, " +
                                       grouped(counts.fills) + " fills, " + duration_text(worked.elapsed_s));
}

ReportClock clock_of(const RunOptions& options, const Plan& plan) {
  if (options.backtest) return ReportClock::simulated;
  return plan.clock == Plan::Clock::wall ? ReportClock::wall : ReportClock::feed;
}

/// A status is of actors; the tree they stand in is the plan's, and who listens is this program.
Json with_tree(Json answer, const SupervisorPlan& tree, const MetricsListener* metrics) {
  if (!answer.contains("actors")) return answer;
  answer["tree"] = tree_json(tree);
  if (metrics != nullptr) answer["metrics"] = metrics->address();
  return answer;
}

/// Taken before anything is opened, so that an address that cannot be had leaves nothing behind.
std::unique_ptr<MetricsListener> listen(const RunOptions& options, const Plan& plan) {
  if (options.backtest || plan.metrics.listen.empty()) return nullptr;
  return std::make_unique<MetricsListener>(plan.metrics.listen);
}

struct Finished {
  std::string failure;
  RunSummary summary;
  Worked worked;
};

/// From start to stop. A signal ends it in order.
Finished drive(System& system, const RunOptions& options, const Signals& signals) {
  using Clock = std::chrono::steady_clock;
  system.start();
  Finished finished;
  const auto begin = Clock::now();
  const auto ticks_before = system.status().summary.counts.ticks;
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  for (int signal = 0; signal == 0;) {
    const bool more = system.run_for(kStep);
    if (!more && (!system.failure().empty() || options.backtest || options.until_end)) break;
    show_progress(system, {elapsed(), 0});
    signal = signals.wait(more ? 0ms : kStep);
  }
  const std::string undone = system.stop(kStopDeadline);
  finished.failure = system.failure();
  if (finished.failure.empty() && !undone.empty()) finished.failure = "the system did not stop in order: " + undone;
  finished.summary = system.summary();
  finished.worked = {elapsed(), finished.summary.counts.ticks - ticks_before};
  console().clear();
  return finished;
}

int work(const RunOptions& options, const LoadResult& loaded, const std::string& data_dir) {
  const Plan& plan = *loaded.plan;
  const Signals signals;
  PluginHost plugins{plugin_folders(&plan)};
  System::Options system_options;
  system_options.runtime = options.backtest ? System::Runtime::sim : System::Runtime::caf;
  system_options.data_dir = data_dir;
  system_options.resume = options.resume;
  system_options.failpoints = failpoints_of(options);
  system_options.log = log_sink(options.log_json);
  system_options.secrets = process_secrets();
  Finished finished;
  std::unique_ptr<MetricsListener> listener;
  try {
    listener = listen(options, plan);
  } catch (const std::runtime_error& taken) {
    console().error(taken.what());
    return kUnavailable;
  }
  try {
    const auto system = System::open(plan, plugins, system_options);
    const auto metrics = std::move(listener);  // Ends before the system it reads.
    if (metrics) {
      metrics->serve(*system);
      system_options.log({LogLine::Level::info, "", "metrics and health are at http://" + metrics->address()});
    }
    std::unique_ptr<ControlServer> control;
    if (!options.backtest)
      control = std::make_unique<ControlServer>(
          data_dir, [&](const Json& request) { return with_tree(carry_out(*system, read_command(request)), plan.tree, metrics.get()); });
    finished = drive(*system, options, signals);
  } catch (const PlanRefused& refused) {
    return report_problems(loaded, refused.problems);
  }
  if (!options.report.empty()) {
    write_report(data_dir, clock_of(options, plan), options.report);
    console().message("the report is " + options.report);
  }
  if (!finished.failure.empty()) {
    console().error(printable(redact(plan, finished.failure)));
    return kFailed;
  }
  print(options.json ? dump(run_json(finished.summary, finished.worked)) : run_text(finished.summary, finished.worked));
  return kOk;
}

/// The command line of the guarded child: the same, without --guard.
std::vector<std::string> child_arguments(const RunOptions& options, const std::string& data_dir) {
  std::vector<std::string> out{"holdfast", "run", options.file, "--data-dir", data_dir};
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) out.insert(out.end(), {name, value});
  };
  add("--speed", options.speed);
  add("--report", options.report);
  add("--failpoints", options.failpoints);
  for (const auto& profile : options.profiles) add("--profile", profile);
  for (const auto& set : options.sets) add("--set", set);
  if (options.until_end) out.push_back("--until-end");
  if (options.json) out.push_back("--json");
  if (options.log_json) out.push_back("--log-json");
  return out;
}

int execute(const RunOptions& options) {
  const LoadResult loaded = load(options);
  if (!loaded.plan) return report_problems(loaded, loaded.problems);
  if (const auto& journal = loaded.plan->journal; journal.off && !options.report.empty())
    return report_problems(loaded, {{journal.off_where, "a report is read from the journal, and journal is off",
                                     "take journal: off away, or --report"}});
  ScratchDir scratch;
  const std::string data_dir = data_dir_of(options, *loaded.plan, scratch);
  if (options.backtest && !options.resume && !data_dir.empty() && !system_name_of(data_dir).empty()) {
    console().error(data_dir + " holds a journal already: continue it with --resume, or choose another directory");
    return kUnavailable;
  }
  if (options.guard) return guard(child_arguments(options, data_dir), data_dir);
  return work(options, loaded, data_dir);
}

CLI::App* add_common(CLI::App& app, Action& action, const std::shared_ptr<RunOptions>& options, const char* name,
                     const char* text) {
  auto* verb = app.add_subcommand(name, text);
  verb->add_option("FILE", options->file, "A system in YAML")->required();
  verb->add_option("--data-dir", options->data_dir, "Where the journal lies")->type_name("D");
  verb->add_option("--profile", options->profiles, "Apply this profile of the file, repeatable")->allow_extra_args(false);
  verb->add_option("--set", options->sets, "Replace a value: path=value, repeatable")->allow_extra_args(false);
  verb->add_flag("--json", options->json, "Result as JSON");
  verb->add_option("--report", options->report, "Write a report when it has ended")->type_name("F.html");
  verb->add_flag("--log-json", options->log_json, "Log lines as JSON objects, one a line");
  verb->add_option("--failpoints", options->failpoints, "Fail on purpose, as `holdfast failpoints` has it")->type_name("TEXT");
  verb->callback([options, &action] { action = [options] { return execute(*options); }; });
  return verb;
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  auto* verb = add_common(app, action, options, "run", "Run a system; continues where its data directory ends");
  verb->add_flag("--until-end", options->until_end, "Stop when every feed has ended");
  verb->add_option("--speed", options->speed, "Times the pace of recorded data, or max")
      ->type_name("X")
      ->check([](const std::string& text) {
        if (text == "max") return std::string{};
        return CLI::PositiveNumber(text).empty() ? std::string{} : "'" + text + "' is neither a positive number nor max";
      });
  verb->add_flag("--guard", options->guard, "Start it again when it crashes");
}

void add_backtest(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  options->backtest = true;
  auto* verb = add_common(app, action, options, "backtest", "Run a system in virtual time, repeatable to the bit");
  verb->add_option("--seed", options->seed, "Instead of the seed in the file")->type_name("N");
  auto* resume = verb->add_flag("--resume", options->resume, "Continue the journal in the data directory");
  resume->needs(verb->get_option("--data-dir"));
  verb->add_option("--kill-at", options->kill_at, "SIGKILL itself at this event")->group("");
}

}  // namespace holdfast::cli
