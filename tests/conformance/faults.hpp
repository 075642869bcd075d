#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

namespace holdfast::test {

/// The table faults.txt: by a fault's name, the cases that find it, of one broken plugin: "faulty.no_ack: BC-015 BC-030".
inline std::map<std::string, std::string> faults_of(const std::string& plugin) {
  std::ifstream in{std::string{std::getenv("HOLDFAST_SOURCE")} + "/tests/conformance/faults.txt"};
  std::map<std::string, std::string> all;
  for (std::string line; std::getline(in, line);)
    if (const auto colon = line.find(": "); line.starts_with(plugin + "."))
      all[line.substr(plugin.size() + 1, colon - plugin.size() - 1)] = line.substr(colon + 2);
  return all;
}

}  // namespace holdfast::test
