#pragma once

#include <string>

namespace holdfast::cli {

/// Whose time the journal's events have, which decides what their distances mean.
enum class ReportClock {
  wall,      ///< Real time.
  feed,      ///< That of recorded or made-up data, at whatever pace it was played.
  simulated  ///< A backtest's: everything is answered at once.
};

/// Reads the journal of `data_dir` and writes one HTML file that needs nothing else, no script
/// either: headline figures, equity, drawdown, fills on price, latency, restarts, latches, facts
/// about the journal. Fails: StoreError, or std::runtime_error when the file cannot be written.
void write_report(const std::string& data_dir, ReportClock clock, const std::string& file);

}  // namespace holdfast::cli
