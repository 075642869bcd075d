#pragma once

#include <holdfast/sdk/settings.hpp>
#include <string>
#include <vector>

#include "notes.hpp"

namespace holdfast::config {

/// Takes the section `profiles` out of `root` and replaces there what those that are `chosen` name,
/// in this order.
void apply_profiles(Setting& root, const std::vector<std::string>& chosen, Problems& problems, Notes& notes);

}  // namespace holdfast::config
