// holdfast bench: the figures we promise, each beside a baseline measured in the same run.
#include <algorithm>
#include <functional>
#include <memory>

#include <holdfast/journal/baseline.hpp>
#include <holdfast/runtime/baseline.hpp>

#include "bench_children.hpp"
#include "bench_figures.hpp"
#include "bench_runs.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

constexpr const char* kWorkload =
    "Workload: one synthetic feed, two strategies, one order per 1,000 ticks (per 10 ticks where release\n"
    "latency is measured at 1,000 ticks/s), risk, paper venue, fills booked by the ledger. Rounds are\n"
    "interleaved with their baselines; medians over rounds. Latency counts from the sequencing of the tick.";

struct Options {
  std::vector<std::string> only;
  bool json = false, list = false, quick = false;
  int rounds = 3, kills = 30, restarts = 500, starts = 20, idle_ms = 5000;
  std::uint64_t ticks = 5'000'000, live_ticks = 4'000, events = 10'000'000;
  std::uint64_t fill_bytes = 512u << 20, memory_ticks = 100'000'000;
  std::string child, child_dir;
  std::uint64_t child_amount = 0;
};

/// Everything small: that each figure can be measured, not how it turns out.
void make_quick(Options& o) {
  o.rounds = 1;
  o.kills = 2;
  o.restarts = 5;
  o.starts = 2;
  o.idle_ms = 200;
  o.ticks = 100'000;
  o.live_ticks = 300;
  o.events = 50'000;
  o.fill_bytes = 8u << 20;
  o.memory_ticks = 300'000;
}

/// One run of the verb: what was asked for, and what was found so far.
class Bench {
 public:
  explicit Bench(const Options& o) : o_{o}, plugins_{plugin_folders(nullptr)} {}
  std::vector<Figure> run();

 private:
  using Names = std::vector<std::string_view>;
  bool wanted(std::string_view name) const;
  void group(const Names& names, void (Bench::*measure)());
  void found(std::string_view name, double value, std::optional<double> baseline = {}, const std::string& note = "",
             bool spoiled = false);
  void progress(const std::string& what) { console().progress(std::nullopt, what); }
  void round(const char* what, int n) { progress(std::string{what} + ", round " + std::to_string(n + 1) + " of " + std::to_string(o_.rounds)); }
  Progress under(const char* name) {
    return [this, name](const std::string& what) { progress(std::string{name} + ": " + what); };
  }

  std::vector<double> puts(const Workload& workload, std::uint64_t orders);
  void throughput();
  void unjournaled();
  void release();
  void release_loaded();
  void bandwidth();
  void recovery();
  void restart();
  void kill();
  void startup();
  void allocation();
  void idle();
  void memory();
  void matching();
  void matching_allocation();

  const Options& o_;
  PluginHost plugins_;
  double pipeline_ = 0;  ///< Ticks per second, once measured.
  std::vector<Figure> figures_;
};

bool Bench::wanted(std::string_view name) const {
  return o_.only.empty() || std::any_of(o_.only.begin(), o_.only.end(), [&](const auto& w) { return name.starts_with(w); });
}

void Bench::found(std::string_view name, double value, std::optional<double> baseline, const std::string& note, bool spoiled) {
  if (wanted(name)) figures_.push_back({&figure_spec(name), value, baseline, note, spoiled, ""});
}

/// One that fails must not take the others with it: together they take a good while.
void Bench::group(const Names& names, void (Bench::*measure)()) {
  if (std::none_of(names.begin(), names.end(), [&](auto name) { return wanted(name); })) return;
  try {
    (this->*measure)();
  } catch (const std::exception& error) {
    for (const auto name : names)
      if (wanted(name)) figures_.push_back({&figure_spec(name), {}, {}, "", false, error.what()});
  }
}

void Bench::throughput() {
  std::vector<double> sharing, stealing, caf, sim;
  for (int n = 0; n < o_.rounds; ++n) {
    round("throughput", n);
    sharing.push_back(raw_chain_rate("sharing", o_.ticks / 5));
    stealing.push_back(raw_chain_rate("stealing", o_.ticks / 5));
    Workload workload;
    workload.ticks = o_.ticks;
    if (wanted("pipeline_throughput")) caf.push_back(ticks_per_second(plugins_, workload));
    workload.runtime = System::Runtime::sim;
    if (wanted("backtest_throughput")) sim.push_back(ticks_per_second(plugins_, workload));
  }
  const double raw = std::max(median(sharing), median(stealing));
  const std::string policy = std::string{"the better policy was "} + (median(sharing) > median(stealing) ? "sharing" : "stealing");
  if (!caf.empty()) found("pipeline_throughput", pipeline_ = median(caf), raw, policy);
  if (!sim.empty()) found("backtest_throughput", median(sim), raw, policy);
}

