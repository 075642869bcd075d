#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::cli {

/// The result is there, but nobody can read it.
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Results, on stdout. Fails: OutputError.
void print(std::string_view text);

/// Before anything is opened: where stdin, stdout or stderr are closed the first files would take
/// their places, and a message would be written into the journal.
void take_standard_files();

/// Messages and progress, on stderr. [any-thread]
///
/// On a terminal progress is one line that is drawn over; elsewhere it is a line per tenth, and
/// one per ten seconds where no end is known. NO_COLOR and TERM=dumb are honoured.
class Console {
 public:
  Console();
  bool colour() const { return colour_; }
  void message(std::string_view text);
  void error(std::string_view text);
  /// `fraction` of the whole, or empty when nobody knows.
  void progress(std::optional<double> fraction, const std::string& detail);
  /// Takes the progress line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void erase();
  void draw(std::optional<double> fraction, const std::string& detail);

  std::mutex mutex_;
  bool terminal_ = false, colour_ = false, drawn_ = false;
  int tenths_ = 0;
  Clock::time_point last_{};
};
Console& console();

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t count);
/// A number of at most four significant digits with k, M or G: "7.31 M".
std::string short_number(double number);
/// Seconds for people: "0.42 s", "3 min 5 s".
std::string duration_text(double seconds);
/// Text from a journal or a person may hold anything; a terminal must not obey it.
std::string printable(std::string_view text);

/// Rows in aligned columns; columns whose cells all look like numbers are aligned to the right.
std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);

}  // namespace holdfast::cli
