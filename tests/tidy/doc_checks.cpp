#include "tidy/doc_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

namespace holdfast::tidy {

namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void read_mark(const std::string& mark, Commands& block) {
  static const std::regex run{R"(<!-- run( exit=(\d+))?( prints=(.+))? -->)"}, not_run{R"(<!-- not run: .+ -->)"};
  std::smatch match;
  if (std::regex_match(mark, match, run)) {
    block.marked = block.run = true;
    if (match[2].matched) block.exit = std::stoi(match[2]);
    if (match[4].matched) block.prints = match[4];
  } else {
    block.marked = std::regex_match(mark, not_run);
  }
}

}  // namespace

std::vector<Commands> commands_in(const File& document) {
  std::vector<Commands> blocks;
  const auto lines = split_lines(document.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != "```sh") continue;
    Commands block;
    block.path = document.path;
    block.line = static_cast<int>(i) + 1;
    if (i > 0) read_mark(trimmed(lines[i - 1]), block);
    for (++i; i < lines.size() && lines[i] != "```"; ++i) block.text += lines[i] + "\n";
    blocks.push_back(std::move(block));
  }
  return blocks;
}

Findings check_commands(const File& document) {
  Findings found;
  for (const auto& block : commands_in(document))
    if (!block.marked)
      found.push_back({block.path, block.line, "write `<!-- run -->` or `<!-- not run: why -->` above these commands"});
  const auto lines = split_lines(document.text);
  static const std::regex other{R"(^```(bash|shell|console|zsh)\b)"};
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (std::regex_search(lines[i], other))
      found.push_back({document.path, static_cast<int>(i) + 1, "commands are written in ```sh, so that a test finds them"});
  return found;
}

Findings check_quotes(const File& document, const Lookup& lookup, bool quoting) {
  static const std::regex mark{R"(<!-- from (\S+) -->)"};
  // Without indentation, which depends on where code stands.
  const auto flat = [](const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
      if (const auto bare = trimmed(line); !bare.empty()) text += bare + "\n";
    return text;
  };
  Findings found;
  const auto lines = split_lines(document.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != "```cpp") continue;
    const int number = static_cast<int>(i) + 1;
    const std::string above = i > 0 ? trimmed(lines[i - 1]) : "";
    std::vector<std::string> code;
    for (++i; i < lines.size() && lines[i] != "```"; ++i) code.push_back(lines[i]);
    std::smatch match;
    if (!std::regex_match(above, match, mark)) {
      if (quoting) found.push_back({document.path, number, "write `<!-- from FILE -->` above code, and quote it from a file that is built"});
      continue;
    }
    const std::string* source = lookup(match[1]);
    if (source == nullptr) found.push_back({document.path, number, match[1].str() + " is no file"});
    else if (flat(split_lines(*source)).find(flat(code)) == std::string::npos)
      found.push_back({document.path, number, "this code is not in " + match[1].str() + " any more"});
  }
  return found;
}

namespace {

/// As the forges make anchors of headings.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : lower(heading)) {
    if (c == ' ') anchor += '-';
    else if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_') anchor += c;
  }
  return anchor;
}

bool has_anchor(const std::string& text, const std::string& anchor) {
  for (const auto& line : split_lines(text)) {
    const auto hashes = line.find_first_not_of('#');
    if (hashes != 0 && hashes != std::string::npos && line[hashes] == ' ' && anchor_of(trimmed(line.substr(hashes))) == anchor)
      return true;
  }
  return false;
}

}  // namespace

Findings check_links(const File& document, const Lookup& lookup) {
  static const std::regex link{R"(\]\(([^)\s]+)\))"};
  Findings found;
  const auto lines = split_lines(document.text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::sregex_iterator at{lines[i].begin(), lines[i].end(), link}, end; at != end; ++at) {
      const std::string target = (*at)[1];
      if (target.find("://") != std::string::npos || target.starts_with("mailto:")) continue;
      const auto hash = target.find('#');
      const std::string name = target.substr(0, hash);
      const auto folder = std::filesystem::path{document.path}.parent_path();
      const std::string path = name.empty() ? document.path : (folder / name).lexically_normal().generic_string();
      const std::string* text = lookup(path);
      if (text == nullptr) found.push_back({document.path, static_cast<int>(i) + 1, target + " leads nowhere"});
      else if (hash != std::string::npos && !has_anchor(*text, target.substr(hash + 1)))
        found.push_back({document.path, static_cast<int>(i) + 1, target + ": there is no such heading"});
    }
  return found;
}

std::vector<Word> words_in(const File& glossary) {
  static const std::regex row{R"(^\| \*\*([^*]+)\*\* \|[^|]*\|([^|]*)\|$)"};
  std::vector<Word> words;
  std::smatch match;
  for (const auto& line : split_lines(glossary.text)) {
    if (!std::regex_match(line, match, row)) continue;
    Word word{match[1], {}};
    std::istringstream parts{match[2]};
    for (std::string part; std::getline(parts, part, ',');)
      if (!trimmed(part).empty()) word.instead_of.push_back(lower(trimmed(part)));
    words.push_back(std::move(word));
  }
  return words;
}

Findings check_glossary(const File& glossary, const std::vector<std::string>& needed) {
  Findings found;
  std::set<std::string> seen;
  std::string before;
  for (const auto& word : words_in(glossary)) {
    if (!seen.insert(lower(word.word)).second) found.push_back({glossary.path, 0, word.word + " is explained twice"});
    if (lower(word.word) < before) found.push_back({glossary.path, 0, word.word + " is not in alphabetical order"});
    before = lower(word.word);
  }
  for (const auto& word : needed)
    if (!seen.contains(lower(word))) found.push_back({glossary.path, 0, word + " is not explained"});
  return found;
}

Findings check_words(const File& document, const std::vector<Word>& words) {
  Findings found;
  const auto lines = split_lines(document.text);
  for (const auto& word : words)
    for (const auto& other : word.instead_of) {
      const std::regex pattern{"\\b" + other + "s?\\b", std::regex::icase};
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (std::regex_search(lines[i], pattern))
          found.push_back({document.path, static_cast<int>(i) + 1, "'" + other + "': the word is " + word.word});
    }
  return found;
}

}  // namespace holdfast::tidy
