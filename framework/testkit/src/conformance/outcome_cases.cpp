// BC-100 to BC-113: what becomes of orders when answers are lost or the other end dies, and of what nobody here did.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void answer_lost(Rig& rig) {
  rig.quote(-5, 5, 10);
  rig.inject("ack_lost");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.expect_one_working(id);
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
  rig.expect_one_working(id);
}

void killed_after_send(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.venue().kill();
  rig.until([&] { return !rig.armed(); }, "a venue that has died is reported");
  rig.venue().restart();
  rig.until([&] { return rig.armed(); }, "the books agree again");
  Rig::expect(!rig.order(id).has("OrderRejected") || rig.orders_at_venue() == 0,
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
  };
}

}  // namespace holdfast::testkit
