// A trading system inside your program: opened from a file, run to its end, stopped in order.
#include <holdfast/runtime/system.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  using namespace std::chrono_literals;
  if (argc != 3) throw std::invalid_argument{"usage: embed FILE DATA_DIR"};
  const auto system = holdfast::System::open_file(argv[1], {.data_dir = argv[2]});
  system->start();
  while (system->run_for(100ms)) continue;  // Your own work goes here: the system has its threads.
  std::cerr << system->stop(10s);           // What was left undone; nothing, as a rule.
  std::cout << system->summary().counts.fills << " fills\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
