#pragma once

#include <holdfast/plugin_host/plugin_host.hpp>
#include <string>

namespace holdfast::cli {

/// How a plugin is written into a configuration: its place in the tree, every setting with an
/// example where one is required, and the others commented out with their defaults.
std::string plugin_example(const PluginListing& plugin);

}  // namespace holdfast::cli