void Bench::unjournaled() {
  Workload workload;
  workload.ticks = o_.ticks;
  workload.runtime = System::Runtime::sim;
  workload.journal = "off";
  std::vector<double> ours, loop;
  for (int n = 0; n < o_.rounds; ++n) {
    round("backtest without a journal", n);
    loop.push_back(loop_ticks_per_second(plugins_, workload));
    ours.push_back(ticks_per_second(plugins_, workload));
  }
  found("backtest_unjournaled", median(ours), median(loop));
}

/// Puts of the same pace as the orders of `workload`, of which there are `orders`.
std::vector<double> Bench::puts(const Workload& workload, std::uint64_t orders) {
  const Scratch scratch;
  return synced_put_seconds(scratch.path() + "/puts", static_cast<int>(orders), workload.interval * workload.order_every);
}

void Bench::release() {
  Workload workload;
  workload.interval = std::chrono::milliseconds{1};
  workload.ticks = o_.live_ticks;
  workload.order_every = 10;
  std::vector<double> put50, put99, release50, release99, hurried;
  for (int n = 0; n < o_.rounds; ++n) {
    round("order release", n);
    const auto alone = puts(workload, o_.live_ticks / 10);
    const auto releases = release_seconds(plugins_, workload);
    put50.push_back(quantile(alone, 0.5));
    put99.push_back(quantile(alone, 0.99));
    release50.push_back(quantile(releases, 0.5));
    release99.push_back(quantile(releases, 0.99));
    workload.interval = {};
    hurried.push_back(quantile(puts(workload, o_.live_ticks / 10), 0.5));
    workload.interval = std::chrono::milliseconds{1};
  }
  const std::string note = "puts without a pause between them: " + short_number(median(hurried) * 1e6) + " us";
  found("order_release_p50", median(release50) * 1e6, median(put50) * 1e6, note);
  found("order_release_p99", median(release99) * 1e6, median(put99) * 1e6);
}

void Bench::release_loaded() {
  Workload workload;
  workload.ticks = o_.ticks;
  progress("order release under load: what full speed is");
  if (pipeline_ == 0) pipeline_ = ticks_per_second(plugins_, workload);
  workload.interval = Duration{static_cast<std::int64_t>(2e9 / pipeline_)};
  std::vector<double> alone, releases;
  for (int n = 0; n < o_.rounds; ++n) {
    round("order release under load", n);
    alone.push_back(quantile(puts(workload, std::min<std::uint64_t>(o_.live_ticks, 2000)), 0.99));
    releases.push_back(quantile(release_seconds(plugins_, workload), 0.99));
  }
  found("order_release_loaded_p99", median(releases) * 1e6, median(alone) * 1e6, "at " + short_number(pipeline_ / 2) + " ticks/s");
}

void Bench::bandwidth() {
  const FillLoad load = fill_load(o_.fill_bytes);
  const std::vector<std::span<const std::byte>> batches = [&] {
    std::vector<std::span<const std::byte>> out;
    for (const EventBuffer& batch : load.batches) out.push_back(batch.bytes());
    return out;
  }();
  const auto bytes = static_cast<double>(load.bytes);
  std::vector<double> ours, fills;
  for (int n = 0; n < o_.rounds; ++n) {
    round("journal bandwidth", n);
    const Scratch scratch;
    fills.push_back(bytes / fill_seconds(scratch.path() + "/fill", batches, load.count));
    ours.push_back(bytes / journal_seconds(load));
  }
  found("journal_bandwidth", median(ours), median(fills),
        grouped(load.batches.front().size()) + " bytes and " + grouped(load.batches.front().count()) + " quotes a frame");
}

