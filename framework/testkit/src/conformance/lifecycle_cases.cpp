// BC-010: made, opened, restarted and thrown away.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

constexpr int kCycles = 50;
constexpr Duration kStopWithin = std::chrono::seconds{2};
/// What an allocator and a library may keep for themselves over all cycles.
constexpr std::size_t kHeapSlack = 64 << 10;

void made_again(Rig& rig) {
  const auto first = rig.plugin(), second = rig.plugin();
  Rig::expect(first != second, "it cannot be made twice in one process");
}

/// A broker's whole life: made, opened, asked, thrown away.
void live(Rig& rig) {
  const auto plugin = rig.plugin();
  plugin->open([] {});
  Notebook blotter;
  plugin->poll(blotter);
}

void no_growth(Rig& rig) {
  for (int i = 0; i < 5; ++i) live(rig);  // What is made once and kept is no growth.
  const Held before = held();
  for (int i = 0; i < kCycles; ++i) live(rig);
  const Held after = held();
  const auto grown = [&](std::size_t now, std::size_t then, std::size_t slack, const std::string& what) {
    Rig::expect(now <= then + slack,
                std::to_string(kCycles) + " lives leave " + std::to_string(now - then) + " " + what + " behind");
  };
  grown(after.files, before.files, 0, "open files");
  grown(after.threads, before.threads, 0, "threads");
  grown(after.heap, before.heap, kHeapSlack, "bytes");
}

void stops_soon(Rig& rig) {
  auto plugin = rig.plugin();
  plugin->open([] {});
  const Duration before = real_time();
  plugin.reset();
  const Duration taken = real_time() - before;
  Rig::expect(taken <= kStopWithin, "its destructor takes " + std::to_string(taken / std::chrono::milliseconds{1}) +
                                        " ms: whoever stops a system waits for it");
}

/// A morning of trading: every kind of event a broker hears.
void morning(Bench& bench, const Rig& rig) {
  const auto order = [&](std::uint64_t counter, Side side, int units, int ticks) {
    OrderTerms terms;
    terms.cl_ord_id = ClOrdId::make({7}, counter);
    terms.instrument = rig.subject().instrument;
    terms.side = side;
    terms.type = OrdType::limit;
    terms.quantity = rig.qty(units);
    terms.price = rig.px(ticks);
    bench.tell(OrderIntent{terms, bench.now()}, "", {7});
    bench.tell(OrderApproved{terms});
  };
  const auto quote = [&](int bid, int ask, int units) {
    Quote q;
    q.instrument = rig.subject().instrument;
    q.bid = rig.px(bid);
    q.ask = rig.px(ask);
    q.bid_size = q.ask_size = rig.qty(units);
    bench.tell(q);
    bench.advance(std::chrono::milliseconds{50});
  };
  quote(-5, 5, 3);
  order(1, Side::buy, 4, 5);
  order(2, Side::sell, 2, 7);
  order(3, Side::buy, 2, -7);
  quote(-6, 4, 1);
  quote(7, 9, 1);
  bench.tell(CancelIntent{ClOrdId::make({7}, 3)}, "", {7});
  quote(-5, 5, 2);
  order(4, Side::buy, 1, 5);
  quote(-5, 5, 2);
}

void state_survives(Rig& rig) {
  rig.venue();
  const auto difference = restart_difference(rig.maker(), {}, [&](Bench& bench) { morning(bench, rig); });
  Rig::expect(difference.empty(), difference + ": state() leaves something out");
}

void same_twice(Rig& rig) {
  Bench once{rig.maker()}, again{rig.maker()};
  morning(once, rig);
  morning(again, rig);
  const auto different = difference(once, again, "in the second run", "in the first");
  Rig::expect(different.empty(), different + ": a pure broker depends on what it hears alone");
}

void stretches(Rig& rig) {
  const auto different = stretch_difference(rig.maker(), {}, [&](Bench& bench) { morning(bench, rig); });
  Rig::expect(different.empty(), different + ": quiet() promises what hear() does not keep");
}

void orders_survive(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId kept = rig.resting(Side::buy, 2, -8);
  const std::string before = rig.order(kept).story;
  rig.restart();
  rig.settle();
  Rig::expect(rig.order(kept).story == before, "after a restart it reports again: " + rig.order(kept).story);
  rig.cancel(kept);
  rig.until_ended(kept);
  Rig::expect(rig.order(kept).status == OrdStatus::cancelled,
              "an order from before a restart cannot be cancelled: " + rig.stories());
}

}  // namespace

std::vector<BrokerCase> lifecycle_cases() {
  return {
      {"BC-010", "Two of it live in one process", "makes two", Level::sim, {}, made_again},
      {"BC-011",
       "Fifty lives leave no files, threads or memory behind",
       "makes, opens and throws it away fifty times",
       Level::sim,
       {},
       no_growth},
      {"BC-012", "It stops within two seconds", "opens it and throws it away", Level::sim, {}, stops_soon},
      {"BC-014",
       "Restarted after every event it does the same",
       "plays a morning with and without restarts",
       Level::sim,
       {Need::pure},
       state_survives},
      {"BC-015",
       "An order from before a restart is still there after it",
       "restarts the actor around a working order",
       Level::sim,
       {Need::limit},
       orders_survive},
      {"BC-016",
       "Heard twice, a history gives the same reports",
       "plays a morning on two benches",
       Level::sim,
       {Need::pure},
       same_twice},
      {"BC-017",
       "In quiet times it may hear the market in stretches",
       "plays a morning event by event and in stretches",
       Level::sim,
       {Need::pure},
       stretches},
  };
}

}  // namespace holdfast::testkit
