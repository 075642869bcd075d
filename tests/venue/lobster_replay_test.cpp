// A day's real orders through the book: what it shows must be what the exchange published.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <holdfast/venue/book.hpp>
#include <map>
#include <sstream>

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
        const auto level = book_.level(side, i);
        if (i > 0 || side == Side::buy) text << ',';
        if (level) text << level->price.raw() / (Price::kOne / 10'000) << ',' << level->quantity.str();
        else text << (side == Side::sell ? "9999999999,0" : "-9999999999,0");
      }
    return text.str();
  }
  std::size_t in_turn = 0, executed = 0;

 private:
  struct Order {
    Price price;
    std::int64_t quantity = 0, traded = 0;
  };
  OrderId submit(Side side, std::int64_t price, std::int64_t size, TimeInForce lasting) {
    NewOrder order;
    order.side = side;
    order.price = price_of(price);
    order.quantity = Quantity::of(size);
    order.tif = lasting;
    events_.clear();
    const OrderId id = book_.submit(order, events_);
    orders_[id] = {order.price, size, 0};
    return id;
  }
  OrderId of(std::int64_t id, Side side, std::int64_t price) {
    if (const auto at = known_.find(id); at != known_.end()) return at->second;
    return before_[{side, price}];
  }
  void lessen(OrderId id, std::int64_t size) {
    if (id == 0) return;  // Deeper than what was published when this began.
    Order& order = orders_[id];
    order.quantity -= size;
    if (order.quantity > order.traded) book_.replace(id, order.price, Quantity::of(order.quantity), events_);
    else book_.cancel(id, events_);
  }
  void execute(OrderId id, Side side, std::int64_t price, std::int64_t size) {
    submit(opposite(side), price, size, TimeInForce::ioc);
    for (const BookEvent& e : events_) {
      if (e.kind != BookEvent::Kind::traded) continue;
      orders_[e.maker].traded += e.quantity.raw() / Quantity::kOne;
      ++executed;
      in_turn += e.maker == id;
    }
  }
  Book book_;
  std::vector<BookEvent> events_;
  std::map<OrderId, Order> orders_;
  std::map<std::int64_t, OrderId> known_;
  std::map<std::pair<Side, std::int64_t>, OrderId> before_;
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

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