void Bench::recovery() {
  std::vector<double> folded, read, packed;
  for (const auto& rate : recovery_rates(o_.events, o_.rounds, under("recovery"))) {
    folded.push_back(rate.folded);
    read.push_back(rate.read);
    packed.push_back(rate.read_packed);
  }
  found("recovery_rate", median(folded), median(read),
        "over " + grouped(o_.events) + " events, files in the page cache; from the packed journal RocksDB reads " +
            short_number(median(packed)) + " events/s");
}

void Bench::restart() {
  const RestartLoad load;
  std::vector<double> ours, raw;
  // In parts, so that both see the same machine.
  for (int n = 0, left = o_.restarts; n < o_.rounds; ++n) {
    const int samples = left / (o_.rounds - n);
    left -= samples;
    for (const double s : raw_restart_seconds(samples, load.tick, load.ticks_per_crash)) raw.push_back(s);
    const auto step = [&](int done) { progress("actor restarts: " + std::to_string(static_cast<int>(ours.size()) + done) + " of " + std::to_string(o_.restarts)); };
    for (const double s : restart_seconds(plugins_, load, samples, step)) ours.push_back(s);
  }
  const std::string note = std::to_string(ours.size()) + " samples";
  found("actor_restart_p50", quantile(ours, 0.5) * 1e6, quantile(raw, 0.5) * 1e6, note);
  found("actor_restart_p99", quantile(ours, 0.99) * 1e6, quantile(raw, 0.99) * 1e6, note);
}

void Bench::kill() {
  const auto seconds = kill_to_ready_seconds(o_.events, o_.kills, under("kill to ready"));
  found("kill_to_ready_p99", quantile(seconds, 0.99), {},
        std::to_string(seconds.size()) + " kills, from " + grouped(o_.events) + " events on; median " +
            std::to_string(median(seconds)) + " s");
}

void Bench::startup() {
  std::vector<double> seconds;
  for (int i = 0; i < o_.starts; ++i) {
    progress("start " + std::to_string(i + 1) + " of " + std::to_string(o_.starts));
    seconds.push_back(startup_seconds());
  }
  found("startup", median(seconds) * 1e3, {},
        std::to_string(seconds.size()) + " starts, the slowest " + std::to_string(static_cast<int>(quantile(seconds, 1) * 1e3)) + " ms");
}

void Bench::allocation() {
  progress("counting allocations");
  const Allocations counted = allocations(o_.ticks, o_.live_ticks);
  found("allocations_per_tick", counted.full_frames, counted.raw_hop);
  found("allocations_per_lone_tick", counted.lone_ticks, counted.raw_hop);
}

void Bench::idle() {
  std::vector<double> system, bare;
  for (int n = 0; n < o_.rounds; ++n) {
    round("idle", n);
    const IdleCpu shares = idle_cpu(std::chrono::milliseconds{o_.idle_ms});
    system.push_back(shares.system * 100);
    bare.push_back(shares.bare * 100);
  }
  found("idle_cpu", median(system), median(bare), "over " + grouped(static_cast<std::uint64_t>(o_.idle_ms)) + " ms a round");
}

void Bench::memory() {
  const ResidentMemory m = resident_memory(o_.memory_ticks, under("resident memory"));
  const bool flat = m.last_third <= 1.1 * m.first_third;
  const auto megabytes = [](double bytes) { return std::to_string(static_cast<int>(bytes / 1e6)) + " MB"; };
  found("resident_memory", m.peak / 1e6, {},
        std::string{flat ? "flat" : "it grew"} + " over " + grouped(o_.memory_ticks) + " ticks: first third " +
            megabytes(m.first_third) + ", last third " + megabytes(m.last_third),
        !flat);
}

void Bench::matching() {
  std::vector<double> rates, latencies;
  for (int n = 0; n < o_.rounds; ++n) {
    round("matching", n);
    auto measured = cli::matching(o_.ticks);
    rates.push_back(measured.rate);
    latencies.insert(latencies.end(), measured.latencies.begin(), measured.latencies.end());
  }
  found("matching_rate", median(rates));
  found("matching_p99", quantile(latencies, 0.99) * 1e6);
}

void Bench::matching_allocation() {
  progress("counting allocations of matching");
  found("matching_allocations", matching_allocations(o_.ticks));
}

