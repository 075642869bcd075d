#pragma once

#include <cstdint>
#include <vector>

#include "bench_children.hpp"
#include "bench_runs.hpp"

/// What `holdfast bench` measures with a venue in a process of its own, over FIX on the loopback. All fail with
/// std::runtime_error when one of the two did not do its work.
namespace holdfast::cli {

/// Seconds from the release of each order of `workload` until the kernel had its bytes, and what a plain send of as
/// many bytes takes.
struct WireTimes {
  std::vector<double> orders, plain;
};
WireTimes wire_times(PluginHost& plugins, Workload workload);

/// Seconds that a client waits for the word about its order, one order after the other, and that a disk takes for as
/// many bytes as the venue writes about one.
struct RoundTrips {
  std::vector<double> orders, syncs;
};
RoundTrips fix_round_trips(int count);

/// Seconds of one connection that was cut: until orders may leave again, and the part of it that is connected.
struct Rearmed {
  double cut = 0, connected = 0;
};
std::vector<Rearmed> rearmed(PluginHost& plugins, int cuts, const Progress& progress);

/// Seconds from logging on to armed with so many orders open at the venue: all of them strangers, all of them known.
struct ReconcileTimes {
  double strangers = 0, known = 0;
};
ReconcileTimes reconcile_seconds(PluginHost& plugins, std::uint64_t orders, const Progress& progress);

}  // namespace holdfast::cli
