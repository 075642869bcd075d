#include <chrono>
#include <memory>
#include <stdexcept>

#include <holdfast/sdk/plugin.hpp>

#include "bench_runs.hpp"

namespace holdfast::cli {

namespace {

/// Counts what strategies ask for.
class CountingDesk final : public Desk {
 public:
  explicit CountingDesk(const Instruments& instruments) : instruments_{instruments} {}
  std::uint64_t orders() const { return orders_; }

  ClOrdId submit(const OrderRequest&, std::string_view) override { return ClOrdId::make(ActorId{1}, ++orders_); }
  void replace(ClOrdId, Quantity, Price, std::string_view) override {}
  void cancel(ClOrdId, std::string_view) override {}
  Quantity position(InstrumentId) const override { return {}; }
  Quantity account_position(InstrumentId) const override { return {}; }
  Time now() const override { return {}; }
  void timer(TimerId, Time) override {}
  const Instrument* instrument(InstrumentId id) const override { return instruments_.find(id); }
  Random& random() override { return random_; }
  void log(std::string_view) override {}

 private:
  const Instruments& instruments_;
  Random random_{1};
  std::uint64_t orders_ = 0;
};

/// Hands each quote on as it is read.
class LoopTape final : public Tape {
 public:
  LoopTape(std::vector<std::shared_ptr<Strategy>> strategies, Desk& desk)
      : strategies_{std::move(strategies)}, desk_{desk} {}

  void quote(const Quote& quote, std::uint64_t) override {
    for (const auto& strategy : strategies_) strategy->on_quote(quote, desk_);
  }
  void trade(const Trade&, std::uint64_t) override {}
  void level(const BookLevel&, std::uint64_t) override {}
  void clear(const BookClear&, std::uint64_t) override {}
  void bad(const BadTick&, std::uint64_t) override {}

 private:
  std::vector<std::shared_ptr<Strategy>> strategies_;
  Desk& desk_;
};

/// What the actor's setting `name` names.
template <class Contract>
std::shared_ptr<Contract> make(const ActorPlan& actor, std::string_view name, const PluginContext& context) {
  PluginSlot<Contract> slot;
  Problems problems;
  if (!read_setting(*actor.settings.find(name), context, problems, slot)) throw PlanRefused{problems};
  return slot.plugin;
}

}  // namespace

double loop_ticks_per_second(PluginHost& plugins, const Workload& workload) {
  using Clock = std::chrono::steady_clock;
  const Plan plan = bench_plan(workload);
  const auto instruments = std::make_shared<Instruments>();
  for (Instrument instrument : plan.instruments) {
    instrument.id = InstrumentId{1};
    instruments->add(std::move(instrument));
  }
  PluginContext context;
  context.instruments = instruments;
  context.plugins = &plugins;
  std::shared_ptr<Feed> feed;
  std::vector<std::shared_ptr<Strategy>> strategies;
  for (const ActorPlan* actor : actors_of(plan.tree)) {
    if (actor->actor == "strategy") strategies.push_back(make<Strategy>(*actor, "strategy", context));
    if (actor->actor == "feed") feed = make<Feed>(*actor, "source", context);
  }
  CountingDesk desk{*instruments};
  LoopTape tape{std::move(strategies), desk};
  feed->open(0, [] {});
  const auto begin = Clock::now();
  std::uint64_t ticks = 0;
  while (feed->next(tape) == Feed::Step::record) ++ticks;
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  if (ticks != workload.ticks || desk.orders() != ticks / static_cast<std::uint64_t>(workload.order_every))
    throw std::runtime_error{"the plain loop did not do its work"};
  return static_cast<double>(ticks) / took;
}

}  // namespace holdfast::cli
