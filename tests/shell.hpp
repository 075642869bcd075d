#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

/// Running commands as people type them.
namespace holdfast::test {

struct Ran {
  int exit = -1;
  std::string output;  ///< Of both streams.
};

/// The folder of the program that was built.
inline std::string built_bin() {
  const char* program = std::getenv("HOLDFAST_BIN");
  return program == nullptr ? "." : std::filesystem::path{program}.parent_path().string();
}

/// Every line of `text` in `folder`, with the programs in `bin` first; stops at the first that fails.
inline Ran shell(const std::string& text, const std::string& folder, const std::string& bin = built_bin()) {
  const std::string script = folder + "/.commands";
  std::ofstream{script} << "set -e\ncd '" << folder << "'\nexport PATH='" << bin << "':\"$PATH\" NO_COLOR=1\n" << text;
  Ran ran;
  FILE* pipe = ::popen(("timeout 120 sh '" + script + "' 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, n);
  const int status = ::pclose(pipe);
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

}  // namespace holdfast::test
