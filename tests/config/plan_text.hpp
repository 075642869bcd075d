#pragma once

#include <holdfast/config/load.hpp>
#include <map>
#include <string>
#include <vector>

namespace holdfast::test {

/// The smallest text that is a plan; tests put what they are about before or after it.
inline const std::string kHead = "holdfast: 1\nsystem: { name: s }\n";
inline const std::string kTree = "tree:\n  children:\n    - { name: a, actor: x }\n";
inline const std::string kPlan = kHead + kTree;

/// An environment made of pairs.
inline Environment environment(std::map<std::string, std::string> values) {
  return [values](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
  };
}

inline LoadResult load(const std::string& text, const std::vector<std::string>& overrides = {},
                       std::map<std::string, std::string> variables = {}) {
  return load_plan_text(text, "f", ".", overrides, environment(std::move(variables)));
}

/// All problems, one per line.
inline std::string words(const Problems& problems) {
  std::string out;
  for (const auto& problem : problems) out += problem.str() + "\n";
  return out;
}

/// A setting in one line, fields sorted.
inline std::string flat(const Setting& setting) {
  std::string out;
  for (const char c : setting.canonical()) {
    if ((c == '}' || c == ']') && !out.empty() && out.back() == ',') out.pop_back();
    out += c;
  }
  return out;
}

/// A plan whose only actor has these settings.
inline std::string with_settings(const std::string& settings) {
  return kHead + "tree:\n  children:\n    - name: a\n      actor: x\n      settings: " + settings + "\n";
}

inline const Setting& settings_of(const LoadResult& result) {
  return actors_of(result.plan->tree).front()->settings;
}

}  // namespace holdfast::test
