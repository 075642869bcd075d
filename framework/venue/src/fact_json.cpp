#include <nlohmann/json.hpp>

#include <holdfast/venue/log.hpp>

/// Facts as lines. What is zero, empty or false is left out; amounts are text; enumerations are FIX's values.
namespace holdfast::venue {

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& what) { throw LogError{what}; }

class Writer {
 public:
  explicit Writer(Json& to) : to_{to} {}
  void operator()(const char* name, const std::string& v) {
    if (!v.empty()) to_[name] = v;
  }
  void operator()(const char* name, std::uint64_t v) {
    if (v != 0) to_[name] = v;
  }
  void operator()(const char* name, bool v) {
    if (v) to_[name] = true;
  }
  void operator()(const char* name, Time v) {
    if (v != Time{}) to_[name] = v.ns;
  }
  template <class Tag>
  void operator()(const char* name, Fixed<Tag> v) {
    if (!v.is_zero()) to_[name] = v.str();
  }
  void operator()(const char* name, const std::map<std::string, Money>& v) {
    for (const auto& [key, amount] : v) to_[name][key] = amount.str();
  }
  void operator()(const char* name, OrdStatus v) { to_[name] = std::string(1, static_cast<char>(v)); }
  template <class E>
    requires std::is_enum_v<E>
  void operator()(const char* name, E v) { to_[name] = static_cast<int>(v); }

 private:
  Json& to_;
};

/// Strict: a field nobody knows, or of another kind, is a broken line.
class Reader {
 public:
  explicit Reader(const Json& from) : from_{from} {}
  void operator()(const char* name, std::string& v) {
    if (const Json* found = take(name, &Json::is_string)) v = found->get<std::string>();
  }
  void operator()(const char* name, std::uint64_t& v) {
    if (const Json* found = take(name, &Json::is_number_unsigned)) v = found->get<std::uint64_t>();
  }
  void operator()(const char* name, bool& v) {
    if (const Json* found = take(name, &Json::is_boolean)) v = found->get<bool>();
  }
  void operator()(const char* name, Time& v) {
    if (const Json* found = take(name, &Json::is_number_integer)) v.ns = found->get<std::int64_t>();
  }
  template <class Tag>
  void operator()(const char* name, Fixed<Tag>& v) {
    if (const Json* found = take(name, &Json::is_string)) v = amount<Fixed<Tag>>(name, found->get<std::string>());
  }
  void operator()(const char* name, std::map<std::string, Money>& v) {
    const Json* found = take(name, &Json::is_object);
    if (found == nullptr) return;
    for (const auto& [key, text] : found->items()) {
      if (!text.is_string()) refuse(std::string{name} + " holds something other than amounts");
      v[key] = amount<Money>(name, text.get<std::string>());
    }
  }
  void operator()(const char* name, OrdStatus& v) {
    const Json* found = take(name, &Json::is_string);
    const std::string text = found == nullptr ? "" : found->get<std::string>();
    if (text != "4" && text != "C") refuse(std::string{name} + " is neither \"4\" nor \"C\"");
    v = static_cast<OrdStatus>(text[0]);
  }
  void operator()(const char* name, Side& v) { choice(name, v, {1, 2}); }
  void operator()(const char* name, Liquidity& v) { choice(name, v, {1, 2}); }
  void operator()(const char* name, OrdType& v) { choice(name, v, {1, 2, 3, 4}); }
  void operator()(const char* name, TimeInForce& v) { choice(name, v, {0, 1, 3, 4, 6}); }
  void operator()(const char* name, SelfTrade& v) { choice(name, v, {0, 1, 2, 3}); }
  /// REQUIRES: every field was asked for.
  void end() const {
    if (taken_ != from_.size()) refuse("it has a field that " + from_.at("fact").get<std::string>() + " does not have");
  }

 private:
  const Json* take(const char* name, bool (Json::*is)() const noexcept) {
    const auto found = from_.find(name);
    if (found == from_.end()) return nullptr;
    if (!((*found).*is)()) refuse(std::string{name} + " is of another kind");
    ++taken_;
    return &*found;
  }
  template <class F>
  static F amount(const char* name, const std::string& text) {
    const auto value = F::parse(text);
    if (!value) refuse(std::string{name} + " is no amount");
    return *value;
  }
  template <class E>
  void choice(const char* name, E& v, std::initializer_list<int> values) {
    const Json* found = take(name, &Json::is_number_unsigned);
    const int value = found == nullptr ? -1 : found->get<int>();
    if (std::find(values.begin(), values.end(), value) == values.end()) refuse(std::string{name} + " is missing or unknown");
    v = static_cast<E>(value);
  }
  const Json& from_;
  std::size_t taken_ = 1;  // Its name.
};

/// The alternative called `name`, its fields read.
template <std::size_t I = 0>
Fact fact_of(const std::string& name, const Json& json) {
  if constexpr (I == std::variant_size_v<Fact>) {
    refuse("there is no fact '" + name + "'");
  } else {
    using F = std::variant_alternative_t<I, Fact>;
    if (name != F::kName) return fact_of<I + 1>(name, json);
    F fact;
    Reader reader{json};
    fact.fields(reader);
    reader.end();
    return fact;
  }
}

}  // namespace

std::string line_of(const Batch& batch) {
  Json facts = Json::array();
  for (Fact fact : batch.facts) {
    Json& one = facts.emplace_back(Json::object());
    Writer writer{one};
    std::visit([&](auto& f) { one["fact"] = f.kName, f.fields(writer); }, fact);
  }
  return Json{{"time", batch.time.ns}, {"facts", std::move(facts)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Batch batch_of(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || json.size() != 2 || !json.contains("time") || !json["time"].is_number_integer() ||
      !json.contains("facts") || !json["facts"].is_array())
    refuse("it is no time with its facts");
  Batch batch{{json["time"].get<std::int64_t>()}, {}};
  for (const Json& one : json["facts"]) {
    if (!one.is_object() || !one.contains("fact") || !one["fact"].is_string()) refuse("a fact has no name");
    batch.facts.push_back(fact_of(one["fact"].get<std::string>(), one));
  }
  return batch;
}

}  // namespace holdfast::venue
