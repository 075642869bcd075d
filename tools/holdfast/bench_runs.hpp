#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/runtime/system.hpp>

/// What `holdfast bench` runs; each measurement in a directory of its own that is removed after.
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
  bool live = false;              ///< Wall clock, paced: one tick a millisecond.
  std::uint64_t ticks = 0;        ///< 0: endless.
  std::int64_t order_every = 1000;///< Ticks per order, over both strategies.
};
Plan bench_plan(const Workload& workload);

/// Ticks per second from the first tick to the last consequence.
double ticks_per_second(PluginHost& plugins, const Workload& workload);

/// Seconds from each tick's sequencing to the release of the order it caused, read back from the journal.
std::vector<double> release_seconds(PluginHost& plugins, const Workload& workload);

/// Seconds from SIGKILL of a loaded process to its successor being ready, `samples` times over a
/// journal of at least `events`. `progress` hears what is being done.
std::vector<double> kill_to_ready_seconds(std::uint64_t events, int samples,
                                          const std::function<void(const std::string&)>& progress);
/// The process that is killed: says "ready" on stdout, and "full" once the journal has `events`.
int bench_child(PluginHost& plugins, const std::string& data_dir, std::uint64_t events);

}  // namespace holdfast::cli
