#pragma once

#include <holdfast/config/plan.hpp>
#include <string>

namespace holdfast::config {

/// canonical_text() of a plan whose settings are already such as they may be shown: dollars
/// doubled and secrets left as references.
std::string canonical_of_shown(const Plan& plan);

}  // namespace holdfast::config
