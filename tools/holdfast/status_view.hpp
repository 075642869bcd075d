#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "summary.hpp"

/// A system's status as people see it: once, again and again, or as rates.
namespace holdfast::cli {

/// Fails: StoreError when `data_dir` holds no journal.
void require_store(const std::string& data_dir);
/// What the running system says, or what the disk knows when none answers. Fails: StoreError, or
/// std::runtime_error with the system's words.
Json current_status(const std::string& data_dir);

/// The supervision tree as it was planned: names, strategies and children, in start order.
Json tree_json(const SupervisorPlan& tree);

std::string status_text(const Json& status);

/// What two statuses of a running system, some seconds apart, amount to.
Json rates_json(const Json& before, const Json& now, double seconds);
/// `ticks_per_s`: of the last minute or so, oldest first.
std::string rates_text(const Json& rates, const std::deque<double>& ticks_per_s);

}  // namespace holdfast::cli
