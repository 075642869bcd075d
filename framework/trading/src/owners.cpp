#include <holdfast/trading/owners.hpp>

namespace holdfast {

bool Owners::hear(const Event& event) {
  if (event.type() != EventType::strategy_removed) return false;
  const auto& removed = event.as<StrategyRemoved>();
  if (removed.what != Removal::hand_over) return false;
  // What an earlier one had left to it goes on to the heir.
  for (auto& [strategy, heir] : heirs_)
    if (heir == removed.strategy) heir = removed.heir;
  return heirs_.emplace(removed.strategy, removed.heir).second;
}

}  // namespace holdfast
