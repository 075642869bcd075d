#pragma once

#include <holdfast/plugin_host/plugin_host.hpp>
#include <string>

namespace holdfast::host {

/// Why this file must not even be opened as a library: no file, no library, writable by everybody.
/// Empty when it may. Runs nothing of it.
std::vector<Refusal> check_file(const std::string& path);

/// SHA-256 of a file in lower-case hex. Fails: empty, with a refusal.
std::string file_sha256(const std::string& path, std::vector<Refusal>& refused);

/// Opens a library for good and asks it for its manifest; null with one refusal when it cannot
/// be opened or exports none. Nothing of the manifest has been checked yet.
const PluginManifest* open_library(const std::string& path, std::vector<Refusal>& refused);

}  // namespace holdfast::host
