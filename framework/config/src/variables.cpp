#include "variables.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace holdfast {

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

namespace config {

namespace {

bool name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool name_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Expands one text. Defaults may hold variables themselves.
class Expander {
 public:
  Expander(const Environment& environment, const Where& where, Problems& problems, Expanded& out)
      : environment_{environment}, where_{where}, problems_{problems}, secrets_{out.secrets}, notes_{out.notes} {}

  struct Texts {
    std::string value, shown;
  };
  /// `wanted`: false for defaults that are not needed, which must not complain.
  Texts run(std::string_view text, bool wanted = true) {
    Texts out;
    while (!text.empty()) {
      const auto dollar = text.find('$');
      out.value += text.substr(0, dollar);
      out.shown += text.substr(0, dollar);
      if (dollar == std::string_view::npos) return out;
      text.remove_prefix(dollar);
      if (text.substr(0, 2) == "$$") {
        out.value += '$';
        out.shown += "$$";
        text.remove_prefix(2);
      } else if (text.substr(0, 2) != "${") {
        complain(wanted, "a single '$'", "write $$ for a dollar sign, or ${VAR}");
        text.remove_prefix(1);
      } else if (!variable(text, wanted, out)) {
        return out;
      }
    }
    return out;
  }

 private:
  /// `text` begins with "${"; removes the whole reference from it.
  bool variable(std::string_view& text, bool wanted, Texts& out) {
    const auto end = closing(text);
    if (end == std::string_view::npos) {
      complain(wanted, "'${' without its '}'", "write ${VAR} or ${VAR:-default}");
      return false;
    }
    const auto inner = text.substr(2, end - 2);
    text.remove_prefix(end + 1);
    std::size_t n = 0;
    while (n < inner.size() && (n == 0 ? name_start(inner[n]) : name_part(inner[n]))) ++n;
    const std::string name{inner.substr(0, n)};
    const auto rest = inner.substr(n);
    if (name.empty() || (!rest.empty() && rest.substr(0, 2) != ":-")) {
      complain(wanted, "'${" + std::string{inner} + "}' is not a variable",
               "write ${VAR} or ${VAR:-default}");
      return true;
    }
    const auto found = environment_(name);
    if (found && !found->empty()) {
      take(name, *found, out);
      if (wanted) add_note(notes_, where_, "${" + name + "}");
      if (!rest.empty()) run(rest.substr(2), false);
    } else if (!rest.empty()) {
      if (wanted) add_note(notes_, where_, "${" + name + "} is not set");
      const Texts instead = run(rest.substr(2), wanted);
      out.value += instead.value;
      out.shown += instead.shown;
    } else {
      complain(wanted, "the environment variable " + name + " is not set",
               "set it, or write ${" + name + ":-default}");
    }
    return true;
  }

  void take(const std::string& name, const std::string& value, Texts& out) {
    out.value += value;
    if (!looks_secret(name)) {
      out.shown += escape_dollars(value);
      return;
    }
    out.shown += "${" + name + "}";
    if (std::find(secrets_.begin(), secrets_.end(), std::pair{name, value}) == secrets_.end())
      secrets_.emplace_back(name, value);
  }

  static std::size_t closing(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') {
        ++depth;
        ++i;
      } else if (text[i] == '}' && --depth == 0) return i;
    }
    return std::string_view::npos;
  }

  void complain(bool wanted, std::string what, std::string mend) {
    if (wanted) problems_.push_back({where_, std::move(what), std::move(mend)});
  }

  const Environment& environment_;
  const Where& where_;
  Problems& problems_;
  std::vector<std::pair<std::string, std::string>>& secrets_;
  Notes& notes_;
};

void walk(Setting& value, Setting& shown, const Environment& environment, Problems& problems, Expanded& out) {
  if (value.kind == Setting::Kind::scalar) {
    auto texts = Expander{environment, value.where, problems, out}.run(value.text);
    value.text = std::move(texts.value);
    shown.text = std::move(texts.shown);
  }
  for (std::size_t i = 0; i < value.items.size(); ++i)
    walk(value.items[i], shown.items[i], environment, problems, out);
  for (std::size_t i = 0; i < value.fields.size(); ++i)
    walk(value.fields[i].second, shown.fields[i].second, environment, problems, out);
}

void refuse(const Setting& value, const Setting& shown, bool settings, Problems& problems) {
  if (settings) return;
  if (value.kind == Setting::Kind::scalar && shown.text != escape_dollars(value.text))
    problems.push_back({value.where, shown.text + " looks like a secret and stands outside of settings",
                        "secrets belong into an actor's settings; otherwise rename the variable"});
  for (std::size_t i = 0; i < value.items.size(); ++i)
    refuse(value.items[i], shown.items[i], false, problems);
  for (std::size_t i = 0; i < value.fields.size(); ++i)
    refuse(value.fields[i].second, shown.fields[i].second, value.fields[i].first == "settings", problems);
}

}  // namespace

Expanded expand(Setting tree, const Environment& environment, Problems& problems) {
  Expanded out;
  out.shown = tree;
  out.values = std::move(tree);
  walk(out.values, out.shown, environment, problems, out);
  return out;
}

bool looks_secret(std::string_view variable) {
  std::string upper{variable};
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const char* word : {"SECRET", "KEY", "TOKEN", "PASSWORD", "PASSPHRASE", "CREDENTIAL"})
    if (upper.find(word) != std::string::npos) return true;
  return false;
}

std::string escape_dollars(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '$' ? "$$" : std::string(1, c);
  return out;
}

void refuse_secrets_outside_settings(const Expanded& tree, Problems& problems) {
  refuse(tree.values, tree.shown, false, problems);
}

std::string redact(const std::vector<std::pair<std::string, std::string>>& secrets, std::string text) {
  for (const auto& [name, value] : secrets) {
    const std::string reference = "${" + name + "}";
    for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; at += reference.size())
      text.replace(at, value.size(), reference);
  }
  return text;
}

}  // namespace config
}  // namespace holdfast
