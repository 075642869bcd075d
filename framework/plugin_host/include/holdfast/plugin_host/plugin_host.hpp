#pragma once

#include <cstdint>
#include <holdfast/sdk/plugin.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast {

/// A plugin that passed every check. Valid for the rest of the process: libraries are never
/// unloaded, because objects and code of theirs may be anywhere. New code is a new process.
struct LoadedPlugin {
  const PluginManifest* manifest = nullptr;
  std::string path;    ///< Empty for a plugin linked into the program.
  std::string sha256;  ///< Of the library file, lower-case hex; empty for one linked in.
};

/// One reason why a library cannot be used.
struct Refusal {
  std::string field;          ///< What was looked at: "abi.compiler", "name", "file".
  std::string expected, got;  ///< Of that field; may be empty.
  std::string what, mend;     ///< The sentence about it, and how to mend it.

  Problem at(const Where& where) const { return {where, what, mend}; }
};

/// What is known about one library or linked-in plugin.
struct PluginListing {
  std::string kind, name, version, stability, purity, summary, path, sha256, abi;
  std::uint32_t sdk_version = 0;
  std::vector<FieldDoc> settings;
  std::vector<std::string> hides;  ///< Libraries of the same name in later folders.
  std::vector<Refusal> refused;    ///< Why it cannot be used; then only what was found out is set.
};

/// Finds plugins by kind and name, checks their libraries before use, and makes instances.
///
/// A library is `<kind>_<name>.so` in the first folder of the search path that has one. It is
/// refused, in one sentence that says what was expected, what was found and what to do, unless it
/// is a library that only its owner can write, that exports a manifest of this SDK, built as this
/// program is built, for exactly that kind and name. Whatever a library does while it is loaded
/// and describes itself, it does in a child process first; one that fails there is never loaded
/// here. list(), verify() and describe() load nothing at all. [any-thread]
class PluginHost final : public PluginSource {
 public:
  /// Looks in `folders` first, then in default_folders(). A library that is not done describing
  /// itself after `patience` is refused.
  explicit PluginHost(std::vector<std::string> folders = {}, Duration patience = std::chrono::seconds{10});
  ~PluginHost() override;

  /// `../plugins` of this program, `holdfast/plugins` beside the SDK library, then the system's.
  static std::vector<std::string> default_folders();
  /// "a:b" as in HOLDFAST_PLUGIN_PATH, in parts.
  static std::vector<std::string> split_path(std::string_view path);

  /// Registers a plugin linked into the program; it hides a library of the same name. The
  /// manifest must outlive the host. Fails: with a problem when the manifest is not usable.
  Problems add(const PluginManifest* manifest);
  /// From now on only these bytes are this plugin. `where` is where a person wrote so.
  void pin(std::string_view kind, std::string_view name, std::string_view sha256, const Where& where);

  /// The plugin, loading its library at the first call; null with problems at `where`. The
  /// pointer stays valid as long as the host. A library that was refused is tried again.
  const LoadedPlugin* load(std::string_view kind, std::string_view name, const Where& where,
                           Problems& problems);
  /// The problems load() would report.
  Problems probe(std::string_view kind, std::string_view name, const Where& where);

  /// Reads the settings and makes an instance. What the plugin throws becomes a problem.
  std::shared_ptr<void> make(std::string_view kind, std::string_view name, const Setting& settings,
                             const PluginContext& context, Problems& problems) override;
  /// The plugin's settings for documentation; empty with problems when it cannot tell.
  std::vector<FieldDoc> describe(std::string_view kind, std::string_view name, Problems& problems);

  /// Every plugin that can be found, sorted by kind and name, those that are refused included.
  std::vector<PluginListing> list();
  /// What list() says about this one; with a refusal when there is none.
  PluginListing look(std::string_view kind, std::string_view name);
  /// The same for one library file, wherever it is.
  PluginListing verify(const std::string& file);
  const std::vector<std::string>& folders() const { return folders_; }

 private:
  using Key = std::pair<std::string, std::string>;
  struct Pin {
    std::string sha256;
    Where where;
  };
  std::vector<std::string> find(const Key& key) const;
  std::vector<std::string> names_of(std::string_view kind) const;
  Refusal not_found(const Key& key) const;
  bool pin_holds(const Key& key, const LoadedPlugin& plugin, Problems& problems) const;
  PluginListing inspect(const Key& key, const std::string& path);

  const std::vector<std::string> folders_;
  const Duration patience_;
  mutable std::mutex mutex_;  ///< Guards what follows; never held while a plugin makes.
  std::map<Key, std::unique_ptr<LoadedPlugin>> loaded_;
  std::map<Key, Pin> pins_;
  /// What children have found out, by path and digest: the same bytes are asked once.
  std::map<std::pair<std::string, std::string>, PluginListing> inspected_;
};

}  // namespace holdfast
