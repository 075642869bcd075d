// Numbers and tables for people.
#include <boost/test/data/test_case.hpp>

#include "chart.hpp"
#include "output.hpp"
#include "program.hpp"

using namespace holdfast::cli;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(output)

struct Number {
  double value;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const Number& n) { return out << n.text; }

const Number kAmounts[] = {{0, "0"},        {1, "1"},           {-1, "-1"},          {1234.5, "1,234.50"},
                           {-1234567, "-1,234,567"}, {0.5, "0.5"}, {0.00012, "0.00012"}, {-999.99, "-999.99"},
                           {0.1234, "0.123"}, {100, "100"},     {1e-12, "0"}};
BOOST_DATA_TEST_CASE(amounts_have_as_many_decimals_as_they_are_worth, data::make(kAmounts), number) {
  BOOST_TEST(amount(number.value) == number.text);
}

const Number kShort[] = {{0, "0"}, {7, "7"}, {7310000, "7.31 M"}, {950, "950"}, {1200, "1.20 k"}, {2.5e9, "2.50 G"}};
BOOST_DATA_TEST_CASE(rates_are_short, data::make(kShort), number) { BOOST_TEST(short_number(number.value) == number.text); }

BOOST_AUTO_TEST_CASE(counts_are_grouped) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1234567) == "1,234,567");
}

BOOST_AUTO_TEST_CASE(columns_of_numbers_are_aligned_to_the_right) {
  BOOST_TEST(table({"name", "count"}, {{"a", "1"}, {"long name", "1,000"}}) == "name       count\na              1\nlong name  1,000\n");
}

BOOST_AUTO_TEST_CASE(text_from_outside_cannot_steer_a_terminal_or_a_page) {
  BOOST_TEST(printable("a\x1b[31mb\nc\x7f") == "a?[31mb | c?");
  BOOST_TEST(escaped("<script>\"&'\x01") == "&lt;script&gt;&quot;&amp;&#39; ");
}

BOOST_AUTO_TEST_CASE(colours_are_only_for_terminals) {
  const auto ended = holdfast::test::holdfast({"chekc"});
  BOOST_TEST(ended.err.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
