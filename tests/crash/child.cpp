// crash_child sim|caf DIR PLAN_FILE PLUGIN_FOLDERS FAILPOINTS
//
// Runs a system until the market ends or somebody kills it, and says on stdout how far it is:
// "at HEAD RELEASED" again and again, "halted" when told so on stdin, "done HEAD DIGEST" at the end.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <holdfast/config/load.hpp>
#include <holdfast/journal/sha256.hpp>
#include <holdfast/runtime/system.hpp>
#include <iostream>

using namespace holdfast;

namespace {

/// One letter from the parent, or 0.
char told() {
  pollfd in{STDIN_FILENO, POLLIN, 0};
  char letter = 0;
  return ::poll(&in, 1, 0) == 1 && ::read(STDIN_FILENO, &letter, 1) == 1 ? letter : '\0';
}

int run(char** argv) {
  auto loaded = load_plan(argv[3]);
  if (!loaded.plan) {
    std::cerr << render(loaded, false);
    return 78;
  }
  PluginHost host{PluginHost::split_path(argv[4])};
  System::Options options;
  options.runtime = std::string{argv[1]} == "sim" ? System::Runtime::sim : System::Runtime::caf;
  options.data_dir = argv[2];
  options.failpoints = argv[5];
  auto system = System::open(std::move(*loaded.plan), host, std::move(options));
  system->start();
  while (system->run_for(std::chrono::milliseconds{1})) {
    const auto status = system->status();
    std::cout << "at " << status.head_seq << ' ' << status.release_seq << std::endl;
    const char letter = told();
    if (letter == 'w') system->failpoints().set("journal.before_write=pause");
    if (letter == 's') system->failpoints().set("journal.before_sync=pause");
    if (letter == 'x') break;
    if (letter == 'h') {
      system->halt({LatchScope::system, LatchLevel::halted, "", "a tester", "a drill", Time{1}}, Duration{1});
      std::cout << "halted" << std::endl;
    }
  }
  const std::string left = system->stop(std::chrono::seconds{20});
  if (!system->failure().empty() || !left.empty()) {
    std::cerr << system->failure() << left << '\n';
    return 70;
  }
  const auto summary = system->summary();
  std::cout << "done " << summary.head_seq << ' ' << hex(summary.state_digest) << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 64;
  try {
    return run(argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 70;
  }
}
