#pragma once

#include <holdfast/testkit/strategy_bench.hpp>

#include "plugin_rig.hpp"

namespace holdfast::testkit {

/// One strategy, in a generated market and a world that answers its orders as it likes. [one thread]
class StrategyRig final : public PluginRig {
 public:
  StrategyRig(const StrategySubject& subject, std::uint64_t seed);
  bool meets(Need need) const override { return need == Need::onlooker && subject_.onlooker != nullptr; }

  const StrategySubject& subject() const { return subject_; }
  const Instruments& instruments() const { return *instruments_; }
  /// How to make the actor that hosts it.
  Bench::Make maker() const { return StrategyBench::maker(subject_.plugin); }
  /// All ticks of the subject, and orders granted, denied or left alone. The same with each call.
  void play(StrategyBench& bench) const;
  /// The next tick of that market; `random` decides.
  void tick(Bench& bench, Random& random) const;
  /// A bench that has played, made once.
  StrategyBench& played();
  /// The log of that.
  std::vector<Event> log();

 private:
  const StrategySubject& subject_;
  std::shared_ptr<const Instruments> instruments_;
  mutable std::vector<std::int64_t> middles_;  ///< Of the market, in ticks, by instrument.
  std::optional<StrategyBench> played_;
};

std::vector<StrategyCase> order_asking_cases();
std::vector<StrategyCase> determinism_cases();

}  // namespace holdfast::testkit
