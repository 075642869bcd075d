#include "manifest.hpp"

#include <algorithm>
#include <cstring>
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

Refusals one(Refusal refusal) { return {std::move(refusal)}; }

constexpr const char* kUseMacro = "use HOLDFAST_PLUGIN at the end of the source";
constexpr const char* kRebuild = "rebuild the plugin against this program's SDK";
/// No honest manifest of any version comes near.
constexpr std::uint32_t kLargestManifest = 4096;
constexpr std::size_t kLongestText = 1000;
constexpr std::size_t kMostSettings = 1000;

/// Bytes of the UTF-8 character that begins `text`; 0 when none does, or a terminal would obey it.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
  const std::size_t length = byte(0) >= 0xf0 && byte(0) < 0xf5 ? 4 : byte(0) >= 0xe0 && byte(0) < 0xf0 ? 3
                             : byte(0) >= 0xc2 && byte(0) < 0xe0 ? 2 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool overlong = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xed && byte(1) >= 0xa0;
  const bool beyond = byte(0) == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

/// What is wrong with a text for people; empty when nothing is.
std::string flaw_of(std::string_view text, std::size_t longest) {
  if (text.size() > longest) return "more than " + std::to_string(longest) + " bytes";
  while (!text.empty()) {
    const std::size_t length = character(text);
    if (length == 0) return "bytes that are no UTF-8 text";
    text.remove_prefix(length);
  }
  return "";
}

bool is_name(std::string_view text) {
  return text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void check_text(const char* field, const char* text, const std::string& label, Refusals& refused) {
  // A field without an end is read no further than any text may be long.
  const std::string_view got{text == nullptr ? "" : text, text == nullptr ? 0 : strnlen(text, kLongestText + 1)};
  if (got.empty())
    refused.push_back({field, "a text", "nothing", label + " leaves '" + field + "' of its manifest empty", "use HOLDFAST_PLUGIN"});
  else if (const auto flaw = flaw_of(got, kLongestText); !flaw.empty())
    refused.push_back({field, "a short line of UTF-8", flaw,
                       label + " has " + flaw + " in '" + field + "' of its manifest", "use HOLDFAST_PLUGIN"});
}

void check_choice(const char* field, const std::string& got, const std::vector<std::string>& known,
                  const std::string& label, Refusals& refused) {
  if (std::find(known.begin(), known.end(), got) == known.end())
    refused.push_back({field, listed(known), got, label + " says that its " + field + " is '" + got + "'",
                       "it is one of " + listed(known)});
}

/// What the fields that are certainly there say about the plugin itself.
Refusals check_words(const PluginManifest& m, const std::string& label) {
  Refusals refused;
  const std::pair<const char*, const char*> texts[] = {{"kind", m.kind},       {"name", m.name},
                                                       {"version", m.version}, {"stability", m.stability},
                                                       {"purity", m.purity},   {"summary", m.summary}};
  for (const auto& [field, text] : texts) check_text(field, text, label, refused);
  if (!refused.empty()) return refused;
  if (std::find(kinds().begin(), kinds().end(), m.kind) == kinds().end())
    refused.push_back({"kind", listed(kinds()), m.kind, label + " brings a plugin of kind '" + m.kind + "', which is not known", ""});
  if (!is_name(m.name))
    refused.push_back({"name", "small letters, digits and _", m.name, label + " calls its plugin '" + m.name + "'",
                       "a name is small letters, digits and _, and begins with a letter"});
  check_choice("stability", m.stability, {"experimental", "beta", "stable"}, label, refused);
  check_choice("purity", m.purity, {"pure", "edge"}, label, refused);
  if (m.describe == nullptr || m.make == nullptr)
    refused.push_back({"factory", "functions that describe and make", "nothing",
                       label + " cannot make a plugin: its manifest has no factory", "use HOLDFAST_PLUGIN"});
  return refused;
}

}  // namespace

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all{"actor", "broker", "feed", "notifier", "risk_rule", "strategy"};
  return all;
}

Refusals check_abi(std::string_view got, std::string_view expected, const std::string& label) {
  if (got == expected) return {};
  const Fields ours = split(expected), theirs = split(got);
  for (const auto& [field, value] : ours)
    if (const auto other = value_of(theirs, field); other != value)
      return one({"abi." + field, value, other,
                  label + " was built with " + field + "=" + other + ", this program with " + field + "=" + value,
                  remedy(field, value)});
  return one({"abi", std::string{expected}, std::string{got},
              label + " was built with '" + std::string{got} + "', this program with '" + std::string{expected} + "'",
              remedy("", "")});
}

Refusals check_manifest(const PluginManifest* m, const std::string& label) {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  if (m == nullptr) return one({"manifest", "a manifest", "nothing", label + " has no manifest", kUseMacro});
  if (m->magic != kPluginMagic)
    return one({"magic", number(kPluginMagic), number(m->magic),
                label + " is no Holdfast plugin: the magic number of its manifest is wrong", kUseMacro});
  if (m->struct_size < sizeof(PluginManifest) || m->struct_size > kLargestManifest)
    return one({"struct_size", number(sizeof(PluginManifest)), number(m->struct_size),
                label + " has a manifest of " + number(m->struct_size) + " bytes, expected " +
                    (m->struct_size < sizeof(PluginManifest) ? "at least " + number(sizeof(PluginManifest))
                                                             : "at most " + number(kLargestManifest)),
                kRebuild});
  if (m->sdk_version != kSdkVersion)
    return one({"sdk_version", number(kSdkVersion), number(m->sdk_version),
                label + " was built with SDK version " + number(m->sdk_version) + ", this program has version " +
                    number(kSdkVersion),
                m->sdk_version > kSdkVersion ? "take a newer Holdfast, or rebuild the plugin against this SDK" : kRebuild});
  if (m->abi == nullptr) return one({"abi", host_abi(), "nothing", label + " does not say how it was built", kRebuild});
  const std::string_view abi{m->abi, strnlen(m->abi, kLongestText)};
  if (const auto flaw = flaw_of(abi, kLongestText - 1); !flaw.empty())
    return one({"abi", host_abi(), flaw, label + " has " + flaw + " in 'abi' of its manifest", kRebuild});
  if (auto refused = check_abi(abi, host_abi(), label); !refused.empty()) return refused;
  return check_words(*m, label);
}

Refusals check_settings(const std::vector<FieldDoc>& settings, const std::string& label) {
  if (settings.size() > kMostSettings)
    return one({"settings", "at most " + std::to_string(kMostSettings), std::to_string(settings.size()),
                label + " has " + std::to_string(settings.size()) + " settings", "describe fewer"});
  Refusals refused;
  for (const auto& s : settings)
    for (const auto* text : {&s.name, &s.type, &s.text, &s.limits, &s.default_text})
      if (const auto flaw = flaw_of(*text, kLongestText); !flaw.empty()) {
        const std::string which = flaw_of(s.name, kLongestText).empty() ? "the setting '" + s.name + "'" : "a setting's name";
        refused.push_back({"settings", "short lines of UTF-8", flaw, label + " has " + flaw + " in " + which,
                           "describe it in one short line"});
        break;
      }
  return refused;
}

}  // namespace holdfast::host
