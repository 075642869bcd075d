// Real orders of a day through the book: what it shows must be what the exchange published, and what it does what a
// naive one does.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "book_pair.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

using namespace venue;
using venue::TimeInForce;

constexpr const char* kMessages = "lobster/AAPL_2012-06-21_message_50_dev_0930_0945.csv";
constexpr const char* kShown = "lobster/AAPL_2012-06-21_first998_message_10.csv";
constexpr const char* kRows = "lobster/AAPL_2012-06-21_first998_orderbook_10.csv";
constexpr std::size_t kDepth = 10;

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file{test_data(name)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::int64_t> numbers_of(const std::string& line) {
  std::vector<std::int64_t> numbers;
  std::istringstream in{line};
  for (std::string field; std::getline(in, field, ',');) numbers.push_back(std::stoll(field));
  return numbers;
}

Price price_of(std::int64_t ten_thousandths) { return Price::from_raw(ten_thousandths * (Price::kOne / 10'000)); }

class Replay {
 public:
  /// What stood there before the first message, whose orders nobody knows: one for each price.
  explicit Replay(const std::vector<std::int64_t>& row) {
    for (std::size_t i = 0; i < row.size(); i += 2) {
      const Side side = i % 4 == 0 ? Side::sell : Side::buy;
      before_[{side, row[i]}] = submit(side, row[i], row[i + 1], TimeInForce::gtc);
    }
  }
  void apply(const std::vector<std::int64_t>& m) {
    const std::int64_t id = m[2], size = m[3], price = m[4];
    const Side side = m[5] == 1 ? Side::buy : Side::sell;
    switch (m[1]) {
      case 1: known_[id] = submit(side, price, size, TimeInForce::gtc); break;
      case 2:
      case 3: lessen(of(id, side, price), size); break;
      case 4: execute(of(id, side, price), side, price, size); break;
      default: break;  // Of hidden orders, crosses and halts a book shows nothing.
    }
  }
  /// As the published rows are written.
  std::string row() const {
    std::ostringstream text;
    for (std::size_t i = 0; i < kDepth; ++i)
      for (const Side side : {Side::sell, Side::buy}) {
        const auto level = pair_.book().level(side, i);
        if (i > 0 || side == Side::buy) text << ',';
        if (level) text << level->price.raw() / (Price::kOne / 10'000) << ',' << level->quantity.str();
        else text << (side == Side::sell ? "9999999999,0" : "-9999999999,0");
      }
    return text.str();
  }
  std::size_t in_turn = 0, executed = 0;
  /// Whether the book and the naive one said and show the same, so far.
  bool agree = true;
  bool same_levels() const { return pair_.same_levels(); }

 private:
  struct Order {
    Price price;
    std::int64_t quantity = 0, traded = 0;
  };
  /// The number of the order; 0 is nobody's.
  std::size_t submit(Side side, std::int64_t price, std::int64_t size, TimeInForce lasting) {
    NewOrder order;
    order.side = side;
    order.price = price_of(price);
    order.quantity = Quantity::of(size);
    order.tif = lasting;
    pair_.submit(order);
    agree = pair_.agree() && agree;
    orders_.push_back({order.price, size, 0});
    return pair_.accepted();
  }
  std::size_t of(std::int64_t id, Side side, std::int64_t price) {
    if (const auto at = known_.find(id); at != known_.end()) return at->second;
    return before_[{side, price}];
  }
  void lessen(std::size_t number, std::int64_t size) {
    if (number == 0) return;  // Deeper than what was published when this began.
    Order& order = orders_[number - 1];
    order.quantity -= size;
    if (order.quantity > order.traded) pair_.replace(number - 1, order.price, Quantity::of(order.quantity));
    else pair_.cancel(number - 1);
    agree = pair_.agree() && agree;
  }
  void execute(std::size_t number, Side side, std::int64_t price, std::int64_t size) {
    submit(opposite(side), price, size, TimeInForce::ioc);
    for (const BookEvent& e : pair_.last()) {
      if (e.kind != BookEvent::Kind::traded) continue;
      orders_[e.maker - 1].traded += e.quantity.raw() / Quantity::kOne;
      ++executed;
      in_turn += e.maker == number;
    }
  }
  BookPair pair_;
  std::vector<Order> orders_;  ///< By their numbers, which begin at 1.
  std::map<std::int64_t, std::size_t> known_;
  std::map<std::pair<Side, std::int64_t>, std::size_t> before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lobster_replay)

BOOST_AUTO_TEST_CASE(the_book_equals_the_published_one_at_all_998_rows, *boost::unit_test::precondition(NeedsData{kRows})) {
  const auto messages = lines_of(kMessages), shown = lines_of(kShown), rows = lines_of(kRows);
  Replay replay{numbers_of(rows.front())};
  std::size_t compared = 1;  // The first row is the one it starts from.
  std::size_t equal = 1;
  // The messages without a row are about levels deeper than those published.
  for (std::size_t i = 1; i < messages.size() && compared < shown.size(); ++i) {
    replay.apply(numbers_of(messages[i]));
    if (messages[i] == shown[compared]) equal += replay.row() == rows[compared], ++compared;
  }
  BOOST_TEST(compared == rows.size());
  BOOST_TEST(equal == rows.size());
  // Price, then time: whom the exchange chose is whom the book chose.
  BOOST_TEST(replay.executed > 50u);
  BOOST_TEST(replay.in_turn == replay.executed);
}

BOOST_AUTO_TEST_CASE(the_book_does_what_the_naive_one_does_on_every_message, *boost::unit_test::precondition(NeedsData{kRows})) {
  const auto messages = lines_of(kMessages);
  BOOST_TEST_REQUIRE(messages.size() > 20'000u);
  Replay replay{numbers_of(lines_of(kRows).front())};
  for (std::size_t i = 1; i < messages.size(); ++i) {
    replay.apply(numbers_of(messages[i]));
    if (!replay.agree) BOOST_FAIL("they differ after line " << i + 1);
    if (i % 100 == 0 && !replay.same_levels()) BOOST_FAIL("levels differ after line " << i + 1);
  }
  BOOST_TEST(replay.executed > 1'000u);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
