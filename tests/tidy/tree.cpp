#include "tidy/tree.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace fs = std::filesystem;

namespace holdfast::tidy {

std::string source_root() {
  const char* named = std::getenv("HOLDFAST_SOURCE");
  return named == nullptr ? "." : named;
}

namespace {

/// What is the project's: everything else beside it was built, recorded or is a tool's own.
const std::set<std::string> kTop{".ci",       "actors",  "cmake",     "configs", "docs", "examples",
                                 "framework", "packaging", "plugins", "scenarios", "tests", "tools"};

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<File> read_project() {
  const fs::path root = source_root();
  std::vector<File> files;
  const auto add = [&](const fs::path& path) {
    std::string text = read(path);
    if (text.find('\0') == std::string::npos)
      files.push_back({path.lexically_relative(root).generic_string(), std::move(text)});
  };
  for (const auto& entry : fs::directory_iterator{root}) {
    if (entry.is_regular_file()) add(entry.path());
    if (!entry.is_directory() || !kTop.contains(entry.path().filename().string())) continue;
    for (const auto& inner : fs::recursive_directory_iterator{entry.path()})
      if (inner.is_regular_file()) add(inner.path());
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

}  // namespace

const std::vector<File>& project_files() {
  static const auto files = read_project();
  return files;
}

const std::map<std::string, std::string>& project_index() {
  static const auto index = [] {
    std::map<std::string, std::string> made;
    for (const auto& file : project_files()) {
      made[file.path] = file.text;
      for (auto folder = fs::path{file.path}.parent_path(); !folder.empty(); folder = folder.parent_path())
        made[folder.generic_string()], made[folder.generic_string() + "/"];
    }
    return made;
  }();
  return index;
}

}  // namespace holdfast::tidy
