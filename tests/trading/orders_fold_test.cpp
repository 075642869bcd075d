// What order events add up to: amounts, changes, fills late and busted, orders adopted.
#include <boost/test/unit_test.hpp>
#include <string>

#include "order_events.hpp"

namespace {

using namespace holdfast;
using namespace holdfast::test;

/// An order at its venue; `part` of it is filled by 4.
Orders at_venue(bool acknowledged = true, bool part = false) {
  Orders orders;
  const auto t = terms();
  tell(orders, OrderIntent{t, {}});
  tell(orders, OrderApproved{t});
  tell(orders, OrderSent{t, {}});
  if (acknowledged) tell(orders, OrderAcknowledged{t.cl_ord_id, 1});
  if (part) tell(orders, fill(t, 4, 4, 6));
  return orders;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orders_fold)

BOOST_AUTO_TEST_CASE(an_order_tells_its_story_from_intent_to_the_last_fill) {
  Orders orders;
  const auto t = terms();
  const auto* order = tell(orders, OrderIntent{t, {}}).order;
  BOOST_REQUIRE(order != nullptr);
  BOOST_TEST(order->intent_time.ns == 55);
  BOOST_TEST(order->owner().value == kOwner.value);
  BOOST_TEST(order->leaves_qty.str() == "10");
  auto approved = t;
  approved.release_deadline = Time{99};
  tell(orders, OrderApproved{approved});
  BOOST_TEST(orders.find(t.cl_ord_id)->terms.release_deadline.ns == 99);
  tell(orders, OrderSent{approved, {}});
  BOOST_TEST(tell(orders, CancelIntent{t.cl_ord_id}).order->cancel_requested == 1);
  const auto part = tell(orders, fill(t, 3, 3, 7));  // Before the acknowledgement, after the cancel request.
  BOOST_TEST(part.legal);
  BOOST_TEST(part.order->cum_qty.str() == "3");
  BOOST_TEST(part.order->leaves_qty.str() == "7");
  BOOST_TEST(tell(orders, OrderAcknowledged{t.cl_ord_id, 1}).legal);
  const auto all = tell(orders, fill(t, 7, 10, 0));
  BOOST_CHECK(all.order->status == OrdStatus::filled);
  BOOST_TEST(all.order->cum_qty.str() == "10");
  BOOST_TEST(all.order->cancel_requested == 1);
  BOOST_TEST(orders.open().empty());
}

BOOST_AUTO_TEST_CASE(a_fill_whose_numbers_make_no_sense_is_illegal) {
  for (const auto& [last, cum, leaves] : {std::tuple{0, 5, 5}, {-1, 5, 5}, {5, 4, 5}, {5, 5, -1}}) {
    Orders orders = at_venue();
    const auto before = save(orders);
    BOOST_TEST(!tell(orders, fill(terms(), last, cum, leaves)).legal);
    BOOST_CHECK(save(orders) == before);
  }
}

BOOST_AUTO_TEST_CASE(a_fill_that_is_reported_twice_counts_once) {
  Orders orders = at_venue(true, true);
  const auto before = save(orders);
  BOOST_TEST(!tell(orders, fill(terms(), 4, 4, 6)).legal);
  BOOST_TEST(!tell(orders, fill(terms(), 2, 2, 8)).legal);
  BOOST_CHECK(save(orders) == before);
  BOOST_TEST(tell(orders, fill(terms(), 1, 5, 5)).legal);
}

BOOST_AUTO_TEST_CASE(a_fill_moves_its_owners_position_and_a_bust_moves_it_back_at_any_time) {
  EventBuffer buffer;
  const auto sell = terms(1, Side::sell);
  const auto moved = position_change(buffer.at(buffer.append(fill(sell, 3, 3, 7), kOwner, 1, false)));
  BOOST_REQUIRE(moved);
  BOOST_CHECK(moved->instrument == kInstrument);
  BOOST_TEST(moved->quantity.str() == "-3");
  BOOST_TEST(position_change(buffer.at(buffer.append(bust(sell, 3), kOwner, 1, false)))->quantity.str() == "3");
  BOOST_CHECK(!position_change(buffer.at(buffer.append(OrderCancelled{sell.cl_ord_id, {}}, kOwner, 1, false))));
}

BOOST_AUTO_TEST_CASE(a_busted_fill_is_open_again) {
  Orders orders = at_venue(true, true);
  const auto* order = tell(orders, bust(terms(), 3)).order;
  BOOST_CHECK(order->status == OrdStatus::partially_filled);
  BOOST_TEST(order->cum_qty.str() == "1");
  BOOST_TEST(order->leaves_qty.str() == "9");
  BOOST_TEST(order->exposed().str() == "9");
  order = tell(orders, bust(terms(), 3)).order;  // More than was known: not below nothing.
  BOOST_TEST(order->cum_qty.str() == "0");
  BOOST_CHECK(order->status == OrdStatus::acknowledged);
}

BOOST_AUTO_TEST_CASE(a_change_counts_with_the_larger_of_what_is_and_what_may_be) {
  Orders orders = at_venue(true, true);
  const auto id = terms().cl_ord_id;
  const auto exposed = [&] { return orders.find(id)->exposed().str(); };
  tell(orders, ReplaceIntent{id, Quantity::of(30), Price::of(99)});
  BOOST_TEST(exposed() == "6");  // A wish is no exposure yet.
  tell(orders, ReplaceApproved{id, Quantity::of(30), Price::of(99)});
  BOOST_TEST(exposed() == "26");
  tell(orders, ReplaceSent{id, Quantity::of(30), Price::of(99), 1, {}});
  BOOST_TEST(tell(orders, fill(terms(), 1, 5, 5)).legal);
  BOOST_TEST(exposed() == "25");
  BOOST_TEST(orders.working(kInstrument, Side::buy).str() == "25");
  tell(orders, ReplaceRejected{id});
  BOOST_TEST(exposed() == "5");
  tell(orders, ReplaceApproved{id, Quantity::of(7), Price::of(99)});  // Smaller: not believed before it is made.
  BOOST_TEST(exposed() == "5");
  tell(orders, ReplaceSent{id, Quantity::of(7), Price::of(99), 2, {}});
  const auto* order = tell(orders, replaced(terms(), 7, 99, 2, 2)).order;
  BOOST_TEST(exposed() == "2");
  BOOST_TEST(order->terms.quantity.str() == "7");
  BOOST_TEST(order->terms.price.str() == "99");
  BOOST_TEST(order->revision == 2u);
  BOOST_CHECK(order->status == OrdStatus::partially_filled);
}

BOOST_AUTO_TEST_CASE(the_answer_to_an_older_change_leaves_the_newer_one_asked_for) {
  Orders orders = at_venue();
  const auto id = terms().cl_ord_id;
  tell(orders, ReplaceApproved{id, Quantity::of(12), Price::of(101)});
  tell(orders, ReplaceSent{id, Quantity::of(12), Price::of(101), 1, {}});
  tell(orders, OrderUnknown{id});
  tell(orders, OrderAcknowledged{id, 1});
  tell(orders, ReplaceApproved{id, Quantity::of(20), Price::of(101)});
  tell(orders, ReplaceSent{id, Quantity::of(20), Price::of(101), 2, {}});
  tell(orders, replaced(terms(), 12, 101, 12, 1));
  BOOST_TEST(orders.find(id)->exposed().str() == "20");
  tell(orders, replaced(terms(), 20, 101, 20, 2));
  BOOST_TEST(orders.find(id)->asked_qty.is_zero());
}

BOOST_AUTO_TEST_CASE(an_adopted_order_works_from_then_on) {
  Orders orders;
  auto t = terms(5, Side::sell, ActorId{});
  const auto change = tell(orders, adopt(t, 4, 6), "THEIRS-1");
  BOOST_REQUIRE(change.order != nullptr);
  BOOST_TEST(change.legal);
  BOOST_CHECK(change.order->status == OrdStatus::partially_filled);
  BOOST_TEST(change.order->working().venue_cl_ord_id == "THEIRS-1");
  BOOST_TEST(change.order->working().venue_order_id == 77u);
  BOOST_TEST(orders.working(kInstrument, Side::sell, ActorId{}).str() == "6");
  BOOST_TEST(!tell(orders, adopt(t, 0, 10)).legal);  // Twice is once.
  BOOST_TEST(orders.find(t.cl_ord_id)->cum_qty.str() == "4");
  t.cl_ord_id = ClOrdId::make({}, 6);
  BOOST_CHECK(tell(orders, adopt(t, 0, 10)).order->status == OrdStatus::acknowledged);
  // One of ours that had ended here, and turns up again.
  Orders ended = at_venue(false);
  tell(ended, OrderRejected{terms().cl_ord_id});
  BOOST_TEST(tell(ended, adopt(terms(), 0, 10)).legal);
  BOOST_TEST(ended.open().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_order_keeps_the_newest_id_its_venue_gave_it_and_who_brings_it_there) {
  Orders orders;
  const auto id = terms().cl_ord_id;
  tell(orders, OrderIntent{terms(), {}});
  tell(orders, OrderApproved{terms()});
  tell(orders, OrderRouted{id, ActorId{6}});
  BOOST_CHECK(orders.find(id)->terms.broker == ActorId{6});
  tell(orders, OrderSent{terms(), {}});
  tell(orders, OrderAcknowledged{id, 31});
  BOOST_TEST(orders.find(id)->venue_order_id == 31u);
  auto again = replaced(terms(), 10, 99, 10, 1);
  again.venue_order_id = 32;
  tell(orders, again);
  BOOST_TEST(orders.find(id)->venue_order_id == 32u);
  tell(orders, fill(terms(), 1, 1, 9));
  tell(orders, OrderAcknowledged{id, 0});  // Says nothing of it.
  BOOST_TEST(orders.find(id)->venue_order_id == 32u);
}

BOOST_AUTO_TEST_CASE(other_events_concern_no_order) {
  Orders orders = at_venue(false);
  const auto change = tell(orders, Quote{});
  BOOST_TEST(change.order == nullptr);
  BOOST_TEST(change.legal);
}

BOOST_AUTO_TEST_CASE(working_quantity_counts_approved_open_orders_of_one_side) {
  Orders orders;
  const auto start = [&](std::uint64_t counter, Side side, ActorId owner) {
    const auto t = terms(counter, side, owner);
    tell(orders, OrderIntent{t, {}});
    return t;
  };
  const auto a = start(1, Side::buy, kOwner), b = start(2, Side::buy, ActorId{9});
  const auto c = start(3, Side::sell, kOwner), d = start(4, Side::buy, kOwner);
  const auto working = [&](Side side, std::optional<ActorId> owner = {}) {
    return orders.working(kInstrument, side, owner).str();
  };
  BOOST_TEST(working(Side::buy) == "0");  // An intent is no exposure yet.
  for (const auto& t : {a, b, c}) tell(orders, OrderApproved{t});
  tell(orders, OrderDenied{d.cl_ord_id, DenyReason::rule, kInstrument});
  BOOST_TEST(working(Side::buy) == "20");
  BOOST_TEST(working(Side::buy, kOwner) == "10");
  BOOST_TEST(working(Side::sell) == "10");
  BOOST_TEST(orders.working({77}, Side::buy).is_zero());
  tell(orders, OrderSent{a, {}});
  tell(orders, fill(a, 4, 4, 6));
  BOOST_TEST(working(Side::buy, kOwner) == "6");
  tell(orders, OrderExpired{b.cl_ord_id, Quantity::of(10)});
  BOOST_TEST(working(Side::buy) == "6");
}

BOOST_AUTO_TEST_SUITE_END()
