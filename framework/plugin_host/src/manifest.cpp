#include "manifest.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace holdfast::host {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// "a=1;b=2" in parts, in their order.
Fields split(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const auto end = text.find(';');
    const auto part = text.substr(0, end);
    const auto equals = part.find('=');
    fields.emplace_back(part.substr(0, equals),
                        equals == std::string_view::npos ? "" : part.substr(equals + 1));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return fields;
}

std::string value_of(const Fields& fields, const std::string& name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
  return found == fields.end() ? "nothing" : found->second;
}

std::string remedy(const std::string& field, const std::string& expected) {
  if (field == "compiler")
    return "rebuild the plugin with " + std::string{expected == "gcc" ? "g++" : "clang++"};
  if (field == "glibcxx") return "rebuild the plugin with -D_GLIBCXX_USE_CXX11_ABI=" + expected;
  if (field == "cplusplus") return "rebuild the plugin with -std=c++20";
  if (field == "sanitizer" && expected == "none") return "rebuild the plugin without a sanitizer";
  if (field == "sanitizer")
    return "rebuild the plugin with -fsanitize=" + std::string{expected == "tsan" ? "thread" : "address"};
  return "rebuild the plugin against this program's SDK";
}

Problems one(const Where& where, std::string what, std::string mend) {
  return {{where, std::move(what), std::move(mend)}};
}

}  // namespace

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all{"actor", "broker", "feed", "notifier", "risk_rule", "strategy"};
  return all;
}

Problems check_abi(std::string_view got, std::string_view expected, const std::string& label,
                   const Where& where) {
  if (got == expected) return {};
  const Fields ours = split(expected), theirs = split(got);
  for (const auto& [field, value] : ours)
    if (const auto other = value_of(theirs, field); other != value)
      return one(
          where,
          label + " was built with " + field + "=" + other + ", this program with " + field + "=" + value,
          remedy(field, value));
  return one(
      where,
      label + " was built with '" + std::string{got} + "', this program with '" + std::string{expected} + "'",
      remedy("", ""));
}

Problems check_manifest(const PluginManifest* m, const std::string& label, const Where& where) {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  if (m == nullptr)
    return one(where, label + " has no manifest", "use HOLDFAST_PLUGIN at the end of the source");
  if (m->magic != kPluginMagic)
    return one(where, label + " is no Holdfast plugin: the magic number of its manifest is wrong",
               "use HOLDFAST_PLUGIN at the end of the source");
  if (m->struct_size < sizeof(PluginManifest))
    return one(where,
               label + " has a manifest of " + number(m->struct_size) + " bytes, expected at least " +
                   number(sizeof(PluginManifest)),
               "rebuild the plugin against this program's SDK");
  if (m->sdk_version != kSdkVersion)
    return one(where,
               label + " was built with SDK version " + number(m->sdk_version) +
                   ", this program has version " + number(kSdkVersion),
               m->sdk_version > kSdkVersion ? "take a newer Holdfast, or rebuild the plugin against this SDK"
                                            : "rebuild the plugin against this program's SDK");
  if (m->abi == nullptr) return one(where, label + " does not say how it was built", remedy("", ""));
  if (auto abi = check_abi(m->abi, host_abi(), label, where); !abi.empty()) return abi;
  const std::pair<const char*, const char*> texts[] = {{"kind", m->kind},       {"name", m->name},
                                                       {"version", m->version}, {"stability", m->stability},
                                                       {"purity", m->purity},   {"summary", m->summary}};
  for (const auto& [field, text] : texts)
    if (text == nullptr || *text == '\0')
      return one(where, label + " leaves '" + field + "' of its manifest empty", "use HOLDFAST_PLUGIN");
  if (m->describe == nullptr || m->make == nullptr)
    return one(where, label + " cannot make a plugin: its manifest has no factory", "use HOLDFAST_PLUGIN");
  if (std::find(kinds().begin(), kinds().end(), m->kind) == kinds().end())
    return one(where, label + " brings a plugin of kind '" + m->kind + "', which is not known", "");
  return {};
}

}  // namespace holdfast::host
