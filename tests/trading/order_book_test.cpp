#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/random.hpp>
#include <holdfast/trading/order_book.hpp>
#include <map>

namespace {

using namespace holdfast;

OrderBook example() {
  OrderBook book;
  for (const int price : {99, 97, 98}) book.set(Side::buy, Price::of(price), Quantity::of(price - 90));
  for (const int price : {103, 101, 102}) book.set(Side::sell, Price::of(price), Quantity::of(price - 90));
  return book;
}

std::vector<std::int64_t> prices(const std::vector<OrderBook::Level>& levels) {
  std::vector<std::int64_t> found;
  for (const auto& level : levels) found.push_back(level.price.raw() / Price::kOne);
  return found;
}

using Prices = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(order_book)

BOOST_AUTO_TEST_CASE(an_empty_book_has_no_best_price) {
  const OrderBook book;
  BOOST_TEST(book.empty());
  BOOST_TEST(!book.best(Side::buy).has_value());
  BOOST_TEST(!book.best(Side::sell).has_value());
  BOOST_TEST(book.at(Side::buy, Price::of(1)).is_zero());
  BOOST_TEST(book.levels(Side::buy, 5).empty());
}

BOOST_AUTO_TEST_CASE(the_best_bid_is_the_highest_and_the_best_ask_the_lowest) {
  const OrderBook book = example();
  BOOST_TEST(book.best(Side::buy)->price.str() == "99");
  BOOST_TEST(book.best(Side::buy)->quantity.str() == "9");
  BOOST_TEST(book.best(Side::sell)->price.str() == "101");
  BOOST_TEST(prices(book.levels(Side::buy, 9)) == (Prices{99, 98, 97}), boost::test_tools::per_element());
  BOOST_TEST(prices(book.levels(Side::sell, 2)) == (Prices{101, 102}), boost::test_tools::per_element());
  BOOST_TEST(book.levels(Side::sell, 0).empty());
}

BOOST_AUTO_TEST_CASE(a_level_is_replaced_by_the_newest_total_and_removed_by_zero_or_less) {
  OrderBook book = example();
  book.set(Side::buy, Price::of(99), Quantity::of(1));
  BOOST_TEST(book.at(Side::buy, Price::of(99)).str() == "1");
  BOOST_TEST(book.depth(Side::buy) == 3U);
  book.set(Side::buy, Price::of(99), Quantity{});
  book.set(Side::buy, Price::of(98), Quantity::of(-1));
  book.set(Side::buy, Price::of(50), Quantity{});
  BOOST_TEST(book.depth(Side::buy) == 1U);
  BOOST_TEST(book.best(Side::buy)->price.str() == "97");
  BOOST_TEST(book.depth(Side::sell) == 3U);
}

BOOST_AUTO_TEST_CASE(a_walk_stops_where_it_is_told_to) {
  Prices seen;
  example().walk(Side::sell, [&](const OrderBook::Level& level) {
    seen.push_back(level.price.raw() / Price::kOne);
    return level.price < Price::of(102);
  });
  BOOST_TEST(seen == (Prices{101, 102}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_cleared_book_is_empty) {
  OrderBook book = example();
  book.clear();
  BOOST_TEST(book.empty());
}

BOOST_AUTO_TEST_CASE(a_random_history_of_levels_gives_the_book_of_a_plain_table) {
  Random random{7};
  OrderBook book;
  std::map<std::int64_t, std::int64_t> table[2];
  for (int i = 0; i < 20'000; ++i) {
    BookLevel level;
    const bool sell = random.below(2) == 1;
    level.side = sell ? Side::sell : Side::buy;
    level.price = Price::of(static_cast<std::int64_t>(random.below(50)));
    level.quantity = Quantity::of(static_cast<std::int64_t>(random.below(4)));
    book.hear(level);
    if (level.quantity.is_zero()) table[sell].erase(level.price.raw());
    else table[sell][level.price.raw()] = level.quantity.raw();
    BOOST_REQUIRE_EQUAL(book.depth(level.side), table[sell].size());
    if (table[sell].empty()) continue;
    const auto best = sell ? *table[1].begin() : *table[0].rbegin();
    BOOST_REQUIRE_EQUAL(book.best(level.side)->price.raw(), best.first);
    BOOST_REQUIRE_EQUAL(book.best(level.side)->quantity.raw(), best.second);
  }
}

BOOST_AUTO_TEST_CASE(a_restored_book_is_the_same_book) {
  OrderBook book = example();
  Archive saved;
  book.state(saved);
  OrderBook again;
  Archive loading{saved.bytes(), 1};
  again.state(loading);
  Archive twice;
  again.state(twice);
  BOOST_CHECK(twice.bytes() == saved.bytes());
  BOOST_TEST(again.best(Side::sell)->price.str() == "101");
}

BOOST_AUTO_TEST_SUITE_END()
