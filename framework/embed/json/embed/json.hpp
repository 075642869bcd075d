#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include <holdfast/runtime/system.hpp>

/// What programs read, in one shape wherever they read it: on the command line, from the control
/// socket, through the C interface.
namespace holdfast {

/// Keeps the keys in the order they are written here.
using Json = nlohmann::ordered_json;

/// Counts, positions, profit, and the head of the journal. The caller puts a schema before it.
Json summary_json(const RunSummary& summary);
Json status_json(const SystemStatus& status);
/// "holdfast.book/1": open orders, whose positions, what each broker's account holds, how brokers stand with
/// their venues, and what is unexplained.
Json book_json(const SystemRecord& record);

std::string_view to_string(LogLine::Level level);

/// Text in one line that is valid JSON whatever bytes the journal's texts hold.
std::string dump(const Json& json);

}  // namespace holdfast
