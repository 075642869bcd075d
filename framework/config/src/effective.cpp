#include <holdfast/config/describe.hpp>
#include <holdfast/config/effective.hpp>

#include "document.hpp"
#include "notes.hpp"
#include "variables.hpp"
#include "yaml_writer.hpp"

namespace holdfast {

namespace {

/// Walks a file along the declarations, and writes down what is there and what is not.
class Filler {
 public:
  Filler(const LoadResult& loaded, const DescribePlugin& describe, const SecretReader& secrets,
         Effective& out)
      : notes_{loaded.notes}, describe_{describe}, secrets_{secrets}, out_{out} {}

  /// Reads a part whose settings are `docs`; in it, `parts` reads settings of type "section".
  using Part = std::function<Setting(const FieldDoc& doc, const Setting* written, const std::string& path)>;
  Setting part(const Setting* written, const std::vector<FieldDoc>& docs, const std::string& path,
               const Part& parts) {
    Setting out;
    out.kind = Setting::Kind::map;
    for (const auto& doc : docs) {
      const Setting* s = written == nullptr ? nullptr : written->find(doc.name);
      const std::string at = path.empty() ? doc.name : path + "." + doc.name;
      Setting one;
      if (doc.type == "section") one = parts(doc, s, at);
      else if (s != nullptr) one = value(*s, doc.type, at);
      else one = by_default(doc, at);
      if (one.kind != Setting::Kind::missing) add(out, doc.name, std::move(one));
    }
    return out;
  }

  Setting file(const Setting& root) {
    return part(
        &root, docs_.file, "", [this](const FieldDoc& doc, const Setting* s, const std::string& path) {
          if (doc.name == "system") return part(s, docs_.system, path, none);
          if (doc.name == "plugins")
            return part(s, docs_.plugins, path, [this](const auto&, const Setting* pins, const auto& at) {
              return pins == nullptr ? Setting{} : value(*pins, "", at);
            });
          if (doc.name == "journal" && s != nullptr && s->kind == Setting::Kind::scalar) return value(*s, "", path);
          if (doc.name == "journal")
            return part(s, docs_.journal, path, [this](const auto&, const Setting* kept, const auto& at) {
              return part(kept, docs_.retention, at, none);
            });
          if (doc.name == "metrics" && s != nullptr) return part(s, docs_.metrics, path, none);
          if (doc.name == "instruments" && s != nullptr)
            return list(*s, path, [this](const Setting& one, const auto& at) {
              return part(&one, docs_.instrument, at, none);
            });
          if (doc.name == "removed" && s != nullptr) return value(*s, "", path);
          if (doc.name == "tree") return supervisor(*s, docs_.tree, path);
          return Setting{};
        });
  }

 private:
  static Setting none(const FieldDoc&, const Setting*, const std::string&) { return {}; }

  static void add(Setting& map, const std::string& name, Setting value) {
    map.fields.emplace_back(name, std::move(value));
    map.keys.emplace_back();
  }

  template <class Each>
  static Setting list(const Setting& written, const std::string& path, const Each& each) {
    Setting out;
    out.kind = Setting::Kind::list;
    const auto names = config::steps(written);
    for (std::size_t i = 0; i < written.items.size(); ++i)
      out.items.push_back(each(written.items[i], path + "." + names[i]));
    return out;
  }

  Setting supervisor(const Setting& s, const std::vector<FieldDoc>& docs, const std::string& path) {
    return part(&s, docs, path, [this](const FieldDoc& doc, const Setting* inner, const std::string& at) {
      if (doc.name == "backoff") return part(inner, docs_.backoff, at, none);
      return list(*inner, at, [this](const Setting& child, const std::string& here) {
        return child.find("actor") == nullptr ? supervisor(child, docs_.supervisor, here)
                                              : actor(child, here);
      });
    });
  }

  Setting actor(const Setting& s, const std::string& path) {
    return part(&s, docs_.actor, path, [&](const FieldDoc&, const Setting* settings, const std::string& at) {
      auto filled = part(settings, describe_("actor", s.find("actor")->text), at, none);
      return filled.fields.empty() ? Setting{} : filled;
    });
  }

  Setting value(const Setting& s, const std::string& type, const std::string& path) {
    if (s.kind == Setting::Kind::scalar) {
      out_.origins[path] = origin(s.where);
      return s;
    }
    if (s.kind == Setting::Kind::list)
      return list(s, path,
                  [&](const Setting& item, const auto& at) { return value(item, item_type_of(type), at); });
    if (const auto kind = plugin_kind_of(type); !kind.empty()) return plugin(s, kind, path);
    if (type == "secret") show_secret(*s.find("secret"), path);
    Setting out;
    out.kind = Setting::Kind::map;
    for (const auto& [name, inner] : s.fields) add(out, name, value(inner, "", path + "." + name));
    return out;
  }

  Setting plugin(const Setting& s, const std::string& kind, const std::string& path) {
    const Setting& named = *s.find("plugin");
    Setting out = part(&s, describe_(kind, named.text), path, none);
    out.fields.insert(out.fields.begin(), {"plugin", value(named, "", path + ".plugin")});
    out.keys.emplace_back();
    return out;
  }

  void show_secret(const Setting& named, const std::string& path) {
    Problem ignored;
    const auto secret = secrets_ ? secrets_(named.text, ignored) : std::nullopt;
    if (secret) out_.secrets[path + ".secret"] = secret->shown();
  }

  /// Nothing where the default is that there is none.
  Setting by_default(const FieldDoc& doc, const std::string& path) {
    Setting s;
    if (doc.required || doc.default_text.empty()) return s;
    if (!item_type_of(doc.type).empty()) {
      Problems none_expected;
      s = config::parse_document(config::escape_dollars(doc.default_text), "", none_expected);
      if (s.items.empty()) out_.origins[path] = "default";
      for (const auto& step : config::steps(s)) out_.origins[path + "." + step] = "default";
      return s;
    }
    out_.origins[path] = "default";
    s.kind = Setting::Kind::scalar;
    s.text = config::escape_dollars(doc.default_text);
    return s;
  }

  std::string origin(const Where& where) const {
    const bool in_file = where.line > 0;
    // Of an override only the path: its value stands beside it.
    const std::string text =
        in_file ? where.file + ":" + std::to_string(where.line) : where.file.substr(0, where.file.find('='));
    const auto note = notes_.find(config::place_text(where));
    return note == notes_.end() ? text : text + ", " + note->second;
  }

  const FileDoc docs_ = describe_file();
  const std::map<std::string, std::string>& notes_;
  const DescribePlugin& describe_;
  const SecretReader& secrets_;
  Effective& out_;
};

}  // namespace

Effective effective(const LoadResult& loaded, const DescribePlugin& describe, const SecretReader& secrets) {
  Effective out;
  out.tree = Filler{loaded, describe, secrets, out}.file(loaded.written);
  return out;
}

std::string effective_yaml(const Effective& effective, bool origins) {
  auto comments = effective.secrets;
  if (origins)
    for (const auto& [path, origin] : effective.origins) {
      std::string& comment = comments[path];
      comment += (comment.empty() ? "" : ", ") + origin;
    }
  config::YamlWriter writer{config::YamlWriter::Order::as_given, &comments};
  for (const auto& [name, value] : effective.tree.fields) writer.setting(name, value);
  return writer.take();
}

}  // namespace holdfast
