#pragma once

#include <string>

namespace holdfast::cli {

/// Reads the journal of `data_dir` and writes one HTML file that needs nothing else: headline
/// figures, equity, drawdown, fills on price, restarts, latches, facts about the journal.
/// Fails: StoreError, or std::runtime_error when the file cannot be written.
void write_report(const std::string& data_dir, const std::string& file);

}  // namespace holdfast::cli
