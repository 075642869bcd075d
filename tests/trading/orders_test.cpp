// The order state machine, cell by cell, and the fold that follows it.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <holdfast/sdk/random.hpp>
#include <holdfast/trading/orders.hpp>
#include <map>
#include <ostream>
#include <string>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;

constexpr ActorId kOwner{3};
constexpr InstrumentId kInstrument{4};

OrderTerms terms(std::uint64_t counter = 1, Side side = Side::buy, ActorId owner = kOwner) {
  OrderTerms t;
  t.cl_ord_id = ClOrdId::make(owner, counter);
  t.instrument = kInstrument;
  t.side = side;
  t.type = OrdType::limit;
  t.quantity = Quantity::of(10);
  t.price = Price::of(100);
  return t;
}

/// Writes one event and lets `orders` hear it.
template <class E>
Orders::Change tell(Orders& orders, const E& payload) {
  EventBuffer buffer;
  return orders.hear(buffer.at(buffer.append(payload, kOwner, 1, false, Time{55})));
}

OrderFilled fill(const OrderTerms& t, int last, int cum, int leaves) {
  OrderFilled f;
  f.cl_ord_id = t.cl_ord_id;
  f.instrument = t.instrument;
  f.side = t.side;
  f.last_px = Price::of(100);
  f.last_qty = Quantity::of(last);
  f.cum_qty = Quantity::of(cum);
  f.leaves_qty = Quantity::of(leaves);
  return f;
}

/// Columns of the table below.
const EventType kColumns[] = {
    EventType::order_intent,   EventType::order_approved,     EventType::order_denied,
    EventType::order_sent,     EventType::order_acknowledged, EventType::order_filled,
    EventType::order_filled,   EventType::order_cancelled,    EventType::order_expired,
    EventType::order_rejected, EventType::cancel_intent,      EventType::cancel_sent,
    EventType::cancel_rejected};

/// The whole machine as one looks at it on paper: the letter of the next status, or a dot.
/// Int Apr Den Snt Ack FillPart FillAll Can Exp Rej | CancelIntent CancelSent CancelRejected
struct Row {
  OrdStatus status;
  const char* cells;
};
const Row kPaper[] = {
    {OrdStatus::intended, ".AD.......I.."},
    {OrdStatus::approved, "...S...CE.A.."},
    {OrdStatus::sent, "....KPFCERSSS"},
    {OrdStatus::acknowledged, ".....PFCERKKK"},
    {OrdStatus::partially_filled, "....PPFCE.PPP"},
    {OrdStatus::filled, "............."},
    {OrdStatus::cancelled, "............."},
    {OrdStatus::expired, "............."},
    {OrdStatus::rejected, "............."},
    {OrdStatus::denied, "............."},
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << to_string(r.status); }

const std::map<char, OrdStatus> kLetters{
    {'I', OrdStatus::intended},     {'A', OrdStatus::approved},         {'S', OrdStatus::sent},
    {'K', OrdStatus::acknowledged}, {'P', OrdStatus::partially_filled}, {'F', OrdStatus::filled},
    {'C', OrdStatus::cancelled},    {'E', OrdStatus::expired},          {'R', OrdStatus::rejected},
    {'D', OrdStatus::denied}};

std::optional<OrdStatus> cell(const Row& row, std::size_t column) {
  const char letter = row.cells[column];
  return letter == '.' ? std::nullopt : std::optional{kLetters.at(letter)};
}

/// Brings a fresh order to `status`, which is not terminal.
Orders at_status(OrdStatus status) {
  Orders orders;
  const auto t = terms();
  tell(orders, OrderIntent{t});
  if (status >= OrdStatus::approved) tell(orders, OrderApproved{t});
  if (status >= OrdStatus::sent) tell(orders, OrderSent{t, {}});
  if (status == OrdStatus::acknowledged) tell(orders, OrderAcknowledged{t.cl_ord_id, 1});
  if (status == OrdStatus::partially_filled) tell(orders, fill(t, 4, 4, 6));
  return orders;
}

