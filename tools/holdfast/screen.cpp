#include "screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <sstream>

#include <holdfast/config/load.hpp>

#include "output.hpp"

namespace holdfast::cli {

namespace {

void write_out(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// The first `columns` characters; one that takes several bytes is never cut.
std::string clipped(const std::string& line, std::size_t columns) {
  std::size_t at = 0, seen = 0;
  for (; at < line.size(); ++at) {
    if ((line[at] & 0xC0) == 0x80) continue;
    if (seen++ == columns) break;
  }
  return line.substr(0, at);
}

}  // namespace

Screen::Screen() {
  terminal_ = ::isatty(STDOUT_FILENO) == 1 && process_environment("TERM").value_or("dumb") != "dumb";
  // The other screen, without a cursor: what was there before comes back at the end.
  if (terminal_) write_out("\x1b[?1049h\x1b[?25l");
}

Screen::~Screen() {
  if (terminal_) write_out("\x1b[?25h\x1b[?1049l");
}

void Screen::show(const std::string& text) {
  if (!terminal_) {
    print(text);
    return;
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) size.ws_row = 24, size.ws_col = 80;
  std::string out = "\x1b[H";
  std::istringstream lines{text};
  int row = 0;
  for (std::string line; row < size.ws_row && std::getline(lines, line); ++row)
    out += (row == 0 ? "" : "\r\n") + clipped(line, size.ws_col) + "\x1b[K";
  write_out(out + "\x1b[J");
}

std::vector<CLI::Option*> add_refresh_options(CLI::App& verb, RefreshOptions& options) {
  return {verb.add_option("--every", options.every_s, "Seconds between two looks, 1 unless said")->check(CLI::Range(0.05, 3600.0))->type_name("S"),
          verb.add_option("--times", options.times, "End after so many")->check(CLI::PositiveNumber)->type_name("N")};
}

bool Refresh::again() {
  if (++shown_ == options_.times) return false;
  return signals_.wait(std::chrono::milliseconds{static_cast<int>(options_.every_s * 1000)}) == 0;
}

}  // namespace holdfast::cli
