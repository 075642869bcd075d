#pragma once

#include <string>

#include "embed/json.hpp"

/// A run, as JSON of a fixed shape and as text.
namespace holdfast::cli {

/// How long this process worked and on how much of it.
struct Worked {
  double elapsed_s = 0;
  std::uint64_t ticks = 0;
  double ticks_per_s() const { return elapsed_s > 0 ? static_cast<double>(ticks) / elapsed_s : 0; }
};

Json run_json(const RunSummary& summary, const Worked& worked);
std::string run_text(const RunSummary& summary, const Worked& worked);

/// A JSON value as text; strings without their quotes.
std::string text_of(const Json& value);
/// A table of who holds what; empty when nobody holds anything.
std::string positions_text(const Json& positions);
/// "12.5 USDT, -3 USD".
std::string pnl_text(const Json& pnl);

}  // namespace holdfast::cli
