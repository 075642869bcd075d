#pragma once

#include <string>
#include <utility>
#include <vector>

#include <holdfast/runtime/record.hpp>

#include "summary.hpp"

/// Events as people and programs read them.
namespace holdfast::cli {

/// Name and value of every field of an event's payload, ids as names. Money and quantities are
/// decimal text.
std::vector<std::pair<std::string, std::string>> fields_of(const Event& event, const SystemRecord& record);
/// The tail of an event; empty when it has none.
std::string_view tail_of(const Event& event);

/// "12  2024-01-02T00:00:00.000000000Z  trend  order_intent  <- 11  order=trend-1 … 'means crossed'".
std::string event_line(const Event& event, const SystemRecord& record);
Json event_json(const Event& event, const SystemRecord& record);

/// "trend-12": an order by its owner's name and counter.
std::string order_name(ClOrdId id, const SystemRecord& record);
/// Reads that, or the bare number. Empty when it is neither.
std::optional<ClOrdId> parse_order(const std::string& text, const SystemRecord& record);
/// The order an event is about, bookings included.
std::optional<ClOrdId> order_in(const Event& event);

}  // namespace holdfast::cli
