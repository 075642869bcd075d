#include <holdfast/config/load.hpp>

namespace holdfast {

namespace {

/// Terminal colours, or nothing.
struct Paint {
  const char* error = "";
  const char* place = "";
  const char* mark = "";
  const char* off = "";
};

std::string_view line_of(std::string_view source, int line) {
  if (source.substr(0, 3) == "\xEF\xBB\xBF") source.remove_prefix(3);
  for (; line > 1; --line) {
    const auto end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  return source.substr(0, source.find('\n'));
}

/// A file may hold anything; a terminal must not obey it.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\t') out += ' ';
    else if (byte == '\r') continue;
    else out += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return out;
}

bool inside_character(char c) { return (c & 0xC0) == 0x80; }

/// The byte where character `column` (from 1) begins.
std::size_t byte_of(std::string_view line, int column) {
  std::size_t i = 0;
  for (int character = 1; i < line.size() && character < column; ++character) do
      ++i;
    while (i < line.size() && inside_character(line[i]));
  return i;
}

/// How many characters the word at `from` has; at least one.
std::size_t word_width(std::string_view line, std::size_t from) {
  if (from >= line.size()) return 1;
  const char quote = line[from] == '"' || line[from] == '\'' ? line[from] : '\0';
  std::size_t width = 0;
  for (std::size_t i = from; i < line.size(); ++i) {
    if (inside_character(line[i])) continue;
    const char c = line[i];
    if (quote != '\0' && i > from && c == quote) return width + 1;
    const bool colon = c == ':' && (i + 1 == line.size() || line[i + 1] == ' ');
    if (quote == '\0' && (c == ' ' || c == ',' || c == ']' || c == '}' || colon) && width > 0) break;
    ++width;
  }
  return width == 0 ? 1 : width;
}

std::string snippet(const Problem& problem, std::string_view source, const Paint& paint) {
  const std::string line = printable(line_of(source, problem.where.line));
  const std::string number = std::to_string(problem.where.line);
  const std::string gutter(number.size() < 5 ? 5 - number.size() : 0, ' ');
  const std::size_t from = byte_of(line, problem.where.column);
  const std::string bar = std::string{" |"} + paint.off + " ";
  std::string out = gutter + paint.place + number + bar + line + "\n";
  out += std::string(gutter.size() + number.size(), ' ') + paint.place + bar;
  out += std::string(static_cast<std::size_t>(problem.where.column) - 1, ' ');
  out += paint.mark + std::string(word_width(line, from), '^') + paint.off;
  if (!problem.mend.empty()) (out += ' ') += printable(problem.mend);
  return out + "\n";
}

}  // namespace

std::string render(const Problems& problems, std::string_view file, std::string_view source, bool colour) {
  const Paint paint = colour ? Paint{"\x1b[1;31m", "\x1b[34m", "\x1b[1;33m", "\x1b[0m"} : Paint{};
  std::string out;
  for (const auto& problem : problems) {
    out += paint.error + std::string{"error"} + paint.off + ": " + printable(problem.what) + "\n";
    const Where& where = problem.where;
    const std::string place = printable(Problem{where, "", ""}.str());
    if (!place.empty())
      out += std::string{"  "} + paint.place + "-->" + paint.off + " " + place.substr(0, place.rfind(": ")) +
             "\n";
    const bool here = where.file == file && where.line > 0 && where.column > 0 && !source.empty();
    if (here) out += snippet(problem, source, paint);
    else if (!problem.mend.empty()) out += "  help: " + printable(problem.mend) + "\n";
  }
  const auto n = problems.size();
  if (n > 0) out += std::to_string(n) + (n == 1 ? " error" : " errors") + ". Nothing was started.\n";
  return out;
}

}  // namespace holdfast
