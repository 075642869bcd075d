#include <algorithm>
#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/strategy_bench.hpp>
#include <holdfast/testkit/watch.hpp>

namespace holdfast::testkit {

namespace {

/// An actor whose every call is watched.
class Watched final : public Actor {
 public:
  explicit Watched(std::shared_ptr<Actor> actor) : actor_{std::move(actor)} {}
  void hear(const Event& event, Stage& stage) override {
    const Watch watch;
    actor_->hear(event, stage);
    wake_at(actor_->wake_at());
  }
  void state(Archive& archive) override {
    const Watch watch;
    actor_->state(archive);
    wake_at(actor_->wake_at());
  }
  int state_version() const override { return actor_->state_version(); }

 private:
  std::shared_ptr<Actor> actor_;
};

Bench::Make watched(Bench::Make make) {
  return [make = std::move(make)]() -> std::shared_ptr<Actor> {
    const Watch watch;
    return std::make_shared<Watched>(make());
  };
}

Price cents(std::int64_t count) { return Price::from_raw(count * 1'000'000); }

/// A seeded market of every instrument, moving enough that a strategy has something to answer.
class Market {
 public:
  explicit Market(std::size_t instruments) : middle_(instruments, 10'000) {}

  void tick(Bench& bench) {
    const auto which = static_cast<std::size_t>(random_.below(middle_.size()));
    std::int64_t& middle = middle_[which];
    middle = std::clamp<std::int64_t>(middle + static_cast<std::int64_t>(random_.below(61)) - 30, 5'000, 20'000);
    bench.advance(Duration{static_cast<std::int64_t>(random_.below(400)) * 1'000'000});
    const InstrumentId id{static_cast<std::uint32_t>(which) + 1};
    const Quantity size = Quantity::of(1 + static_cast<std::int64_t>(random_.below(5)));
    bench.tell(Quote{id, TickFlaw::none, cents(middle) - Price::from_raw(500'000), cents(middle) + Price::from_raw(500'000),
                     size, size, bench.now()});
    const Side side = random_.below(2) == 0 ? Side::buy : Side::sell;
    if (random_.below(3) == 0) bench.tell(Trade{id, side, 0, 0, cents(middle), size, bench.now()});
    if (random_.below(5) == 0) bench.tell(BookLevel{id, side, 1, 0, cents(middle), size, bench.now()});
  }

 private:
  Random random_{5};
  std::vector<std::int64_t> middle_;
};

/// `ticks` ticks, in which the world answers orders as it likes and when it likes.
void live_through(StrategyBench& bench, std::size_t instruments, int ticks) {
  Market market{instruments};
  Random moods{6};
  for (int i = 0; i < ticks; ++i) {
    market.tick(bench.bench());
    if (moods.below(8) == 0) bench.deny("not today");
    else if (moods.below(3) == 0) bench.grant();
  }
}

/// Makes the heap of the next run another one: what is ordered by addresses comes in another order.
std::vector<std::unique_ptr<char[]>> unsettle_heap() {
  std::vector<std::unique_ptr<char[]>> blocks;
  Random random{7};
  for (int i = 0; i < 4000; ++i) blocks.push_back(std::make_unique<char[]>(16 + random.below(240)));
  for (std::size_t i = 0; i < blocks.size(); i += 2) blocks[(i * 7919) % blocks.size()].reset();
  return blocks;
}

}  // namespace

Findings check_strategy(const Subject& subject, int ticks) {
  Findings found = check_settings(subject);
  if (!found.empty()) return found;
  Watch::take();
  const auto make = watched(StrategyBench::maker(subject));
  const auto script = [&](StrategyBench& bench) { live_through(bench, subject.symbols.size(), ticks); };
  try {
    StrategyBench once{subject, make, {}};
    script(once);
    if (once.asked().empty())
      found.push_back({"asks", "it asked for nothing in " + std::to_string(ticks) +
                                   " ticks, so nothing is proved: choose settings with which it trades"});
    {
      const auto blocks = unsettle_heap();
      StrategyBench again{subject, make, {}};
      script(again);
      if (const auto differs = difference(once.bench(), again.bench(), "in a second run", "in the first"); !differs.empty())
        found.push_back({"same twice", differs + ": something other than events decides (addresses, uninitialised memory, chance)"});
    }
    Bench::Options restarting;
    restarting.restart_after_every_event = true;
    StrategyBench restarted{subject, make, restarting};
    script(restarted);
    if (const auto differs = difference(once.bench(), restarted.bench(), "after restarts", "without them"); !differs.empty())
      found.push_back({"restart", differs + ": name every member that must survive in state()"});
  } catch (const std::exception& error) {
    found.push_back({"throws", error.what()});
  }
  for (const auto& what : Watch::take())
    found.push_back({"outside", "it asks for " + what + ": use desk.now(), desk.random() and settings"});
  return found;
}

}  // namespace holdfast::testkit
