#pragma once

#include <holdfast/plugin_host/plugin_host.hpp>
#include <string>

namespace holdfast::host {

/// Everything to know about the library at `path` that should be the plugin `kind` `name`: checks
/// the file, then lets a child process load it and describe itself, for at most `patience`.
PluginListing inspect_library(const std::string& kind, const std::string& name, const std::string& path,
                              const std::string& sha256, Duration patience);

/// The same for a plugin that is loaded or linked in; it is asked here.
PluginListing inspect_loaded(const LoadedPlugin& plugin);

/// Opens a library that inspect_library() had nothing against. Null with the refusals when it
/// has become another one since.
const PluginManifest* open_inspected(const PluginListing& seen, std::vector<Refusal>& refused);

}  // namespace holdfast::host
