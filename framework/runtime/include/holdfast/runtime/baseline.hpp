#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// What `holdfast bench` compares itself with, measured in the same run on the same machine. Each
/// makes a CAF actor system of its own, with two workers.

/// Messages per second through three chained raw CAF actors, one message per tick, no journal.
/// `policy` is CAF's scheduler policy: sharing or stealing.
double raw_chain_rate(const std::string& policy, std::uint64_t messages);

/// Seconds from each of `count` crashes of a raw CAF actor (a handler throws) until its successor,
/// spawned by a monitor that was told, handles its first message. Beside it a raw chain hears a
/// message about every `tick`, and every `ticks_per_crash` of them the actor crashes.
std::vector<double> raw_restart_seconds(int count, Duration tick, int ticks_per_crash);

/// Keeps a CAF system with one actor that is told nothing alive while `work` runs.
void beside_idle_actors(const std::function<void()>& work);

}  // namespace holdfast
