#pragma once

#include <holdfast/sdk/settings.hpp>
#include <string>
#include <vector>

namespace holdfast::config {

/// Replaces in `root` what each `path=value` names, in order. What cannot be found is a problem
/// at "--set path=value"; whether the path means anything is the reader's business.
void apply_overrides(Setting& root, const std::vector<std::string>& overrides, Problems& problems);

/// Replaces in `root` what `path`, which stands at `where`, names.
void apply_override(Setting& root, const std::string& path, const Where& where, const Setting& value,
                    Problems& problems);

}  // namespace holdfast::config
