#include "tidy/checks.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace holdfast::tidy {

std::ostream& operator<<(std::ostream& out, const Finding& f) {
  return out << f.path << (f.line > 0 ? ":" + std::to_string(f.line) : "") << ": " << f.what;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_cpp(const std::string& path) { return path.ends_with(".hpp") || path.ends_with(".cpp"); }

namespace {

bool under(const std::string& path, const std::string& folder) { return path.starts_with(folder); }

/// Blanks from `at` up to `end`, keeping line ends; returns `end`.
std::size_t blank(std::string& text, std::size_t at, std::size_t end) {
  end = std::min(end, text.size());
  for (; at < end; ++at)
    if (text[at] != '\n') text[at] = ' ';
  return end;
}

std::size_t end_of_quoted(const std::string& text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at)
    if (text[at] == '\\') ++at;
  return at;
}

bool digit_separator(const std::string& text, std::size_t at) {
  return at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0 && at + 1 < text.size() &&
         std::isalnum(static_cast<unsigned char>(text[at + 1])) != 0;
}

}  // namespace

std::string code_of(const std::string& source) {
  std::string text = source;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 2, "//") == 0) at = blank(text, at, text.find('\n', at));
    else if (text.compare(at, 2, "/*") == 0) at = blank(text, at, text.find("*/", at) + 2);
    else if (text.compare(at, 2, "R\"") == 0) {
      const std::size_t open = text.find('(', at);
      const std::string close = ")" + text.substr(at + 2, open - at - 2) + "\"";
      at = blank(text, at, text.find(close, open) + close.size());
    } else if (text[at] == '"' || (text[at] == '\'' && !digit_separator(text, at))) {
      const std::size_t end = end_of_quoted(text, at);
      blank(text, at + 1, end);
      at = end + 1;
    } else ++at;
  }
  return text;
}

namespace {

/// What an #include on this line names, with its opening bracket or quote; empty otherwise.
std::string included(const std::string& line) {
  static const std::regex pattern{R"(^\s*#\s*include\s*([<"][^>"]+)[>"])"};
  std::smatch match;
  return std::regex_search(line, match, pattern) ? match[1].str() : std::string{};
}

/// "framework/journal", "plugins", "actors", "tools", "tests".
std::string room_of(const std::string& path) {
  const auto first = path.find('/');
  if (path.substr(0, first) != "framework") return path.substr(0, first);
  return path.substr(0, path.find('/', first + 1));
}

/// The framework's rooms whose headers a room may see.
const std::map<std::string, std::set<std::string>>& visible() {
  static const std::map<std::string, std::set<std::string>> table{
      {"framework/sdk", {"sdk"}},
      {"framework/trading", {"sdk", "trading"}},
      {"framework/journal", {"sdk", "trading", "journal"}},
      {"framework/config", {"sdk", "trading", "config"}},
      {"framework/plugin_host", {"sdk", "trading", "plugin_host"}},
      {"framework/fix", {"sdk", "fix"}},
      {"framework/venue", {"sdk", "trading", "fix", "venue"}},
      {"framework/runtime", {"sdk", "trading", "journal", "config", "plugin_host", "runtime"}},
      {"framework/metrics", {"sdk", "trading", "journal", "config", "plugin_host", "runtime", "metrics"}},
      {"framework/embed", {"sdk", "trading", "journal", "config", "plugin_host", "runtime"}},
      {"framework/testkit", {"sdk", "trading", "journal", "config", "plugin_host", "testkit"}},
      {"actors", {"sdk", "trading"}},
      {"plugins", {"sdk", "trading", "fix"}},
  };
  return table;
}

/// Where a library that is not ours may be included; tests may include any.
const std::vector<std::pair<std::string, std::vector<std::string>>>& foreign() {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> table{
      {"rocksdb/", {"framework/journal/"}},
      {"openssl/", {"framework/journal/", "framework/plugin_host/", "framework/config/"}},
      {"yaml-cpp/", {"framework/config/"}},
      {"dlfcn.h", {"framework/plugin_host/"}},
      {"caf/", {"framework/runtime/caf/"}},
      {"archive", {"framework/testkit/", "plugins/feeds/replay/", "tools/holdfast/archive_helper.cpp"}},
      {"simdjson", {"plugins/feeds/replay/"}},
      {"prometheus/", {"framework/metrics/"}},
      {"quickfix/", {"framework/fix/"}},
      {"CLI/", {"tools/"}},
      // What programs read, and the venue's file.
      {"nlohmann/", {"framework/embed/json/", "framework/venue/src/", "tools/"}},
  };
  return table;
}

