#pragma once

#include <ostream>
#include <string>
#include <vector>

/// The rules of the house as pure functions over the text of a file, so that a test can plant a
/// fault and see it found. A path is relative to the project, with forward slashes.
namespace holdfast::tidy {

struct File {
  std::string path, text;
};

struct Finding {
  std::string path;
  int line = 0;  ///< 0: about the whole file.
  std::string what;
  friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = std::vector<Finding>;
std::ostream& operator<<(std::ostream& out, const Finding& finding);

/// `text` with comments and what stands between quotes blanked, lines kept.
std::string code_of(const std::string& text);
std::vector<std::string> lines_of(const std::string& text);
bool is_cpp(const std::string& path);

/// Every #include against the floor plan: who may see whom, and each foreign library in its room.
Findings check_floors(const File& file);
/// Public headers 200 lines, everything else 400.
Findings check_size(const File& file);
/// Printing, environment, clocks, threads, sleeping, chance and catch-alls, each in its place.
Findings check_calls(const File& file);
/// Notes to oneself and places on somebody's machine.
Findings check_leftovers(const File& file);
/// The first thing an author reads: short, and nothing but the SDK in sight.
Findings check_example(const File& file);

/// Every failpoint that `sites` lists is a place in the framework, and every place is listed.
Findings check_failpoints(const File& sites, const std::vector<File>& project);

}  // namespace holdfast::tidy
