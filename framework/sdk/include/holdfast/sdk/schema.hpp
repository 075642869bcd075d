#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/sdk/instrument.hpp>
#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/plugin_context.hpp>
#include <holdfast/sdk/secret.hpp>
#include <holdfast/sdk/settings.hpp>
#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// One setting as `holdfast plugin show`, reference pages and editors present it.
struct FieldDoc {
  std::string name, type, text, limits, default_text;
  bool required = false;
  // The same for programs; `pattern` is a regular expression for the text of one value, or empty.
  std::string pattern = {};
  std::vector<std::string> choices = {};
  std::string low = {}, high = {};  ///< Inclusive; empty: no bound.
  bool above_low = false;           ///< `low` itself is too little.
};

/// A plugin of `kind` named inside the settings of an actor: `{plugin: name, its settings…}`.
template <class Contract>
struct PluginSlot {
  std::shared_ptr<Contract> plugin;
};

// How a setting of each type is read; each reports to `problems` and returns false when it cannot.
bool read_setting(const Setting&, const PluginContext&, Problems&, bool& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, std::int64_t& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, int& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, std::uint64_t& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, double& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, std::string& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, Price& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, Quantity& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, Money& out);
bool read_setting(const Setting&, const PluginContext&, Problems&, Rate& out);
/// Text with a unit: 250ms, 2s, 5m, 1h, 1d, 40us, 10ns.
bool read_setting(const Setting&, const PluginContext&, Problems&, Duration& out);
/// A symbol of the system's instrument list; remembered in the context as used.
bool read_setting(const Setting&, const PluginContext&, Problems&, InstrumentId& out);
/// `{secret: name}`; text is refused, and what refuses it never repeats it.
bool read_setting(const Setting&, const PluginContext&, Problems&, Secret& out);
bool read_slot(const Setting&, const PluginContext&, Problems&, std::string_view kind,
               std::shared_ptr<void>& out);
template <class Contract>
bool read_setting(const Setting& s, const PluginContext& c, Problems& p, PluginSlot<Contract>& out) {
  std::shared_ptr<void> made;
  if (!read_slot(s, c, p, Contract::kKind, made)) return false;
  out.plugin = std::static_pointer_cast<Contract>(made);
  return true;
}
template <class T>
bool read_setting(const Setting& s, const PluginContext& c, Problems& p, std::vector<T>& out) {
  if (s.kind != Setting::Kind::list) {
    p.push_back({s.where, "expected a list", "write [a, b] or one `- item` per line"});
    return false;
  }
  bool good = true;
  for (const auto& item : s.items) { T x{}; good &= read_setting(item, c, p, x); out.push_back(std::move(x)); }
  return good;
}

/// What a type is called in documentation, and how a default is written there.
template <class T> std::string type_name();
template <class T> std::string default_text(const T& value);
/// A regular expression for everything the type's read_setting takes, and little else; may be empty.
template <class T> std::string type_pattern();

/// A limit on one field; `words` complete "<name> is 1, must be …". What follows `holds` may be
/// left out; from `choices` on it says the same as `words` to programs.
template <class T>
struct Limit {
  std::string words;
  std::function<bool(const T&)> holds;
  std::function<std::string(const T&)> mend = {};
  std::vector<std::string> choices = {};
  std::string low = {}, high = {};
  bool above_low = false;
};
template <class T> Limit<T> at_least(T low);
template <class T> Limit<T> at_most(T high);
template <class T> Limit<T> more_than(T low);
template <class T> Limit<T> between(T low, T high);
/// For text with a fixed choice; a wrong word is answered with the nearest right one.
Limit<std::string> one_of(std::vector<std::string> choices);

/// Describes and checks every field of `Config`, whose member initialisers are the defaults. The
/// only statement of a plugin's settings: parsing, docs and error texts all read it.
template <class Config>
class Schema {
 public:
  /// An optional field; its default is the initialiser in Config.
  template <class T, class... L>
  Schema& field(const char* name, T Config::*member, const char* text, L... limits);
  /// A field that must be written.
  template <class T, class... L>
  Schema& required(const char* name, T Config::*member, const char* text, L... limits);
  /// A condition on several fields; checked when each of them is valid.
  Schema& check(const char* words, std::function<bool(const Config&)> holds);

  std::vector<FieldDoc> describe() const;
  /// Appends every problem found; the result is valid when none was.
  Config read(const Setting& settings, const PluginContext& context, Problems& problems) const;

 private:
  struct Entry {
    FieldDoc doc;
    std::function<bool(Config&, const Setting&, const PluginContext&, Problems&)> read;
  };
  template <class T, class... L>
  Schema& add(bool required, const char* name, T Config::*member, const char* text, L... limits);

  std::vector<Entry> entries_;
  std::vector<std::pair<std::string, std::function<bool(const Config&)>>> checks_;
};

/// Reports fields of `settings` that are not in `known`, naming the nearest one that is.
void refuse_unknown(const Setting& settings, const std::vector<std::string>& known, Problems& problems);

}  // namespace holdfast

#include <holdfast/sdk/schema_impl.hpp>
