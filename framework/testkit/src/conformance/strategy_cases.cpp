// SC-020 to SC-040: what a strategy owes to those who rely on its answers.

#include "strategy_rig.hpp"

namespace holdfast::testkit {

namespace {

/// An actor whose every call somebody looks at.
class Watched final : public Actor {
 public:
  Watched(std::shared_ptr<Actor> actor, Onlooker& onlooker) : actor_{std::move(actor)}, onlooker_{onlooker} {}
  void hear(const Event& event, Stage& stage) override {
    onlooker_.begin();
    actor_->hear(event, stage);
    onlooker_.end();
    wake_at(actor_->wake_at());
  }
  void state(Archive& archive) override {
    onlooker_.begin();
    actor_->state(archive);
    onlooker_.end();
    wake_at(actor_->wake_at());
  }
  int state_version() const override { return actor_->state_version(); }

 private:
  std::shared_ptr<Actor> actor_;
  Onlooker& onlooker_;
};

void asks(StrategyRig& rig) {
  StrategyRig::expect(!rig.played().asked().empty(),
                      "it asked for nothing in " + std::to_string(rig.subject().ticks) +
                          " ticks, so nothing is proved: choose settings with which it trades");
}

void well_formed(StrategyRig& rig) {
  for (const Event& event : rig.log()) {
    if (event.type() != EventType::order_intent) continue;
    const OrderTerms& terms = event.as<OrderIntent>().terms;
    const Instrument* instrument = rig.instruments().find(terms.instrument);
    StrategyRig::expect(instrument != nullptr, "it asks for an instrument that is none of this system's");
    StrategyRig::expect(terms.quantity > Quantity{} && terms.quantity.raw() % instrument->lot.raw() == 0,
                        "it asks for " + terms.quantity.str() + " in lots of " + instrument->lot.str());
    StrategyRig::expect(!has_limit(terms.type) || terms.price.raw() % instrument->tick.raw() == 0,
                        "it asks for a price of " + terms.price.str() + " in ticks of " + instrument->tick.str());
    StrategyRig::expect(!event.tail<OrderIntent>().empty(), "it asks for an order without a reason");
  }
}

/// All that may become of an order, one after the other.
void end_somehow(Bench& bench, const OrderTerms& terms, int how, std::uint64_t exec) {
  const ClOrdId id = terms.cl_ord_id;
  if (how == 0) return bench.tell(OrderDenied{id, DenyReason::rule, terms.instrument}, "not today");
  bench.tell(OrderApproved{terms});
  bench.tell(OrderSent{terms, bench.now()});
  if (how == 1) return bench.tell(OrderRejected{id}, "unknown account");
  if (how == 2) bench.tell(OrderUnknown{id}, "no answer");
  bench.tell(OrderAcknowledged{id, id.counter()});
  if (how == 3) return bench.tell(OrderExpired{id, terms.quantity}, "nobody is left to trade with");
  if (how == 4) return bench.tell(OrderCancelled{id, terms.quantity}, "by the venue");
  OrderFilled fill;
  fill.cl_ord_id = id;
  fill.exec_id = exec;
  fill.instrument = terms.instrument;
  fill.side = terms.side;
  fill.last_px = Price::of(100);
  fill.last_qty = fill.cum_qty = terms.quantity;
  bench.tell(fill);
  if (how == 5) return;
  FillBusted bust;
  bust.cl_ord_id = id;
  bust.exec_id = exec;
  bust.instrument = terms.instrument;
  bust.side = terms.side;
  bust.last_px = fill.last_px;
  bust.last_qty = fill.last_qty;
  bench.tell(bust, "a mistake");
}

void takes_everything(StrategyRig& rig) {
  Bench bench{rig.maker()};
  Random market{rig.seed()};
  std::size_t seen = 0;
  for (int i = 0; i < rig.subject().ticks; ++i) {
    rig.tick(bench, market);
    const auto intents = bench.wrote<OrderIntent>();
    for (; seen < intents.size(); ++seen)
      end_somehow(bench, intents[seen].terms, static_cast<int>(seen % 7), seen + 1);
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

void same_twice(StrategyRig& rig) {
  rig.played();
  const auto blocks = unsettle_heap();
  StrategyBench again{rig.subject().plugin};
  rig.play(again);
  const auto differs = difference(rig.played().bench(), again.bench(), "in a second run", "in the first");
  StrategyRig::expect(differs.empty(),
                      differs + ": something other than events decides (addresses, uninitialised memory, chance)");
}

void same_elsewhere(StrategyRig& rig) { rig.testify(rig.played().bench().journal().bytes()); }

void asks_nobody_else(StrategyRig& rig) {
  Onlooker& onlooker = *rig.subject().onlooker;
  onlooker.take();
  const auto make = [make = rig.maker(), &onlooker]() -> std::shared_ptr<Actor> {
    onlooker.begin();
    auto made = std::make_shared<Watched>(make(), onlooker);
    onlooker.end();
    return made;
  };
  StrategyBench bench{rig.subject().plugin, make, {}};
  rig.play(bench);
  for (const auto& what : onlooker.take())
    throw CaseFailed{"it asks for " + what + ": use desk.now(), desk.random() and settings"};
}

void survives_restarts(StrategyRig& rig) {
  StrategyBench restarted{rig.subject().plugin, Bench::Options{.restart_after_every_event = true}};
  rig.play(restarted);
  const auto differs = difference(rig.played().bench(), restarted.bench(), "after restarts", "without them");
  StrategyRig::expect(differs.empty(), differs + ": name every member that must survive in state()");
}

/// Folding a log, as a restart does: muted, and answers are compared, not written.
class Folding final : public Stage {
 public:
  Time now() const override { return event_->time(); }
  bool muted() const override { return true; }
  void log(std::string_view) override {}
  EventBuffer& answers() override { return answers_; }
  ActorId self() const override { return Bench::Options{}.self; }
  std::uint64_t heard_seq() const override { return event_->seq(); }

  void hear(Actor& actor, const Event& event) {
    event_ = &event;
    actor.hear(event, *this);
  }

 private:
  const Event* event_ = nullptr;
  EventBuffer answers_;
};

std::vector<std::byte> state_of(Actor& actor) {
  Archive archive;
  actor.state(archive);
  return archive.take();
}

/// What an event says, and not when and where it was written.
std::string contents(const Event& event) {
  const auto bytes = event.bytes().subspan(sizeof(EventHeader));
  return std::string{to_string(event.type())} + std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// How an incarnation that begins with the state after event `killed` folds the rest.
struct Tail {
  std::vector<std::byte> state;
  std::vector<std::string> answers, wanted;
};

/// Killed after each event of the log, at most two hundred of them.
void for_each_kill(StrategyRig& rig, const std::function<void(std::size_t, const Tail&)>& judge) {
  const auto log = rig.log();
  const auto whole = rig.maker()();
  Folding folding;
  const std::size_t stride = 1 + log.size() / 200;
  for (std::size_t killed = 0; killed < log.size(); ++killed) {
    folding.hear(*whole, log[killed]);
    if (killed % stride != 0) continue;
    const auto saved = state_of(*whole);
    const auto next = rig.maker()();
    Archive loading{saved, whole->state_version()};
    next->state(loading);
    Folding tail;
    Tail result;
    for (std::size_t i = killed + 1; i < log.size(); ++i) {
      tail.hear(*next, log[i]);
      if (log[i].author() == tail.self() && log[i].header().origin > log[killed].seq()) result.wanted.push_back(contents(log[i]));
    }
    for_each_event(tail.answers().bytes(), [&](const Event& event) { result.answers.push_back(contents(event)); });
    result.state = state_of(*next);
    judge(killed + 1, result);
  }
}

void same_state_from_any_snapshot(StrategyRig& rig) {
  const auto end = rig.played().bench().state();
  for_each_kill(rig, [&](std::size_t killed, const Tail& tail) {
    StrategyRig::expect(tail.state == end, "killed after event " + std::to_string(killed) +
                                               ", snapshot and tail lead to another state than the whole log");
  });
}

void same_answers_from_any_snapshot(StrategyRig& rig) {
  for_each_kill(rig, [&](std::size_t killed, const Tail& tail) {
    // What was answered last may not have been heard before the log ends.
    const auto [answer, wanted] = std::ranges::mismatch(tail.answers, tail.wanted);
    StrategyRig::expect(wanted == tail.wanted.end() && answer == tail.answers.end(),
                        "killed after event " + std::to_string(killed) +
                            ", its successor answers what the journal does not have: it would be parked");
  });
}

}  // namespace

std::vector<StrategyCase> order_asking_cases() {
  return {
      {"SC-020", "It asks for orders", "plays a market that moves", Level::sim, {}, asks},
      {"SC-021", "What it asks for can be traded, and has a reason", "looks at lots, ticks and words", Level::sim, {},
       well_formed},
      {"SC-022", "It goes on, whatever becomes of its orders",
       "denies, rejects, expires, cancels, fills and busts them in turn", Level::sim, {}, takes_everything},
  };
}

std::vector<StrategyCase> determinism_cases() {
  return {
      {"SC-030", "The same events give the same orders", "plays twice, with another heap", Level::sim, {}, same_twice},
      {"SC-031", "In another process, too", "compares the logs of two processes", Level::sim, {}, same_elsewhere},
      {"SC-032", "It asks nobody but its desk for time, chance and settings", "looks on while it works", Level::sim,
       {Need::onlooker}, asks_nobody_else},
      {"SC-040", "Restarted after every event it does the same", "plays with and without restarts", Level::sim, {},
       survives_restarts},
      {"SC-041", "A snapshot and its tail lead to the state of the whole",
       "kills it after each event and folds the rest", Level::sim, {}, same_state_from_any_snapshot},
      {"SC-042", "While it is muted it asks for nothing that it has not asked before",
       "kills it after each event and compares its answers with the log", Level::sim, {},
       same_answers_from_any_snapshot},
  };
}

const std::vector<StrategyCase>& strategy_cases() {
  static const auto all = by_id({common_cases_of<StrategyRig>("SC-"), order_asking_cases(), determinism_cases()});
  return all;
}

CaseResult run_case(const StrategyCase& one, const StrategySubject& subject, std::uint64_t seed) {
  return judged(one, subject, seed);
}
Findings check_strategy(const StrategySubject& subject, std::uint64_t seed) {
  return found_by(strategy_cases(), subject, seed);
}

}  // namespace holdfast::testkit
