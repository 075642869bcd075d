#pragma once

#include <holdfast/sdk/plugin.hpp>
#include <string>
#include <vector>

namespace holdfast::host {

/// Kinds of plugins, as they stand in manifests and file names.
const std::vector<std::string>& kinds();

/// Why this manifest cannot be used; empty when it can. Reads no field before the ones that say
/// whether it is there. `label` begins the sentence.
Problems check_manifest(const PluginManifest* manifest, const std::string& label, const Where& where);

/// Why the ABI `got` does not fit `expected`, as one problem; empty when it does.
Problems check_abi(std::string_view got, std::string_view expected, const std::string& label,
                   const Where& where);

}  // namespace holdfast::host
