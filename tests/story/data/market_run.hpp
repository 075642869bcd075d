#pragma once

#include <array>
#include <cstdint>
#include <holdfast/runtime/system.hpp>
#include <iosfwd>
#include <map>
#include <string>

/// configs/replay.yaml over one recording, from the first line of the file to a replayed journal.
namespace holdfast::test {

/// A recording and what configs/replay.yaml must be told about it.
struct Market {
  std::string name;
  std::string file;                                 ///< Below the folder of test data.
  std::map<std::string, std::string> variables;     ///< Those of the configuration, but for the file.
  std::string book;                                 ///< LOBSTER: the order book file, beside `file`.
};
std::ostream& operator<<(std::ostream& out, const Market& market);

/// Settings that several recordings share.
std::map<std::string, std::string> equity(const std::string& symbol, const std::string& price);
std::map<std::string, std::string> fxcm_eurusd();
std::map<std::string, std::string> lobster_aapl();
std::map<std::string, std::string> with(std::map<std::string, std::string> base,
                                        const std::map<std::string, std::string>& more);

/// What is in the journal after the run.
struct MarketRun {
  RunSummary summary;
  std::array<std::uint64_t, 8> flaws{};  ///< By TickFlaw: dropped or marked.
  std::string failure, undone, tampered, not_reproduced;
  bool anchored = false;                 ///< Signed checkpoints outside the store vouch for it.
};

/// Runs `market` until it ends, then reads, verifies and replays what was journaled. Fails: throws
/// with every problem of the configuration in one text.
MarketRun run_market(const Market& market, const std::string& folder, System::Runtime runtime);

/// It ended by itself, traded, and its journal is what the actors lived.
void check_sound(const MarketRun& run);

}  // namespace holdfast::test
