#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <holdfast/plugin_host/plugin_host.hpp>

/// What `holdfast bench` measures on processes of their own: this program, started anew. All fail
/// with std::runtime_error when such a process ends before it was measured.
namespace holdfast::cli {

/// Hears what is being done, for people.
using Progress = std::function<void(const std::string&)>;

/// Seconds from SIGKILL of a loaded process to its successor being ready, `samples` times over a
/// journal of at least `events`.
std::vector<double> kill_to_ready_seconds(std::uint64_t events, int samples, const Progress& progress);

/// Events per second that a restart folds, that RocksDB alone reads when they are stored as they were
/// submitted, and that it reads from the journal itself, where they are packed.
struct RecoveryRate {
  double folded = 0, read = 0, read_packed = 0;
};
/// `rounds` restarts over one journal of about `events`, each beside both reads.
std::vector<RecoveryRate> recovery_rates(std::uint64_t events, int rounds, const Progress& progress);

/// Seconds from the start of `holdfast run` over an empty directory to ready.
double startup_seconds();

/// Shares of one core that a system without ticks, and a bare CAF actor system, took.
struct IdleCpu {
  double system = 0, bare = 0;
};
IdleCpu idle_cpu(std::chrono::milliseconds over);

/// Largest resident sets in bytes.
struct ResidentMemory {
  double peak = 0, first_third = 0, last_third = 0;
};
ResidentMemory resident_memory(std::uint64_t ticks, const Progress& progress);

/// Heap allocations per tick, and per hop of a raw CAF message.
struct Allocations {
  double full_frames = 0, lone_ticks = 0, raw_hop = 0;
};
Allocations allocations(std::uint64_t ticks, std::uint64_t live_ticks);

/// Heap allocations per operation of a venue's book.
double matching_allocations(std::uint64_t operations);

/// One of these processes: `role` is what it does, `amount` how much of it.
int bench_child(PluginHost& plugins, const std::string& role, const std::string& data_dir, std::uint64_t amount);

}  // namespace holdfast::cli
