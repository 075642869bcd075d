// Where plugins are looked for, nearest to the person first.
#include <filesystem>
#include <holdfast/plugin_host/plugin_host.hpp>

#include "verbs.hpp"

namespace holdfast::cli {

namespace {

/// What --plugin-path says; the command line is one for the whole process.
std::string& flag() {
  static std::string folders;
  return folders;
}

std::string user_folder() {
  const auto data = process_environment("XDG_DATA_HOME").value_or("");
  if (!data.empty()) return data + "/holdfast/plugins";
  const auto home = process_environment("HOME").value_or("");
  return home.empty() ? "" : home + "/.local/share/holdfast/plugins";
}

}  // namespace

std::string own_library(const std::string& name) {
  const auto bin = std::filesystem::canonical("/proc/self/exe").parent_path();
  for (const char* folder : {"../lib", "../lib/holdfast"})
    if (const auto path = bin / folder / name; std::filesystem::exists(path)) return path.string();
  return "";
}

void add_plugin_path(CLI::App& app) {
  app.add_option("--plugin-path", flag(), "Folders that are searched for plugins first, as in a:b")->type_name("DIRS");
}

std::vector<std::string> plugin_folders(const Plan* plan) {
  auto folders = PluginHost::split_path(flag());
  const auto append = [&](const std::vector<std::string>& more) { folders.insert(folders.end(), more.begin(), more.end()); };
  append(PluginHost::split_path(process_environment("HOLDFAST_PLUGIN_PATH").value_or("")));
  if (plan != nullptr) append(plan->plugin_path);
  append({user_folder()});
  return folders;
}

}  // namespace holdfast::cli
