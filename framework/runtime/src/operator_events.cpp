// What operators say, as the journal stores it.
#include <stdexcept>

#include "core.hpp"

namespace holdfast {

EventBuffer instruction_event(const Instruction& said, const SystemRecord& record, Time now) {
  EventBuffer events;
  if (said.what == Instruction::What::cancel) {
    if (record.orders().find(said.order) == nullptr)
      throw std::invalid_argument{"there is no such open order"};
    events.append(CancelIntent{said.order}, ActorId{}, 0, true, now, said.who + ": " + said.why);
    return events;
  }
  for (const auto& [broker, differences] : record.differences())
    for (const auto& difference : differences)
      if (record.symbol(difference.instrument) == said.instrument) {
        DifferenceAccepted accepted;
        accepted.instrument = difference.instrument;
        events.append(accepted, ActorId{}, 0, true, now, said.who + '\n' + said.why);
        return events;
      }
  throw std::invalid_argument{"nothing about an instrument '" + said.instrument + "' waits to be accepted"};
}

EventBuffer latch_event(const LatchFile::Latch& latch, const SystemRecord& record, bool release, Time now) {
  std::uint32_t target = 0;
  if (latch.scope == LatchScope::strategy) {
    ActorId id;
    if (record.find(latch.target, &id) == nullptr)
      throw std::invalid_argument{"there is no actor '" + latch.target + "' in this system"};
    target = id.value;
  } else if (latch.scope == LatchScope::instrument) {
    for (const auto& [id, entry] : record.instruments())
      if (entry.symbol == latch.target) target = id;
    if (target == 0) throw std::invalid_argument{"there is no instrument '" + latch.target + "' in this system"};
  }
  EventBuffer events;
  const std::string tail = latch.who + "\n" + latch.why;
  if (release) events.append(LatchReleased{latch.scope, {}, target}, ActorId{}, 0, true, now, tail);
  else events.append(LatchEngaged{latch.scope, latch.level, 0, target}, ActorId{}, 0, true, now, tail);
  return events;
}

}  // namespace holdfast
