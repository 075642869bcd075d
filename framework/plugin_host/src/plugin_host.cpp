#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <set>
#include <tuple>

#include "library.hpp"
#include "manifest.hpp"

namespace holdfast {

namespace {

namespace fs = std::filesystem;

/// Kind and name a file name stands for; both empty when it stands for none.
std::pair<std::string, std::string> parse_file_name(const fs::path& file) {
  if (file.extension() != ".so") return {};
  const std::string stem = file.stem().string();
  for (const auto& kind : host::kinds())
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

/// Opens and checks the library at `path` as the plugin `kind` `name`.
std::unique_ptr<LoadedPlugin> open_checked(const std::string& kind, const std::string& name,
                                           const std::string& path, const std::string& sha256,
                                           const Where& where, Problems& problems) {
  const std::string label = fs::path{path}.filename().string();
  const auto before = problems.size();
  const PluginManifest* manifest = host::open_library(path, where, problems);
  if (problems.size() != before) return nullptr;
  for (auto& problem : host::check_manifest(manifest, label, where)) problems.push_back(std::move(problem));
  if (problems.size() != before) return nullptr;
  if (manifest->kind != kind || manifest->name != name) {
    const std::string own = std::string{manifest->kind} + "_" + manifest->name + ".so";
    problems.push_back({where, label + " brings the " + manifest->kind + " '" + manifest->name + "'",
                        "rename the file to " + own});
    return nullptr;
  }
  return std::make_unique<LoadedPlugin>(LoadedPlugin{manifest, path, sha256});
}

/// Runs plugin code; what it throws becomes a problem.
template <class Call>
auto guarded(const std::string& label, const char* doing, const Where& where, Problems& problems, Call call)
    -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& e) {
    problems.push_back({where, label + " failed while " + doing + ": " + e.what(), ""});
  } catch (...) {
    problems.push_back({where, label + " failed while " + doing + " and did not say why", ""});
  }
  return {};
}

std::string label_of(std::string_view kind, std::string_view name) {
  return "the " + std::string{kind} + " '" + std::string{name} + "'";
}

void fill(PluginListing& listing, const LoadedPlugin& plugin) {
  listing.version = plugin.manifest->version;
  listing.stability = plugin.manifest->stability;
  listing.purity = plugin.manifest->purity;
  listing.summary = plugin.manifest->summary;
  listing.path = plugin.path;
  listing.sha256 = plugin.sha256;
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& then) {
  first.erase(std::remove(first.begin(), first.end(), ""), first.end());
  for (const auto& folder : then)
    if (std::find(first.begin(), first.end(), folder) == first.end()) first.push_back(folder);
  return first;
}

}  // namespace

PluginHost::PluginHost(std::vector<std::string> folders)
    : folders_{joined(std::move(folders), default_folders())} {}

PluginHost::~PluginHost() = default;

std::vector<std::string> PluginHost::default_folders() {
  std::vector<std::string> folders;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path above = program.parent_path().parent_path();
    folders.push_back((above / "plugins").string());
    folders.push_back((above / "lib/holdfast/plugins").string());
  }
  folders.push_back("/usr/lib/holdfast/plugins");
  return folders;
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

Problems PluginHost::add(const PluginManifest* manifest) {
  auto problems = host::check_manifest(manifest, "a plugin linked in", {});
  if (!problems.empty()) return problems;
  const std::lock_guard lock{mutex_};
  auto& slot = loaded_[{manifest->kind, manifest->name}];
  if (slot == nullptr) slot = std::make_unique<LoadedPlugin>(LoadedPlugin{manifest, "", ""});
  else if (slot->manifest != manifest)
    problems.push_back(
        {Where{}, label_of(manifest->kind, manifest->name) + " is registered twice", "rename one of them"});
  return problems;
}

