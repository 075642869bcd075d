#pragma once

#include <vector>

#include <holdfast/plugin_host/plugin_host.hpp>

#include "embed/json.hpp"

namespace holdfast::cli {

/// JSON Schema, draft 7, of a file that these plugins can be named in: for editors, which complete
/// and check by it what `holdfast check` checks at last. Made from the same declarations.
Json json_schema(const std::vector<PluginListing>& plugins);

}  // namespace holdfast::cli
