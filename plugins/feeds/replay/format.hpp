#pragma once

#include <holdfast/sdk.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "line_reader.hpp"

namespace holdfast::replay {

/// What the formats may know of the feed's settings.
struct Options {
  InstrumentId instrument;
  Quantity default_size;   ///< Where a quote comes without sizes.
  Duration utc_offset{0};  ///< Of the clock in files that count from midnight.
  std::string date;        ///< Empty: the day in the file's name.
  std::string book;        ///< File name, or empty.
  std::int64_t price_scale = 10'000;
  std::string time_unit;
};

/// One line of a file as the feed counts it.
struct Record {
  std::string_view text;
  std::uint64_t position;
  const LineReader& file;
};

/// Turns lines into market data. What it remembers from line to line is its state().
class Format {
 public:
  virtual ~Format() = default;
  /// A file begins: reads header lines if the format has them and forgets what ends with a file.
  virtual void begin(LineReader& file) = 0;
  /// Puts one record on the tape; false when it tells nothing. Fails: throws through
  /// LineReader::fail() when the line is not of this format at all.
  virtual bool record(const Record& record, Tape& tape) = 0;
  virtual void state(Archive& a) = 0;
};

std::unique_ptr<Format> make_binance(const Options&);
std::unique_ptr<Format> make_lean(const Options&);
std::unique_ptr<Format> make_lobster(const Options&);
std::unique_ptr<Format> make_csv(const Options&);

/// Midnight of the day of `file` as UTC: from the settings, else from its name.
Time midnight(const Options&, const LineReader& file);
/// Puts a record on the tape that holds no number where one must be.
bool not_a_number(const Options&, Time time, std::uint64_t position, Tape&);

}  // namespace holdfast::replay
