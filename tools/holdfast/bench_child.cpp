// The side of `holdfast bench` that is started, measured and killed.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <holdfast/runtime/baseline.hpp>

#include "bench_children.hpp"
#include "bench_runs.hpp"

/// Of libholdfast_allocations.so, in a process that it was preloaded into.
extern "C" [[gnu::weak]] unsigned long long holdfast_allocations();

namespace holdfast::cli {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

template <class... Numbers>
void say(const char* word, Numbers... numbers) {
  std::printf("%s", word);
  (std::printf(" %.17g", static_cast<double>(numbers)), ...);
  std::puts("");
  std::fflush(stdout);
}

std::unique_ptr<System> open(PluginHost& plugins, const std::string& data_dir, const Workload& workload) {
  System::Options options;
  options.data_dir = data_dir;
  return System::open(bench_plan(workload), plugins, options);
}

/// Says "ready", how many events were in the journal and in how many seconds they were folded; "full" once the journal has `events`.
int grow(PluginHost& plugins, const std::string& data_dir, const Workload& workload, std::uint64_t events) {
  const auto system = open(plugins, data_dir, workload);
  const auto opened = system->status();
  system->start();
  say("ready", opened.summary.counts.events, std::chrono::duration<double>(opened.folding).count());
  bool full = false;
  while (system->run_for(20ms)) {
    if (full || system->status().head_seq < events) continue;
    full = true;
    say("full");
  }
  if (!system->failure().empty()) return 1;
  if (!full) say("full");
  ::pause();  // Whoever started this kills it.
  return 0;
}

double resident_bytes() {
  double pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

int remember(PluginHost& plugins, const std::string& data_dir, std::uint64_t ticks) {
  Workload workload;
  workload.ticks = ticks;
  workload.journal = "{ retention: { market_events: 5000000 } }";
  const auto system = open(plugins, data_dir, workload);
  system->start();
  double peak = 0, thirds[3] = {};
  bool more = true;
  while (more) {
    more = system->run_for(20ms);
    const std::uint64_t done = std::min(system->status().summary.counts.ticks, ticks - 1);
    const double now = resident_bytes();
    peak = std::max(peak, now);
    double& third = thirds[done * 3 / ticks];
    third = std::max(third, now);
  }
  if (!system->failure().empty()) throw std::runtime_error{system->failure()};
  say("memory", peak, thirds[0], thirds[2]);
  return 0;
}

unsigned long long counted() {
  if (holdfast_allocations == nullptr) throw std::runtime_error{"libholdfast_allocations.so is not loaded into this process"};
  return holdfast_allocations();
}

/// From a fifth of the ticks on, when every buffer has found its size.
int count(PluginHost& plugins, const std::string& data_dir, const Workload& workload) {
  const auto system = open(plugins, data_dir, workload);
  system->start();
  const auto ticks = [&] { return system->status().summary.counts.ticks; };
  while (ticks() < workload.ticks / 5 && system->run_for(1ms)) {}
  const auto from = ticks();
  const auto before = counted();
  while (system->run_for(1s)) {}
  const auto after = counted();
  if (ticks() <= from) throw std::runtime_error{"the measured system was done before it was measured"};
  say("allocations", static_cast<double>(after - before) / static_cast<double>(ticks() - from));
  return 0;
}

int count_matching(std::uint64_t operations) {
  unsigned long long before = 0;
  matching(operations, [&] { before = counted(); });
  say("allocations", static_cast<double>(counted() - before) / static_cast<double>(operations));
  return 0;
}

int count_raw(std::uint64_t messages) {
  constexpr double kHops = 3;
  const auto before = counted();
  raw_chain_rate("sharing", messages);
  say("allocations", static_cast<double>(counted() - before) / static_cast<double>(messages) / kHops);
  return 0;
}

}  // namespace

int bench_child(PluginHost& plugins, const std::string& role, const std::string& data_dir, std::uint64_t amount) {
  Workload workload;
  if (role == "endless") return grow(plugins, data_dir, workload, amount);
  if (role == "memory") return remember(plugins, data_dir, amount);
  if (role == "count-raw") return count_raw(amount);
  if (role == "count-matching") return count_matching(amount);
  workload.ticks = amount;
  if (role == "count-full") return count(plugins, data_dir, workload);
  if (role == "unsaved") {
    workload.journal = "{ snapshot_every: 1000000000000 }";
    return grow(plugins, data_dir, workload, amount);
  }
  if (role != "count-lone") throw std::invalid_argument{"'" + role + "' is no role of a measured process"};
  workload.interval = 1ms;
  return count(plugins, data_dir, workload);
}

}  // namespace holdfast::cli
