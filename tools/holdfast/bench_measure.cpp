#include "bench_measure.hpp"

#include <algorithm>

#include <holdfast/journal/baseline.hpp>
#include <holdfast/runtime/baseline.hpp>

#include "bench_children.hpp"
#include "bench_fix.hpp"
#include "bench_runs.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

/// One run of the verb: what was asked for, and what was found so far.
class Bench {
 public:
  explicit Bench(const BenchOptions& o) : o_{o}, plugins_{plugin_folders(nullptr)} {}
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

  Workload at_a_walk() const;
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
  void wire();
  void round_trip();
  void reconciling();
  void reconnecting();

  const BenchOptions& o_;
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

/// One order in ten milliseconds.
Workload Bench::at_a_walk() const {
  Workload workload;
  workload.interval = std::chrono::milliseconds{1};
  workload.ticks = o_.live_ticks;
  workload.order_every = 10;
  return workload;
}

void Bench::release() {
  Workload workload = at_a_walk();
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

void Bench::wire() {
  Workload workload = at_a_walk();
  workload.strategies = 1;  // Else a second order would wait for the first.
  std::vector<double> p99s, p50s, plain99s, plain50s;
  for (int n = 0; n < o_.rounds; ++n) {
    round("released to wire", n);
    const WireTimes times = wire_times(plugins_, workload);
    p99s.push_back(quantile(times.orders, 0.99));
    p50s.push_back(quantile(times.orders, 0.5));
    plain99s.push_back(quantile(times.plain, 0.99));
    plain50s.push_back(quantile(times.plain, 0.5));
  }
  found("order_wire_p99", median(p99s) * 1e6, median(plain99s) * 1e6,
        "p50 " + short_number(median(p50s) * 1e6) + " us, of a plain send " + short_number(median(plain50s) * 1e6) + " us");
}

void Bench::round_trip() {
  std::vector<double> orders, syncs;
  for (int n = 0; n < o_.rounds; ++n) {
    round("FIX round trip", n);
    const RoundTrips trips = fix_round_trips(static_cast<int>(o_.live_ticks / 4));
    orders.push_back(median(trips.orders));
    syncs.push_back(median(trips.syncs));
  }
  const double whole = median(orders) * 1e6, sync = median(syncs) * 1e6;
  found("fix_round_trip_p50", whole, sync, short_number(whole - sync) + " us beyond the sync");
}

void Bench::reconciling() {
  std::vector<double> known, strangers;
  for (int n = 0; n < o_.rounds; ++n) {
    const auto measured = reconcile_seconds(plugins_, o_.open_orders, under("reconciliation"));
    known.push_back(measured.known);
    strangers.push_back(measured.strangers);
  }
  found("reconcile_10k", quantile(known, 1), {},
        grouped(o_.open_orders) + " orders; when nobody here knows them, and all are adopted, " + std::to_string(quantile(strangers, 1)) + " s");
}

void Bench::reconnecting() {
  std::vector<double> cut, connected;
  for (const Rearmed& one : rearmed(plugins_, o_.cuts, under("reconnecting"))) {
    cut.push_back(one.cut);
    connected.push_back(one.connected);
  }
  found("reconnect_armed", quantile(cut, 1), {},
        std::to_string(cut.size()) + " cuts; median " + std::to_string(median(cut)) + " s, of which logged on " + std::to_string(median(connected)) + " s");
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
  group({"order_wire_p99"}, &Bench::wire);
  group({"fix_round_trip_p50"}, &Bench::round_trip);
  group({"reconcile_10k"}, &Bench::reconciling);
  group({"reconnect_armed"}, &Bench::reconnecting);
  return std::move(figures_);
}

}  // namespace

std::vector<Figure> measure(const BenchOptions& options) { return Bench{options}.run(); }

}  // namespace holdfast::cli
