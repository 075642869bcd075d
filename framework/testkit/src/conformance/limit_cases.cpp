// BC-040: limit orders, times in force, stops and execution instructions.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void rests(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, 0);
  rig.settle();
  rig.expect_story(id, "OrderSent OrderAcknowledged");
}

void is_made(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::sell, 2, 2);
  rig.trade_with(id, 2);
  rig.until_ended(id);
  rig.expect_filled(id, 2);
  for (const auto& fill : rig.order(id).fills) {
    Rig::expect(fill.last_px == rig.px(2),
                "a resting order is filled at " + fill.last_px.str() + ", and its price is " + rig.px(2).str());
    Rig::expect(fill.liquidity == Liquidity::maker, "a resting order is said to have taken liquidity");
  }
}

void better_price(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.limit(Side::buy, 2, 9);
  rig.until_ended(id);
  rig.expect_filled(id, 2);
  for (const auto& fill : rig.order(id).fills)
    Rig::expect(fill.last_px == rig.px(5), "it pays " + fill.last_px.str() + ", and " + rig.px(5).str() + " is asked");
}

void takes_and_rests(Rig& rig) {
  rig.quote(-5, 5, 2);
  const ClOrdId id = rig.limit(Side::buy, 5, 5);
  rig.until_filled(id, 2);
  rig.settle();
  rig.expect_filled(id, 2);
  Rig::expect(!rig.order(id).ended(), "what was left of a limit order did not rest: " + rig.stories());
  rig.trade_with(id, 3);
  rig.until_ended(id);
  rig.expect_filled(id, 5);
}

void immediate(Rig& rig) {
  rig.quote(-5, 5, 2);
  const ClOrdId id = rig.limit(Side::buy, 5, 5, TimeInForce::ioc);
  rig.until_ended(id);
  rig.expect_filled(id, 2);
  Rig::expect(rig.order(id).cancelled_leaves == rig.qty(3),
              "3 were left, and LeavesQty is " + rig.order(id).cancelled_leaves.str());
  const ClOrdId none = rig.limit(Side::buy, 1, -1, TimeInForce::ioc);
  rig.until_ended(none);
  rig.expect_filled(none, 0);
}

void nothing_or(Rig& rig) {
  rig.quote(-5, 5, 2);
  const ClOrdId id = rig.limit(Side::buy, 3, 5, TimeInForce::fok);
  rig.until_ended(id);
  rig.expect_filled(id, 0);
}

void all_at_once(Rig& rig) {
  rig.quote(-5, 5, 4);
  const ClOrdId id = rig.limit(Side::buy, 4, 5, TimeInForce::fok);
  rig.until_ended(id);
  rig.expect_filled(id, 4);
}

void until_a_day(Rig& rig) {
  rig.quote(-5, 5, 10);
  OrderTerms terms = rig.terms(OrdType::limit, Side::buy, 1, -3, TimeInForce::gtd);
  terms.expire_time = rig.bench().now() + Duration{std::chrono::seconds{2}};
  const ClOrdId id = rig.send(terms);
  rig.until_working(id);
  rig.until_ended(id);
  Rig::expect(rig.order(id).status == OrdStatus::expired, "past its time it did not expire: " + rig.stories());
  Rig::expect(rig.bench().now() >= terms.expire_time, "it expired before its time");
}

void makes_only(Rig& rig) {
  rig.quote(-5, 5, 10);
  OrderTerms crossing = rig.terms(OrdType::limit, Side::buy, 1, 5);
  crossing.exec_inst = ExecInst::post_only;
  const ClOrdId refused = rig.send(crossing);
  rig.until_ended(refused);
  rig.expect_filled(refused, 0);
  OrderTerms behind = rig.terms(OrdType::limit, Side::buy, 1, 4);
  behind.exec_inst = ExecInst::post_only;
  const ClOrdId rests = rig.send(behind);
  rig.until_working(rests);
  rig.trade_with(rests, 1);
  rig.until_ended(rests);
  rig.expect_filled(rests, 1);
}

