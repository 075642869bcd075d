// BC-060: changes of working orders.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

/// Asks for a change and waits for it.
void changed(Rig& rig, ClOrdId id, int units, int ticks) {
  const std::uint64_t before = rig.order(id).revision;
  rig.replace(id, units, ticks);
  rig.until(
      [&] {
        return rig.order(id).revision > before || rig.order(id).has("ReplaceRejected") || rig.order(id).ended();
      },
      "the change is answered");
  Rig::expect(rig.order(id).revision > before, "a change that is claimed to be possible was not made: " +
                                                   rig.order(id).story + " " + rig.order(id).last_words);
}

void price(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -3);
  changed(rig, id, 2, 1);
  Rig::expect(rig.order(id).terms.price == rig.px(1), "its price is " + rig.order(id).terms.price.str() + " now");
  rig.trade_with(id, 2);
  rig.until_ended(id);
  for (const auto& fill : rig.order(id).fills)
    Rig::expect(fill.last_px == rig.px(1), "changed to " + rig.px(1).str() + ", it is filled at " + fill.last_px.str());
}

void quantity(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::sell, 2, 3);
  for (const int units : {5, 1}) {
    changed(rig, id, units, 3);
    Rig::expect(rig.order(id).leaves_qty == rig.qty(units),
                "changed to " + rig.qty(units).str() + ", LeavesQty is " + rig.order(id).leaves_qty.str());
  }
  rig.trade_with(id, 1);
  rig.until_ended(id);
  rig.expect_filled(id, 1);
}

void after_a_fill(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 4, 0);
  rig.trade_with(id, 1);
  rig.until_filled(id, 1);
  changed(rig, id, 3, 0);
  const OrderRecord& order = rig.order(id);
  Rig::expect(order.cum_qty == rig.qty(1), "a change made CumQty " + order.cum_qty.str());
  Rig::expect(order.leaves_qty == rig.qty(2), "of 3 with 1 filled LeavesQty is " + order.leaves_qty.str());
  rig.trade_with(id, 2);
  rig.until_ended(id);
  rig.expect_filled(id, 3);
}

void below_what_is_filled(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 4, 0);
  rig.trade_with(id, 2);
  rig.until_filled(id, 2);
  rig.replace(id, 1, 0);
  rig.settle();
  const OrderRecord& order = rig.order(id);
  Rig::expect(order.leaves_qty >= Quantity{}, "LeavesQty is " + order.leaves_qty.str());
  Rig::expect(order.ended() || order.has("ReplaceRejected"),
              "changed to less than is filled it neither ended nor was that refused: " + order.story);
  rig.expect_filled(id, 2);
}

void into_the_market(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -3);
  rig.replace(id, 2, 5);
  rig.until_ended(id);
  rig.expect_filled(id, 2);
  Rig::expect(rig.order(id).has("OrderReplaced"),
              "it is filled at a price that it was never said to have: " + rig.order(id).story);
}

void one_after_another(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -6);
  for (int ticks = -5; ticks <= 0; ++ticks) changed(rig, id, 2, ticks);
  Rig::expect(rig.order(id).revision == 6, "six changes lead to revision " + std::to_string(rig.order(id).revision));
  Rig::expect(rig.order(id).terms.price == rig.px(0), "its price is " + rig.order(id).terms.price.str() + " now");
}

void then_cancelled(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -3);
  changed(rig, id, 3, -2);
  rig.cancel(id);
  rig.until_ended(id);
  Rig::expect(rig.order(id).status == OrdStatus::cancelled,
              "a changed order cannot be cancelled: " + rig.order(id).story);
  Rig::expect(rig.order(id).cancelled_leaves == rig.qty(3),
              "3 were left, and LeavesQty is " + rig.order(id).cancelled_leaves.str());
  rig.quote(-9, -3, 10);
  rig.settle();
  Rig::expect(rig.order(id).fills.empty(), "cancelled, it was filled: " + rig.order(id).story);
}

void not_claimed(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.resting(Side::buy, 2, -3);
  rig.replace(id, 3, -2);
  rig.settle();
  const OrderRecord& order = rig.order(id);
  rig.expect_story(id, "OrderSent OrderAcknowledged ReplaceRejected");
  Rig::expect(!order.last_words.empty(), "a change was refused without a reason");
}

void of_nothing(Rig& rig) {
  Notebook blotter;
  const auto plugin = rig.plugin();
  WorkingOrder order;
  order.terms = rig.terms(OrdType::limit, Side::buy, 1, 0);
  plugin->replace(order, approved_replace(order.terms.cl_ord_id, rig.qty(2), rig.px(1)), 1, blotter);
  blotter.advance(std::chrono::seconds{10});
  EventBuffer one;
  plugin->hear(one.at(one.append(TimeAdvanced{}, ActorId{}, 0, true)), blotter);
  Rig::expect(blotter.text() == "replace_rejected",
              "of an order that it never had it says '" + blotter.text() + "', owed is 'replace_rejected'");
}

/// Asked past the actor, which would refuse: what works could be claimed.
void not_claimed_and_works(Rig& rig) {
  Notebook blotter;
  const auto plugin = rig.plugin();
  WorkingOrder order;
  order.terms = rig.terms(OrdType::limit, Side::buy, 2, -3);
  plugin->send(approved(order.terms), blotter);
  plugin->replace(order, approved_replace(order.terms.cl_ord_id, rig.qty(2), rig.px(1)), 1, blotter);
  if (blotter.text().find("replaced") != std::string::npos) rig.warn("it does not claim to change orders, and does");
}

}  // namespace

std::vector<BrokerCase> replace_cases() {
  return {
      {"BC-060", "A changed price is the order's price", "rests, changes, trades", Level::sim,
       {Need::limit, Need::replace}, price},
      {"BC-061", "A changed quantity is the order's quantity", "makes it larger, then smaller", Level::sim,
       {Need::limit, Need::replace}, quantity},
      {"BC-062", "A change keeps what is filled", "fills 1 of 4, changes to 3", Level::sim,
       {Need::limit, Need::replace}, after_a_fill},
      {"BC-063", "A change to less than is filled ends the order, or is refused", "fills 2 of 4, changes to 1",
       Level::sim, {Need::limit, Need::replace}, below_what_is_filled},
      {"BC-064", "A change into the market trades", "moves a bid to the ask", Level::sim,
       {Need::limit, Need::replace}, into_the_market},
      {"BC-065", "Changes come one after another, counted", "six changes of one order", Level::sim,
       {Need::limit, Need::replace}, one_after_another},
      {"BC-066", "A changed order is cancelled like any other", "changes, cancels, brings the market", Level::sim,
       {Need::limit, Need::replace}, then_cancelled},
      {"BC-067", "A change of what it never had is refused", "asks the plugin itself", Level::sim,
       {Need::pure, Need::replace}, of_nothing},
      {"BC-068", "A change that is not claimed is refused with a reason", "asks for one", Level::sim,
       {Need::limit, Need::no_replace}, not_claimed},
      {"BC-068b", "What is not claimed does not work either", "asks the plugin itself", Level::sim,
       {Need::pure, Need::no_replace}, not_claimed_and_works},
  };
}

}  // namespace holdfast::testkit
