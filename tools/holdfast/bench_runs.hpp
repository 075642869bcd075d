#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/runtime/system.hpp>

/// What `holdfast bench` runs in its own process; each measurement in a directory of its own that
/// is removed after. All fail with std::runtime_error when the measured system did not do its work.
namespace holdfast::cli {

/// A directory for one measurement.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// How the measured systems differ; everything else is the same in all.
struct Workload {
  System::Runtime runtime = System::Runtime::caf;
  Duration interval{};              ///< Live on the wall clock, a tick this often; 0: as fast as possible.
  std::uint64_t ticks = 0;          ///< 0: endless.
  std::int64_t order_every = 1000;  ///< Ticks per order, over all strategies.
  int strategies = 2;               ///< One or two; two order at the same tick.
  std::string journal = "{}";       ///< That section of the plan, or off.
  std::string broker = "plugin: paper";  ///< Where the orders go.
};
/// The plan as YAML.
std::string bench_text(const Workload& workload);
Plan bench_plan(const Workload& workload);

/// Ticks per second from the first tick to the last consequence.
double ticks_per_second(PluginHost& plugins, const Workload& workload);
/// The same feed and the same strategies without a system around them: a loop that takes each tick
/// from the one and hands it to the others, who are told of no order and no fill.
double loop_ticks_per_second(PluginHost& plugins, const Workload& workload);

/// Seconds from each tick's sequencing to the release of the order it caused, read back from the journal.
std::vector<double> release_seconds(PluginHost& plugins, const Workload& workload);

/// What a journal takes in, as feeds submit it: `bytes` of quotes in batches of about one frame.
struct FillLoad {
  std::vector<EventBuffer> batches;  ///< Taken in turn.
  std::uint64_t count = 0;           ///< Batches in all.
  std::uint64_t bytes = 0;           ///< Of all of them.
};
FillLoad fill_load(std::uint64_t bytes);
/// Seconds until a journal has taken in all of it and it is durable.
double journal_seconds(const FillLoad& load);

/// A venue's book under orders, changes, cancels and takers. `warm` is called before what is measured.
struct Matching {
  double rate = 0;                ///< Operations per second.
  std::vector<double> latencies;  ///< Seconds, of one operation in sixteen.
};
Matching matching(std::uint64_t count, const std::function<void()>& warm = [] {});

/// Seconds from each of `count` crashes of a strategy until it was live again, in one live system.
/// `progress` hears how many there are.
struct RestartLoad {
  Duration tick = std::chrono::microseconds{100};
  int ticks_per_crash = 173;              ///< No multiple of what snapshots count in: their ages differ.
  std::uint64_t snapshot_every = 2000;    ///< So that they are half as old on average.
};
std::vector<double> restart_seconds(PluginHost& plugins, const RestartLoad& load, int count,
                                    const std::function<void(int)>& progress);

}  // namespace holdfast::cli
