#pragma once

#include <holdfast/sdk/plugin.hpp>
#include <string>

namespace holdfast::host {

/// SHA-256 of a file in lower-case hex. Fails: empty, with a problem.
std::string file_sha256(const std::string& path, const Where& where, Problems& problems);

/// Opens a library for good and asks it for its manifest; null with one problem when it cannot
/// be opened or exports none. Nothing of the manifest has been checked yet.
const PluginManifest* open_library(const std::string& path, const Where& where, Problems& problems);

}  // namespace holdfast::host