std::vector<Figure> Bench::run() {
  group({"pipeline_throughput", "backtest_throughput"}, &Bench::throughput);
  group({"backtest_unjournaled"}, &Bench::unjournaled);
  group({"order_release_p50", "order_release_p99"}, &Bench::release);
  group({"order_release_loaded_p99"}, &Bench::release_loaded);
  group({"journal_bandwidth"}, &Bench::bandwidth);
  group({"recovery_rate"}, &Bench::recovery);
  group({"actor_restart_p50", "actor_restart_p99"}, &Bench::restart);
  group({"kill_to_ready_p99"}, &Bench::kill);
  group({"startup"}, &Bench::startup);
  group({"allocations_per_tick", "allocations_per_lone_tick"}, &Bench::allocation);
  group({"idle_cpu"}, &Bench::idle);
  group({"resident_memory"}, &Bench::memory);
  group({"matching_rate", "matching_p99"}, &Bench::matching);
  group({"matching_allocations"}, &Bench::matching_allocation);
  return std::move(figures_);
}

int bench(Options o) {
  if (!o.child.empty()) {
    PluginHost plugins{plugin_folders(nullptr)};
    return bench_child(plugins, o.child, o.child_dir, o.child_amount);
  }
  if (o.list) {
    print(o.json ? dump({{"schema", "holdfast.bench_list/1"}, {"figures", specs_json()}}) + "\n" : specs_text());
    return kOk;
  }
  const auto& specs = figure_specs();
  for (const auto& word : o.only)
    if (std::none_of(specs.begin(), specs.end(), [&](const auto& spec) { return spec.name.starts_with(word); })) {
      console().error("no figure has a name that begins with '" + printable(word) + "': `holdfast bench --list` shows them");
      return kUsage;
    }
  if (o.quick) make_quick(o);
  const auto figures = Bench{o}.run();
  console().clear();
  if (o.json) print(dump({{"schema", "holdfast.bench/1"}, {"figures", figures_json(figures)}, {"workload", kWorkload}, {"quick", o.quick}}) + "\n");
  else print(figures_table(figures) + "\n" + kWorkload + "\n");
  return std::any_of(figures.begin(), figures.end(), [](const auto& f) { return !f.failure.empty(); }) ? kFailed : kOk;
}

}  // namespace

void add_bench(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("bench", "Measure the promised figures beside their baselines");
  const auto o = std::make_shared<Options>();
  const auto count = [&](const char* name, auto& value, auto least, auto most, const char* text) {
    return verb->add_option(name, value, text)->check(CLI::Range(least, most))->capture_default_str();
  };
  verb->add_flag("--list", o->list, "Print every figure's meaning and targets, measure nothing");
  verb->add_option("--only", o->only, "Only figures whose name begins so; repeatable")->allow_extra_args(false)->type_name("NAME");
  verb->add_flag("--json", o->json, "Print JSON (holdfast.bench/1)");
  auto* quick = verb->add_flag("--quick", o->quick, "Everything small: shows that it works, says nothing about speed");
  const auto sized = [&](auto* option) { quick->excludes(option); };
  sized(count("--rounds", o->rounds, 1, 99, "Interleaved rounds per figure"));
  sized(count("--ticks", o->ticks, 10'000ull, 1'000'000'000ull, "Ticks per throughput round"));
  sized(count("--live-ticks", o->live_ticks, 100ull, 10'000'000ull, "Ticks per latency round, one a millisecond"));
  sized(count("--events", o->events, 1'000ull, 1'000'000'000ull, "Length of the journal that kills and restarts find"));
  sized(count("--kills", o->kills, 1, 10'000, "How often to kill the process"));
  sized(count("--restarts", o->restarts, 1, 100'000, "How often to crash an actor"));
  sized(count("--starts", o->starts, 1, 10'000, "How often to start"));
  sized(count("--idle-ms", o->idle_ms, 100, 600'000, "Milliseconds of idling per round"));
  sized(count("--fill-bytes", o->fill_bytes, 1ull << 20, 1ull << 36, "Bytes per round of journal bandwidth"));
  sized(count("--memory-ticks", o->memory_ticks, 100'000ull, 100'000'000'000ull, "Ticks that memory is watched over"));
  verb->add_option("--child", o->child, "")->group("");
  verb->add_option("--child-dir", o->child_dir, "")->group("");
  verb->add_option("--child-amount", o->child_amount, "")->group("");
  verb->callback([o, &action] { action = [o] { return bench(*o); }; });
}

}  // namespace holdfast::cli
