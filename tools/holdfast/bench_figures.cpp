#include "bench_figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "output.hpp"

namespace holdfast::cli {

namespace {

using Spec = FigureSpec;
constexpr auto kHigher = Spec::Better::higher, kLower = Spec::Better::lower;
constexpr auto kRatio = Spec::Judged::ratio, kValue = Spec::Judged::value, kExcess = Spec::Judged::excess;

/// "12.3", "4.5 M": four significant digits at most.
std::string number(double x) {
  if (std::abs(x) >= 1000) return short_number(x);
  char text[32];
  std::snprintf(text, sizeof text, std::abs(x) >= 100 ? "%.1f" : std::abs(x) >= 1 ? "%.2f" : "%.3g", x);
  return text;
}

/// The target as a person reads it: ">= 2.5 x", "<= 2 s".
std::string target(const Spec& spec, const std::optional<double>& bound) {
  if (!bound) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%g", *bound);
  return std::string{spec.better == kHigher ? ">= " : "<= "} + (*bound >= 1e6 ? short_number(*bound) : text) + " " +
         (spec.judged == kRatio ? "x" : std::string{spec.unit} + (spec.judged == kExcess ? " more" : ""));
}

Json optional_json(const std::optional<double>& x) { return x ? Json(*x) : Json(nullptr); }

Json spec_json(const Spec& spec) {
  return {{"better", spec.better == kHigher ? "higher" : "lower"},
          {"judged", spec.judged == kRatio ? "ratio" : spec.judged == kExcess ? "excess" : "value"},
          {"owed", optional_json(spec.owed)},
          {"aim", optional_json(spec.aim)},
          {"what", spec.what},
          {"against", spec.against}};
}

}  // namespace

const std::vector<FigureSpec>& figure_specs() {
  static constexpr std::string_view kChain = "three chained raw CAF actors, one message per tick, the better policy";
  static constexpr std::string_view kRestart = "a raw CAF actor under a raw load of the same pace: monitor, down, spawn";
  static const std::vector<Spec> table{
      {"pipeline_throughput", "ticks/s", kHigher, kRatio, 2.5, 5.0,
       "feed, journal (hash chain, WAL), two strategies, risk, paper venue, ledger on the caf runtime", kChain},
      {"backtest_throughput", "ticks/s", kHigher, kRatio, 2.5, 6.0, "the same system on the sim runtime", kChain},
      {"backtest_unjournaled", "ticks/s", kHigher, kRatio, 0.3, 0.6, "the same system on the sim runtime with `journal: off`",
       "a plain loop that takes each tick from the same feed and hands it to the same two strategies"},
      {"order_release_p50", "us", kLower, kRatio, 1.8, 1.3,
       "sequencing of a tick until the order it caused is durable and released, at 1,000 ticks/s",
       "one synced RocksDB put of 128 bytes at the pace of the orders, p50"},
      {"order_release_p99", "us", kLower, kRatio, 2.5, 1.5, "the same, p99", "one synced RocksDB put of 128 bytes at the pace of the orders, p99"},
      {"order_release_loaded_p99", "us", kLower, kRatio, {}, 10.0,
       "the same at half of pipeline_throughput, p99", "one synced RocksDB put of 128 bytes at the pace of the orders, p99"},
      {"journal_bandwidth", "B/s", kHigher, kRatio, 0.65, 0.9,
       "bytes of events as authors submit them (the store packs market data), sequenced, hashed, written, synced at the end",
       "RocksDB fill in key order with WAL, the same bytes, a put per frame, synced at the end"},
      {"recovery_rate", "events/s", kHigher, kRatio, 0.5, 0.8,
       "a journal without snapshots: until every actor has folded all of it, from the opened store on",
       "RocksDB reading every key and value in order where the same events are stored as submitted"},
      {"actor_restart_p50", "us", kLower, kRatio, 10.0, 3.0,
       "a strategy throws at 10,000 ticks/s until it is live again; its snapshot is 1,000 events old on average; p50",
       kRestart},
      {"actor_restart_p99", "us", kLower, kRatio, 10.0, 3.0, "the same, p99", kRestart},
      {"kill_to_ready_p99", "s", kLower, kValue, 2.0, 0.5,
       "SIGKILL of a process at full speed until its successor is ready to trade, p99", ""},
      {"startup", "ms", kLower, kValue, 300.0, 100.0,
       "`holdfast run` of an empty directory, from fork until its control socket says ready, median", ""},
      {"allocations_per_tick", "allocations", kLower, kValue, 0.05, 0.0,
       "heap allocations of the whole process per tick at full speed, frames full", "raw CAF, per hop"},
      {"allocations_per_lone_tick", "allocations", kLower, kValue, {}, 2.0,
       "the same at 1,000 ticks/s, one tick per frame", "raw CAF, per hop"},
      {"idle_cpu", "% of a core", kLower, kValue, 1.0, 0.3, "processor time of `holdfast run` while no tick comes",
       "a bare CAF actor system in the same seconds"},
      {"resident_memory", "MB", kLower, kValue, 300.0, 150.0,
       "largest resident set over a long run at full speed; short unless flat: last third at most 10 % above the first",
       ""},
      {"matching_rate", "operations/s", kHigher, kValue, 4e6, 10e6,
       "a venue's book of some 4,000 orders on one core: new orders, cancels, changes, takers", ""},
      {"matching_p99", "us", kLower, kValue, 2.0, {}, "one operation of it, p99", ""},
      {"matching_allocations", "allocations", kLower, kValue, 0.0, {}, "heap allocations per operation of it", ""},
      {"order_wire_p99", "us", kLower, kValue, 100.0, 50.0,
       "release of an order until the kernel has its FIX message, a venue on the loopback, one order in ten milliseconds, p99",
       "a plain send of as many bytes at that pace, until the kernel has them, p99"},
      {"fix_round_trip_p50", "us", kLower, kExcess, 150.0, 100.0,
       "NewOrderSingle until its ExecutionReport at the client, a venue on the loopback that syncs before it answers, "
       "one order after the other, p50",
       "a write of as many bytes and its sync, after each of them, p50"},
      {"reconcile_10k", "s", kLower, kValue, 1.0, 0.5,
       "logged on until armed with 10,000 orders open on both sides, over FIX on the loopback; the worst round", ""},
      {"reconnect_armed", "s", kLower, kValue, 1.0, 0.2,
       "a connection is cut until orders may leave again, the wait before a new attempt included; the worst of all", ""},
  };
  return table;
}

const FigureSpec& figure_spec(std::string_view name) {
  for (const auto& spec : figure_specs())
    if (spec.name == name) return spec;
  throw std::logic_error{"no figure has the name " + std::string{name}};
}

std::optional<double> Figure::ratio() const {
  if (!value || !baseline || *baseline <= 0) return std::nullopt;
  return *value / *baseline;
}

std::optional<double> Figure::judged() const {
  if (spec->judged == kRatio) return ratio();
  if (spec->judged == kExcess && value && baseline) return *value - *baseline;
  return value;
}

std::string Figure::verdict() const {
  if (!failure.empty()) return "failed";
  if (spoiled) return "short";
  const auto found = judged();
  const auto met = [&](const std::optional<double>& bound) {
    return found && bound && (spec->better == kHigher ? *found >= *bound : *found <= *bound);
  };
  if (met(spec->aim)) return "aim met";
  if (!spec->owed) return "reported";
  return met(spec->owed) ? "owed met" : "short";
}

Json figures_json(const std::vector<Figure>& figures) {
  Json list = Json::array();
  for (const auto& f : figures) {
    Json one{{"name", f.spec->name},
             {"value", optional_json(f.value)},
             {"unit", f.spec->unit},
             {"baseline", optional_json(f.baseline)},
             {"ratio", optional_json(f.ratio())}};
    one.update(spec_json(*f.spec));
    one["verdict"] = f.verdict();
    one["note"] = f.failure.empty() ? f.note : f.failure;
    list.push_back(std::move(one));
  }
  return list;
}

std::string figures_table(const std::vector<Figure>& figures) {
  std::vector<std::vector<std::string>> rows;
  std::string notes;
  for (const auto& f : figures) {
    const auto with_unit = [&](const std::optional<double>& x) {
      return x ? number(*x) + " " + std::string{f.spec->unit} : "-";
    };
    rows.push_back({std::string{f.spec->name}, with_unit(f.value), with_unit(f.baseline),
                    f.ratio() ? number(*f.ratio()) + " x" : "-", target(*f.spec, f.spec->owed),
                    target(*f.spec, f.spec->aim), f.verdict()});
    const std::string& note = f.failure.empty() ? f.note : f.failure;
    if (!note.empty()) notes += std::string{f.spec->name} + ": " + note + "\n";
  }
  return table({"figure", "value", "baseline", "ratio", "owed", "aim", "verdict"}, rows) + (notes.empty() ? "" : "\n" + notes);
}

std::string specs_text() {
  std::string out;
  for (const auto& spec : figure_specs()) {
    out += std::string{spec.name} + " (" + std::string{spec.unit} + ", " +
           (spec.better == kHigher ? "more" : "less") + " is better): " + std::string{spec.what} + ".\n";
    if (!spec.against.empty()) out += "    against: " + std::string{spec.against} + ".\n";
    out += "    owed " + target(spec, spec.owed) + ", aim " + target(spec, spec.aim) + "\n";
  }
  return out;
}

Json specs_json() {
  Json list = Json::array();
  for (const auto& spec : figure_specs()) {
    Json one{{"name", spec.name}, {"unit", spec.unit}};
    one.update(spec_json(spec));
    list.push_back(std::move(one));
  }
  return list;
}

double quantile(std::vector<double> samples, double q) {
  if (samples.empty()) throw std::runtime_error{"nothing was measured"};
  std::sort(samples.begin(), samples.end());
  return samples[std::min(samples.size() - 1, static_cast<std::size_t>(q * static_cast<double>(samples.size())))];
}

}  // namespace holdfast::cli
