// BC-030: market orders, and what a fill says.
#include <set>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

ClOrdId bought(Rig& rig, int units) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.market(Side::buy, units);
  rig.until_ended(id);
  return id;
}

void sequence(Rig& rig) {
  const ClOrdId id = bought(rig, 3);
  const OrderRecord& order = rig.order(id);
  Rig::expect(order.story.starts_with("OrderSent "), "it was reported before it was sent: " + order.story);
  Rig::expect(order.acknowledgements == 1,
              "it was acknowledged " + std::to_string(order.acknowledgements) + " times: " + order.story);
  Rig::expect(order.status == OrdStatus::filled, "it was not filled from ten times its size: " + order.story);
  if (!order.story.starts_with("OrderSent OrderAcknowledged"))
    rig.warn("it is filled before it is acknowledged: " + order.story);
}

void price(Rig& rig) {
  const ClOrdId buy = bought(rig, 2);
  rig.quote(-5, 5, 10);
  const ClOrdId sell = rig.market(Side::sell, 2);
  rig.until_ended(sell);
  for (const auto& [id, ticks] : {std::pair{buy, 5}, std::pair{sell, -5}}) {
    rig.expect_filled(id, 2);
    for (const auto& fill : rig.order(id).fills)
      Rig::expect(fill.last_px == rig.px(ticks),
                  "filled at " + fill.last_px.str() + ", and the market is at " + rig.px(ticks).str());
  }
}

void partial(Rig& rig) {
  rig.quote(-5, 5, 2);
  const ClOrdId id = rig.market(Side::buy, 5);
  rig.until_ended(id);
  rig.expect_filled(id, 2);
  const OrderRecord& order = rig.order(id);
  Rig::expect(order.status == OrdStatus::expired || order.status == OrdStatus::cancelled,
              "what found nobody to trade with did not end: " + order.story);
  Rig::expect(order.cancelled_leaves == rig.qty(3),
              "it ended with LeavesQty " + order.cancelled_leaves.str() + ", and " + rig.qty(3).str() + " were left");
}

void many_parts(Rig& rig) {
  rig.quote(-5, 5, 1);
  const ClOrdId id = rig.resting(Side::buy, 6, 0);
  Quantity before;
  for (int units = 1; units <= 6; ++units) {
    rig.trade_with(id, 1);
    rig.until_filled(id, units);
    const OrderFilled& fill = rig.order(id).fills.back();
    Rig::expect(
        fill.cum_qty == before + fill.last_qty,
        "CumQty goes from " + before.str() + " to " + fill.cum_qty.str() + " by a fill of " + fill.last_qty.str());
    Rig::expect(fill.leaves_qty == rig.qty(6) - fill.cum_qty,
                "LeavesQty is " + fill.leaves_qty.str() + " after " + fill.cum_qty.str());
    before = fill.cum_qty;
  }
  rig.expect_filled(id, 6);
  Rig::expect(rig.order(id).status == OrdStatus::filled, "six parts of six do not fill it: " + rig.stories());
}

void whose_fill(Rig& rig) {
  const ClOrdId id = bought(rig, 1);
  for (const auto& fill : rig.order(id).fills) {
    Rig::expect(fill.side == Side::buy, "a buy was filled as a sell");
    Rig::expect(fill.instrument == rig.subject().instrument, "it was filled in another instrument");
    Rig::expect(fill.liquidity == Liquidity::taker, "a market order is said to have made liquidity");
  }
}

void check_fee(const OrderFilled& fill, Rate rate, const std::string& who) {
  const Money owed = scaled(notional(fill.last_px, fill.last_qty), rate);
  Rig::expect(fill.fee == owed, "the fee of a " + who + " is " + fill.fee.str() + ", and " + rate.str() + " of " +
                                    notional(fill.last_px, fill.last_qty).str() + " is " + owed.str());
}

void fees(Rig& rig) {
  for (const auto& fill : rig.order(bought(rig, 3)).fills) check_fee(fill, *rig.subject().taker_fee, "taker");
  rig.quote(-5, 5, 1);
  const ClOrdId made = rig.resting(Side::buy, 2, 0);
  rig.trade_with(made, 2);
  rig.until_filled(made, 2);
  for (const auto& fill : rig.order(made).fills) check_fee(fill, *rig.subject().maker_fee, "maker");
}

void nobody_there(Rig& rig) {
  const ClOrdId id = rig.market(Side::buy, 1);
  rig.until_ended(id);
  Rig::expect(rig.order(id).fills.empty(), "it was filled, and nobody has quoted anything");
}

}  // namespace

std::vector<BrokerCase> market_cases() {
  return {
      {"BC-030", "A market order is sent, acknowledged and filled", "buys 3 of 10 offered", Level::sim,
       {Need::market}, sequence},
      {"BC-031", "It is filled at the price that is there", "buys at the ask, sells at the bid", Level::sim,
       {Need::market}, price},
      {"BC-032", "What cannot be filled at once does not stay", "buys 5 of 2 offered", Level::sim, {Need::market},
       partial},
      {"BC-033", "Partial fills add up exactly", "fills a resting order of 6 in six parts", Level::sim, {Need::limit},
       many_parts},
      {"BC-034", "A fill says whose it is", "reads side, instrument and liquidity of fills", Level::sim,
       {Need::market}, whose_fill},
      {"BC-035", "Fees are what the venue charges, to the last digit",
       "compares the fees of a taker and a maker with the configured rates", Level::sim,
       {Need::market, Need::limit, Need::fees}, fees},
      {"BC-036", "A market order that meets nobody ends unfilled", "buys before anybody has quoted", Level::sim,
       {Need::market, Need::pure}, nobody_there},
  };
}

}  // namespace holdfast::testkit
