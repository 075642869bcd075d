#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/event.hpp>
#include <string>
#include <type_traits>

namespace {
using namespace holdfast;

OrderTerms terms() {
  OrderTerms t;
  t.cl_ord_id = ClOrdId::make({3}, 7);
  t.instrument = {2};
  t.side = Side::sell;
  t.quantity = Quantity::of(5);
  return t;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(event)

BOOST_AUTO_TEST_CASE(an_event_keeps_its_author_cause_time_payload_and_text) {
  EventBuffer buffer;
  const auto at = buffer.append(OrderIntent{terms(), {}}, ActorId{3}, 99, false, Time{5}, "because");
  const Event e = buffer.at(at);
  BOOST_CHECK(e.type() == EventType::order_intent);
  BOOST_TEST(e.seq() == 0U);
  BOOST_TEST(e.header().origin == 99U);
  BOOST_TEST(e.author().value == 3);
  BOOST_TEST(e.time().ns == 5);
  BOOST_TEST(!e.spontaneous());
  BOOST_TEST((e.header().version & 0x7f) == 2);
  BOOST_TEST(e.as<OrderIntent>().terms.quantity.raw() == Quantity::of(5).raw());
  BOOST_TEST(e.tail<OrderIntent>() == "because");
}

BOOST_AUTO_TEST_CASE(every_event_starts_on_eight_bytes_whatever_text_goes_before) {
  EventBuffer buffer;
  std::vector<std::size_t> offsets;
  for (std::size_t n = 0; n < 40; ++n) {
    offsets.push_back(buffer.append(CancelIntent{{n}}, ActorId{1}, n, true, {}, std::string(n, 'x')));
    offsets.push_back(buffer.append(TimeAdvanced{}, ActorId{1}, n, false));
  }
  BOOST_TEST(buffer.count() == 80U);
  std::size_t index = 0, at = 0;
  for_each_event(buffer.bytes(), [&](const Event& e) {
    BOOST_TEST(at == offsets[index]);
    BOOST_TEST(e.header().size % 8 == 0);
    const std::uint64_t n = index / 2;
    if (index % 2 == 0) {
      BOOST_TEST(e.spontaneous());
      BOOST_TEST(e.as<CancelIntent>().cl_ord_id.value == n);
      BOOST_TEST(e.tail<CancelIntent>() == std::string(n, 'x'));
    } else {
      BOOST_TEST(e.header().size == sizeof(EventHeader));
      BOOST_TEST(e.tail<TimeAdvanced>().empty());
    }
    at += e.header().size;
    ++index;
  });
  BOOST_TEST(index == 80U);
  BOOST_TEST(at == buffer.size());
  buffer.clear();
  BOOST_TEST(buffer.count() == 0U);
  BOOST_TEST(buffer.size() == 0U);
}

BOOST_AUTO_TEST_CASE(text_beyond_the_limit_is_cut) {
  EventBuffer buffer;
  const std::string text = std::string(EventBuffer::kMaxTail, 'a') + "beyond";
  const Event e = buffer.at(buffer.append(OrderRejected{{1}}, ActorId{1}, 1, false, {}, text));
  BOOST_TEST(e.tail<OrderRejected>() == text.substr(0, EventBuffer::kMaxTail));
}

BOOST_AUTO_TEST_CASE(bytes_too_few_for_their_type_are_malformed) {
  EventBuffer buffer;
  buffer.append(CancelIntent{{1}}, ActorId{1}, 1, false, {}, "four");
  EventHeader header;
  std::memcpy(&header, buffer.bytes().data(), sizeof header);
  for (const auto& [size, tail] : {std::pair{32, 0}, {39, 0}, {40, 8}, {48, 9}, {0, 0}}) {
    header.size = static_cast<std::uint16_t>(size);
    header.tail = static_cast<std::uint16_t>(tail);
    std::memcpy(buffer.bytes().data(), &header, sizeof header);
    BOOST_CHECK_THROW(buffer.at(0).as<CancelIntent>(), MalformedEvent);
    BOOST_CHECK_THROW(buffer.at(0).tail<CancelIntent>(), MalformedEvent);
  }
}

BOOST_AUTO_TEST_CASE(an_approved_order_comes_out_of_a_journaled_approval_only) {
  EventBuffer buffer;
  const auto first = buffer.append(OrderApproved{terms()}, ActorId{1}, 1, false);
  const auto second = buffer.append(OrderSent{terms(), Time{9}}, ActorId{1}, 1, true);
  for (const auto at : {first, second})
    BOOST_TEST(buffer.at(at).approved().terms().cl_ord_id.value == terms().cl_ord_id.value);
  static_assert(!std::is_constructible_v<ApprovedOrder, const OrderTerms&>);
  static_assert(!std::is_default_constructible_v<ApprovedOrder>);
}

BOOST_AUTO_TEST_CASE(the_three_events_that_hold_an_orders_terms_are_of_the_second_schema_version) {
  static_assert(version_of<OrderIntent> == 2 && version_of<OrderApproved> == 2 && version_of<OrderSent> == 2);
  static_assert(version_of<OrderFilled> == 1 && version_of<OrderAdopted> == 1 && version_of<FillBooked> == 1);
  EventBuffer buffer;
  BOOST_TEST(buffer.at(buffer.append(OrderSent{terms(), {}}, ActorId{1}, 1, true)).header().version == (2 | 0x80));
  BOOST_TEST(buffer.at(buffer.append(OrderApproved{terms()}, ActorId{1}, 1, false)).header().version == 2);
  BOOST_TEST(buffer.at(buffer.append(CancelSent{}, ActorId{1}, 1, false)).header().version == 1);
}

BOOST_AUTO_TEST_CASE(an_approved_change_comes_out_of_a_journaled_release_only) {
  EventBuffer buffer;
  const ReplaceSent sent{{1}, Quantity::of(3), Price::of(9), 1, {}};
  const auto change = buffer.at(buffer.append(sent, ActorId{1}, 1, true)).approved_replace();
  BOOST_TEST(change.quantity().str() == "3");
  BOOST_TEST(change.price().str() == "9");
  static_assert(!std::is_constructible_v<ApprovedReplace, Quantity, Price>);
  static_assert(!std::is_default_constructible_v<ApprovedReplace>);
}

BOOST_AUTO_TEST_CASE(ids_carry_their_owner) {
  const auto id = ClOrdId::make({513}, 42);
  BOOST_TEST(id.owner().value == 513);
  BOOST_TEST(id.counter() == 42U);
}

BOOST_AUTO_TEST_SUITE_END()
