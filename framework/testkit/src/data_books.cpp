// Formats that tell a book: what they write comes from a book kept while writing.
#include <functional>
#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/random.hpp>
#include <holdfast/testkit/data_files.hpp>
#include <map>
#include <set>

namespace holdfast::testkit {

namespace {

using Bids = std::map<std::int64_t, std::int64_t, std::greater<>>;
using Asks = std::map<std::int64_t, std::int64_t>;

/// Totals by price, both in the smallest unit of the format.
struct Book {
  Bids bids;
  Asks asks;

  std::int64_t& at(bool bid, std::int64_t price) { return bid ? bids[price] : asks[price]; }
  void erase(bool bid, std::int64_t price) { bid ? bids.erase(price) : asks.erase(price); }
  std::int64_t best(bool bid) const { return bid ? bids.begin()->first : asks.begin()->first; }
  std::size_t depth(bool bid) const { return bid ? bids.size() : asks.size(); }
};

Book book_around(std::int64_t middle, std::int64_t levels, Random& random) {
  Book book;
  for (std::int64_t i = 1; i <= levels; ++i) {
    book.bids[middle - i] = 1 + static_cast<std::int64_t>(random.below(900));
    book.asks[middle + i] = 1 + static_cast<std::int64_t>(random.below(900));
  }
  return book;
}

std::string cents(std::int64_t value) { return Price::from_raw(value * 1'000'000).str(); }
std::string thousandths(std::int64_t value) { return Quantity::from_raw(value * 100'000).str(); }
std::string quoted(const std::string& text) { return '"' + text + '"'; }

class Capture {
 public:
  Capture(std::uint64_t seed, BinanceMarket market)
      : random_{seed},
        futures_{market == BinanceMarket::futures},
        book_{book_around(6'000'000, 40, random_)} {}

  std::string write(std::size_t lines) {
    std::string snapshot;
    std::size_t changes = 0;
    while (lines_ < lines) {
      const std::size_t updates = 1 + random_.below(6);
      begin_change();
      for (std::size_t i = 0; i < updates; ++i) {
        update();
        // The snapshot is from the middle of a change, and arrives one change later.
        if (changes == 2 && i == 0) snapshot = snapshot_json();
      }
      end_change();
      if (changes++ == 3) line(snapshot);
    }
    return text_.substr(0, nth_line_end(lines));
  }

 private:
  void line(const std::string& json) {
    time_ += 1 + static_cast<std::int64_t>(random_.below(20'000'000));
    text_ += std::to_string(time_) + ' ' + json + '\n';
    ++lines_;
  }
  void stream(const std::string& name, const std::string& data) {
    line("{\"stream\":\"btcusdt@" + name + "\",\"data\":{" + data + "}}");
  }
  std::size_t nth_line_end(std::size_t lines) const {
    std::size_t at = 0;
    for (std::size_t i = 0; i < lines; ++i) at = text_.find('\n', at) + 1;
    return at;
  }

  void begin_change() {
    first_id_ = id_ + 1;
    touched_.clear();
  }

  /// One update of the venue: one level changes, the best prices may move.
  void update() {
    ++id_;
    const bool bid = random_.below(2) == 0;
    const auto away = static_cast<std::int64_t>(random_.below(30)) - 1;
    const std::int64_t best = book_.best(bid), other = book_.best(!bid);
    std::int64_t price = bid ? best - away : best + away;
    if (bid ? price >= other : price <= other) price = best;
    if (random_.below(3) == 0 && book_.depth(bid) > 5) book_.erase(bid, price);
    else book_.at(bid, price) = 1 + static_cast<std::int64_t>(random_.below(900));
    touched_.insert({bid, price});
    const std::string ticker = ticker_json();
    if (ticker != ticker_)
      stream("bookTicker",
             (futures_ ? "\"e\":\"bookTicker\"," : "") + ("\"u\":" + std::to_string(id_) + ",") + ticker);
    ticker_ = ticker;
    if (random_.below(4) == 0) trade();
  }

  void trade() {
    const bool seller = random_.below(2) == 0;
    stream("trade", "\"e\":\"trade\",\"s\":\"BTCUSDT\",\"t\":" + std::to_string(++trade_id_) +
                        ",\"p\":" + quoted(cents(book_.best(seller))) +
                        ",\"q\":" + quoted(thousandths(1 + static_cast<std::int64_t>(random_.below(50)))) +
                        ",\"m\":" + (seller ? "true" : "false"));
  }

  void end_change() {
    std::string data = "\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\",\"U\":" + std::to_string(first_id_) +
                       ",\"u\":" + std::to_string(id_);
    if (futures_) data += ",\"pu\":" + std::to_string(previous_id_);
    for (const bool bid : {true, false}) {
      std::string levels;
      for (const auto& [side, price] : touched_)
        if (side == bid) levels += (levels.empty() ? "" : ",") + level(price, total(bid, price));
      data += (bid ? ",\"b\":[" : ",\"a\":[") + levels + "]";
    }
    stream("depth@100ms", data);
    previous_id_ = id_;
  }

  std::int64_t total(bool bid, std::int64_t price) const {
    const auto in = [&](const auto& levels) {
      const auto found = levels.find(price);
      return found == levels.end() ? 0 : found->second;
    };
    return bid ? in(book_.bids) : in(book_.asks);
  }
  static std::string level(std::int64_t price, std::int64_t total) {
    return "[" + quoted(cents(price)) + "," + quoted(thousandths(total)) + "]";
  }
  std::string ticker_json() const {
    const auto& [bid, bid_size] = *book_.bids.begin();
    const auto& [ask, ask_size] = *book_.asks.begin();
    return "\"s\":\"BTCUSDT\",\"b\":" + quoted(cents(bid)) + ",\"B\":" + quoted(thousandths(bid_size)) +
           ",\"a\":" + quoted(cents(ask)) + ",\"A\":" + quoted(thousandths(ask_size));
  }
  std::string snapshot_json() const {
    std::string bids, asks;
    for (const auto& [price, size] : book_.bids) bids += (bids.empty() ? "" : ",") + level(price, size);
    for (const auto& [price, size] : book_.asks) asks += (asks.empty() ? "" : ",") + level(price, size);
    return "{\"lastUpdateId\":" + std::to_string(id_) + ",\"bids\":[" + bids + "],\"asks\":[" + asks + "]}";
  }

  Random random_;
  bool futures_;
  Book book_;
  std::string text_;
  std::size_t lines_ = 0;
  std::int64_t time_ = 1'704'153'600'000'000'000;
  std::uint64_t id_ = 1000, first_id_ = 0, previous_id_ = 1000, trade_id_ = 0;
  std::set<std::pair<bool, std::int64_t>> touched_;
  std::string ticker_;
};

std::string lobster_row(const Book& book) {
  std::string row;
  auto ask = book.asks.begin();
  auto bid = book.bids.begin();
  for (int i = 0; i < 10; ++i) {
    row += i == 0 ? "" : ",";
    // What is not occupied is written with prices out of any range.
    row += ask == book.asks.end() ? "9999999999,0"
                                  : std::to_string(100 * ask->first) + "," + std::to_string(ask->second);
    row += ",";
    row += bid == book.bids.end() ? "-9999999999,0"
                                  : std::to_string(100 * bid->first) + "," + std::to_string(bid->second);
    if (ask != book.asks.end()) ++ask;
    if (bid != book.bids.end()) ++bid;
  }
  return row + "\n";
}

}  // namespace

std::string binance_capture(std::uint64_t seed, std::size_t lines, BinanceMarket market) {
  return Capture{seed, market}.write(lines);
}

LobsterFiles lobster_files(std::uint64_t seed, std::size_t messages) {
  Random random{seed};
  Book book = book_around(58'560, 8, random);
  LobsterFiles files;
  std::int64_t microseconds = 34'200'000'000;
  for (std::uint64_t id = 1; id <= messages; ++id) {
    microseconds += 1 + static_cast<std::int64_t>(random.below(500'000));
    const bool bid = random.below(2) == 0;
    std::uint64_t type = 1 + random.below(5);
    if (book.depth(bid) < 6) type = 1;
    std::int64_t price = book.best(bid);
    if (type == 1) {
      // New orders rest up to four cents behind the best price, or improve it where there is room.
      const auto behind = static_cast<std::int64_t>(random.below(6)) - 1;
      price += bid ? -behind : behind;
      if (bid ? price >= book.best(false) : price <= book.best(true)) price = book.best(bid);
    }
    std::int64_t size = 1 + static_cast<std::int64_t>(random.below(300));
    if (type != 1 && type != 5) {
      std::int64_t& total = book.at(bid, price);
      size = std::min(size, total);
      total -= size;
      if (total == 0) book.erase(bid, price);
    } else if (type == 1) {
      book.at(bid, price) += size;
    }
    files.messages += std::to_string(microseconds / 1'000'000) + "." +
                      std::to_string(1'000'000 + microseconds % 1'000'000).substr(1) + "," +
                      std::to_string(type) + "," + std::to_string(id) + "," + std::to_string(size) + "," +
                      std::to_string(100 * price) + "," + (bid ? "1" : "-1") + "\n";
    files.book += lobster_row(book);
  }
  return files;
}

}  // namespace holdfast::testkit
