#pragma once

#include <holdfast/config/plan.hpp>
#include <vector>

namespace holdfast::config {

/// Whether every order has one broker to go to: what risk and brokers say of each other's names.
void check_routes(const std::vector<const ActorPlan*>& actors, Problems& problems);

}  // namespace holdfast::config
