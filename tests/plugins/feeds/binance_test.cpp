// Binance captures: the book must be in step with the venue or be told to be lost.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;

std::uint64_t number_after(const std::string& line, const std::string& key) {
  const auto at = line.find(key);
  return at == std::string::npos ? 0 : std::stoull(line.substr(at + key.size()));
}

std::string top(const OrderBook& book) {
  const auto bid = book.best(Side::buy), ask = book.best(Side::sell);
  if (!bid || !ask) return "empty";
  return bid->price.str() + ' ' + bid->quantity.str() + " / " + ask->price.str() + ' ' + ask->quantity.str();
}

struct Agreement {
  std::size_t compared = 0, equal = 0, clears = 0;
};

/// The venue's own oracle: where a book ticker and a depth change carry the same update id, the
/// book after the change has the ticker's best prices and sizes.
Agreement agreement(const std::vector<std::string>& paths) {
  std::vector<std::string> lines{""};  // positions count from 1
  std::vector<Written> files;
  for (const auto& path : paths) {
    std::istringstream text{kit::read_text(path)};
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    files.emplace_back(path);
  }
  Agreement found;
  OrderBook book;
  std::map<std::uint64_t, std::string> tickers, books;
  HeardTape tape;
  tape.on_quote = [&](const Quote& q, std::uint64_t at) {
    tickers.try_emplace(number_after(lines[at], "\"u\":"),
                        q.bid.str() + ' ' + q.bid_size.str() + " / " + q.ask.str() + ' ' + q.ask_size.str());
  };
  tape.on_clear = [&](const BookClear&, std::uint64_t) { book.clear(), ++found.clears; };
  std::uint64_t depth_id = 0, read = 0;
  tape.on_level = [&](const BookLevel& level, std::uint64_t at) {
    book.hear(level);
    // A snapshot line also brings the changes that waited, up to the newest one before it.
    for (; read < at; ++read)
      if (lines[read + 1].find("depthUpdate") != std::string::npos)
        depth_id = number_after(lines[read + 1], "\"u\":");
    if (level.last != 0) books[depth_id] = top(book);
  };
  const auto feed =
      FeedCase{"replay", map({{"format", "binance"}, {"instrument", "BTCUSDT"}, {"files", list(files)}})}
          .make();
  feed->open(0, [] {});
  play(*feed, tape);
  for (const auto& [id, ticker] : tickers)
    if (const auto at = books.find(id); at != books.end())
      ++found.compared, found.equal += at->second == ticker;
  return found;
}

std::string depth(std::uint64_t first, std::uint64_t last, const std::string& bid, long previous = -1) {
  return "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"U\":" +
         std::to_string(first) + ",\"u\":" + std::to_string(last) +
         (previous >= 0 ? ",\"pu\":" + std::to_string(previous) : "") + ",\"b\":[[\"" + bid +
         "\",\"1\"]],\"a\":[]}}";
}
std::string snapshot(std::uint64_t id) {
  return "{\"lastUpdateId\":" + std::to_string(id) + ",\"bids\":[[\"90\",\"2\"]],\"asks\":[[\"101\",\"3\"]]}";
}

/// What the tape says about these messages, received at 1, 2, 3 ns …, without times.
std::vector<std::string> told(const std::vector<std::string>& messages) {
  const ScratchDir dir;
  std::string text;
  for (std::size_t i = 0; i < messages.size(); ++i) text += std::to_string(i + 1) + ' ' + messages[i] + '\n';
  kit::write_plain(dir / "capture", text);
  auto lines = play_all(replay("binance", dir / "capture")).lines;
  for (auto& line : lines) line.resize(line.find(" @"));
  return lines;
}

struct SyncCase {
  std::string name;
  std::vector<std::string> messages, expected;
};
std::ostream& operator<<(std::ostream& out, const SyncCase& c) { return out << c.name; }

