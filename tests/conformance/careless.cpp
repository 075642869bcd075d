// A broker whose author has written neither version nor texts: what the conformance suite says of a library.
#include <holdfast/sdk.hpp>

using namespace holdfast;

class Careless final : public Broker {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config {
    int speed = 1;
  };
  static Schema<Config> schema() { return Schema<Config>{}.field("speed", &Config::speed, ""); }
  explicit Careless(const Config&) {}
  bool pure() const override { return true; }
  void send(const ApprovedOrder&, Blotter&) override {}
  void cancel(const WorkingOrder&, std::uint64_t, Blotter&) override {}
};

#define holdfast_plugin holdfast_careless
HOLDFAST_PLUGIN(Careless, "careless", "one", "")
#undef holdfast_plugin

/// Says no without a place.
static std::shared_ptr<void> make(const Setting& settings, const PluginContext& context, Problems& problems) {
  Problems own;
  auto made = holdfast_careless()->make(settings, context, own);
  for (Problem& problem : own) problems.push_back({{}, problem.what, problem.mend});
  return made;
}

extern "C" __attribute__((visibility("default"))) const PluginManifest* holdfast_plugin() {
  static const PluginManifest manifest = [] {
    PluginManifest manifest = *holdfast_careless();
    manifest.make = make;
    return manifest;
  }();
  return &manifest;
}
