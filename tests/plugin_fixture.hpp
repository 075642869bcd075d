#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <holdfast/sdk.hpp>
#include <holdfast/testkit/settings.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Built plugins in tests, without YAML and without a running system.
namespace holdfast::test {

using testkit::list;
using testkit::map;
using testkit::with;
using testkit::Written;

/// Where the build put its outputs: HOLDFAST_BUILD, else two folders above this program.
inline std::filesystem::path build_dir() {
  if (const char* named = std::getenv("HOLDFAST_BUILD")) return named;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
}

/// The manifest of a built plugin. Fails: throws with the loader's own words.
inline const PluginManifest& manifest(const std::string& kind, const std::string& name) {
  const auto file = build_dir() / "plugins" / (kind + "_" + name + ".so");
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) throw std::runtime_error{dlerror()};
  void* symbol = dlsym(library, kPluginSymbol);
  if (symbol == nullptr) throw std::runtime_error{dlerror()};
  return *reinterpret_cast<const PluginManifest* (*)()>(symbol)();
}

/// Instruments 1, 2, 3 … named `symbols`: cents, whole hundred-thousandths as lots, always open.
inline std::shared_ptr<const Instruments> instruments(std::vector<std::string> symbols) {
  auto made = std::make_shared<Instruments>();
  std::uint32_t id = 0;
  for (auto& symbol : symbols)
    made->add({{++id}, 1, symbol, *Price::parse("0.01"), *Quantity::parse("0.00001"), "USD", "24x7"});
  return made;
}

inline PluginContext context(std::shared_ptr<const Instruments> known, std::string base_dir = ".") {
  PluginContext made;
  made.actor = "test";
  made.id = ActorId{1};
  made.seed = 1;
  made.base_dir = std::move(base_dir);
  made.instruments = std::move(known);
  return made;
}

/// What the plugin says against `settings`; empty when it would be made.
inline Problems problems_of(const std::string& kind, const std::string& name, const Setting& settings,
                            PluginContext where) {
  Problems problems;
  where.checking = true;
  manifest(kind, name).make(settings, where, problems);
  return problems;
}

/// A new instance. Fails: throws with every problem in one text.
template <class Contract>
std::shared_ptr<Contract> load(const std::string& name, const Setting& settings, const PluginContext& where) {
  Problems problems;
  auto made = manifest(std::string{Contract::kKind}, name).make(settings, where, problems);
  std::string text;
  for (const auto& problem : problems) text += problem.str() + "\n";
  if (made == nullptr) throw std::runtime_error{text.empty() ? "nothing was made" : text};
  return std::static_pointer_cast<Contract>(made);
}

/// What `part.state()` saves.
template <class T>
std::vector<std::byte> saved(T& part) {
  Archive archive;
  part.state(archive);
  return archive.take();
}
/// Loads `bytes` into `part`. Fails: throws when they are too few or too many.
template <class T>
void restore(T& part, const std::vector<std::byte>& bytes, int version = 1) {
  Archive archive{bytes, version};
  part.state(archive);
  if (!archive.at_end()) throw StateError{"the state has more bytes than were read"};
}

}  // namespace holdfast::test
