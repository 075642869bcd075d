#include "override.hpp"

#include <charconv>
#include <optional>

#include "document.hpp"
#include "yaml_writer.hpp"

namespace holdfast::config {

namespace {

/// "a.b.c" in parts; `"a.b".c` keeps a dot. Empty when a part is empty or a quote is left open.
std::optional<std::vector<std::string>> split(std::string_view path) {
  std::vector<std::string> parts{""};
  bool quoted = false;
  for (const char c : path) {
    if (c == '"') quoted = !quoted;
    else if (c == '.' && !quoted) parts.emplace_back();
    else parts.back() += c;
  }
  if (quoted) return {};
  for (const auto& part : parts)
    if (part.empty()) return {};
  return parts;
}

/// The `=` that ends the path: the first one outside of quotes.
std::size_t find_equals(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    else if (text[i] == '=' && !quoted) return i;
  }
  return std::string_view::npos;
}

Setting* find_actor(Setting& supervisor, const std::string& name, std::vector<std::string>& names) {
  for (auto& [key, value] : supervisor.fields) {
    if (key != "children") continue;
    for (auto& child : value.items) {
      const bool actor = child.find("actor") != nullptr;
      if (actor && title(child) == name) return &child;
      if (actor) names.push_back(title(child));
      else if (Setting* found = find_actor(child, name, names)) return found;
    }
  }
  return nullptr;
}

std::string mend_with(const std::string& word, const std::vector<std::string>& names) {
  if (const auto near = nearest(word, names); !near.empty()) return "did you mean '" + near + "'?";
  if (names.empty()) return "";
  std::string all = "there are";
  for (std::size_t i = 0; i < names.size(); ++i) all += (i == 0 ? " " : ", ") + names[i];
  return all;
}

/// One override, of a profile or a command line, on its way through the tree.
class Override {
 public:
  Override(Where where, Problems& problems) : where_{std::move(where)}, problems_{problems} {}

  /// `text` is path=value.
  void apply(Setting& root, std::string_view text) {
    const auto equals = find_equals(text);
    if (equals == std::string_view::npos) return fail("no value", "write path=value");
    const auto before = problems_.size();
    Setting value = parse_value(std::string{text.substr(equals + 1)});
    if (problems_.size() == before) apply(root, text.substr(0, equals), std::move(value));
  }

  void apply(Setting& root, std::string_view path, Setting value) {
    const auto parts = split(path);
    if (!parts) return fail("not a path", "write names with dots between them, such as journal.wal_cap");
    std::size_t from = 0;
    Setting* at = &root;
    if (parts->front() == "actors") {
      at = parts->size() > 2 ? actor(root, (*parts)[1]) : nullptr;
      if (at == nullptr && parts->size() <= 2)
        fail("not a path", "write actors.<name>.settings.<setting>=value");
      from = 2;
    }
    for (std::size_t i = from; at != nullptr && i < parts->size(); ++i) at = step(*at, *parts, i);
    if (at != nullptr) *at = std::move(value);
  }

 private:
  Setting parse_value(const std::string& text) {
    Setting value;
    if (text.empty()) {
      value.kind = Setting::Kind::scalar;
      value.quoted = true;
    } else {
      Problems found;
      value = parse_document(text, where_.file, found);
      for (auto& problem : found) problems_.push_back({where_, problem.what, problem.mend});
    }
    place(value);
    return value;
  }
  /// A line number within an override would only confuse.
  void place(Setting& s) {
    s.where = where_;
    for (auto& key : s.keys) key = where_;
    for (auto& item : s.items) place(item);
    for (auto& [name, value] : s.fields) place(value);
  }
  Setting* actor(Setting& root, const std::string& name) {
    std::vector<std::string> names;
    for (auto& [key, value] : root.fields)
      if (key == "tree")
        if (Setting* found = find_actor(value, name, names)) return found;
    fail("there is no actor '" + name + "'", mend_with(name, names));
    return nullptr;
  }
  Setting* step(Setting& at, const std::vector<std::string>& parts, std::size_t i) {
    if (at.kind == Setting::Kind::list) return element(at, parts, i);
    if (at.kind == Setting::Kind::scalar) {
      fail((i == 0 ? "the file is one value" : "'" + parts[i - 1] + "' is a value") + ", nothing is below it", "");
      return nullptr;
    }
    if (at.kind == Setting::Kind::missing) {
      at.kind = Setting::Kind::map;
      at.where = where_;
    }
    for (auto& [key, value] : at.fields)
      if (key == parts[i]) return &value;
    at.fields.emplace_back(parts[i], Setting{});
    at.keys.push_back(where_);
    return &at.fields.back().second;
  }
  Setting* element(Setting& list, const std::vector<std::string>& parts, std::size_t i) {
    const std::string& word = parts[i];
    std::vector<std::string> names;
    for (auto& item : list.items) {
      if (title(item) == word) return &item;
      if (!title(item).empty()) names.push_back(title(item));
    }
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), index);
    if (error == std::errc{} && end == word.data() + word.size() && index < list.items.size())
      return &list.items[index];
    const std::string list_name = i == 0 ? "the list" : "'" + parts[i - 1] + "'";
    fail("there is no '" + word + "' in " + list_name, mend_with(word, names));
    return nullptr;
  }
  void fail(std::string what, std::string mend) {
    problems_.push_back({where_, std::move(what), std::move(mend)});
  }

  Where where_;
  Problems& problems_;
};

}  // namespace

void apply_overrides(Setting& root, const std::vector<std::string>& overrides, Problems& problems) {
  for (const auto& text : overrides) Override{{"--set " + text, 0, 0}, problems}.apply(root, text);
}

void apply_override(Setting& root, const std::string& path, const Where& where, const Setting& value,
                    Problems& problems) {
  Override{where, problems}.apply(root, path, value);
}

}  // namespace holdfast::config
