#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <string>

namespace holdfast::test {

/// A folder of its own for one test, removed with all that is in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "holdfast-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_.string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream{path_ / name, std::ios::binary} << bytes;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

inline std::string words(const Problems& problems) {
  std::string out;
  for (const auto& problem : problems) out += problem.str() + "\n";
  return out;
}

inline std::string words(const std::vector<Refusal>& refused) {
  std::string out;
  for (const auto& refusal : refused) out += refusal.at({}).str() + "\n";
  return out;
}

/// What is said when this plugin is asked for in line 7 of a file.
inline std::string refusal(PluginHost& host, std::string_view kind, std::string_view name) {
  return words(host.probe(kind, name, {"f", 7, 1}));
}

}  // namespace holdfast::test
