// LOBSTER messages: order by order in, totals out.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream text{kit::read_text(path)};
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

/// A row of the published book as the book of the tape writes it.
std::string row(const OrderBook& book, std::size_t depth) {
  const auto asks = book.levels(Side::sell, depth), bids = book.levels(Side::buy, depth);
  const auto text = [](const std::vector<OrderBook::Level>& levels, std::size_t i, const char* none) {
    if (i >= levels.size()) return std::string{none} + ",0";
    return std::to_string(levels[i].price.raw() / 10'000) + ',' + levels[i].quantity.str();
  };
  std::string made;
  for (std::size_t i = 0; i < depth; ++i)
    made += (i == 0 ? "" : ",") + text(asks, i, "9999999999") + ',' + text(bids, i, "-9999999999");
  return made;
}

/// How many published rows the replayed book equals. `shown` are the messages that have a row;
/// `messages` may hold more, about levels beyond the published depth.
struct Rows {
  std::size_t compared = 0, equal = 0;
};
Rows compare(const std::string& messages, const std::string& shown, const std::string& book_file) {
  const auto all = lines_of(messages), with_row = lines_of(shown), rows = lines_of(book_file);
  const auto feed = replay("lobster", messages, {{"book", book_file}, {"utc_offset", "-4h"}}).make();
  feed->open(0, [] {});
  OrderBook book;
  HeardTape tape;
  tape.on_clear = [&](const BookClear&, std::uint64_t) { book.clear(); };
  std::map<std::uint64_t, std::string> after;
  tape.on_level = [&](const BookLevel& level, std::uint64_t at) {
    book.hear(level);
    after[at] = row(book, 10);
  };
  play(*feed, tape);
  Rows found;
  std::string now;
  for (std::size_t i = 0; i < all.size() && found.compared < with_row.size(); ++i) {
    if (const auto at = after.find(i + 1); at != after.end()) now = at->second;
    if (all[i] == with_row[found.compared]) found.equal += now == rows[found.compared], ++found.compared;
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lobster)

BOOST_DATA_TEST_CASE(a_generated_book_equals_its_published_rows, boost::unit_test::data::xrange(5)) {
  const ScratchDir dir;
  const auto files = kit::lobster_files(static_cast<std::uint64_t>(sample), 500);
  const auto messages = dir / "X_2012-06-21_message.csv", book = dir / "X_2012-06-21_orderbook.csv";
  kit::write_plain(messages, files.messages);
  kit::write_plain(book, files.book);
  const auto found = compare(messages, messages, book);
  BOOST_TEST(found.compared == 500u);
  BOOST_TEST(found.equal == 500u);
}

BOOST_AUTO_TEST_CASE(every_message_type_is_told_as_what_it_does) {
  const ScratchDir dir;
  kit::write_plain(dir / "X_1970-01-01_message.csv",
                   "0.000000001,1,1,100,1000000,1\n"  // a bid of 100 at 100
                   "0.000000002,1,2,50,1010000,-1\n"  // an ask
                   "0.000000003,2,1,30,1000000,1\n"   // part of the bid goes
                   "0.000000004,4,1,20,1000000,1\n"   // the bid is hit: the seller began
                   "0.000000005,5,0,7,1005000,-1\n"   // a hidden ask is lifted
                   "0.000000006,7,0,0,-1,-1\n"        // a halt
                   "0.000000007,3,1,50,1000000,1\n"   // the rest of the bid goes
                   "0.000000008,3,9,5,990000,1\n"     // an order from before the file
                   "0.000000009,1,x,five,990000,1\n");
  const auto lines = play_all(replay("lobster", dir / "X_1970-01-01_message.csv")).lines;
  const std::vector<std::string> expected{"1: clear @1",
                                          "1: level buy 100 100 last @1",
                                          "2: level sell 101 50 last @2",
                                          "2: quote 1 100 100 / 101 50 @2",
                                          "3: level buy 100 70 last @3",
                                          "3: quote 1 100 70 / 101 50 @3",
                                          "4: trade 1 sell 20 at 100 @4",
                                          "4: level buy 100 50 last @4",
                                          "4: quote 1 100 50 / 101 50 @4",
                                          "5: trade 1 buy 7 at 100.5 hidden @5",
                                          "7: level buy 100 0 last @7",
                                          "8: level buy 99 0 last @8",
                                          "9: bad not_a_number @9"};
  BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(the_book_equals_the_published_one_at_all_998_rows,
                     *boost::unit_test::precondition(NeedsData{
                         "lobster/AAPL_2012-06-21_first998_orderbook_10.csv"})) {
  const auto found = compare(test_data("lobster/AAPL_2012-06-21_message_50_dev_0930_0945.csv"),
                             test_data("lobster/AAPL_2012-06-21_first998_message_10.csv"),
                             test_data("lobster/AAPL_2012-06-21_first998_orderbook_10.csv"));
  // The first row is the one it starts from.
  BOOST_TEST(found.compared == 999u);
  BOOST_TEST(found.equal == 999u);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
