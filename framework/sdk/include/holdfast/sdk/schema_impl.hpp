#pragma once
// The templates of schema.hpp, kept apart so that the contract fits on a screen.

#include <type_traits>

namespace holdfast {

namespace detail {
template <class T> struct is_slot : std::false_type {};
template <class C> struct is_slot<PluginSlot<C>> : std::true_type { using contract = C; };
template <class T> struct is_list : std::false_type {};
template <class T> struct is_list<std::vector<T>> : std::true_type { using item = T; };
std::string print_double(double value);
std::string print_duration(Duration value);
std::string duration_pattern();
/// What two limits on one field leave to choose from.
void narrow(FieldDoc& doc, const std::string& words, std::vector<std::string> choices, const std::string& low,
            const std::string& high, bool above_low);
}  // namespace detail

template <class T>
std::string type_name() {
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  else if constexpr (std::is_integral_v<T>) return "whole number";
  else if constexpr (std::is_floating_point_v<T>) return "number";
  else if constexpr (std::is_same_v<T, std::string>) return "text";
  else if constexpr (std::is_same_v<T, Duration>) return "duration";
  else if constexpr (std::is_same_v<T, InstrumentId>) return "instrument";
  else if constexpr (std::is_same_v<T, Price>) return "price";
  else if constexpr (std::is_same_v<T, Quantity>) return "quantity";
  else if constexpr (std::is_same_v<T, Money>) return "money";
  else if constexpr (std::is_same_v<T, Rate>) return "rate";
  else if constexpr (std::is_same_v<T, Secret>) return "secret";
  else if constexpr (detail::is_slot<T>::value)
    return std::string{detail::is_slot<T>::contract::kKind} + " plugin";
  else return "list of " + type_name<typename detail::is_list<T>::item>();
}

template <class T>
std::string default_text(const T& value) {
  if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
  else if constexpr (std::is_integral_v<T>) return std::to_string(value);
  else if constexpr (std::is_floating_point_v<T>) return detail::print_double(value);
  else if constexpr (std::is_same_v<T, std::string>) return value;
  else if constexpr (std::is_same_v<T, Duration>) return detail::print_duration(value);
  else if constexpr (requires { value.str(); }) return value.str();
  else if constexpr (detail::is_list<T>::value) {
    std::string items;
    for (const auto& item : value) items += (items.empty() ? "" : ", ") + default_text(item);
    return "[" + items + "]";
  } else return "";
}

template <class T>
std::string type_pattern() {
  if constexpr (std::is_same_v<T, Duration>) return detail::duration_pattern();
  else if constexpr (requires(T amount) { T::parse(amount.str()); }) return "^[+-]?[0-9]+(\\.[0-9]+)?$";
  else if constexpr (detail::is_list<T>::value) return type_pattern<typename detail::is_list<T>::item>();
  else return "";
}

template <class T>
Limit<T> at_least(T low) {
  return {"at least " + default_text(low), [low](const T& x) { return x >= low; }, {}, {}, default_text(low)};
}
template <class T>
Limit<T> at_most(T high) {
  return {"at most " + default_text(high), [high](const T& x) { return x <= high; }, {}, {}, {}, default_text(high)};
}
template <class T>
Limit<T> more_than(T low) {
  return {"more than " + default_text(low), [low](const T& x) { return x > low; }, {}, {}, default_text(low), {}, true};
}
template <class T>
Limit<T> between(T low, T high) {
  return {"between " + default_text(low) + " and " + default_text(high),
          [low, high](const T& x) { return x >= low && x <= high; }, {}, {}, default_text(low), default_text(high)};
}

template <class Config>
template <class T, class... L>
Schema<Config>& Schema<Config>::add(bool required, const char* name, T Config::*member,
                                    const char* text, L... limits) {
  FieldDoc doc{name, type_name<T>(), text, "", "", required};
  doc.pattern = type_pattern<T>();
  if (!required) doc.default_text = default_text(Config{}.*member);
  (detail::narrow(doc, limits.words, limits.choices, limits.low, limits.high, limits.above_low), ...);
  std::vector<Limit<T>> rules{Limit<T>{limits.words, limits.holds, limits.mend}...};
  auto read = [=](Config& config, const Setting& s, const PluginContext& c, Problems& problems) {
    T value{};
    if (!read_setting(s, c, problems, value)) return false;
    for (const auto& rule : rules)
      if (!rule.holds(value)) {
        problems.push_back({s.where, std::string{name} + " is " + s.text + ", must be " + rule.words,
                            rule.mend ? rule.mend(value) : ""});
        return false;
      }
    config.*member = std::move(value);
    return true;
  };
  entries_.push_back({std::move(doc), std::move(read)});
  return *this;
}

template <class Config>
template <class T, class... L>
Schema<Config>& Schema<Config>::field(const char* name, T Config::*member, const char* text, L... limits) {
  return add(false, name, member, text, limits...);
}

template <class Config>
template <class T, class... L>
Schema<Config>& Schema<Config>::required(const char* name, T Config::*member, const char* text, L... limits) {
  return add(true, name, member, text, limits...);
}

template <class Config>
Schema<Config>& Schema<Config>::check(const char* words, std::function<bool(const Config&)> holds) {
  checks_.emplace_back(words, std::move(holds));
  return *this;
}

template <class Config>
std::vector<FieldDoc> Schema<Config>::describe() const {
  std::vector<FieldDoc> docs;
  for (const auto& entry : entries_) docs.push_back(entry.doc);
  return docs;
}

template <class Config>
Config Schema<Config>::read(const Setting& settings, const PluginContext& context, Problems& problems) const {
  Config config;
  std::vector<std::string> known;
  for (const auto& entry : entries_) known.push_back(entry.doc.name);
  refuse_unknown(settings, known, problems);
  bool good = true;
  for (const auto& entry : entries_) {
    const Setting* s = settings.find(entry.doc.name);
    if (s != nullptr) good &= entry.read(config, *s, context, problems);
    else if (entry.doc.required) {
      problems.push_back({settings.where, entry.doc.name + " is required", entry.doc.text});
      good = false;
    }
  }
  if (!good) return config;
  for (const auto& [words, holds] : checks_)
    if (!holds(config)) problems.push_back({settings.where, words, ""});
  return config;
}

}  // namespace holdfast
