#include "hosted.hpp"

namespace holdfast::testkit {

namespace {

/// The plugin under test, whatever the slot names.
class ThisOne final : public PluginSource {
 public:
  explicit ThisOne(const PluginManifest& manifest) : manifest_{manifest} {}
  std::shared_ptr<void> make(std::string_view, std::string_view, const Setting& settings, const PluginContext& context,
                             Problems& problems) override {
    return manifest_.make(settings, context, problems);
  }

 private:
  const PluginManifest& manifest_;
};

}  // namespace

Bench::Make hosted(const PluginManifest& actor, const std::string& slot, const Subject& plugin, const Fields& more) {
  return [&actor, slot, &plugin, more] {
    ThisOne source{plugin.manifest};
    Subject host{actor,
                 with(map({{slot, with(plugin.settings, {{"plugin", plugin.manifest.name}})}}), more),
                 plugin.symbols,
                 plugin.base_dir,
                 plugin.instruments,
                 plugin.secrets,
                 plugin.keep_dir};
    return std::static_pointer_cast<Actor>(host.make(&source));
  };
}

}  // namespace holdfast::testkit
