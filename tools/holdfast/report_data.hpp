#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <holdfast/runtime/stopped.hpp>

/// What a report shows, read from a journal. Pictures only: amounts become doubles here, and the
/// figures in tables stay exact text.
namespace holdfast::cli {

/// A line's value at the end of a short stretch of events, and the lowest and highest within it.
struct ReportPoint {
  double time = 0;  ///< Seconds since 1970.
  double value = 0, low = 0, high = 0;
};
using ReportLine = std::vector<ReportPoint>;

struct ReportFill {
  double time = 0, price = 0, quantity = 0;
  bool buy = true;
};

/// A moment worth a vertical line.
struct ReportMark {
  enum class Kind { restart, crash, parked, latch, release };
  double time = 0;
  Kind kind = Kind::restart;
  std::string what;
};

/// How long a latch was engaged.
struct ReportSpan {
  double from = 0, until = 0;
  std::string what;
};

/// Seconds between two events of each order that was sent, ascending.
struct ReportLatencies {
  std::vector<double> tick_to_sent, approval_to_sent;
};

struct ReportData {
  SystemStatus status;
  Digest head_hash{};
  double from = 0, until = 0;  ///< 0: nothing but the system's own start was recorded.
  std::map<std::string, std::map<std::string, ReportLine>> equity;  ///< By currency, then owner.
  std::map<std::string, ReportLine> total, drawdown;                ///< By currency.
  std::map<std::string, ReportLine> prices;                         ///< By instrument.
  std::map<std::string, std::vector<ReportFill>> fills;             ///< By instrument.
  std::vector<ReportMark> marks;
  std::vector<ReportSpan> spans;
  ReportLatencies latencies;
  std::uint64_t restarts = 0, crashes = 0;
  std::map<std::string, std::uint64_t> orders, denied, rejected;    ///< By owner.
  bool sampled = false;  ///< The journal was too long to look at every tick.
};

/// Business events whole; the market whole as well, or in a journal of many millions of events at
/// some hundred moments. Fails: StoreError.
ReportData read_report(const std::string& data_dir);

}  // namespace holdfast::cli
