#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include <holdfast/config/load.hpp>

namespace holdfast::cli {

namespace {

constexpr int kBarWidth = 24;
constexpr auto kRedraw = std::chrono::milliseconds{100};
constexpr auto kQuiet = std::chrono::seconds{10};

void write_err(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

/// Columns a text takes; every character counts as one.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool numeric(std::string_view cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789.,-+%") == std::string_view::npos;
}

}  // namespace

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (text.empty() || text.back() != '\n') std::fputc('\n', stdout);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw OutputError{std::string{"the result cannot be written: "} + std::strerror(errno)};
}

void take_standard_files() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    // The lowest number that is free is this one.
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY) != fd) std::_Exit(69);
}

Console::Console() {
  const bool dumb = process_environment("TERM").value_or("dumb") == "dumb";
  terminal_ = ::isatty(STDERR_FILENO) == 1 && !dumb;
  colour_ = terminal_ && process_environment("NO_COLOR").value_or("").empty();
}

void Console::message(std::string_view text) {
  const std::lock_guard lock{mutex_};
  erase();
  std::string line{text};
  if (line.empty() || line.back() != '\n') line += '\n';
  write_err(line);
}

void Console::error(std::string_view text) {
  message((colour_ ? "\x1b[1;31merror\x1b[0m: " : "error: ") + std::string{text});
}

void Console::progress(std::optional<double> fraction, const std::string& detail) {
  const std::lock_guard lock{mutex_};
  const auto now = Clock::now();
  if (last_ == Clock::time_point{}) last_ = now - (terminal_ ? kRedraw : Clock::duration{});
  if (terminal_) {
    if (now - last_ < kRedraw && fraction.value_or(0) < 1) return;
    erase();
    draw(fraction, detail);
  } else {
    const int tenths = fraction ? static_cast<int>(*fraction * 10 + 1e-9) : tenths_;
    if (tenths <= tenths_ && now - last_ < kQuiet) return;
    tenths_ = tenths;
    const std::string share = fraction ? std::to_string(static_cast<int>(*fraction * 100 + 1e-9)) + " %  " : "";
    write_err(share + detail + "\n");
  }
  last_ = now;
}

void Console::clear() {
  const std::lock_guard lock{mutex_};
  erase();
  tenths_ = 0;
  last_ = {};
}

void Console::erase() {
  if (drawn_) write_err("\r\x1b[K");
  drawn_ = false;
}

void Console::draw(std::optional<double> fraction, const std::string& detail) {
  std::string line;
  if (fraction) {
    const int full = static_cast<int>(std::clamp(*fraction, 0.0, 1.0) * kBarWidth);
    line += colour_ ? "\x1b[32m" : "";
    for (int i = 0; i < kBarWidth; ++i) line += i < full ? "━" : "·";
    line += colour_ ? "\x1b[0m" : "";
    line += " " + std::to_string(static_cast<int>(*fraction * 100 + 1e-9)) + " %  ";
  }
  write_err(line + detail.substr(0, 100));
  drawn_ = true;
}

Console& console() {
  static Console instance;
  return instance;
}

std::string grouped(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string short_number(double number) {
  static constexpr struct {
    double from;
    const char* unit;
  } kUnits[] = {{1e9, " G"}, {1e6, " M"}, {1e3, " k"}};
  const char* unit = "";
  for (const auto& u : kUnits)
    if (std::abs(number) >= u.from) {
      number /= u.from;
      unit = u.unit;
      break;
    }
  char text[32];
  std::snprintf(text, sizeof text, "%.*f%s", std::abs(number) >= 100 || (number == std::floor(number) && !*unit) ? 0 : 2,
                number, unit);
  return text;
}

std::string duration_text(double seconds) {
  char text[48];
  if (seconds < 60) std::snprintf(text, sizeof text, "%.2f s", seconds);
  else if (seconds < 7200)
    std::snprintf(text, sizeof text, "%d min %d s", static_cast<int>(seconds) / 60, static_cast<int>(seconds) % 60);
  else std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
  return text;
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += c == '\n' ? " | " : byte < 0x20 || byte == 0x7F ? "?" : std::string(1, c);
  }
  return out;
}

std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(head.size());
  std::vector<bool> right(head.size(), !rows.empty());
  for (std::size_t i = 0; i < head.size(); ++i) {
    widths[i] = width(head[i]);
    for (const auto& row : rows) {
      widths[i] = std::max(widths[i], width(row[i]));
      right[i] = right[i] && numeric(row[i]);
    }
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string pad(widths[i] - width(cells[i]), ' ');
      text += (i == 0 ? "" : "  ") + (right[i] ? pad + cells[i] : cells[i] + pad);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  };
  line(head);
  for (const auto& row : rows) line(row);
  return out;
}

}  // namespace holdfast::cli
