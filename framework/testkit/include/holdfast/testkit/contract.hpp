#pragma once

#include <holdfast/sdk/plugin.hpp>
#include <holdfast/testkit/settings.hpp>
#include <string>
#include <vector>

/// What every plugin of a kind owes to the system, as one call in any test library or in none:
/// `BOOST_TEST(text_of(check_strategy(subject)) == "")`.
///
/// Plugins are made from their manifests, as a system makes them. While a plugin works, the
/// process's clocks, environment and sources of chance tell when they are asked.
/// The plugin that a test made with holdfast_add_plugin_test() contains.
extern "C" const holdfast::PluginManifest* holdfast_plugin();

namespace holdfast::testkit {

/// One plugin with settings it can be made with.
struct Subject {
  const PluginManifest& manifest;
  Setting settings = map({});
  /// Instruments 1, 2, 3 … of these names: cents as ticks, hundred-thousandths as lots, always open.
  std::vector<std::string> symbols = {"BTCUSDT", "ETHUSDT"};
  std::string base_dir = ".";
  /// Those instead of `symbols`, if there are any.
  std::shared_ptr<const Instruments> instruments = {};
  SecretReader secrets = {};
  std::string keep_dir = {};

  /// What the plugin says against `wanted`; empty when it would be made. Constructs nothing.
  Problems problems(const Setting& wanted) const;
  /// A new instance. Fails: std::runtime_error with every problem in one text.
  std::shared_ptr<void> make(PluginSource* plugins = nullptr) const;
  template <class Contract>
  std::shared_ptr<Contract> make() const {
    return std::static_pointer_cast<Contract>(make());
  }
  PluginContext context(bool checking = false) const;
};

/// One way in which a plugin does not keep its contract.
struct Finding {
  std::string check;  ///< "same twice", "restart", "no clock", "settings", …
  std::string what;   ///< What was seen, and what is owed instead.
};
using Findings = std::vector<Finding>;
/// One line each; empty when there are none.
std::string text_of(const Findings& findings);

/// Settings: all declared with a type and a text, defaults that are accepted when written out,
/// unknown, missing and misshapen ones refused. Part of every check below.
Findings check_settings(const Subject& subject);

/// The conformance suite for strategies (conformance.hpp) in a market of `ticks` generated ticks, with somebody who
/// looks on.
Findings check_strategy(const Subject& subject, int ticks = 400);

/// The conformance suite for feeds (conformance.hpp), of one that reads a recording of at least `records`, with
/// somebody who looks on.
Findings check_feed(const Subject& subject, std::size_t records = 100);

/// A risk rule over orders and exposures of many kinds: verdicts that depend on nothing else, a
/// reason in every no, and at least one yes and one no.
Findings check_risk_rule(const Subject& subject);

/// A notifier told alerts of every kind: each is taken, or refused with std::runtime_error.
Findings check_notifier(const Subject& subject);

}  // namespace holdfast::testkit