void reduces_only(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId held = rig.market(Side::buy, 2);
  rig.until_ended(held);
  OrderTerms more = rig.terms(OrdType::limit, Side::sell, 5, -5, TimeInForce::ioc);
  more.exec_inst = ExecInst::reduce_only;
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.send(more);
  rig.until_ended(id);
  Rig::expect(rig.order(id).filled <= rig.qty(2),
              "a reduce-only order sold " + rig.order(id).filled.str() + " of " + rig.qty(2).str() + " held");
}

void shown_in_parts(Rig& rig) {
  rig.quote(-5, 5, 10);
  OrderTerms terms = rig.terms(OrdType::limit, Side::buy, 6, 0);
  terms.display_qty = rig.qty(2);
  const ClOrdId id = rig.send(terms);
  rig.until_working(id);
  for (const int units : {2, 2, 2}) rig.trade_with(id, units);
  rig.until_ended(id);
  rig.expect_filled(id, 6);
}

/// A stop above the market sleeps, and wakes when somebody trades there.
void stops(Rig& rig, OrdType type) {
  rig.quote(-5, 5, 10);
  OrderTerms terms = rig.terms(type, Side::buy, 1, 20);
  if (has_limit(type)) terms.price = rig.px(40);
  const ClOrdId id = rig.send(terms);
  rig.until_working(id);
  rig.settle();
  rig.expect_filled(id, 0);
  rig.quote(10, 20, 10);
  const ClOrdId through = rig.limit(Side::buy, 1, 20);
  rig.until_ended(through);
  rig.quote(10, 20, 10);
  rig.until_ended(id);
  rig.expect_filled(id, 1);
}

}  // namespace

std::vector<BrokerCase> limit_cases() {
  return {
      {"BC-040", "A limit order away from the market rests", "bids below the ask and waits", Level::sim,
       {Need::limit}, rests},
      {"BC-041", "A resting order is filled at its own price, as maker", "sells above the bid and lets somebody come",
       Level::sim, {Need::limit}, is_made},
      {"BC-042", "A limit order that crosses gets the better price", "bids above the ask", Level::sim, {Need::limit},
       better_price},
      {"BC-043", "What a limit order does not get at once rests", "bids for 5 of 2 offered", Level::sim,
       {Need::limit}, takes_and_rests},
      {"BC-044", "Immediate or cancel: takes what is there and ends", "bids for 5 of 2 offered, and for 1 of none",
       Level::sim, {Need::limit, Need::ioc}, immediate},
      {"BC-045", "Fill or kill: nothing, when not all is there", "bids for 3 of 2 offered", Level::sim,
       {Need::limit, Need::fok}, nothing_or},
      {"BC-046", "Fill or kill: all, when all is there", "bids for 4 of 4 offered", Level::sim,
       {Need::limit, Need::fok}, all_at_once},
      {"BC-047", "Good till date: expires at its time, not before", "rests for two seconds", Level::sim,
       {Need::limit, Need::gtd}, until_a_day},
      {"BC-048", "Post-only never takes", "bids at the ask, and below it", Level::sim, {Need::limit, Need::post_only},
       makes_only},
      {"BC-048b", "Reduce-only never makes the position larger", "holds 2 and offers 5", Level::sim,
       {Need::limit, Need::ioc, Need::reduce_only}, reduces_only},
      {"BC-048c", "An iceberg trades in whole, part by part", "shows 2 of 6", Level::sim,
       {Need::limit, Need::icebergs}, shown_in_parts},
      {"BC-049", "A stop order sleeps until the market is there", "buys above the market", Level::sim,
       {Need::stop, Need::limit}, [](Rig& rig) { stops(rig, OrdType::stop); }},
      {"BC-049b", "A stop-limit order sleeps until the market is there", "buys above the market, with a limit",
       Level::sim, {Need::stop_limit, Need::limit}, [](Rig& rig) { stops(rig, OrdType::stop_limit); }},
  };
}

}  // namespace holdfast::testkit
