#include "inspect.hpp"

#include <exception>
#include <filesystem>
#include <holdfast/sdk/archive.hpp>

#include "child.hpp"
#include "library.hpp"
#include "manifest.hpp"

namespace holdfast::host {

namespace {

/// Whatever a damaged child claims, no more is made room for.
constexpr std::uint64_t kMostParts = 10'000;
constexpr const char* kLoading = "while it was loaded";
constexpr const char* kAsked = "while it was asked for its manifest";
constexpr const char* kDescribing = "while it described its settings";

/// The way of a listing from the child to here: both sides are this one function.
void pass(Archive& a, PluginListing& l) {
  a(l.kind, l.name, l.version, l.stability, l.purity, l.summary, l.abi, l.sdk_version);
  std::uint64_t settings = l.settings.size(), refused = l.refused.size();
  a(settings, refused);
  if (settings > kMostParts || refused > kMostParts) throw StateError{"more parts than there can be"};
  if (a.loading()) l.settings.resize(settings), l.refused.resize(refused);
  for (auto& s : l.settings) {
    a(s.name, s.type, s.text, s.limits, s.default_text, s.required);
    a(s.pattern, s.choices, s.low, s.high, s.above_low);
  }
  for (auto& r : l.refused) a(r.field, r.expected, r.got, r.what, r.mend);
}

void fill(PluginListing& l, const PluginManifest& m) {
  l.version = m.version;
  l.stability = m.stability;
  l.purity = m.purity;
  l.summary = m.summary;
  l.abi = m.abi;
  l.sdk_version = m.sdk_version;
}

/// A manifest is there and is right; is it the one the file's name promises?
void check_identity(const PluginManifest& m, const std::string& kind, const std::string& name,
                    const std::string& label, Refusals& refused) {
  if (m.kind == kind && m.name == name) return;
  const std::string own = std::string{m.kind} + "_" + m.name;
  refused.push_back({m.kind != kind ? "kind" : "name", kind + "_" + name, own,
                     label + " brings the " + m.kind + " '" + m.name + "'", "rename the file to " + own + ".so"});
}

/// In the child: everything that runs code of the library.
PluginListing ask(const std::string& kind, const std::string& name, const std::string& path,
                  const std::function<void(std::string_view)>& stage) {
  PluginListing l;
  const std::string label = std::filesystem::path{path}.filename().string();
  stage(kLoading);
  const PluginManifest* m = open_library(path, l.refused);
  if (!l.refused.empty()) return l;
  stage(kAsked);
  l.refused = check_manifest(m, label);
  if (!l.refused.empty()) return l;
  fill(l, *m);
  check_identity(*m, kind, name, label, l.refused);
  if (!l.refused.empty()) return l;
  stage(kDescribing);
  l.settings = m->describe();
  l.refused = check_settings(l.settings, label);
  if (!l.refused.empty()) l.settings.clear();
  return l;
}

Refusal failed(const ChildReport& report, const std::string& label) {
  Refusal r{"behaviour", "a library that describes itself", report.ending, "", ""};
  r.what = label + " " + report.ending + " " + (report.stage.empty() ? kLoading : report.stage);
  if (!report.words.empty()) r.what += ", saying: " + report.words;
  r.mend = report.stage == kDescribing ? "mend schema(), which must only describe"
                                       : "nothing may happen when a plugin is loaded: mend its static objects";
  return r;
}

}  // namespace

PluginListing inspect_library(const std::string& kind, const std::string& name, const std::string& path,
                              const std::string& sha256, Duration patience) {
  PluginListing seen;
  seen.refused = check_file(path);
  if (seen.refused.empty()) {
    const auto report = run_in_child(
        [&](const auto& stage) {
          PluginListing l = ask(kind, name, path, stage);
          Archive archive;
          pass(archive, l);
          const auto bytes = archive.take();
          return std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        },
        patience);
    const std::string label = std::filesystem::path{path}.filename().string();
    if (!report.done) {
      seen.refused.push_back(failed(report, label));
    } else {
      try {
        Archive archive{std::as_bytes(std::span{report.said}), 1};
        pass(archive, seen);
      } catch (const std::exception&) {
        seen = {};
        seen.refused.push_back({"behaviour", "a library that describes itself", "nonsense",
                                label + " has damaged the process that asked it what it is", ""});
      }
    }
  }
  seen.kind = kind;
  seen.name = name;
  seen.path = path;
  seen.sha256 = sha256;
  return seen;
}

PluginListing inspect_loaded(const LoadedPlugin& plugin) {
  PluginListing l;
  l.kind = plugin.manifest->kind;
  l.name = plugin.manifest->name;
  l.path = plugin.path;
  l.sha256 = plugin.sha256;
  fill(l, *plugin.manifest);
  try {
    l.settings = plugin.manifest->describe();
  } catch (const std::exception& error) {
    l.refused.push_back({"behaviour", "settings", error.what(),
                         "the " + l.kind + " '" + l.name + "' threw: " + error.what() + " " + kDescribing,
                         "mend schema(), which must only describe"});
  }
  return l;
}

const PluginManifest* open_inspected(const PluginListing& seen, std::vector<Refusal>& refused) {
  const std::string label = std::filesystem::path{seen.path}.filename().string();
  const PluginManifest* manifest = open_library(seen.path, refused);
  if (!refused.empty()) return nullptr;
  refused = check_manifest(manifest, label);
  if (refused.empty()) check_identity(*manifest, seen.kind, seen.name, label, refused);
  return refused.empty() ? manifest : nullptr;
}

}  // namespace holdfast::host
