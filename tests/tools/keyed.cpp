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
    bool betray = false;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("key", &Config::key, "What it knows.")
        .required("path", &Config::path, "Where it says what may be said of it.")
        .field("betray", &Config::betray, "Fails, and says what it knows.");
  }
  explicit Keyed(const Config& config) {
    if (config.betray) throw std::runtime_error{"the key " + config.key.reveal() + " fits nowhere"};
    std::ofstream{config.path} << config.key.shown() << ' ' << config.key.reveal().size() << '\n';
  }
  void notify(const Alert&) override {}
};

HOLDFAST_PLUGIN(Keyed, "keyed", "1.0.0", "Knows a secret.")
