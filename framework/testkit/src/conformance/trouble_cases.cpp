// BC-120 to BC-140: too much at once, reports doubled, late and out of order, and a process that dies in between.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void one_too_many(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("throttle");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.until([&] { return rig.order(id).acknowledgements > 0 || rig.order(id).ended(); },
            "what became of a request that was one too many is found out");
  rig.until_venue_agrees();
  const ClOrdId next = rig.resting(Side::buy, 1, -3);
  rig.inject("throttle");
  rig.cancel(next);
  rig.until([&] { return rig.order(next).ended() || rig.order(next).has("CancelRejected"); },
            "what became of a cancel that was one too many is told");
  rig.until_venue_agrees();
}

/// Approved before it, and waiting for the disk: an order leaves once it is durable, a cancel at once.
void cancels_first(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId old = rig.resting(Side::buy, 1, -3);
  rig.bench().durable = false;
  const ClOrdId late = rig.limit(Side::buy, 1, -4);
  rig.bench().tell(CancelIntent{old}, "conformance", ActorId{7});
  rig.bench().durable = true;
  rig.until_ended(old);
  rig.until_working(late);
  Rig::expect(rig.place_of(EventType::cancel_sent, old) < rig.place_of(EventType::order_sent, late),
              "a new order was sent before a cancel: " + rig.stories());
  Rig::expect(rig.place_of(EventType::order_cancelled, old) < rig.place_of(EventType::order_acknowledged, late),
              "a new order reached the venue before a cancel: " + rig.stories());
}

/// More than there is room for in the journal at a time.
void many_at_once(Rig& rig) {
  constexpr int kMany = 100;
  rig.quote(-5, 5, 10);
  rig.bench().room = 24;
  std::vector<ClOrdId> ids;
  for (int i = 0; i < kMany; ++i) ids.push_back(rig.limit(Side::buy, 1, -6 - i));
  for (const ClOrdId id : ids) rig.until_working(id);
  for (const ClOrdId id : ids)
    Rig::expect(rig.order(id).acknowledgements == 1, "of " + std::to_string(kMany) + " orders at once one is reported as " + rig.order(id).story);
  for (const ClOrdId id : ids) rig.cancel(id);
  for (const ClOrdId id : ids) rig.until_ended(id);
  rig.expect_sane();
}

void told_twice(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 3, 0);
  rig.inject("dup_fill");
  rig.trade_with(id, 1);
  rig.until_filled(id, 1);
  rig.settle();
  rig.expect_filled(id, 1);
  rig.until_venue_agrees();
}

void out_of_order(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 3, 0);
  rig.inject("out_of_order_fills by=300ms");
  rig.trade_with(id, 1);
  rig.trade_with(id, 2);
  rig.until_ended(id);
  rig.expect_filled(id, 3);
  rig.until_venue_agrees();
}

void gap(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("sequence_gap count=3");
  const ClOrdId id = rig.limit(Side::buy, 1, 5);
  rig.until_ended(id);
  rig.expect_filled(id, 1);
  rig.until_venue_agrees();
}

void after_cancel(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -3);
  rig.inject("fill_after_cancel");
  rig.cancel(id);
  rig.until_ended(id);
  rig.until_venue_agrees();
}

void clock(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("clock_skew by=2s");
  const ClOrdId id = rig.limit(Side::buy, 1, 5);
  rig.until_ended(id);
  rig.expect_filled(id, 1);
}

/// A new incarnation with what its predecessor had written, and nothing of what it had in its hands.
void restarted_in_flight(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("ack_lost");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.restart();
  rig.expect_one_working(id);
}

void dies_while_sending(Rig& rig) {
  rig.quote(-5, 5, 10);
  const OrderTerms terms = rig.terms(OrdType::limit, Side::buy, 1, -3);
  rig.die_sending(terms);
  rig.expect_one_working(terms.cl_ord_id);
}

void dies_while_cancelling(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -3);
  rig.die_cancelling(id);
  rig.until_ended(id);
  Rig::expect(rig.order(id).status == OrdStatus::cancelled, "it ended otherwise: " + rig.order(id).story);
  rig.until_venue_agrees();
}

}  // namespace

std::vector<BrokerCase> trouble_cases() {
  return {
      {"BC-120", "A request too many is not lost", "the venue refuses an order and a cancel as one too many",
       Level::live, {Need::edge, Need::asks, Need::limit}, one_too_many},
      {"BC-121", "A cancel goes before orders that were there first", "cancels while an order waits for the disk",
       Level::live, {Need::limit}, cancels_first},
      {"BC-122", "A hundred orders at once all arrive, once", "leaves little room in the journal", Level::live,
       {Need::limit}, many_at_once},
      {"BC-130", "A fill told twice counts once", "the venue says everything twice", Level::live,
       {Need::edge, Need::limit}, told_twice},
      {"BC-131", "Fills told out of order add up", "the second fill comes first", Level::live,
       {Need::edge, Need::limit}, out_of_order},
      {"BC-132", "A gap in the sequence is closed", "the venue leaves numbers out", Level::live,
       {Need::edge, Need::limit}, gap},
      {"BC-133", "A fill told after a cancel counts", "half trades before the cancel, and is told after it",
       Level::live, {Need::edge, Need::limit}, after_cancel},
      {"BC-134", "A venue whose clock is wrong is traded with all the same", "two seconds ahead", Level::live,
       {Need::edge, Need::limit}, clock},
      {"BC-140", "Restarted with an order on its way, it is found out, and sent once",
       "restarts the actor after a lost answer", Level::live, {Need::edge, Need::asks, Need::limit},
       restarted_in_flight},
      {"BC-141", "Gone between sending and writing it down, an order is found, and is one",
       "the actor ends in the middle, and a successor knows nothing of it", Level::live,
       {Need::edge, Need::asks, Need::limit}, dies_while_sending},
      {"BC-142", "Gone between cancelling and writing it down, a cancel is made", "the same with a cancel", Level::live,
       {Need::edge, Need::asks, Need::limit}, dies_while_cancelling},
  };
}

}  // namespace holdfast::testkit