bool standard(const std::string& header) {
  return header.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

std::string why_not_ours(const std::string& path, const std::string& header) {
  const auto rest = header.substr(9);
  const std::string seen = rest.substr(0, rest.find_first_of("/."));
  const auto at = visible().find(room_of(path));
  if (at == visible().end() || at->second.contains(seen)) return "";
  return room_of(path) + " must not see framework/" + seen;
}

std::string why_not_foreign(const std::string& path, const std::string& header) {
  for (const auto& [library, rooms] : foreign()) {
    if (!header.starts_with(library)) continue;
    if (under(path, "framework/") && path.find("/include/") != std::string::npos && library != "caf/")
      return "a public header must not show <" + header + ">";
    if (std::any_of(rooms.begin(), rooms.end(), [&](const auto& room) { return under(path, room); })) return "";
    return "<" + header + "> belongs in " + rooms.front() + " only";
  }
  // The operating system: not where only the language is allowed, but for the last line of a
  // program that is about to abort.
  const auto room = room_of(path);
  const bool pure = room == "framework/sdk" || room == "framework/trading" || room == "plugins";
  if (pure && path != "framework/sdk/src/ensure.cpp") return "<" + header + "> is not of the C++ standard library";
  return "";
}

}  // namespace

Findings check_floors(const File& file) {
  Findings found;
  if (!is_cpp(file.path) || under(file.path, "tests/")) return found;
  int number = 0;
  for (const auto& line : lines_of(file.text)) {
    ++number;
    const std::string include = included(line);
    if (include.empty()) continue;
    const std::string header = include.substr(1);
    std::string why;
    if (header.starts_with("holdfast/")) why = why_not_ours(file.path, header);
    else if (include[0] == '"') {
      if (header.find("..") != std::string::npos) why = "\"" + header + "\" leaves its folder";
      else if (header.starts_with("caf/") && !under(file.path, "framework/runtime/caf/"))
        why = "\"" + header + "\" belongs in framework/runtime/caf/ only";
    } else if (!standard(header)) why = why_not_foreign(file.path, header);
    if (!why.empty()) found.push_back({file.path, number, why});
  }
  return found;
}

Findings check_size(const File& file) {
  if (!is_cpp(file.path)) return {};
  const std::size_t limit = file.path.find("/include/") != std::string::npos ? 200 : 400;
  const std::size_t lines = lines_of(file.text).size();
  if (lines <= limit) return {};
  return {{file.path, 0, std::to_string(lines) + " lines, at most " + std::to_string(limit) + " are allowed"}};
}

namespace {

struct Banned {
  const char* pattern;
  const char* what;
  std::vector<std::string> allowed;
};

const std::vector<Banned>& banned() {
  static const std::vector<Banned> table{
      {R"(\bstd::(cout|cerr|clog)\b|\b(std::)?(printf|puts|fprintf)\s*\()", "only tools print", {"tools/", "examples/", "tests/"}},
      {R"(\b(std::)?(getenv|secure_getenv)\s*\()", "only config reads the environment",
       // It stands in for these functions where plugins are tested, to tell who asks.
       {"framework/config/", "framework/testkit/src/watch.cpp", "tests/"}},
      {R"(\b(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday)\b)", "time comes from events",
       // A session of the network has heartbeats and deadlines that no event brings.
       {"framework/fix/", "framework/runtime/", "framework/journal/", "framework/metrics/", "framework/testkit/src/watch.cpp",
        // An edge under test lives in the time of its venue.
        "framework/testkit/src/conformance/process.cpp", "tools/", "tests/"}},
      {R"(\bstd::j?thread\b|\bpthread_create\b|\bstd::async\b)", "no threads here",
       {"framework/fix/", "framework/journal/", "framework/metrics/", "framework/runtime/", "tools/", "tests/"}},
      {R"(\bsleep_(for|until)\s*\(|\bu?sleep\s*\()", "nothing waits by sleeping",
       // A measurement at a pace, and a test that waits for another process, have nothing else to be woken by.
       {"framework/journal/src/failpoints.cpp", "framework/journal/src/baseline.cpp", "tests/tools/program.hpp",
        // A plugin that hangs on purpose.
        "tests/conformance/faulty.cpp"}},
      {R"(\brandom_device\b|\bs?rand\s*\(|\bmt19937)", "chance comes from the seed", {"framework/testkit/src/watch.cpp", "tests/"}},
      {R"(\bcatch\s*\(\s*\.\.\.\s*\))", "only the borders catch everything",
       {"framework/runtime/caf/host_actor.cpp", "framework/runtime/src/actor_host.cpp", "framework/plugin_host/", "framework/embed/src/",
        // Prints a last line on its way down, whatever the words it calls do.
        "framework/sdk/src/ensure.cpp", "tools/", "tests/"}},
  };
  return table;
}

}  // namespace

