#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <set>
#include <tuple>

#include "inspect.hpp"
#include "library.hpp"
#include "manifest.hpp"
#include "search.hpp"

namespace holdfast {

namespace {

namespace fs = std::filesystem;

std::string label_of(std::string_view kind, std::string_view name) {
  return "the " + std::string{kind} + " '" + std::string{name} + "'";
}

void append(Problems& problems, const std::vector<Refusal>& refused, const Where& where) {
  for (const auto& refusal : refused) problems.push_back(refusal.at(where));
}

}  // namespace

PluginHost::PluginHost(std::vector<std::string> folders, Duration patience)
    : folders_{host::joined(std::move(folders), default_folders())}, patience_{patience} {}

PluginHost::~PluginHost() = default;

Problems PluginHost::add(const PluginManifest* manifest) {
  Problems problems;
  append(problems, host::check_manifest(manifest, "a plugin linked in"), {});
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

std::vector<std::string> PluginHost::find(const Key& key) const {
  const auto& [kind, name] = key;
  const bool known = std::find(host::kinds().begin(), host::kinds().end(), kind) != host::kinds().end();
  if (!known || name.empty() || name.find('/') != std::string::npos) return {};
  std::vector<std::string> found;
  for (const auto& folder : folders_) {
    const auto file = fs::path{folder} / (kind + "_" + name + ".so");
    std::error_code error;
    // A link that leads nowhere is there: taking another library in its place would be a guess.
    if (fs::exists(fs::symlink_status(file, error))) found.push_back(file.string());
  }
  return found;
}

std::vector<std::string> PluginHost::names_of(std::string_view kind) const {
  std::set<std::string> names;
  for (const auto& [key, plugin] : loaded_)
    if (key.first == kind) names.insert(key.second);
  for (const auto& folder : folders_)
    for (const auto& file : host::libraries_in(folder))
      if (auto [k, name] = host::parse_file_name(file); k == kind) names.insert(name);
  return {names.begin(), names.end()};
}

Refusal PluginHost::not_found(const Key& key) const {
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
  return {"name", "", key.second, "there is no " + key.first + " plugin '" + key.second + "'", mend};
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

/// REQUIRES: the mutex is held.
PluginListing PluginHost::inspect(const Key& key, const std::string& path) {
  PluginListing refused;
  std::tie(refused.kind, refused.name) = key;
  refused.path = path;
  refused.refused = host::check_file(path);
  if (!refused.refused.empty()) return refused;
  const std::string sha256 = host::file_sha256(path, refused.refused);
  if (sha256.empty()) return refused;
  const std::pair bytes{path, sha256};
  if (const auto known = inspected_.find(bytes); known != inspected_.end()) return known->second;
  auto listing = host::inspect_library(key.first, key.second, path, sha256, patience_);
  // What was refused may be put right without a change of its bytes.
  if (listing.refused.empty()) inspected_[bytes] = listing;
  return listing;
}

const LoadedPlugin* PluginHost::load(std::string_view kind, std::string_view name, const Where& where,
                                     Problems& problems) {
  const Key key{kind, name};
  const std::lock_guard lock{mutex_};
  if (const auto known = loaded_.find(key); known != loaded_.end())
    return pin_holds(key, *known->second, problems) ? known->second.get() : nullptr;
  const auto paths = find(key);
  if (paths.empty()) {
    problems.push_back(not_found(key).at(where));
    return nullptr;
  }
  auto refused = host::check_file(paths.front());
  // The digest comes first: nothing of a library that is not the pinned one ever runs.
  const std::string sha256 = refused.empty() ? host::file_sha256(paths.front(), refused) : "";
  append(problems, refused, where);
  if (sha256.empty() || !pin_holds(key, {nullptr, paths.front(), sha256}, problems)) return nullptr;
  const auto seen = inspect(key, paths.front());
  refused = seen.refused;
  const PluginManifest* manifest = refused.empty() ? host::open_inspected(seen, refused) : nullptr;
  append(problems, refused, where);
  if (manifest == nullptr) return nullptr;
  auto plugin = std::make_unique<LoadedPlugin>(LoadedPlugin{manifest, seen.path, seen.sha256});
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
  if (context.feed_clock && kind == "broker" && plugin->manifest->purity == std::string_view{"edge"}) {
    problems.push_back({settings.where,
                        label_of(kind, name) + " reaches a venue outside, whose time does not wait for the data's",
                        "write `clock: wall` under system, or take a broker that is its own venue, such as paper"});
    return nullptr;
  }
  const std::string failed = label_of(kind, name) + " failed while " +
                             (context.checking ? "reading its settings" : "being constructed");
  try {
    return plugin->manifest->make(settings, context, problems);
  } catch (const std::exception& e) {
    problems.push_back({settings.where, failed + ": " + e.what(), ""});
  } catch (...) {
    problems.push_back({settings.where, failed + " and did not say why", ""});
  }
  return nullptr;
}

PluginListing PluginHost::look(std::string_view kind, std::string_view name) {
  const Key key{kind, name};
  const std::lock_guard lock{mutex_};
  auto paths = find(key);
  if (const auto known = loaded_.find(key); known != loaded_.end() && known->second->path.empty()) {
    auto listing = host::inspect_loaded(*known->second);
    listing.hides = std::move(paths);
    return listing;
  }
  if (paths.empty()) {
    PluginListing listing;
    std::tie(listing.kind, listing.name) = key;
    listing.refused.push_back(not_found(key));
    return listing;
  }
  auto listing = inspect(key, paths.front());
  listing.hides.assign(paths.begin() + 1, paths.end());
  return listing;
}

std::vector<FieldDoc> PluginHost::describe(std::string_view kind, std::string_view name, Problems& problems) {
  const auto listing = look(kind, name);
  append(problems, listing.refused, {});
  return listing.settings;
}

std::vector<PluginListing> PluginHost::list() {
  std::set<Key> keys;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [key, plugin] : loaded_) keys.insert(key);
  }
  for (const auto& folder : folders_)
    for (const auto& file : host::libraries_in(folder)) keys.insert(host::parse_file_name(file));
  std::vector<PluginListing> all;
  for (const auto& [kind, name] : keys) all.push_back(look(kind, name));
  return all;
}

PluginListing PluginHost::verify(const std::string& file) {
  const auto key = host::parse_file_name(file);
  const std::string path = fs::absolute(file).lexically_normal().string();
  if (!key.second.empty()) {
    const std::lock_guard lock{mutex_};
    return inspect(key, path);
  }
  PluginListing listing;
  listing.path = path;
  listing.refused.push_back({"file name", "<kind>_<name>.so", fs::path{file}.filename().string(),
                             "the file name does not say kind and name",
                             "call it <kind>_<name>.so, such as strategy_crossover.so"});
  return listing;
}

}  // namespace holdfast
