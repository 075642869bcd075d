// An actor whose settings name another plugin.
#include <holdfast/sdk.hpp>

using namespace holdfast;

class Outer : public Actor {
 public:
  struct Config {
    PluginSlot<Strategy> strategy;
    InstrumentId instrument;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("strategy", &Config::strategy, "What decides.")
        .required("instrument", &Config::instrument, "What is traded.");
  }
  explicit Outer(const Config&) {}
  void hear(const Event&, Stage&) override {}
  void state(Archive&) override {}
};

HOLDFAST_PLUGIN(Outer, "outer", "1.0.0", "Hosts a strategy")
