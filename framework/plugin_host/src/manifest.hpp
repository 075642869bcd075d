#pragma once

#include <holdfast/plugin_host/plugin_host.hpp>
#include <string>
#include <vector>

namespace holdfast::host {

using Refusals = std::vector<Refusal>;

/// Kinds of plugins, as they stand in manifests and file names.
const std::vector<std::string>& kinds();

/// Why this manifest cannot be used; empty when it can. Reads no field before the ones that say
/// whether it is there; after that, everything that is wrong at once. `label` begins each sentence.
Refusals check_manifest(const PluginManifest* manifest, const std::string& label);

/// Why the ABI `got` does not fit `expected`; empty when it does.
Refusals check_abi(std::string_view got, std::string_view expected, const std::string& label);

/// Why these settings cannot be shown to anybody; empty when they can.
Refusals check_settings(const std::vector<FieldDoc>& settings, const std::string& label);

}  // namespace holdfast::host
