#pragma once

#include <map>
#include <string>

namespace holdfast::cli {

/// The files in templates/ by their names there.
const std::map<std::string, std::string>& plugin_templates();

}  // namespace holdfast::cli
