// Nothing is wrong with it but, perhaps, the name of its file.
#include <holdfast/sdk.hpp>

using namespace holdfast;

class Good : public Strategy {
 public:
  struct Config {
    int period = 20;
    std::string account = "none";
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("period", &Config::period, "How many quotes.", at_least(2))
        .field("account", &Config::account, "Whose.", one_of({"none", "some"}));
  }
  explicit Good(const Config& config) : period{config.period} {}
  const int period;
};

HOLDFAST_PLUGIN(Good, "good", "1.2.3", "Does nothing well")
