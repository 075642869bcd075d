// holdfast bench: the figures we promise, each beside a baseline measured in the same run.
#include <algorithm>
#include <functional>
#include <memory>

#include <holdfast/journal/baseline.hpp>
#include <holdfast/runtime/baseline.hpp>

#include "bench_runs.hpp"
#include "output.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

constexpr const char* kWorkload =
    "Workload: one synthetic feed, two strategies, one order per 1,000 ticks (per 10 ticks where release\n"
    "latency is measured, at 1,000 ticks/s), risk, paper venue, fills booked by the ledger. Rounds are\n"
    "interleaved with their baselines; medians. Latency counts from the sequencing of the tick.";

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  double baseline = 0;  ///< 0: none.
  std::string against;
};

struct Options {
  std::vector<std::string> only;
  bool json = false;
  int rounds = 3;
  std::uint64_t ticks = 5'000'000, live_ticks = 4'000, events = 10'000'000;
  int kills = 10;
  std::string child;
};

/// The value that a share `q` of the samples does not exceed.
double quantile(std::vector<double> samples, double q) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  return samples[std::min(samples.size() - 1, static_cast<std::size_t>(q * static_cast<double>(samples.size())))];
}
double median(const std::vector<double>& samples) { return quantile(samples, 0.5); }

bool wanted(const Options& o, const std::string& name) {
  return o.only.empty() || std::any_of(o.only.begin(), o.only.end(), [&](const auto& w) { return name.rfind(w, 0) == 0; });
}

void throughput(const Options& o, PluginHost& plugins, std::vector<Figure>& figures) {
  const bool pipeline = wanted(o, "pipeline_throughput"), backtest = wanted(o, "backtest_throughput");
  if (!pipeline && !backtest) return;
  std::vector<double> sharing, stealing, caf, sim;
  for (int round = 0; round < o.rounds; ++round) {
    console().progress(std::nullopt, "throughput, round " + std::to_string(round + 1) + " of " + std::to_string(o.rounds));
    sharing.push_back(raw_chain_rate("sharing", o.ticks / 5));
    stealing.push_back(raw_chain_rate("stealing", o.ticks / 5));
    if (pipeline) caf.push_back(ticks_per_second(plugins, {System::Runtime::caf, false, o.ticks, 1000}));
    if (backtest) sim.push_back(ticks_per_second(plugins, {System::Runtime::sim, false, o.ticks, 1000}));
  }
  const double raw = std::max(median(sharing), median(stealing));
  const std::string against = std::string{"three chained raw CAF actors, policy "} +
                              (median(sharing) > median(stealing) ? "sharing" : "stealing");
  if (pipeline) figures.push_back({"pipeline_throughput", median(caf), "ticks/s", raw, against});
  if (backtest) figures.push_back({"backtest_throughput", median(sim), "ticks/s", raw, against});
}

void release(const Options& o, PluginHost& plugins, std::vector<Figure>& figures) {
  const bool p50 = wanted(o, "order_release_p50"), p99 = wanted(o, "order_release_p99");
  if (!p50 && !p99) return;
  std::vector<double> puts, releases, put50, put99, release50, release99;
  for (int round = 0; round < o.rounds; ++round) {
    console().progress(std::nullopt, "order release, round " + std::to_string(round + 1) + " of " + std::to_string(o.rounds));
    const Scratch scratch;
    puts = synced_put_seconds(scratch.path() + "/puts", 2000);
    releases = release_seconds(plugins, {System::Runtime::caf, true, o.live_ticks, 10});
    put50.push_back(quantile(puts, 0.5));
    put99.push_back(quantile(puts, 0.99));
    release50.push_back(quantile(releases, 0.5));
    release99.push_back(quantile(releases, 0.99));
  }
  const std::string against = "one synced RocksDB put of 128 bytes";
  if (p50) figures.push_back({"order_release_p50", median(release50) * 1e6, "us", median(put50) * 1e6, against + ", p50"});
  if (p99) figures.push_back({"order_release_p99", median(release99) * 1e6, "us", median(put99) * 1e6, against + ", p99"});
}

void kill_to_ready(const Options& o, std::vector<Figure>& figures) {
  if (!wanted(o, "kill_to_ready_p99")) return;
  const auto seconds = kill_to_ready_seconds(
      o.events, o.kills, [](const std::string& what) { console().progress(std::nullopt, "kill to ready: " + what); });
  figures.push_back({"kill_to_ready_p99", quantile(seconds, 0.99), "s", 0, ""});
}

void show(const Options& o, const std::vector<Figure>& figures) {
  console().clear();
  if (o.json) {
    Json list = Json::array();
    for (const auto& f : figures) {
      Json one{{"name", f.name}, {"value", f.value}, {"unit", f.unit}};
      one["baseline"] = f.baseline > 0 ? Json(f.baseline) : Json(nullptr);
      one["ratio"] = f.baseline > 0 ? Json(f.value / f.baseline) : Json(nullptr);
      list.push_back(std::move(one));
    }
    print(dump({{"schema", "holdfast.bench/1"}, {"figures", list}, {"workload", kWorkload}}) + "\n");
    return;
  }
  std::vector<std::vector<std::string>> rows;
  const auto number = [](double x) { return x >= 1000 ? short_number(x) : std::to_string(x).substr(0, 6); };
  for (const auto& f : figures)
    rows.push_back({f.name, number(f.value) + " " + f.unit, f.baseline > 0 ? number(f.baseline) + " " + f.unit : "-",
                    f.baseline > 0 ? std::to_string(f.value / f.baseline).substr(0, 5) : "-", f.against});
  print(table({"figure", "value", "baseline", "ratio", "against"}, rows) + "\n" + kWorkload + "\n");
}

int bench(const Options& o) {
  PluginHost plugins{plugin_folders(nullptr)};
  if (!o.child.empty()) return bench_child(plugins, o.child, o.events);
  std::vector<Figure> figures;
  throughput(o, plugins, figures);
  release(o, plugins, figures);
  kill_to_ready(o, figures);
  if (figures.empty()) {
    console().error("no figure has such a name");
    return kUsage;
  }
  show(o, figures);
  return kOk;
}

}  // namespace

void add_bench(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("bench", "Measure the promised figures beside their baselines");
  const auto o = std::make_shared<Options>();
  verb->add_option("--only", o->only, "Only figures whose name begins so");
  verb->add_flag("--json", o->json, "Print JSON (holdfast.bench/1)");
  verb->add_option("--rounds", o->rounds, "Interleaved rounds per figure")->check(CLI::Range(1, 99))->capture_default_str();
  verb->add_option("--ticks", o->ticks, "Ticks per throughput round")->check(CLI::Range(10'000ull, 1'000'000'000ull))->capture_default_str();
  verb->add_option("--live-ticks", o->live_ticks, "Ticks per latency round, one a millisecond")->check(CLI::Range(100, 10'000'000))->capture_default_str();
  verb->add_option("--events", o->events, "Length of the journal that kills find")->check(CLI::Range(1'000ull, 1'000'000'000ull))->capture_default_str();
  verb->add_option("--kills", o->kills, "How often to kill")->check(CLI::Range(1, 10'000))->capture_default_str();
  verb->add_option("--child", o->child, "")->group("");
  verb->callback([o, &action] { action = [o] { return bench(*o); }; });
}

}  // namespace holdfast::cli