Orders::Change tell_column(Orders& orders, std::size_t column) {
  const auto t = terms();
  const auto id = t.cl_ord_id;
  const Order* order = orders.find(id);
  const int cum = order != nullptr && !order->cum_qty.is_zero() ? 4 : 0;
  switch (column) {
    case 0: return tell(orders, OrderIntent{t});
    case 1: return tell(orders, OrderApproved{t});
    case 2: return tell(orders, OrderDenied{id, DenyReason::rule, kInstrument});
    case 3: return tell(orders, OrderSent{t, {}});
    case 4: return tell(orders, OrderAcknowledged{id, 1});
    case 5: return tell(orders, fill(t, 1, cum + 1, 9 - cum));
    case 6: return tell(orders, fill(t, 10 - cum, 10, 0));
    case 7: return tell(orders, OrderCancelled{id, Quantity::of(10)});
    case 8: return tell(orders, OrderExpired{id, Quantity::of(10)});
    case 9: return tell(orders, OrderRejected{id});
    case 10: return tell(orders, CancelIntent{id});
    case 11: return tell(orders, CancelSent{id, {}});
    default: return tell(orders, CancelRejected{id});
  }
}

std::vector<std::byte> save(Orders& orders) {
  Archive archive;
  orders.state(archive);
  return archive.take();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_DATA_TEST_CASE(every_cell_of_the_state_machine_is_as_on_paper, data::make(kPaper), row) {
  BOOST_REQUIRE_EQUAL(std::string{row.cells}.size(), std::size(kColumns));
  for (std::size_t column = 0; column < std::size(kColumns); ++column) {
    const Quantity leaves = column == 6 ? Quantity{} : Quantity::of(1);
    BOOST_TEST_CONTEXT("column " << column)
    BOOST_CHECK(next_status(row.status, kColumns[column], leaves) == cell(row, column));
  }
}

BOOST_DATA_TEST_CASE(an_event_that_is_no_order_event_leads_nowhere, data::make(kPaper), row) {
  for (int i = 0; i < 256; ++i) {
    const auto type = static_cast<EventType>(i);
    if (std::find(std::begin(kColumns), std::end(kColumns), type) != std::end(kColumns)) continue;
    BOOST_CHECK(!next_status(row.status, type, Quantity{}).has_value());
  }
}

BOOST_DATA_TEST_CASE(the_fold_follows_the_table_and_illegal_events_change_nothing, data::make(kPaper), row) {
  if (is_terminal(row.status)) {
    BOOST_TEST(std::string{row.cells} == std::string(std::size(kColumns), '.'));
    return;
  }
  for (std::size_t column = 0; column < std::size(kColumns); ++column)
    BOOST_TEST_CONTEXT("column " << column) {
      Orders orders = at_status(row.status);
      BOOST_REQUIRE(orders.find(terms().cl_ord_id)->status == row.status);
      const auto before = save(orders);
      const auto change = tell_column(orders, column);
      const auto expected = cell(row, column);
      BOOST_TEST(change.legal == expected.has_value());
      BOOST_REQUIRE(change.order != nullptr);
      BOOST_CHECK(change.order->status == expected.value_or(row.status));
      if (!expected) BOOST_CHECK(save(orders) == before);
      BOOST_TEST((orders.find(terms().cl_ord_id) == nullptr) == (expected && is_terminal(*expected)));
    }
}

BOOST_AUTO_TEST_CASE(an_order_tells_its_story_from_intent_to_the_last_fill) {
  Orders orders;
  const auto t = terms();
  const auto* order = tell(orders, OrderIntent{t}).order;
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
    Orders orders = at_status(OrdStatus::acknowledged);
    const auto before = save(orders);
    BOOST_TEST(!tell(orders, fill(terms(), last, cum, leaves)).legal);
    BOOST_CHECK(save(orders) == before);
  }
}

BOOST_AUTO_TEST_CASE(a_fill_that_is_reported_twice_counts_once) {
  Orders orders = at_status(OrdStatus::partially_filled);
  const auto before = save(orders);
  BOOST_TEST(!tell(orders, fill(terms(), 4, 4, 6)).legal);
  BOOST_TEST(!tell(orders, fill(terms(), 2, 2, 8)).legal);
  BOOST_CHECK(save(orders) == before);
  BOOST_TEST(tell(orders, fill(terms(), 1, 5, 5)).legal);
}

