#include "profiles.hpp"

#include <algorithm>

#include "override.hpp"

namespace holdfast::config {

namespace {

void note_profile(const Setting& s, const std::string& profile, Notes& notes) {
  if (s.kind == Setting::Kind::scalar) add_note(notes, s.where, "profile " + profile);
  for (const auto& item : s.items) note_profile(item, profile, notes);
  for (const auto& [name, value] : s.fields) note_profile(value, profile, notes);
}

/// The section, no longer in `root`; missing when there is none.
Setting take_section(Setting& root) {
  for (std::size_t i = 0; i < root.fields.size(); ++i) {
    if (root.fields[i].first != "profiles") continue;
    Setting section = std::move(root.fields[i].second);
    root.fields.erase(root.fields.begin() + static_cast<std::ptrdiff_t>(i));
    root.keys.erase(root.keys.begin() + static_cast<std::ptrdiff_t>(i));
    return section;
  }
  return {};
}

/// Those that are not chosen are looked at too: a slip should not wait for the day it is needed.
void check_shape(const Setting& section, Problems& problems) {
  const std::string mend = "write one `path: value` per line, such as `system.clock: wall`";
  if (section.kind != Setting::Kind::map)
    problems.push_back({section.where, "expected profiles, one `name:` after another", mend});
  for (const auto& [name, profile] : section.fields)
    if (profile.kind != Setting::Kind::map)
      problems.push_back({profile.where, "expected what the profile '" + name + "' changes", mend});
}

Problem unknown(const std::string& name, const Setting& section) {
  std::vector<std::string> names;
  for (const auto& [known, profile] : section.fields) names.push_back(known);
  std::string mend = names.empty() ? "the file has no section profiles" : "there are";
  for (std::size_t i = 0; i < names.size(); ++i) mend += (i == 0 ? " " : ", ") + names[i];
  if (const auto near = nearest(name, names); !near.empty()) mend = "did you mean '" + near + "'?";
  return {{"--profile " + name, 0, 0}, "there is no profile '" + name + "'", mend};
}

}  // namespace

void apply_profiles(Setting& root, const std::vector<std::string>& chosen, Problems& problems, Notes& notes) {
  const Setting section = take_section(root);
  if (section.kind != Setting::Kind::missing) check_shape(section, problems);
  for (const auto& name : chosen) {
    const Setting* profile = section.find(name);
    if (profile == nullptr) {
      problems.push_back(unknown(name, section));
      continue;
    }
    for (std::size_t i = 0; i < profile->fields.size(); ++i) {
      const auto& [path, value] = profile->fields[i];
      apply_override(root, path, profile->keys[i], value, problems);
      note_profile(value, name, notes);
    }
  }
}

}  // namespace holdfast::config
