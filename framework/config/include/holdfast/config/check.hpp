#pragma once

#include <functional>
#include <holdfast/config/plan.hpp>
#include <holdfast/sdk/plugin_context.hpp>
#include <string_view>
#include <utility>

namespace holdfast {

/// What check_plan() needs of whoever loads plugins.
struct PluginChecks {
  PluginSource& source;
  std::function<void(const PinPlan&)> pin;
  /// Why a library cannot be used, or nothing; places are `where`.
  std::function<Problems(std::string_view kind, std::string_view name, const Where& where)> probe;
  SecretReader secrets = {};
};

Problems check_plan(const Plan& plan, const PluginChecks& checks);

/// Pins what the plan pins, loads every actor's library and reads its settings, those of nested
/// plugins included, without constructing anything. All problems at once, with their places and
/// without secrets; those that settings name are looked up. `host` has PluginHost's shape and must
/// outlive the call; its pins stay.
template <class Host>
Problems check_plan(const Plan& plan, Host& host, SecretReader secrets = {}) {
  return check_plan(
      plan, PluginChecks{host, [&host](const PinPlan& p) { host.pin(p.kind, p.name, p.sha256, p.where); },
                         [&host](std::string_view kind, std::string_view name, const Where& where) {
                           return host.probe(kind, name, where);
                         }, std::move(secrets)});
}

}  // namespace holdfast
