#pragma once

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>
#include <map>

namespace holdfast {

/// Counters of order ids from here on are of orders that close what a removed strategy has left: it may be here
/// again one day, and ids are never used twice.
inline constexpr std::uint64_t kClosingIds = std::uint64_t{1} << 47;

/// Whose orders and shares of positions are, as a fold over StrategyRemoved: an order's id names who asked for it,
/// and that strategy may have handed everything over since.
class Owners {
 public:
  /// Folds any event; true when something changed hands.
  bool hear(const Event& event);
  /// Whose it is by now, what was `asked_by`'s. Itself, as long as nothing was handed over.
  ActorId of(ActorId asked_by) const {
    const auto heir = heirs_.find(asked_by);
    return heir == heirs_.end() ? asked_by : heir->second;
  }
  ActorId of(ClOrdId id) const { return of(id.owner()); }
  void state(Archive& a) { a(heirs_); }

 private:
  std::map<ActorId, ActorId> heirs_;  ///< The last of each chain.
};

/// Moves what `from` has to `to` in a map by (owner, instrument); `add` takes a share and what is added to it.
template <class Shares, class Add>
void hand_over(Shares& shares, ActorId from, ActorId to, Add&& add) {
  const auto first = shares.lower_bound({from, InstrumentId{}});
  auto last = first;
  for (; last != shares.end() && last->first.first == from; ++last) add(shares[{to, last->first.second}], last->second);
  shares.erase(first, last);
}

}  // namespace holdfast