BOOST_AUTO_TEST_CASE(every_order_event_names_its_order_and_no_other_event_does) {
  const auto t = terms(77);
  const auto id = t.cl_ord_id;
  const auto named = [](const auto& payload) {
    EventBuffer buffer;
    return order_of(buffer.at(buffer.append(payload, kOwner, 1, false)));
  };
  for (const auto& found :
       {named(OrderIntent{t}), named(OrderApproved{t}), named(OrderDenied{id, {}, {}}),
        named(OrderSent{t, {}}), named(OrderAcknowledged{id, 1}), named(fill(t, 1, 1, 9)),
        named(OrderCancelled{id, {}}), named(OrderExpired{id, {}}), named(OrderRejected{id}),
        named(CancelIntent{id}), named(CancelSent{id, {}}), named(CancelRejected{id})})
    BOOST_CHECK(found == id);
  BOOST_CHECK(!named(Trade{}).has_value());
  BOOST_CHECK(!named(FillBooked{}).has_value());
}

BOOST_AUTO_TEST_CASE(what_crosses_the_end_of_an_order_is_harmless_and_all_else_about_it_is_illegal) {
  for (std::size_t column = 1; column < std::size(kColumns); ++column)
    BOOST_TEST_CONTEXT("column " << column) {
      Orders orders = at_status(OrdStatus::sent);
      tell(orders, OrderCancelled{terms().cl_ord_id, Quantity::of(10)});
      const auto change = tell_column(orders, column);
      BOOST_TEST(change.order == nullptr);
      BOOST_TEST(change.legal == (column == 4 || column >= 10));
      BOOST_TEST(orders.open().empty());
    }
}

BOOST_AUTO_TEST_CASE(other_events_concern_no_order) {
  Orders orders = at_status(OrdStatus::sent);
  const auto change = tell(orders, Quote{});
  BOOST_TEST(change.order == nullptr);
  BOOST_TEST(change.legal);
}

BOOST_AUTO_TEST_CASE(working_quantity_counts_approved_open_orders_of_one_side) {
  Orders orders;
  const auto start = [&](std::uint64_t counter, Side side, ActorId owner) {
    const auto t = terms(counter, side, owner);
    tell(orders, OrderIntent{t});
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

BOOST_AUTO_TEST_CASE(restored_orders_go_on_as_if_nothing_had_happened) {
  Random random{11};
  Orders orders;
  for (int i = 0; i < 2'000; ++i) {
    if (orders.open().empty()) tell(orders, OrderIntent{terms()});
    tell_column(orders, 1 + random.below(std::size(kColumns) - 1));
    Orders again;
    const auto bytes = save(orders);
    Archive loading{bytes, 1};
    again.state(loading);
    BOOST_REQUIRE(loading.at_end());
    BOOST_REQUIRE(save(again) == bytes);
    BOOST_REQUIRE_EQUAL(again.open().size(), orders.open().size());
    for (const auto& [id, order] : orders.open()) {
      const Order* restored = again.find(id);
      BOOST_REQUIRE(restored != nullptr);
      BOOST_REQUIRE(std::memcmp(&restored->terms, &order.terms, sizeof order.terms) == 0);
      BOOST_REQUIRE(restored->status == order.status && restored->cum_qty == order.cum_qty &&
                    restored->leaves_qty == order.leaves_qty && restored->intent_time == order.intent_time &&
                    restored->cancel_requested == order.cancel_requested);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_status_has_a_name) {
  for (int i = 1; i <= 10; ++i) BOOST_TEST(to_string(static_cast<OrdStatus>(i)) != "unknown");
  BOOST_TEST(to_string(static_cast<OrdStatus>(0)) == "unknown");
  BOOST_TEST(to_string(OrdStatus::partially_filled) == "partially filled");
}

BOOST_AUTO_TEST_SUITE_END()
