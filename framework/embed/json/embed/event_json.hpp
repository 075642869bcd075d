#pragma once

#include <string>
#include <utility>
#include <vector>

#include <holdfast/runtime/record.hpp>

#include "embed/json.hpp"

/// Events as programs read them.
namespace holdfast {

/// Name and value of every field of an event's payload, ids as names. Money and quantities are
/// decimal text.
std::vector<std::pair<std::string, std::string>> fields_of(const Event& event, const SystemRecord& record);
/// The tail of an event; empty when it has none.
std::string_view tail_of(const Event& event);

Json event_json(const Event& event, const SystemRecord& record);

/// The type called `name`. Fails: std::invalid_argument with the nearest name.
EventType event_type(std::string_view name);

/// "trend-12": an order by its owner's name and counter.
std::string order_name(ClOrdId id, const SystemRecord& record);
/// Reads that, or the bare number. Empty when it is neither.
std::optional<ClOrdId> parse_order(const std::string& text, const SystemRecord& record);
/// The order an event is about, bookings included.
std::optional<ClOrdId> order_in(const Event& event);

}  // namespace holdfast
