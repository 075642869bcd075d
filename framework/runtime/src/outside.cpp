#include "outside.hpp"

namespace holdfast {

LatchLevel RuntimeOutside::latch(ActorId owner, InstrumentId instrument) const {
  std::string_view name, symbol;
  for (const auto& slot : core_.slots)
    if (slot->id == owner) name = slot->plan->name;
  if (const auto* found = core_.instruments->find(instrument)) symbol = found->symbol;
  return core_.latches->level(name, symbol);
}

}  // namespace holdfast
