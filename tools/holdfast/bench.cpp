// holdfast bench: the figures we promise, each beside a baseline measured in the same run.
#include <algorithm>
#include <memory>

#include "bench_children.hpp"
#include "bench_measure.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

constexpr const char* kWorkload =
    "Workload: one synthetic feed, two strategies, one order per 1,000 ticks (per 10 ticks where release\n"
    "latency is measured at 1,000 ticks/s), risk, paper venue, fills booked by the ledger. Rounds are\n"
    "interleaved with their baselines; medians over rounds. Latency counts from the sequencing of the tick.";

struct Options : BenchOptions {
  bool json = false, list = false, quick = false;
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
  o.open_orders = 300;
  o.cuts = 2;
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
  const auto figures = measure(o);
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
  sized(count("--cuts", o->cuts, 1, 10'000, "How often to cut the connection to a venue"));
  sized(count("--open-orders", o->open_orders, 1ull, 1'000'000ull, "Orders to reconcile"));
  sized(count("--fill-bytes", o->fill_bytes, 1ull << 20, 1ull << 36, "Bytes per round of journal bandwidth"));
  sized(count("--memory-ticks", o->memory_ticks, 100'000ull, 100'000'000'000ull, "Ticks that memory is watched over"));
  verb->add_option("--child", o->child, "")->group("");
  verb->add_option("--child-dir", o->child_dir, "")->group("");
  verb->add_option("--child-amount", o->child_amount, "")->group("");
  verb->callback([o, &action] { action = [o] { return bench(*o); }; });
}

}  // namespace holdfast::cli