const std::vector<std::string> kSnapshotTold{"clear", "level buy 90 2", "level sell 101 3 last"};
std::vector<std::string> at(int position, std::vector<std::string> what) {
  for (auto& line : what) line = std::to_string(position) + ": " + line;
  return what;
}
std::vector<std::string> join(std::initializer_list<std::vector<std::string>> parts) {
  std::vector<std::string> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<SyncCase> sync_cases() {
  return {
      {"without a snapshot nothing is told", {depth(1, 2, "50"), depth(3, 4, "51")}, {}},
      {"changes before the snapshot are left out", {depth(1, 5, "50"), snapshot(5)}, at(2, kSnapshotTold)},
      {"the change around the snapshot comes behind it",
       {depth(1, 4, "50"), depth(5, 8, "51"), snapshot(6)},
       join({at(3, kSnapshotTold), at(3, {"level buy 51 1 last"})})},
      {"a change that follows the snapshot at once is applied",
       {snapshot(6), depth(7, 9, "51")},
       join({at(1, kSnapshotTold), at(2, {"level buy 51 1 last"})})},
      {"a change that leaves ids out behind the snapshot loses the book",
       {snapshot(6), depth(8, 9, "51")},
       join({at(1, kSnapshotTold), at(2, {"clear"})})},
      {"a gap loses the book until the next snapshot",
       {snapshot(6), depth(7, 9, "51"), depth(11, 12, "52"), depth(13, 14, "53"), snapshot(14),
        depth(15, 15, "54")},
       join({at(1, kSnapshotTold), at(2, {"level buy 51 1 last"}), at(3, {"clear"}), at(5, kSnapshotTold),
             at(6, {"level buy 54 1 last"})})},
      {"a change that was in the book already is left out",
       {snapshot(6), depth(7, 9, "51"), depth(7, 9, "51")},
       join({at(1, kSnapshotTold), at(2, {"level buy 51 1 last"})})},
      {"a late snapshot older than the book is left out",
       {snapshot(6), depth(7, 9, "51"), snapshot(8)},
       join({at(1, kSnapshotTold), at(2, {"level buy 51 1 last"})})},
      {"futures follow by the id before",
       {snapshot(6), depth(5, 9, "51", 4), depth(20, 30, "52", 9)},
       join({at(1, kSnapshotTold), at(2, {"level buy 51 1 last"}), at(3, {"level buy 52 1 last"})})},
      {"futures lose the book by the id before",
       {snapshot(6), depth(5, 9, "51", 4), depth(10, 30, "52", 8)},
       join({at(1, kSnapshotTold), at(2, {"level buy 51 1 last"}), at(3, {"clear"})})},
      {"a change with a number that is none loses the book",
       {snapshot(6), depth(7, 9, "NaN"), depth(10, 11, "52"), snapshot(10)},
       join({at(1, kSnapshotTold), at(2, {"bad not_a_number", "clear"}), at(4, kSnapshotTold),
             at(4, {"level buy 52 1 last"})})},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(binance)

BOOST_DATA_TEST_CASE(a_generated_book_equals_its_book_tickers, boost::unit_test::data::xrange(10)) {
  const ScratchDir dir;
  const auto market = sample % 2 == 0 ? kit::BinanceMarket::spot : kit::BinanceMarket::futures;
  kit::write_gzip(dir / "capture.gz", kit::binance_capture(static_cast<std::uint64_t>(sample), 2000, market));
  const auto found = agreement({dir / "capture.gz"});
  BOOST_TEST(found.clears == 1u);
  BOOST_TEST(found.compared >= 40u);
  BOOST_TEST(found.equal == found.compared);
}

BOOST_DATA_TEST_CASE(a_book_is_in_step_or_lost, sync_cases()) {
  const auto lines = told(sample.messages);
  BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), sample.expected.begin(), sample.expected.end());
}

BOOST_AUTO_TEST_CASE(tickers_and_trades_are_told_and_other_streams_are_not) {
  const std::string trade = "\",\"data\":{\"p\":\"10.5\",\"q\":\"0.25\",\"m\":";
  const auto lines = told({
      R"({"stream":"btcusdt@bookTicker","data":{"u":1,"b":"10","B":"1","a":"11","A":"2"}})",
      "{\"stream\":\"btcusdt@trade" + trade + "true}}",
      "{\"stream\":\"btcusdt@aggTrade" + trade + "true}}",
      "{\"stream\":\"btcusdt@trade" + trade + "false}}",
      R"({"stream":"btcusdt@kline_1m","data":{}})",
      R"({"stream":"btcusdt@bookTicker","data":{"u":1,"b":"ten","B":"1","a":"11","A":"2"}})",
  });
  const std::vector<std::string> expected{"1: quote 1 10 1 / 11 2", "2: trade 1 sell 0.25 at 10.5",
                                          "4: trade 1 buy 0.25 at 10.5", "6: bad not_a_number"};
  BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(a_resumed_capture_remembers_its_symbol_and_its_stream_of_trades) {
  const ScratchDir dir;
  const std::string data = "\",\"data\":{\"p\":\"10\",\"q\":\"1\",\"m\":true}}\n";
  kit::write_plain(dir / "capture",
                   "1 {\"stream\":\"btcusdt@trade" + data + "2 {\"stream\":\"btcusdt@aggTrade" + data +
                       "3 {\"stream\":\"btcusdt@trade" + data + "4 {\"stream\":\"ethusdt@kline" + data);
  WrittenTape tape;
  const auto first = replay("binance", dir / "capture").make();
  first->open(0, [] {});
  play(*first, tape, 1);
  const auto second = replay("binance", dir / "capture").make();
  restore(*second, saved(*first));
  second->open(1, [] {});
  play(*second, tape, 1);
  BOOST_CHECK((tape.positions == std::vector<std::uint64_t>{1, 3}));
  const auto third = replay("binance", dir / "capture").make();
  restore(*third, saved(*second));
  third->open(3, [] {});
  BOOST_CHECK_THROW(play(*third, tape, 1), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_capture_without_a_snapshot_keeps_a_bounded_state) {
  const ScratchDir dir;
  std::string text;
  for (std::uint64_t i = 1; i <= 5000; ++i) text += "1 " + depth(i, i, "50") + '\n';
  text += R"(1 {"stream":"btcusdt@bookTicker","data":{"u":1,"b":"10","B":"1","a":"11","A":"2"}})"
          "\n";
  kit::write_plain(dir / "capture", text);
  const auto feed = replay("binance", dir / "capture").make();
  feed->open(0, [] {});
  WrittenTape tape;
  play(*feed, tape);
  BOOST_TEST(tape.lines.size() == 1u);
  BOOST_TEST(saved(*feed).size() < 100'000u);
}

BOOST_AUTO_TEST_CASE(the_spot_book_equals_the_venues_own_tickers_over_two_days,
                     *boost::unit_test::precondition(NeedsData{"binance/spot_btcusdt_20240809.gz"})) {
  const auto found = agreement(
      {test_data("binance/spot_btcusdt_20240808.gz"), test_data("binance/spot_btcusdt_20240809.gz")});
  BOOST_TEST(found.compared == 1072u);
  BOOST_TEST(found.equal == 1072u);
  BOOST_TEST(found.clears == 1u);
}

BOOST_AUTO_TEST_CASE(the_futures_book_equals_the_venues_own_tickers,
                     *boost::unit_test::precondition(NeedsData{"binance/usdm_btcusdt_20240808.gz"})) {
  const auto found = agreement({test_data("binance/usdm_btcusdt_20240808.gz")});
  BOOST_TEST(found.compared == 629u);
  BOOST_TEST(found.equal == 629u);
  BOOST_TEST(found.clears == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
