// The order state machine, cell by cell.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <holdfast/sdk/random.hpp>
#include <array>
#include <map>
#include <ostream>
#include <set>
#include <string>

#include "order_events.hpp"

namespace {

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

/// Columns of the table below.
const EventType kColumns[] = {
    EventType::order_intent,   EventType::order_approved,     EventType::order_denied,
    EventType::order_sent,     EventType::order_acknowledged, EventType::order_filled,
    EventType::order_filled,   EventType::order_cancelled,    EventType::order_expired,
    EventType::order_rejected, EventType::cancel_intent,      EventType::cancel_sent,
    EventType::cancel_rejected, EventType::replace_intent,    EventType::replace_approved,
    EventType::replace_denied, EventType::replace_sent,       EventType::replace_rejected,
    EventType::order_replaced, EventType::order_unknown,      EventType::order_adopted,
    EventType::fill_busted,    EventType::order_routed};
constexpr std::size_t kFilledAll = 6, kBusted = 21;

/// The whole machine as one looks at it on paper: the letter of the next status, or a dot. W is working:
/// acknowledged, or partially filled when anything of it is.
/// Int Apr Den Snt Ack FillPart FillAll Can Exp Rej | CancelIntent CancelSent CancelRejected |
/// ReplaceIntent ReplaceApproved ReplaceDenied ReplaceSent ReplaceRejected Replaced | Unknown Adopted Busted Routed
struct Row {
  OrdStatus status;
  const char* cells;
};
const Row kPaper[] = {
    {OrdStatus::intended,         ".AD......." "I.." "..I..." "...."},
    {OrdStatus::approved,         "...S...CE." "A.." "..A..." "...A"},
    {OrdStatus::sent,             "....KPFCER" "SSS" "..S..." "U..."},
    {OrdStatus::acknowledged,     ".....PFCER" "KLK" "KKKMKK" "U..."},
    {OrdStatus::partially_filled, "....PPFCE." "PLP" "PPPMPP" "U.W."},
    {OrdStatus::pending_cancel,   ".....LFCER" "LLW" "..L.LL" "U.L."},
    {OrdStatus::pending_replace,  ".....MFCER" "MLM" "M.M.WW" "U.M."},
    {OrdStatus::unknown,          "....WPFCER" "UUU" "..U.UW" "..U."},
    {OrdStatus::filled,           ".........." "..." "......" "...."},
    {OrdStatus::cancelled,        ".........." "..." "......" "...."},
    {OrdStatus::expired,          ".........." "..." "......" "...."},
    {OrdStatus::rejected,         ".........." "..." "......" "...."},
    {OrdStatus::denied,           ".........." "..." "......" "...."},
};
std::ostream& operator<<(std::ostream& out, const Row& r) { return out << to_string(r.status); }

const std::map<char, OrdStatus> kLetters{
    {'I', OrdStatus::intended},     {'A', OrdStatus::approved},         {'S', OrdStatus::sent},
    {'K', OrdStatus::acknowledged}, {'P', OrdStatus::partially_filled}, {'F', OrdStatus::filled},
    {'C', OrdStatus::cancelled},    {'E', OrdStatus::expired},          {'R', OrdStatus::rejected},
    {'D', OrdStatus::denied},       {'U', OrdStatus::unknown},          {'L', OrdStatus::pending_cancel},
    {'M', OrdStatus::pending_replace}};

/// `cum`: what is filled of it once the event was heard.
std::optional<OrdStatus> cell(const Row& row, std::size_t column, Quantity cum) {
  const char letter = row.cells[column];
  if (letter == '.') return std::nullopt;
  if (letter == 'W') return cum.is_zero() ? OrdStatus::acknowledged : OrdStatus::partially_filled;
  return kLetters.at(letter);
}
bool ends(OrdStatus status) {
  return std::set{OrdStatus::filled, OrdStatus::cancelled, OrdStatus::expired, OrdStatus::rejected, OrdStatus::denied}
      .contains(status);
}

/// Brings a fresh order to `status`, which is not terminal; `part`: of what may be filled in it, 4 are.
Orders at_status(OrdStatus status, bool part = false) {
  Orders orders;
  const auto t = terms();
  tell(orders, OrderIntent{t, {}});
  if (status == OrdStatus::intended) return orders;
  tell(orders, OrderApproved{t});
  if (status == OrdStatus::approved) return orders;
  tell(orders, OrderSent{t, {}});
  if (status == OrdStatus::sent) return orders;
  tell(orders, OrderAcknowledged{t.cl_ord_id, 1});
  if (status == OrdStatus::acknowledged) return orders;
  if (part || status == OrdStatus::partially_filled) tell(orders, fill(t, 4, 4, 6));
  if (status == OrdStatus::unknown) tell(orders, OrderUnknown{t.cl_ord_id});
  if (status == OrdStatus::pending_cancel) tell(orders, CancelSent{t.cl_ord_id, {}});
  if (status == OrdStatus::pending_replace) {
    tell(orders, ReplaceApproved{t.cl_ord_id, Quantity::of(12), Price::of(101)});
    tell(orders, ReplaceSent{t.cl_ord_id, Quantity::of(12), Price::of(101), 1, {}});
  }
  return orders;
}

Orders::Change tell_column(Orders& orders, std::size_t column) {
  const auto t = terms();
  const auto id = t.cl_ord_id;
  const Order* order = orders.find(id);
  const int cum = order != nullptr && !order->cum_qty.is_zero() ? 4 : 0;
  switch (column) {
    case 0: return tell(orders, OrderIntent{t, {}});
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
    case 12: return tell(orders, CancelRejected{id});
    case 13: return tell(orders, ReplaceIntent{id, Quantity::of(12), Price::of(101)});
    case 14: return tell(orders, ReplaceApproved{id, Quantity::of(12), Price::of(101)});
    case 15: return tell(orders, ReplaceDenied{id, DenyReason::rule});
    case 16: return tell(orders, ReplaceSent{id, Quantity::of(12), Price::of(101), 1, {}});
    case 17: return tell(orders, ReplaceRejected{id});
    case 18: return tell(orders, replaced(t, 12, 101, 12 - cum, 1));
    case 19: return tell(orders, OrderUnknown{id});
    case 20: return tell(orders, adopt(t, 0, 10));
    case 21: return tell(orders, bust(t, 4));
    default: return tell(orders, OrderRouted{id, ActorId{6}});
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_DATA_TEST_CASE(every_cell_of_the_state_machine_is_as_on_paper, data::make(kPaper), row) {
  BOOST_REQUIRE_EQUAL(std::string{row.cells}.size(), std::size(kColumns));
  for (std::size_t column = 0; column < std::size(kColumns); ++column)
    for (const Quantity cum : {Quantity{}, Quantity::of(4)})
      BOOST_TEST_CONTEXT("column " << column << ", filled " << cum.str()) {
        const Quantity leaves = column == kFilledAll ? Quantity{} : Quantity::of(1);
        BOOST_CHECK(next_status(row.status, kColumns[column], leaves, cum) == cell(row, column, cum));
      }
}

BOOST_AUTO_TEST_CASE(the_paper_has_every_status_and_every_order_event) {
  std::set<OrdStatus> rows;
  for (const Row& row : kPaper) {
    rows.insert(row.status);
    BOOST_TEST(is_terminal(row.status) == ends(row.status));
  }
  for (int i = 0; i < 256; ++i)
    BOOST_TEST((to_string(static_cast<OrdStatus>(i)) != "?") == rows.contains(static_cast<OrdStatus>(i)));
  std::set<EventType> columns{std::begin(kColumns), std::end(kColumns)};
  columns.insert(EventType::order_handed_over);  // It is about an order, and changes nothing of its state.
  for (int i = 0; i < 256; ++i) {
    const auto type = static_cast<EventType>(i);
    EventHeader header;
    header.type = type;
    std::array<std::byte, 256> bytes{};
    header.size = bytes.size();
    std::memcpy(bytes.data(), &header, sizeof header);
    BOOST_TEST_CONTEXT(to_string(type)) BOOST_TEST(order_of(Event{bytes.data()}).has_value() == columns.contains(type));
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
  if (ends(row.status)) {
    BOOST_TEST(std::string{row.cells} == std::string(std::size(kColumns), '.'));
    return;
  }
  for (std::size_t column = 0; column < std::size(kColumns); ++column)
    for (const bool part : {false, true})
      BOOST_TEST_CONTEXT("column " << column << ", part " << part) {
        Orders orders = at_status(row.status, part);
        BOOST_REQUIRE(orders.find(terms().cl_ord_id) != nullptr);
        BOOST_REQUIRE(orders.find(terms().cl_ord_id)->status == row.status);
        const Quantity cum = orders.find(terms().cl_ord_id)->cum_qty;
        const auto before = save(orders);
        const auto change = tell_column(orders, column);
        const auto expected = cell(row, column, column == kBusted ? Quantity{} : cum);
        BOOST_TEST(change.legal == expected.has_value());
        BOOST_REQUIRE(change.order != nullptr);
        BOOST_CHECK(change.order->status == expected.value_or(row.status));
        if (!expected) BOOST_CHECK(save(orders) == before);
        BOOST_TEST((orders.find(terms().cl_ord_id) == nullptr) == (expected && ends(*expected)));
      }
}

BOOST_AUTO_TEST_CASE(every_order_event_names_its_order_and_no_other_event_does) {
  const auto t = terms(77);
  const auto id = t.cl_ord_id;
  const auto named = [](const auto& payload) {
    EventBuffer buffer;
    return order_of(buffer.at(buffer.append(payload, kOwner, 1, false)));
  };
  for (const auto& found :
       {named(OrderIntent{t, {}}), named(OrderApproved{t}), named(OrderDenied{id, {}, {}}),
        named(OrderSent{t, {}}), named(OrderAcknowledged{id, 1}), named(fill(t, 1, 1, 9)),
        named(OrderCancelled{id, {}}), named(OrderExpired{id, {}}), named(OrderRejected{id}),
        named(CancelIntent{id}), named(CancelSent{id, {}}), named(CancelRejected{id}), named(OrderUnknown{id}),
        named(adopt(t, 0, 10)), named(bust(t, 1)), named(replaced(t, 1, 1, 1, 1)), named(ReplaceIntent{id, {}, {}}),
        named(ReplaceApproved{id, {}, {}}), named(ReplaceDenied{id}), named(ReplaceSent{id, {}, {}, 1, {}}),
        named(ReplaceRejected{id}), named(OrderRouted{id, {}}), named(OrderHandedOver{t, {}, {}, 0, 0, {}, 0, {}})})
    BOOST_CHECK(found == id);
  BOOST_CHECK(!named(Trade{}).has_value());
  BOOST_CHECK(!named(FillBooked{}).has_value());
}

BOOST_AUTO_TEST_CASE(what_crosses_the_end_of_an_order_is_harmless_and_all_else_about_it_is_illegal) {
  const std::set<std::size_t> late{4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17, 19, kBusted};
  for (std::size_t column = 1; column < std::size(kColumns); ++column) {
    if (kColumns[column] == EventType::order_adopted) continue;  // Begins anew, below.
    BOOST_TEST_CONTEXT("column " << column) {
      Orders orders = at_status(OrdStatus::sent);
      tell(orders, OrderCancelled{terms().cl_ord_id, Quantity::of(10)});
      const auto change = tell_column(orders, column);
      BOOST_TEST(change.order == nullptr);
      BOOST_TEST(change.legal == late.contains(column));
      BOOST_TEST(orders.open().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(restored_orders_go_on_as_if_nothing_had_happened) {
  Random random{11};
  Orders orders;
  for (int i = 0; i < 2'000; ++i) {
    if (orders.open().empty()) tell(orders, OrderIntent{terms(), {}});
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
                    restored->cancel_requested == order.cancel_requested && restored->revision == order.revision &&
                    restored->asked_qty == order.asked_qty && restored->asked_px == order.asked_px);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_status_has_a_name) {
  for (const Row& row : kPaper) BOOST_TEST(to_string(row.status) != "?");
  BOOST_TEST(to_string(static_cast<OrdStatus>(0)) == "?");
  BOOST_TEST(to_string(OrdStatus::partially_filled) == "partially filled");
}

BOOST_AUTO_TEST_SUITE_END()
