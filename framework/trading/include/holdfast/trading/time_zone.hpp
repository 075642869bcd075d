#pragma once

#include <cstdint>
#include <holdfast/sdk/time.hpp>
#include <memory>
#include <string>
#include <vector>

namespace holdfast {

/// A zone of the IANA database as this machine has it in /usr/share/zoneinfo. Immutable; [any-thread].
class TimeZone {
 public:
  /// Null, with the reason in `why`, when there is no such zone or its file is none.
  static std::shared_ptr<const TimeZone> load(const std::string& name, std::string& why);
  /// The same from a file's bytes (TZif, RFC 8536).
  static std::shared_ptr<const TimeZone> read(const std::string& bytes, std::string& why);

  /// What its clocks show more than UTC at `now`.
  Duration offset(Time now) const;
  /// When its clocks show `local`, given as if it were UTC. What they show twice is the first of the two; what they
  /// leave out is as late as it would have been.
  Time utc(Time local) const;
  /// The bytes it was read from.
  const std::string& rules() const { return bytes_; }

 private:
  /// "M3.2.0/2": the second Sunday of March, at two.
  struct Change {
    int month = 0, week = 0, weekday = 0;
    std::int64_t seconds = 7200;
    std::int64_t in_year(std::int64_t year) const;  ///< By standard clocks, in seconds since 1970.
  };
  struct Part {
    std::int64_t from = 0;
    std::int64_t seconds = 0;
  };
  bool read_parts(std::size_t at, std::size_t width);
  bool read_rule(std::string_view text);

  std::string bytes_;
  std::vector<Part> parts_;  ///< From when on which offset; the first from the beginning of time.
  // What holds after the last of them; without `summer_` the standard offset alone.
  bool ruled_ = false, summers_ = false;
  std::int64_t standard_ = 0, summer_ = 0;
  Change begins_, ends_;
};

}  // namespace holdfast
