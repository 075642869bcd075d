#include <algorithm>
#include <regex>
#include <set>

#include "tidy/doc_checks.hpp"

namespace holdfast::tidy {

namespace {

struct TestNames {
  std::set<std::string> cases;
  std::string sources;
};

TestNames names_in(const std::vector<File>& project) {
  static const std::regex declared{R"(TEST_CASE(?:_TEMPLATE)?\((\w+))"};
  TestNames names;
  for (const File& file : project) {
    if (!file.path.starts_with("tests/") || !is_cpp(file.path)) continue;
    for (std::sregex_iterator at{file.text.begin(), file.text.end(), declared}, end; at != end; ++at) names.cases.insert((*at)[1]);
    names.sources += file.text;
  }
  return names;
}

/// The cells of a row of a table; empty for any other line.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| ")) return cells;
  for (std::size_t at = 1; at < line.size();) {
    const auto end = std::min(line.find('|', at), line.size());
    cells.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return cells;
}

}  // namespace

Findings check_named_tests(const File& document, const std::vector<File>& project) {
  static const std::regex named{R"re(`(\w+)`(?: "([^"]+)")?)re"};
  const TestNames names = names_in(project);
  Findings found;
  const auto lines = lines_of(document.text);
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);
    const auto wrong = [&](const std::string& what) { found.push_back({document.path, static_cast<int>(i) + 1, what}); };
    if (cells.empty()) {
      inside &= lines[i].starts_with("|---");
      continue;
    }
    if (!inside) {
      inside = cells.back() == " test ";
      continue;
    }
    std::sregex_iterator at{cells.back().begin(), cells.back().end(), named}, end;
    if (at == end) wrong("name the test of this row");
    for (; at != end; ++at) {
      const std::string test = (*at)[1], sample = (*at)[2];
      if (!names.cases.contains(test)) wrong("there is no test " + test);
      if (!sample.empty() && names.sources.find('"' + sample + '"') == std::string::npos) wrong("no test has a sample \"" + sample + '"');
    }
  }
  return found;
}

std::vector<std::string> first_column(const File& document, const std::string& header) {
  static const std::regex word{"`(\\w+)`"};
  std::vector<std::string> words;
  bool inside = false;
  for (const auto& line : lines_of(document.text)) {
    const auto cells = cells_of(line);
    if (line == header) inside = true;
    else if (cells.empty() && !line.starts_with("|---")) inside = false;
    else if (inside && !cells.empty())
      for (std::sregex_iterator at{cells[0].begin(), cells[0].end(), word}, end; at != end; ++at) words.push_back((*at)[1]);
  }
  return words;
}

}  // namespace holdfast::tidy
