#include "outside.hpp"

namespace holdfast {

LatchLevel RuntimeOutside::latch(ActorId owner, InstrumentId instrument) const {
  std::string_view name, symbol;
  if (const auto found = core_.names.find(owner); found != core_.names.end()) name = found->second;
  if (const auto* found = core_.instruments->find(instrument)) symbol = found->symbol;
  return core_.latches->level(name, symbol);
}

std::size_t RuntimeOutside::halt(InstrumentId instrument, std::string_view why, std::uint64_t position) {
  const std::string& who = core_.slots[slot_]->plan->name;
  if (const auto* found = core_.instruments->find(instrument))
    core_.latches->engage({LatchScope::instrument, LatchLevel::halted, found->symbol, who,
                           std::string{why.substr(0, LatchFile::kWhyBytes - 1)}, now_});
  LatchEngaged engaged;
  engaged.scope = LatchScope::instrument;
  engaged.target = instrument.value;
  return facts_.append(engaged, self(), position, true, now_, who + '\n' + std::string{why});
}

}  // namespace holdfast
