#pragma once

#include <holdfast/config/plan.hpp>

namespace holdfast::config {

/// Turns a document into a plan; every problem is reported, and then the plan is incomplete.
Plan read_plan(Setting root, const std::string& base_dir, Problems& problems);

/// The `tree:` section.
SupervisorPlan read_tree(const Setting& tree, Problems& problems);

}  // namespace holdfast::config
