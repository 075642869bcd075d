#include <algorithm>
#include <holdfast/trading/latches.hpp>

namespace holdfast {

bool Latches::hear(const Event& event) {
  if (event.type() == EventType::latch_engaged) {
    const auto& engaged = event.as<LatchEngaged>();
    const Key key{engaged.scope, engaged.target};
    if (engaged.level == LatchLevel::active) return engaged_.erase(key) > 0;
    const std::string_view words = event.tail<LatchEngaged>();
    const std::size_t line = std::min(words.find('\n'), words.size());
    Latch latch;
    latch.level = engaged.level;
    latch.who = words.substr(0, line);
    latch.why = words.substr(std::min(line + 1, words.size()));
    latch.since = event.time();
    engaged_.insert_or_assign(key, std::move(latch));
    return true;
  }
  if (event.type() == EventType::latch_released) {
    const auto& released = event.as<LatchReleased>();
    return engaged_.erase({released.scope, released.target}) > 0;
  }
  return false;
}

LatchLevel Latches::level(ActorId owner, InstrumentId instrument) const {
  LatchLevel strictest = LatchLevel::active;
  for (const Key& key : {Key{LatchScope::system, 0}, Key{LatchScope::strategy, owner.value},
                         Key{LatchScope::instrument, instrument.value}})
    if (const auto found = engaged_.find(key); found != engaged_.end())
      strictest = std::max(strictest, found->second.level);
  return strictest;
}

bool reduces(Side side, Quantity quantity, Quantity position, Quantity working_same_side) {
  // In 128 bits: the quantity is what a strategy wrote, and no text of it may abort the process.
  using detail::Wide;
  const Wide held = position.raw();
  const Wide against = side == Side::buy ? -held : held;  // What the order works off.
  const Wide wanted = static_cast<Wide>(quantity.raw()) + working_same_side.raw();
  return quantity > Quantity{} && wanted <= against;
}

}  // namespace holdfast
