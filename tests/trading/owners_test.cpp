// Whose orders and positions are, once strategies hand over what they have.
#include <boost/test/unit_test.hpp>
#include <holdfast/trading/orders.hpp>
#include <holdfast/trading/position.hpp>

#include "trading/order_events.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(owners)

namespace {

constexpr ActorId kA{3}, kB{4}, kC{5};

template <class E>
void hear(auto& fold, const E& payload) {
  EventBuffer buffer;
  fold.hear(buffer.at(buffer.append(payload, ActorId{}, 1, true)));
}
StrategyRemoved handed(ActorId from, ActorId to) { return {from, to, Removal::hand_over, {}}; }
OrderTerms terms_of(ActorId owner, std::uint64_t counter) {
  OrderTerms t;
  t.cl_ord_id = ClOrdId::make(owner, counter);
  t.instrument = InstrumentId{1};
  t.quantity = Quantity::of(10);
  return t;
}
Position holding(Side side, const char* size, const char* price) {
  Position p;
  p.fill(side, *Price::parse(price), *Quantity::parse(size), {});
  return p;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_handed_over_goes_on_with_its_heir_however_often) {
  Owners owners;
  hear(owners, StrategyRemoved{kA, {}, Removal::cancel, {}});
  BOOST_CHECK(owners.of(kA) == kA);
  hear(owners, handed(kA, kB));
  BOOST_CHECK(owners.of(ClOrdId::make(kA, 9)) == kB);
  hear(owners, handed(kB, kC));
  BOOST_CHECK(owners.of(kA) == kC);
  BOOST_CHECK(owners.of(kB) == kC);
  BOOST_CHECK(owners.of(kC) == kC);
}

BOOST_AUTO_TEST_CASE(open_orders_change_hands_and_keep_their_ids) {
  Orders orders;
  hear(orders, OrderIntent{terms_of(kA, 1), {}});
  hear(orders, OrderApproved{terms_of(kA, 1)});
  hear(orders, OrderIntent{terms_of(kC, 1), {}});
  hear(orders, handed(kA, kB));
  BOOST_CHECK(orders.find(ClOrdId::make(kA, 1))->owner() == kB);
  BOOST_CHECK(orders.find(ClOrdId::make(kC, 1))->owner() == kC);
  BOOST_CHECK(orders.working(InstrumentId{1}, Side::buy, kB) == Quantity::of(10));
  BOOST_CHECK(orders.working(InstrumentId{1}, Side::buy, kA).is_zero());
  BOOST_CHECK(orders.owner(ClOrdId::make(kA, 77)) == kB);  // Ended before: what still comes of it.
}

BOOST_AUTO_TEST_CASE(an_heir_learns_of_an_order_as_it_is) {
  OrderHandedOver told;
  told.terms = terms_of(kA, 1);
  told.cum_qty = Quantity::of(4);
  told.leaves_qty = Quantity::of(6);
  told.venue_order_id = 8;
  told.revision = 2;
  told.heir = kB;
  told.status = static_cast<std::uint8_t>(OrdStatus::pending_cancel);
  Orders orders;
  hear(orders, told);
  const Order* order = orders.find(told.terms.cl_ord_id);
  BOOST_TEST_REQUIRE(order != nullptr);
  BOOST_CHECK(order->owner() == kB);
  BOOST_CHECK(order->status == OrdStatus::pending_cancel);
  BOOST_CHECK(order->cum_qty == Quantity::of(4));
  BOOST_TEST(order->venue_order_id == 8u);
  BOOST_TEST(order->revision == 2u);
  hear(orders, OrderCancelled{told.terms.cl_ord_id, Quantity::of(6)});
  BOOST_TEST(orders.open().empty());
}

BOOST_AUTO_TEST_CASE(a_share_goes_at_its_cost_and_nothing_is_realised_unless_the_two_are_opposite) {
  Position to = holding(Side::buy, "2", "10"), from = holding(Side::buy, "3", "20");
  BOOST_TEST(to.take_over(from).str() == "0");
  BOOST_TEST(to.quantity().str() == "5");
  BOOST_TEST(to.cost().str() == "80");
  BOOST_TEST(from.quantity().is_zero());
  BOOST_TEST(from.cost().is_zero());

  Position shorter = holding(Side::sell, "2", "30");
  BOOST_TEST(to.take_over(shorter).str() == "28");  // Two that cost 16 each, against two that brought 30.
  BOOST_TEST(to.quantity().str() == "3");
  BOOST_TEST(to.cost().str() == "48");
  BOOST_TEST(to.realized().str() == "28");

  Position large = holding(Side::sell, "10", "20");
  BOOST_TEST(to.take_over(large).str() == "12");
  BOOST_TEST(to.quantity().str() == "-7");
  BOOST_TEST(to.cost().str() == "-140");
}

BOOST_AUTO_TEST_SUITE_END()
