// BC-070: whose a report is, and what is said only once.
#include <set>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void told_apart(Rig& rig) {
  rig.quote(-5, 5, 10);
  std::vector<ClOrdId> ids;
  for (int i = 0; i < 6; ++i)
    ids.push_back(rig.resting(i % 2 == 0 ? Side::buy : Side::sell, 1 + i, i % 2 == 0 ? -1 : 1));
  std::set<std::uint64_t> venue_ids;
  for (const ClOrdId id : ids) {
    const OrderRecord& order = rig.order(id);
    Rig::expect(order.acknowledgements == 1,
                "an order was acknowledged " + std::to_string(order.acknowledgements) + " times: " + order.story);
    Rig::expect(order.venue_order_id != 0, "an acknowledgement names no OrderID of the venue");
    Rig::expect(venue_ids.insert(order.venue_order_id).second,
                "two orders have the OrderID " + std::to_string(order.venue_order_id));
  }
  for (std::size_t i = 0; i < ids.size(); i += 2) rig.cancel(ids[i]);
  for (std::size_t i = 0; i < ids.size(); i += 2) {
    rig.until_ended(ids[i]);
    Rig::expect(rig.order(ids[i]).cancelled_leaves == rig.qty(1 + static_cast<int>(i)),
                "the cancel of one order reports another's quantity");
  }
  for (std::size_t i = 1; i < ids.size(); i += 2)
    Rig::expect(!rig.order(ids[i]).ended(), "one order's end was reported of another");
}

void executions(Rig& rig, bool restarting) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 8; ++i) {
    rig.quote(-5, 5, 10);
    const ClOrdId id = rig.limit(i % 2 == 0 ? Side::buy : Side::sell, 1, i % 2 == 0 ? 5 : -5);
    rig.until_ended(id);
    rig.expect_filled(id, 1);
    for (const auto& fill : rig.order(id).fills) {
      Rig::expect(fill.exec_id != 0, "a fill has no ExecID");
      Rig::expect(seen.insert(fill.exec_id).second, "two fills have the ExecID " + std::to_string(fill.exec_id) +
                                                        (restarting ? ", one from before a restart" : ""));
    }
    if (restarting) rig.restart();
  }
}

void once_only(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId taken = rig.limit(Side::buy, 2, 5), rests = rig.resting(Side::sell, 2, 8);
  rig.until_ended(taken);
  const std::string before = rig.order(taken).story + rig.order(rests).story;
  rig.restart();
  rig.restart();
  rig.settle();
  Rig::expect(rig.order(taken).story + rig.order(rests).story == before,
              "restarted, it reports again: " + rig.stories());
  rig.expect_filled(taken, 2);
}

/// What OrderIDs and ExecIDs a restarted broker gives goes on.
void ids_after_restart(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId first = rig.resting(Side::buy, 1, -6);
  rig.restart();
  const ClOrdId second = rig.resting(Side::buy, 1, -7);
  Rig::expect(rig.order(first).venue_order_id != rig.order(second).venue_order_id,
              "after a restart an OrderID is given again");
}

}  // namespace

std::vector<BrokerCase> id_cases() {
  return {
      {"BC-070", "Orders are told apart", "six at once; cancels every second one", Level::sim, {Need::limit},
       told_apart},
      {"BC-071", "Each fill has an ExecID of its own", "eight fills", Level::sim, {Need::limit},
       [](Rig& rig) { executions(rig, false); }},
      {"BC-072", "ExecIDs go on over restarts", "eight fills with a restart after each", Level::sim, {Need::limit},
       [](Rig& rig) { executions(rig, true); }},
      {"BC-073", "What was reported is not reported again after a restart",
       "restarts twice around a filled and a working order", Level::sim, {Need::limit}, once_only},
      {"BC-074", "OrderIDs go on over restarts", "an order before, an order after", Level::sim, {Need::limit},
       ids_after_restart},
  };
}

}  // namespace holdfast::testkit
