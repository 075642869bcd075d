#pragma once

#include <string>

namespace holdfast::cli {

struct NewPlugin {
  std::string kind, name;
  std::string dir;  ///< Empty: one of the plugin's name.
  bool json = false;
};

/// Writes a project that builds, tests and runs a plugin outside of Holdfast. Fails: with one
/// sentence and kUsage when the name or the folder will not do, and then nothing is written.
int plugin_new(const NewPlugin& wanted);

}  // namespace holdfast::cli
