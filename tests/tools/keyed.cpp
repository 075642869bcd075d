// A notifier that knows a secret, to see that nobody else does.
#include <fstream>
#include <holdfast/sdk.hpp>
#include <stdexcept>

using namespace holdfast;

class Keyed final : public Notifier {
 public:
  struct Config {
    Secret key;
    std::string path;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("key", &Config::key, "What it knows.")
        .required("path", &Config::path, "Where it says what may be said of it.");
  }
  explicit Keyed(const Config& config) {
    std::ofstream{config.path} << config.key.shown() << ' ' << config.key.reveal().size() << '\n';
  }
  void notify(const Alert&) override {}
};

HOLDFAST_PLUGIN(Keyed, "keyed", "1.0.0", "Knows a secret.")
