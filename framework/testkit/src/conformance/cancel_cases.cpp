// BC-050: cancels, and fills that cross them.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void working(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, 0);
  rig.cancel(id);
  rig.until_ended(id);
  const OrderRecord& order = rig.order(id);
  Rig::expect(order.status == OrdStatus::cancelled, "it ended otherwise: " + order.story);
  Rig::expect(order.cancelled_leaves == rig.qty(2),
              "LeavesQty is " + order.cancelled_leaves.str() + ", and 2 of 2 were left");
}

void filled_in_part(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::sell, 5, 0);
  rig.trade_with(id, 2);
  rig.until_filled(id, 2);
  rig.cancel(id);
  rig.until_ended(id);
  rig.expect_filled(id, 2);
  Rig::expect(rig.order(id).cancelled_leaves == rig.qty(3),
              "LeavesQty is " + rig.order(id).cancelled_leaves.str() + ", and " + rig.qty(3).str() + " were left");
}

void stays_gone(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, 0);
  rig.cancel(id);
  rig.until_ended(id);
  rig.quote(-9, -2, 10);
  rig.settle();
  Rig::expect(rig.order(id).fills.empty(), "a cancelled order was filled: " + rig.order(id).story);
  Rig::expect(rig.order(id).ends == 1,
              "it ended " + std::to_string(rig.order(id).ends) + " times: " + rig.order(id).story);
}

void all_of_them(Rig& rig) {
  rig.quote(-5, 5, 10);
  std::vector<ClOrdId> ids;
  for (int i = 0; i < 10; ++i) {
    ids.push_back(rig.limit(Side::buy, 1, -6 - i));
    ids.push_back(rig.limit(Side::sell, 1, 6 + i));
  }
  for (const ClOrdId id : ids) rig.until_working(id);
  for (const ClOrdId id : ids) rig.cancel(id);
  for (const ClOrdId id : ids) rig.until_ended(id);
  rig.settle();
  for (const ClOrdId id : ids)
    Rig::expect(rig.order(id).status == OrdStatus::cancelled && rig.order(id).ends == 1,
                "one of 20 orders ended otherwise: " + rig.order(id).story);
}

WorkingOrder named(const OrderTerms& terms) {
  WorkingOrder order;
  order.terms = terms;
  return order;
}

void of_nothing(Rig& rig) {
  Notebook blotter;
  const auto plugin = rig.plugin();
  plugin->cancel(named(rig.terms(OrdType::limit, Side::buy, 1, 0)), 1, blotter);
  blotter.advance(std::chrono::seconds{10});
  EventBuffer one;
  plugin->hear(one.at(one.append(TimeAdvanced{}, ActorId{}, 0, true)), blotter);
  Rig::expect(blotter.text() == "cancel_rejected",
              "of an order that it never had it says '" + blotter.text() + "', owed is 'cancel_rejected'");
}

void of_what_ended(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.limit(Side::buy, 1, 5);
  rig.until_ended(id);
  const std::string before = rig.order(id).story;
  rig.cancel(id);
  rig.settle();
  const std::string after = rig.order(id).story;
  Rig::expect(after == before || after == before + " CancelSent CancelRejected",
              "a filled order was then reported as " + after);
  Rig::expect(rig.order(id).status == OrdStatus::filled,
              "a filled order became " + std::string{to_string(rig.order(id).status)});
}

/// Asked for in the instant in which somebody trades: either may win, and the sum is right.
void crossing_a_fill(Rig& rig) {
  for (int units = 1; units <= 5; ++units) {
    rig.quote(-5, 5, 10);
    const ClOrdId id = rig.resting(Side::buy, 3, 0);
    rig.bench().queue(CancelIntent{id}, "conformance", ActorId{7});
    rig.trade_with(id, units);
    rig.until_ended(id);
    rig.settle();
    const OrderRecord& order = rig.order(id);
    Rig::expect(order.ends == 1, "it ended " + std::to_string(order.ends) + " times: " + order.story);
    const Quantity left = order.status == OrdStatus::filled ? Quantity{} : order.cancelled_leaves;
    Rig::expect(order.filled + left == rig.qty(3),
                order.filled.str() + " filled and " + left.str() + " left are not " + rig.qty(3).str());
  }
}

void asked_twice(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 1, 0);
  rig.cancel(id);
  rig.cancel(id);
  rig.until_ended(id);
  rig.settle();
  Rig::expect(rig.order(id).ends == 1 && rig.order(id).status == OrdStatus::cancelled,
              "asked twice, it was reported as " + rig.order(id).story);
}

void the_others_stay(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId first = rig.resting(Side::buy, 1, 0), second = rig.resting(Side::buy, 1, 0),
                third = rig.resting(Side::buy, 1, -1);
  rig.cancel(second);
  rig.until_ended(second);
  rig.settle();
  for (const ClOrdId id : {first, third})
    Rig::expect(!rig.order(id).ended(), "the cancel of one order ended another: " + rig.stories());
}

}  // namespace

std::vector<BrokerCase> cancel_cases() {
  return {
      {"BC-050", "A working order is cancelled, with what was left", "rests, cancels", Level::sim, {Need::limit},
       working},
      {"BC-051", "A partly filled order is cancelled, with what was left", "fills 2 of 5, cancels", Level::sim,
       {Need::limit}, filled_in_part},
      {"BC-052", "A cancelled order is gone", "cancels, then brings the market to its price", Level::sim,
       {Need::limit}, stays_gone},
      {"BC-053", "Twenty orders are all cancelled, each once", "ten bids, ten offers", Level::sim, {Need::limit},
       all_of_them},
      {"BC-054", "A cancel of what it never had is refused", "asks the plugin itself", Level::sim, {Need::pure},
       of_nothing},
      {"BC-055", "A cancel of what has ended changes nothing", "cancels a filled order", Level::sim, {Need::limit},
       of_what_ended},
      {"BC-056", "When a cancel and a fill cross, the sum is right", "both in one instant, five times", Level::sim,
       {Need::limit}, crossing_a_fill},
      {"BC-057", "Asked twice is asked once", "cancels twice", Level::sim, {Need::limit}, asked_twice},
      {"BC-058", "A cancel is of one order, not of its neighbours", "cancels the second of three", Level::sim,
       {Need::limit}, the_others_stay},
  };
}

}  // namespace holdfast::testkit
