#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench_figures.hpp"

namespace holdfast::cli {

/// How much of everything.
struct BenchOptions {
  std::vector<std::string> only;  ///< Beginnings of names; empty: all figures.
  int rounds = 3, kills = 30, restarts = 500, starts = 20, idle_ms = 5000, cuts = 30;
  std::uint64_t ticks = 5'000'000, live_ticks = 4'000, events = 10'000'000;
  std::uint64_t fill_bytes = 512u << 20, memory_ticks = 100'000'000, open_orders = 10'000;
};

/// Measures what is asked for, one figure after the other, and shows how far it is. A figure that cannot be
/// measured says so itself.
std::vector<Figure> measure(const BenchOptions& options);

}  // namespace holdfast::cli
