#pragma once

#include <holdfast/sdk/settings.hpp>
#include <string>
#include <vector>

namespace holdfast::config {

/// Replaces in `root` what each `path=value` names, in order. What cannot be found is a problem
/// at "--set path=value"; whether the path means anything is the reader's business.
void apply_overrides(Setting& root, const std::vector<std::string>& overrides, Problems& problems);

}  // namespace holdfast::config
