#include <filesystem>
#include <fstream>
#include <holdfast/sdk.hpp>
#include <stdexcept>

using namespace holdfast;

/// Appends one line per alert to a file, where people and programs follow it.
class FileNotifier final : public Notifier {
 public:
  struct Config {
    std::string path;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}.required(
        "path", &Config::path, "The file; made when it does not exist.",
        Limit<std::string>{"not empty", [](const std::string& path) { return !path.empty(); }});
  }
  FileNotifier(const Config& config, const PluginContext& context)
      : path_{(std::filesystem::path{context.base_dir} / config.path).string()} {}

  void notify(const Alert& alert) override {
    // Opened each time, so that the file can be rotated away.
    std::ofstream out{path_, std::ios::app};
    out << alert.time.str() << ' ' << to_string(alert.severity) << ' ' << alert.seq << ' ' << alert.text << std::endl;
    if (!out) throw std::runtime_error{path_ + " cannot be written: check that its folder exists and has room"};
  }

 private:
  std::string path_;
};

HOLDFAST_PLUGIN(FileNotifier, "file", "1.0.0", "Appends one line per alert to a file.")
