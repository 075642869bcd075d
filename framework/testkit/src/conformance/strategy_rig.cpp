#include "strategy_rig.hpp"

namespace holdfast::testkit {

StrategyRig::StrategyRig(const StrategySubject& subject, std::uint64_t seed)
    : PluginRig{Strategy::kKind, subject.plugin, seed},
      subject_{subject},
      instruments_{subject.plugin.context().instruments} {}

void StrategyRig::tick(Bench& bench, Random& random) const {
  const auto& all = instruments_->all();
  auto which = all.begin();
  std::advance(which, static_cast<std::ptrdiff_t>(random.below(all.size())));
  const Instrument& instrument = which->second;
  const std::int64_t start = std::max<std::int64_t>(subject_.price.raw() / instrument.tick.raw(), 100);
  if (instrument.id.value >= middles_.size()) middles_.resize(instrument.id.value + 1);
  std::int64_t& middle = middles_[instrument.id.value];
  if (middle == 0) middle = start;
  // A step of up to a third of a per cent, moving enough that a strategy has something to answer.
  const std::int64_t step = start * 3 / 1'000 + 1;
  middle += static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * step + 1))) - step;
  middle = std::clamp(middle, start / 2, start * 2);
  bench.advance(Duration{static_cast<std::int64_t>(random.below(400)) * 1'000'000});
  const auto at = [&](std::int64_t ticks) { return Price::from_raw(ticks * instrument.tick.raw()); };
  const Quantity size = Quantity::of(1 + static_cast<std::int64_t>(random.below(5)));
  bench.tell(Quote{instrument.id, TickFlaw::none, at(middle - 1), at(middle + 1), size, size, bench.now()});
  const Side side = random.below(2) == 0 ? Side::buy : Side::sell;
  if (random.below(3) == 0) bench.tell(Trade{instrument.id, side, 0, 0, at(middle), size, bench.now()});
  if (random.below(5) == 0) bench.tell(BookLevel{instrument.id, side, 1, 0, at(middle), size, bench.now()});
}

void StrategyRig::play(StrategyBench& bench) const {
  Random market{seed()}, moods{seed() + 1};
  middles_.clear();
  for (int i = 0; i < subject_.ticks; ++i) {
    tick(bench.bench(), market);
    if (moods.below(8) == 0) bench.deny("not today");
    else if (moods.below(3) == 0) bench.grant();
  }
}

StrategyBench& StrategyRig::played() {
  if (!played_) play(played_.emplace(subject_.plugin));
  return *played_;
}

std::vector<Event> StrategyRig::log() {
  std::vector<Event> all;
  for_each_event(played().bench().journal().bytes(), [&](const Event& event) { all.push_back(event); });
  return all;
}

}  // namespace holdfast::testkit
