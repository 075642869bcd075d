#pragma once

#include <holdfast/sdk/settings.hpp>
#include <string>
#include <utility>
#include <vector>

/// Settings in tests, without YAML: `map({{"fast", "10"}, {"files", list({"a.csv", "b.csv"})}})`.
namespace holdfast::testkit {

/// A setting as a person would have written it; numbers are text there too.
struct Written {
  Setting setting;
  Written(const char* text) : Written{std::string{text}} {}
  Written(std::string text) {
    setting.kind = Setting::Kind::scalar;
    setting.text = std::move(text);
    setting.where = {"test.yaml", 1, 1};
  }
  Written(Setting made) : setting{std::move(made)} {}
};
using Fields = std::vector<std::pair<std::string, Written>>;

inline Setting list(std::vector<Written> items) {
  Setting made;
  made.kind = Setting::Kind::list;
  made.where = {"test.yaml", 1, 1};
  for (auto& item : items) made.items.push_back(std::move(item.setting));
  return made;
}

/// `base` with more fields; one that is there already is replaced.
inline Setting with(Setting base, Fields fields) {
  base.kind = Setting::Kind::map;
  for (auto& [name, value] : fields) {
    bool found = false;
    for (auto& [known, setting] : base.fields)
      if (known == name) setting = value.setting, found = true;
    if (found) continue;
    base.fields.emplace_back(name, std::move(value.setting));
    base.keys.push_back({"test.yaml", 1, 1});
  }
  return base;
}

inline Setting map(Fields fields) {
  Setting made;
  made.where = {"test.yaml", 1, 1};
  return with(std::move(made), std::move(fields));
}

/// `base` without one field.
inline Setting without(Setting base, const std::string& name) {
  for (std::size_t i = 0; i < base.fields.size(); ++i)
    if (base.fields[i].first == name) {
      base.fields.erase(base.fields.begin() + static_cast<std::ptrdiff_t>(i));
      if (i < base.keys.size()) base.keys.erase(base.keys.begin() + static_cast<std::ptrdiff_t>(i));
    }
  return base;
}

}  // namespace holdfast::testkit
