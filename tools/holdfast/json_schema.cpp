#include "json_schema.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include <holdfast/config/describe.hpp>

namespace holdfast::cli {

namespace {

Json definition(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }

Json any_of(Json choices) {
  // A variable may stand wherever a value may.
  choices.push_back(definition("variable"));
  return {{"anyOf", std::move(choices)}};
}

/// Adds the bounds that are numbers to `schema`; others, such as 10s, stand in the description.
void bound(Json& schema, const FieldDoc& doc) {
  const auto number = [](const std::string& text) { return Json::parse(text, nullptr, false); };
  if (const auto low = number(doc.low); low.is_number()) schema[doc.above_low ? "exclusiveMinimum" : "minimum"] = low;
  if (const auto high = number(doc.high); high.is_number()) schema["maximum"] = high;
}

Json text(const FieldDoc& doc) {
  if (!doc.choices.empty()) return any_of(Json::array({Json{{"enum", doc.choices}}}));
  if (doc.pattern.empty()) return {{"type", Json::array({"string", "number", "boolean"})}};
  Json choices = Json::array({Json{{"type", "string"}, {"pattern", doc.pattern}}});
  if (std::regex_search("1", std::regex{doc.pattern})) {
    Json number = {{"type", "number"}};
    bound(number, doc);
    choices.push_back(number);
  }
  return any_of(choices);
}

/// What may stand behind a field of this type.
Json value(const FieldDoc& doc, const std::string& type) {
  if (const auto item = item_type_of(type); !item.empty())
    return {{"type", "array"}, {"items", value(doc, item)}};
  if (const auto kind = plugin_kind_of(type); !kind.empty()) return definition(kind);
  if (type == "secret") return definition(type);
  if (type == "true or false") return any_of(Json::array({Json{{"type", "boolean"}}}));
  if (type != "whole number" && type != "number") return text(doc);
  Json number = {{"type", type == "number" ? "number" : "integer"}};
  bound(number, doc);
  return any_of(Json::array({number}));
}

/// A default as the type of its field writes it; null where there is none to be written.
Json default_of(const FieldDoc& doc) {
  if (doc.required || doc.default_text.empty()) return {};
  const Json parsed = Json::parse(doc.default_text, nullptr, false);
  const bool as_json = doc.type == "true or false" || doc.type == "whole number" || doc.type == "number" ||
                       !item_type_of(doc.type).empty();
  if (as_json) return parsed.is_discarded() ? Json{} : parsed;
  return doc.default_text;
}

Json field(const FieldDoc& doc) {
  Json out = {{"description", doc.text + (doc.limits.empty() ? "" : " Must be " + doc.limits + ".")}};
  if (const Json by_default = default_of(doc); !by_default.is_null()) out["default"] = by_default;
  Json what = value(doc, doc.type);
  // Draft 7 looks at nothing that stands beside a $ref.
  if (what.contains("$ref")) out["allOf"] = Json::array({what});
  else out.update(what);
  return out;
}

/// A map with exactly these settings; `parts` are those of type "section".
Json object(const std::vector<FieldDoc>& docs, const Json& parts = Json::object()) {
  Json properties = Json::object(), required = Json::array();
  for (const auto& doc : docs) {
    if (doc.type == "section") {
      properties[doc.name] = {{"description", doc.text}};
      if (parts.contains(doc.name)) properties[doc.name].update(parts[doc.name]);
    } else {
      properties[doc.name] = field(doc);
    }
    if (doc.required) required.push_back(doc.name);
  }
  Json out = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = required;
  return out;
}

/// "if `key` is `name`, then `then`".
Json when(const std::string& key, const std::string& name, const Json& then) {
  return {{"if", {{"properties", {{key, {{"const", name}}}}}, {"required", Json::array({key})}}}, {"then", then}};
}

std::vector<const PluginListing*> of_kind(const std::vector<PluginListing>& plugins, const std::string& kind) {
  std::vector<const PluginListing*> out;
  for (const auto& p : plugins)
    if (p.kind == kind && p.refused.empty()) out.push_back(&p);
  return out;
}

/// The names of `plugins`, each with its summary.
Json choice(const std::vector<const PluginListing*>& plugins) {
  Json names = Json::array();
  for (const auto* p : plugins) names.push_back({{"const", p->name}, {"description", p->summary}});
  return any_of(names);
}

/// Kinds that settings have a place for, whether or not there is a plugin of it.
std::set<std::string> kinds_named(const std::vector<PluginListing>& plugins) {
  std::set<std::string> kinds;
  for (const auto& p : plugins)
    for (const auto& doc : p.settings) {
      const auto item = item_type_of(doc.type);
      kinds.insert(plugin_kind_of(item.empty() ? doc.type : item));
    }
  kinds.erase("");
  return kinds;
}

void define_plugins(Json& definitions, const std::vector<PluginListing>& plugins) {
  for (const auto& kind : kinds_named(plugins)) {
    Json cases = Json::array();
    const auto known = of_kind(plugins, kind);
    for (const auto* p : known) {
      Json settings = object(p->settings);
      settings["properties"]["plugin"] = {{"const", p->name}};
      definitions[kind + "_" + p->name] = settings;
      cases.push_back(when("plugin", p->name, definition(kind + "_" + p->name)));
    }
    definitions[kind] = {
        {"type", "object"}, {"required", Json::array({"plugin"})}, {"properties", {{"plugin", choice(known)}}}};
    if (!cases.empty()) definitions[kind]["allOf"] = cases;
  }
}

void define_actor(Json& definitions, const FileDoc& docs, const std::vector<PluginListing>& plugins) {
  Json actor = object(docs.actor, {{"settings", {{"type", "object"}}}});
  const auto known = of_kind(plugins, "actor");
  actor["properties"]["actor"].erase("anyOf");
  actor["properties"]["actor"].erase("type");
  actor["properties"]["actor"].update(choice(known));
  for (const auto* p : known) {
    definitions["actor_" + p->name] = object(p->settings);
    Json then = {{"properties", {{"settings", definition("actor_" + p->name)}}}};
    if (std::any_of(p->settings.begin(), p->settings.end(), [](const auto& s) { return s.required; }))
      then["required"] = Json::array({"settings"});
    actor["allOf"].push_back(when("actor", p->name, then));
  }
  definitions["actor"] = actor;
}

}  // namespace

Json json_schema(const std::vector<PluginListing>& plugins) {
  const FileDoc docs = describe_file();
  Json definitions = Json::object();
  definitions["variable"] = {{"type", "string"}, {"pattern", "\\$"}, {"description", "${VAR} or ${VAR:-default}"}};
  definitions["secret"] = {{"type", "object"},
                           {"properties", {{"secret", {{"type", "string"}, {"description", "The secret's name."}}}}},
                           {"required", Json::array({"secret"})},
                           {"additionalProperties", false}};
  define_plugins(definitions, plugins);
  define_actor(definitions, docs, plugins);
  const Json children = {{"type", "array"}, {"minItems", 1}, {"items", definition("child")}};
  const Json parts = {{"backoff", object(docs.backoff)}, {"children", children}};
  definitions["supervisor"] = object(docs.supervisor, parts);
  definitions["supervisor"]["required"].push_back("supervisor");
  definitions["child"] = {{"type", "object"},
                          {"if", {{"required", Json::array({"actor"})}}},
                          {"then", definition("actor")},
                          {"else", definition("supervisor")}};
  const Json pins = {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  // A reader of YAML 1.1 takes `off` for false.
  const Json off = {{"enum", Json::array({kJournalOff, false})}};
  const Json journal = any_of(Json::array({off, object(docs.journal, {{"retention", object(docs.retention)}})}));
  const Json heir = {{"type", "object"}, {"properties", {{"hand_over", {{"type", "string"}}}}}, {"required", Json::array({"hand_over"})},
                     {"additionalProperties", false}};
  const Json removed = {{"type", "object"},
                        {"additionalProperties", any_of(Json::array({Json{{"enum", Json::array({"cancel", "flatten"})}}, heir}))}};
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "A Holdfast system"}};
  schema.update(object(docs.file, {{"system", object(docs.system)},
                                   {"plugins", object(docs.plugins, {{"pins", pins}})},
                                   {"journal", journal},
                                   {"metrics", object(docs.metrics)},
                                   {"instruments", {{"type", "array"}, {"items", object(docs.instrument)}}},
                                   {"removed", removed},
                                   {"profiles", {{"type", "object"}, {"additionalProperties", {{"type", "object"}}}}},
                                   {"tree", object(docs.tree, parts)}}));
  schema["definitions"] = definitions;
  return schema;
}

}  // namespace holdfast::cli
