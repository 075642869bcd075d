#include <boost/test/unit_test.hpp>

#include <holdfast/fix/message.hpp>
#include <holdfast/fix/tags.hpp>

namespace holdfast {

namespace tag = fix::tag;

BOOST_AUTO_TEST_SUITE(fix_message)

BOOST_AUTO_TEST_CASE(fields_are_set_replaced_and_taken_out) {
  fix::Message message{"D"};
  message.set(tag::ClOrdID, "A").set(tag::Side, '1').set(tag::ClOrdID, "B").set(tag::LastRptRequested, true);
  BOOST_CHECK_EQUAL(text(message, tag::ClOrdID), "B");
  BOOST_CHECK(character(message, tag::Side) == '1');
  BOOST_CHECK(boolean(message, tag::LastRptRequested) == true);
  message.set(tag::ClOrdID, "");
  BOOST_CHECK(!message.get(tag::ClOrdID));
  BOOST_CHECK_EQUAL(message.content().fields.size(), 2);
}

BOOST_AUTO_TEST_CASE(amounts_are_exact_decimals_or_none) {
  fix::Message message{"8"};
  message.set(tag::Price, *Price::parse("-0.00000001")).set(tag::OrderQty, Quantity::of(5)).set(tag::Text, "1e5");
  BOOST_CHECK_EQUAL(text(message, tag::Price), "-0.00000001");
  BOOST_CHECK(price(message, tag::Price) == Price::from_raw(-1));
  BOOST_CHECK(quantity(message, tag::OrderQty) == Quantity::of(5));
  for (const char* bad : {"1e5", "1.123456789", "0x1", " 1", "1,5", "99999999999999999999"})
    BOOST_CHECK_MESSAGE(!price(message.set(tag::Text, bad), tag::Text), bad);
  BOOST_CHECK(!money(message, tag::Commission));
  for (const char* bad : {"1.0", "+1", "1 ", "", "9223372036854775808"})
    BOOST_CHECK_MESSAGE(!integer(message.set(tag::Text, bad), tag::Text), bad);
  BOOST_CHECK(integer(message.set(tag::Text, "-9"), tag::Text) == -9);
}

BOOST_AUTO_TEST_CASE(timestamps_are_read_at_any_precision_and_written_in_microseconds) {
  BOOST_CHECK_EQUAL(fix::timestamp(Time{0}), "19700101-00:00:00.000000");
  BOOST_CHECK_EQUAL(fix::timestamp(Time{-1}), "19691231-23:59:59.999999");
  BOOST_CHECK_EQUAL(fix::date(Time{1'700'000'000'000'000'000}), "20231114");
  for (const std::int64_t us : {0L, 1L, 1'700'000'000'123'456L, 951'782'400'000'000L})
    BOOST_CHECK(fix::parse_timestamp(fix::timestamp(Time{us * 1000})) == Time{us * 1000});
  BOOST_CHECK(fix::parse_timestamp("20231114-22:13:20") == Time{1'700'000'000'000'000'000});
  BOOST_CHECK(fix::parse_timestamp("20231114-22:13:20.5") == Time{1'700'000'000'500'000'000});
  BOOST_CHECK(fix::parse_timestamp("20231114-22:13:20.123456789") == Time{1'700'000'000'123'456'789});
  for (const char* bad : {"", "20231114", "20231114 22:13:20", "20230229-00:00:00",
                          "20231114-24:00:00", "20231114-22:13:60", "20231114-22:13:20.",
                          "20231114-22:13:20.1234567890", "20231114-22:13:20.1x",
                          "99991231-00:00:00"})
    BOOST_CHECK_MESSAGE(!fix::parse_timestamp(bad), bad);
}

BOOST_AUTO_TEST_CASE(groups_keep_their_entries_in_order) {
  fix::Message message{"W"};
  message.add(tag::NoMDEntries, {{tag::MDEntryType, "0"}, {tag::MDEntryPx, "1.5"}});
  message.add(tag::NoMDEntries, {{tag::MDEntryType, "1"}});
  const auto& entries = message.entries(tag::NoMDEntries);
  BOOST_REQUIRE_EQUAL(entries.size(), 2);
  BOOST_CHECK(price(entries[0], tag::MDEntryPx) == Price::parse("1.5"));
  BOOST_CHECK(!price(entries[1], tag::MDEntryPx));
  BOOST_CHECK(message.entries(tag::NoSides).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