Findings check_calls(const File& file) {
  Findings found;
  if (!is_cpp(file.path)) return found;
  const auto lines = lines_of(code_of(file.text));
  for (const auto& rule : banned()) {
    const auto here = [&](const auto& place) { return under(file.path, place); };
    if (std::any_of(rule.allowed.begin(), rule.allowed.end(), here)) continue;
    const std::regex pattern{rule.pattern};
    std::smatch match;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (std::regex_search(lines[i], match, pattern))
        found.push_back({file.path, static_cast<int>(i) + 1, match.str() + ": " + rule.what});
  }
  return found;
}

Findings check_failpoints(const File& sites, const std::vector<File>& project) {
  static const std::regex listed{R"re(^ *(?:\w+\(|\{)"(\w+\.\w+)", ")re"}, call{R"re(\b(?:hit|ask)\([^;]*)re"}, name{R"re("(\w+\.\w+)")re"};
  std::map<std::string, int> known;
  std::set<std::string> reached;
  const auto rows = lines_of(sites.text);
  std::smatch match;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (std::regex_search(rows[i], match, listed)) known[match[1]] = static_cast<int>(i) + 1;
  Findings found;
  for (const File& file : project) {
    if (!under(file.path, "framework/") || !is_cpp(file.path) || file.path == sites.path) continue;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!std::regex_search(lines[i], match, call)) continue;
      const std::string arguments = match.str();
      for (std::sregex_iterator at{arguments.begin(), arguments.end(), name}, end; at != end; ++at) {
        reached.insert((*at)[1]);
        if (!known.contains((*at)[1])) found.push_back({file.path, static_cast<int>(i) + 1, "the failpoint " + (*at)[1].str() + " is not listed"});
      }
    }
  }
  for (const auto& [site, line] : known)
    if (!reached.contains(site)) found.push_back({sites.path, line, "nobody reaches the failpoint " + site});
  return found;
}

Findings check_leftovers(const File& file) {
  // In two parts each, or this file would find itself.
  static const std::regex notes{"\\b(TO" "DO|FIX" "ME|X" "XX)\\b"};
  static const std::regex places{"(^|[^A-Za-z0-9_.$}-])/(wo" "rk|ro" "ot|ho" "me|Us" "ers)/"};
  Findings found;
  int number = 0;
  for (const auto& line : lines_of(file.text)) {
    ++number;
    if (std::regex_search(line, notes)) found.push_back({file.path, number, "a note to oneself: do it or drop it"});
    if (std::regex_search(line, places)) found.push_back({file.path, number, "a place on somebody's machine"});
  }
  return found;
}

Findings check_example(const File& file) {
  constexpr std::size_t kLines = 40;
  Findings found;
  const auto lines = lines_of(file.text);
  if (lines.size() > kLines)
    found.push_back({file.path, 0, std::to_string(lines.size()) + " lines, an example has at most 40"});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string include = included(lines[i]);
    if (!include.empty() && include != "<holdfast/sdk.hpp" && !(include[0] == '<' && standard(include.substr(1))))
      found.push_back({file.path, static_cast<int>(i) + 1, include + ": an example needs the SDK only"});
  }
  return found;
}

}  // namespace holdfast::tidy
