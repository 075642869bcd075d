#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <holdfast/runtime/stopped.hpp>

/// What a report shows, read from a journal. Pictures only: amounts become doubles here, and the
/// figures in tables stay exact text.
namespace holdfast::cli {

struct ReportPoint {
  double time = 0;  ///< Seconds since 1970.
  double value = 0;
};
using ReportLine = std::vector<ReportPoint>;

struct ReportFill {
  double time = 0, price = 0;
  bool buy = true;
  std::string owner, quantity;
};

/// A moment worth a vertical line.
struct ReportMark {
  enum class Kind { restart, crash, parked, latch };
  double time = 0;
  Kind kind = Kind::restart;
  std::string what;
};

struct ReportData {
  SystemStatus status;
  Digest head_hash{};
  double from = 0, until = 0;
  std::map<std::string, std::map<std::string, ReportLine>> equity;  ///< By currency, then owner.
  std::map<std::string, ReportLine> total;                          ///< By currency.
  std::map<std::string, ReportLine> prices;                         ///< By instrument.
  std::map<std::string, std::vector<ReportFill>> fills;             ///< By instrument; a sample.
  std::map<std::string, std::uint64_t> fill_counts;
  std::vector<ReportMark> marks;
  std::uint64_t restarts = 0, crashes = 0;
  std::map<std::string, std::uint64_t> orders, denied;              ///< By owner.
};

/// Business events whole, the market at about a thousand moments. Fails: StoreError.
ReportData read_report(const std::string& data_dir);

}  // namespace holdfast::cli
