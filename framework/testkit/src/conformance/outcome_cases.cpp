// BC-100 to BC-140: what becomes of orders when answers are lost, doubled, late, or the other end dies.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

bool has_event(const OrderRecord& order, const char* event) { return order.story.find(event) != std::string::npos; }

/// It works, nobody ever called it rejected, and there is one of it.
void expect_one_working(Rig& rig, ClOrdId id) {
  rig.until([&] { return rig.order(id).acknowledgements > 0 || rig.order(id).ended(); },
            "what became of the order is found out");
  Rig::expect(!has_event(rig.order(id), "OrderRejected"),
              "an order whose answer was lost is called rejected: " + rig.order(id).story);
  Rig::expect(rig.orders_at_venue() == 1, "the venue has got it " + std::to_string(rig.orders_at_venue()) + " times");
  rig.trade_with(id, 1);
  rig.until_ended(id);
  rig.expect_filled(id, 1);
  rig.until_venue_agrees();
}

void answer_lost(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("ack_lost");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  expect_one_working(rig, id);
}

void request_lost(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("request_lost");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.until_ended(id);
  Rig::expect(rig.order(id).status == OrdStatus::rejected, "it ended otherwise: " + rig.order(id).story);
  Rig::expect(rig.orders_at_venue() == 0, "the venue has an order that is said to be rejected");
}

void cut_after_send(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("ack_lost");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  // What never arrived may well be called rejected, once the venue has denied it often enough.
  rig.until([&] { return rig.orders_at_venue() == 1; }, "the order arrives");
  rig.inject("disconnect");
  expect_one_working(rig, id);
}

void killed_after_send(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.venue().kill();
  rig.until([&] { return !rig.armed(); }, "a venue that has died is reported");
  rig.venue().restart();
  rig.until([&] { return rig.armed(); }, "the books agree again");
  Rig::expect(!has_event(rig.order(id), "OrderRejected") || rig.orders_at_venue() == 0,
              "the venue has an order that is said to be rejected");
  rig.until_venue_agrees();
}

void fills_lost(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 3, 0);
  rig.inject("lost_fills");
  rig.trade_with(id, 2);
  rig.until_filled(id, 2);
  rig.until_venue_agrees();
}

void fills_while_down(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 3, 0);
  rig.inject("disconnect");
  rig.trade_with(id, 3);
  rig.until_ended(id);
  rig.expect_filled(id, 3);
  rig.until_venue_agrees();
}

std::string number(Quantity quantity) { return quantity.str(); }

void strangers(Rig& rig) {
  rig.quote(-5, 5, 10);
  const Instrument* traded = rig.subject().plugin.instruments->find(rig.subject().instrument);
  rig.inject("phantom_order symbol=" + traded->symbol + " side=buy quantity=" + number(rig.qty(1)) +
             " price=" + rig.px(-4).str());
  rig.until([&] { return !rig.bench().wrote<OrderAdopted>().empty(); },
            "an order that nobody here has sent is adopted");
  rig.until_venue_agrees();
}

void positions(Rig& rig) {
  rig.quote(-5, 5, 10);
  const Instrument* traded = rig.subject().plugin.instruments->find(rig.subject().instrument);
  rig.inject("unknown_position symbol=" + traded->symbol + " quantity=" + number(rig.qty(2)));
  rig.until(
      [&] {
        for (const auto& found : rig.bench().wrote<DifferenceFound>())
          if (found.kind == DifferenceKind::position && found.theirs - found.ours == rig.qty(2)) return true;
        return false;
      },
      "a position that no fill explains is named");
  Rig::expect(!rig.bench().wrote<LatchEngaged>().empty(),
              "a position that no fill explains does not stop its instrument");
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
  rig.until([&] { return rig.order(next).ended() || has_event(rig.order(next), "CancelRejected"); },
            "what became of a cancel that was one too many is told");
  rig.until_venue_agrees();
}

/// A new incarnation with what its predecessor had written, and nothing of what it had in its hands.
void restarted_in_flight(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("ack_lost");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.restart();
  expect_one_working(rig, id);
}

}  // namespace

std::vector<BrokerCase> outcome_cases() {
  return {
      {"BC-100", "A lost answer leaves an order unknown, never rejected", "the venue accepts without a word",
       Level::live, {Need::edge, Need::asks, Need::limit}, answer_lost},
      {"BC-101", "A lost request is rejected only once the venue has denied it", "the venue swallows an order",
       Level::live, {Need::edge, Need::asks, Need::limit}, request_lost},
      {"BC-102", "A connection cut after sending loses nothing and doubles nothing",
       "the answer is lost and the connection cut", Level::live, {Need::edge, Need::asks, Need::limit},
       cut_after_send},
      {"BC-103", "A venue that dies after sending loses nothing and doubles nothing",
       "kills the venue's process with an order on its way", Level::live, {Need::edge, Need::asks, Need::limit},
       killed_after_send},
      {"BC-110", "A fill that was never told is found", "the venue keeps a fill to itself", Level::live,
       {Need::edge, Need::asks, Need::limit}, fills_lost},
      {"BC-111", "Fills missed while down are found", "trades while the connection is cut", Level::live,
       {Need::edge, Need::asks, Need::limit}, fills_while_down},
      {"BC-112", "An order that somebody else has sent is adopted", "an order out of nowhere", Level::live,
       {Need::edge, Need::asks}, strangers},
      {"BC-113", "A position that no fill explains is named and stops trading", "a position out of nowhere",
       Level::live, {Need::edge, Need::asks}, positions},
      {"BC-120", "A request too many is not lost", "the venue refuses an order and a cancel as one too many",
       Level::live, {Need::edge, Need::asks, Need::limit}, one_too_many},
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
  };
}

}  // namespace holdfast::testkit
