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

/// Where a machine does not let a test do what it needs, a script says so with this exit code.
constexpr int kSkipped = 77;

/// Shell function `among_own_mounts SCRIPT`: what it mounts ends with it. As root in a bare
/// changed root, too, where nobody may have users of one's own.
inline const std::string kOwnMounts = R"sh(
among_own_mounts() {
  for how in -m -rm; do
    if unshare $how mount -t tmpfs none . 2>/dev/null; then unshare $how sh -c "set -e; $1"; return; fi
  done
  exit 77
}
)sh";

}  // namespace holdfast::test
