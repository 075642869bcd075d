// Gives a target the inputs in files and folders: its corpus, without a fuzzing compiler.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "input.hpp"

namespace {

namespace fs = std::filesystem;

void feed(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  // A copy that ends where the input ends, so that a sanitizer sees a step beyond.
  const std::vector<std::uint8_t> input{bytes.begin(), bytes.end()};
  std::fprintf(stderr, "%s\n", path.c_str());
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  int fed = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : fs::recursive_directory_iterator{argv[i]})
      if (entry.is_regular_file()) feed(entry.path()), ++fed;
  std::fprintf(stderr, "%d inputs\n", fed);
  return fed == 0 ? 1 : 0;
}
