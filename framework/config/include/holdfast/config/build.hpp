#pragma once

#include <concepts>
#include <holdfast/config/plan.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

/// A plan made in code, as readable as the YAML it stands for:
///
///   plan.tree.children = {actor("ledger", "ledger"),
///                         actor("venue", "broker", map({{"broker", map({{"plugin", "paper"}})}}))};
namespace holdfast::build {

/// A value as a person would have written it. Amounts are text, because money is never floating
/// point: "0.01".
struct Value {
  Value(const char* text) : Value{std::string{text}} {}
  Value(std::string text) {
    setting.kind = Setting::Kind::scalar;
    setting.text = std::move(text);
  }
  Value(bool flag) : Value{flag ? "true" : "false"} {}
  Value(std::integral auto number) : Value{std::to_string(number)} {}
  Value(std::floating_point auto) = delete;
  Value(Setting made) : setting{std::move(made)} {}
  Setting setting;
};

inline Setting map(std::initializer_list<std::pair<std::string, Value>> fields) {
  Setting made;
  made.kind = Setting::Kind::map;
  for (const auto& [name, value] : fields) {
    made.fields.emplace_back(name, value.setting);
    made.keys.emplace_back();
  }
  return made;
}

inline Setting list(std::initializer_list<Value> items) {
  Setting made;
  made.kind = Setting::Kind::list;
  for (const auto& item : items) made.items.push_back(item.setting);
  return made;
}

/// Fails: std::invalid_argument when `tick` or `lot` is no amount.
inline Instrument instrument(std::string symbol, const std::string& tick, const std::string& lot,
                             std::string currency, std::string session = "24x7") {
  const auto price = Price::parse(tick);
  const auto quantity = Quantity::parse(lot);
  if (!price || !quantity) throw std::invalid_argument{symbol + ": tick and lot must be decimal numbers"};
  return {{}, 1, std::move(symbol), *price, *quantity, std::move(currency), std::move(session)};
}

/// Everything below `setting` stands at `where`, so that a problem names it.
inline void place(Setting& setting, const Where& where) {
  setting.where = where;
  for (auto& key : setting.keys) key = where;
  for (auto& item : setting.items) place(item, where);
  for (auto& [name, field] : setting.fields) place(field, where);
}

/// The actor `name`, made by the library `library`. Problems with it are found at "actor NAME".
inline ChildPlan actor(std::string name, std::string library, Setting settings = map({})) {
  const Where where{"actor " + name, 0, 0};
  place(settings, where);
  ActorPlan made;
  made.name = std::move(name);
  made.actor = std::move(library);
  made.settings = std::move(settings);
  made.where = made.actor_where = made.pin_where = where;
  return {std::move(made)};
}

}  // namespace holdfast::build
