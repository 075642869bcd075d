#pragma once

#include <string>

#include <holdfast/config/plan.hpp>
#include <holdfast/runtime/record.hpp>

namespace holdfast {

/// What a strategy has at its venues, for people: "2 open orders, a position of 5 BTC"; empty: nothing.
std::string belongings(const SystemRecord& record, ActorId strategy);

/// What keeps `plan` from going on with the journal that `record` was read from: a strategy that it does not declare
/// has orders or a position, and neither the plan nor the journal says what becomes of them; or a name that has handed
/// everything over is declared again. [any-thread]
Problems undecided_removals(const Plan& plan, const SystemRecord& record);

}  // namespace holdfast
