#pragma once

#include "system_fixture.hpp"

/// Systems as a host program opens them: with a plugin host of their own.
namespace holdfast::test {

inline System::Options options_in(const std::string& data_dir, Runtime runtime = Runtime::caf) {
  System::Options options;
  options.runtime = runtime;
  options.data_dir = data_dir;
  return options;
}

/// Plugins of the tests besides those that are built.
inline std::shared_ptr<PluginHost> wrong_and_built() {
  return std::make_shared<PluginHost>(
      std::vector<std::string>{wrong_plugins(), (build_dir() / "plugins").string()});
}

/// A market without end at twenty times its pace, and one who orders all the time.
inline Setup endless() {
  Setup setup;
  setup.ticks = 0;
  setup.speed = 20;
  setup.strategies = {{"beat", "plugin: metronome, every: 20"}};
  return setup;
}

inline Setup small() {
  Setup setup;
  setup.ticks = 5'000;
  setup.strategies = {{"beat", "plugin: metronome, every: 100"}};
  return setup;
}

/// What the plugin linked into the test program is called, and the key it wants.
extern "C" const PluginManifest* holdfast_plugin_strategy_linked();
inline Setup with_linked() {
  Setup setup = small();
  setup.strategies = {{"inside", "plugin: linked, key: { secret: desk/key }"}};
  return setup;
}
inline System::Options knowing_the_key(System::Options options) {
  options.secrets = [](const std::string& name, std::string&) {
    return name == "desk/key" ? std::optional<std::string>{"open sesame"} : std::nullopt;
  };
  return options;
}

/// Works until `done`. False when it takes longer than anything should.
inline bool until(System& system, const std::function<bool(const SystemStatus&)>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!done(system.status())) {
    if (std::chrono::steady_clock::now() >= end) return false;
    if (!system.run_for(std::chrono::milliseconds{2})) return done(system.status());
  }
  return true;
}

inline void finish(System& system) {
  while (system.run_for(std::chrono::seconds{1})) continue;
  BOOST_TEST(system.stop(std::chrono::seconds{20}) == "");
}

/// What `call` throws, in words; empty when it does not.
template <class Error = std::exception, class F>
std::string thrown(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace holdfast::test