void PluginHost::pin(std::string_view kind, std::string_view name, std::string_view sha256,
                     const Where& where) {
  std::string digest{sha256};
  std::transform(digest.begin(), digest.end(), digest.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::lock_guard lock{mutex_};
  pins_[{std::string{kind}, std::string{name}}] = {std::move(digest), where};
}

std::string PluginHost::find(const Key& key) const {
  const auto& [kind, name] = key;
  const bool known = std::find(host::kinds().begin(), host::kinds().end(), kind) != host::kinds().end();
  if (!known || name.empty() || name.find('/') != std::string::npos) return "";
  for (const auto& folder : folders_) {
    const auto file = fs::path{folder} / (kind + "_" + name + ".so");
    std::error_code error;
    if (fs::exists(file, error)) return file.string();
  }
  return "";
}

std::vector<std::string> PluginHost::names_of(std::string_view kind) const {
  std::set<std::string> names;
  for (const auto& [key, plugin] : loaded_)
    if (key.first == kind) names.insert(key.second);
  for (const auto& folder : folders_)
    for (const auto& file : libraries_in(folder))
      if (auto [k, name] = parse_file_name(file); k == kind) names.insert(name);
  return {names.begin(), names.end()};
}

void PluginHost::not_found(const Key& key, const Where& where, Problems& problems) const {
  const auto names = names_of(key.first);
  std::string mend = "no " + key.first + " was found in";
  if (const auto near = nearest(key.second, names); !near.empty()) {
    mend = "did you mean '" + near + "'?";
  } else if (!names.empty()) {
    mend = "there are";
    for (std::size_t i = 0; i < names.size(); ++i) mend += (i == 0 ? " " : ", ") + names[i];
  } else {
    for (const auto& folder : folders_) mend += " " + folder;
  }
  problems.push_back({where, "there is no " + key.first + " plugin '" + key.second + "'", mend});
}

bool PluginHost::pin_holds(const Key& key, const LoadedPlugin& plugin, Problems& problems) const {
  const auto pin = pins_.find(key);
  if (pin == pins_.end() || pin->second.sha256 == plugin.sha256) return true;
  const std::string what =
      plugin.path.empty()
          ? label_of(key.first, key.second) + " is linked in and cannot be pinned"
          : plugin.path + " has SHA-256 " + plugin.sha256 + ", pinned is " + pin->second.sha256;
  problems.push_back(
      {pin->second.where, what, "install the pinned library, or change the pin after a review"});
  return false;
}

const LoadedPlugin* PluginHost::load(std::string_view kind, std::string_view name, const Where& where,
                                     Problems& problems) {
  const Key key{kind, name};
  const std::lock_guard lock{mutex_};
  if (const auto known = loaded_.find(key); known != loaded_.end())
    return pin_holds(key, *known->second, problems) ? known->second.get() : nullptr;
  const std::string path = find(key);
  if (path.empty()) {
    not_found(key, where, problems);
    return nullptr;
  }
  // The digest comes first: nothing of a library that is not the pinned one ever runs.
  const std::string sha256 = host::file_sha256(path, where, problems);
  if (sha256.empty() || !pin_holds(key, {nullptr, path, sha256}, problems)) return nullptr;
  auto plugin = open_checked(key.first, key.second, path, sha256, where, problems);
  if (plugin == nullptr) return nullptr;
  return loaded_.emplace(key, std::move(plugin)).first->second.get();
}

Problems PluginHost::probe(std::string_view kind, std::string_view name, const Where& where) {
  Problems problems;
  load(kind, name, where, problems);
  return problems;
}

std::shared_ptr<void> PluginHost::make(std::string_view kind, std::string_view name, const Setting& settings,
                                       const PluginContext& context, Problems& problems) {
  const LoadedPlugin* plugin = load(kind, name, settings.where, problems);
  if (plugin == nullptr) return nullptr;
  return guarded(label_of(kind, name), context.checking ? "reading its settings" : "being constructed",
                 settings.where, problems,
                 [&] { return plugin->manifest->make(settings, context, problems); });
}

std::vector<FieldDoc> PluginHost::describe(std::string_view kind, std::string_view name, Problems& problems) {
  const LoadedPlugin* plugin = load(kind, name, {}, problems);
  if (plugin == nullptr) return {};
  return guarded(label_of(kind, name), "describing its settings", {}, problems,
                 [&] { return plugin->manifest->describe(); });
}

std::vector<PluginListing> PluginHost::list() {
  std::set<Key> keys;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [key, plugin] : loaded_) keys.insert(key);
  }
  for (const auto& folder : folders_)
    for (const auto& file : libraries_in(folder)) keys.insert(parse_file_name(file));
  std::vector<PluginListing> all;
  for (const auto& [kind, name] : keys) {
    PluginListing listing;
    listing.kind = kind;
    listing.name = name;
    listing.path = find({kind, name});
    if (const auto* plugin = load(kind, name, {}, listing.refused)) fill(listing, *plugin);
    all.push_back(std::move(listing));
  }
  return all;
}

PluginListing PluginHost::verify(const std::string& file) {
  PluginListing listing;
  std::tie(listing.kind, listing.name) = parse_file_name(file);
  listing.path = fs::absolute(file).lexically_normal().string();
  const Where where{file, 0, 0};
  if (listing.name.empty()) {
    listing.refused.push_back({where, "the file name does not say kind and name",
                               "call it <kind>_<name>.so, such as strategy_crossover.so"});
    return listing;
  }
  const std::string sha256 = host::file_sha256(listing.path, where, listing.refused);
  if (sha256.empty()) return listing;
  if (const auto plugin =
          open_checked(listing.kind, listing.name, listing.path, sha256, where, listing.refused))
    fill(listing, *plugin);
  return listing;
}

}  // namespace holdfast
