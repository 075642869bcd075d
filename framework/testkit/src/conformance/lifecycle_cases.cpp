// BC-005 and BC-014 to BC-017: what it remembers when it is restarted.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void purity(Rig& rig) {
  const bool says = std::string_view{rig.subject().plugin.manifest.purity} == "pure";
  Rig::expect(says == rig.pure(), std::string{"the manifest says "} + (says ? "pure" : "edge") + ", and pure() is " +
                                      (rig.pure() ? "true" : "false") + ": set kPurity");
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
      {"BC-005", "The manifest and pure() say the same", "compares kPurity with pure()", Level::sim, {}, purity},
      {"BC-014", "Restarted after every event it does the same", "plays a morning with and without restarts",
       Level::sim, {Need::pure}, state_survives},
      {"BC-015", "An order from before a restart is still there after it",
       "restarts the actor around a working order", Level::sim, {Need::limit}, orders_survive},
      {"BC-016", "Heard twice, a history gives the same reports", "plays a morning on two benches", Level::sim,
       {Need::pure}, same_twice},
      {"BC-017", "In quiet times it may hear the market in stretches",
       "plays a morning event by event and in stretches", Level::sim, {Need::pure}, stretches},
  };
}

}  // namespace holdfast::testkit
