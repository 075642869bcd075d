#include "search.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <holdfast/plugin_host/plugin_host.hpp>

#include "manifest.hpp"

namespace holdfast {

namespace fs = std::filesystem;

namespace host {

std::pair<std::string, std::string> parse_file_name(const fs::path& file) {
  if (file.extension() != ".so") return {};
  const std::string stem = file.stem().string();
  for (const auto& kind : kinds())
    if (stem.size() > kind.size() + 1 && stem.compare(0, kind.size() + 1, kind + "_") == 0)
      return {kind, stem.substr(kind.size() + 1)};
  return {};
}

std::vector<fs::path> libraries_in(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
    if (!parse_file_name(it->path()).second.empty()) files.push_back(it->path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& then) {
  first.erase(std::remove(first.begin(), first.end(), ""), first.end());
  for (const auto& folder : then)
    if (std::find(first.begin(), first.end(), folder) == first.end()) first.push_back(folder);
  return first;
}

}  // namespace host

std::vector<std::string> PluginHost::default_folders() {
  std::vector<std::string> folders;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back((program.parent_path().parent_path() / "plugins").string());
  // An installed tree may be moved, and the programs that use it may be anywhere.
  Dl_info sdk{};
  if (dladdr(reinterpret_cast<const void*>(&host_abi), &sdk) != 0 && sdk.dli_fname != nullptr)
    folders.push_back((fs::path{sdk.dli_fname}.parent_path() / "holdfast/plugins").lexically_normal().string());
  return host::joined(std::move(folders), {"/usr/local/lib/holdfast/plugins", "/usr/lib/holdfast/plugins"});
}

std::vector<std::string> PluginHost::split_path(std::string_view path) {
  std::vector<std::string> folders;
  while (!path.empty()) {
    const auto end = path.find(':');
    if (end != 0) folders.emplace_back(path.substr(0, end));
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  return folders;
}

}  // namespace holdfast
