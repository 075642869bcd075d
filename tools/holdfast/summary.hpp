#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include <holdfast/runtime/system.hpp>

/// A run and a status, as JSON of a fixed shape and as text.
namespace holdfast::cli {

/// Keeps the keys in the order they are written here.
using Json = nlohmann::ordered_json;

/// How long this process worked and on how much of it.
struct Worked {
  double elapsed_s = 0;
  std::uint64_t ticks = 0;
  double ticks_per_s() const { return elapsed_s > 0 ? static_cast<double>(ticks) / elapsed_s : 0; }
};

Json run_json(const RunSummary& summary, const Worked& worked);
std::string run_text(const RunSummary& summary, const Worked& worked);

Json status_json(const SystemStatus& status);
std::string status_text(const Json& status);

/// Text in one line that is valid JSON whatever bytes the journal's texts hold.
std::string dump(const Json& json);

}  // namespace holdfast::cli
