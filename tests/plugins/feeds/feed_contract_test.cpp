// What every feed owes to whoever runs it, over generated data of every format.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <holdfast/testkit/contract.hpp>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;

/// `text` with `row` behind every twentieth line.
std::string strewn(const std::string& text, const std::string& row) {
  std::string made;
  std::size_t lines = 0;
  for (const char c : text) {
    made += c;
    if (c == '\n' && ++lines % 20 == 0) made += row + '\n';
  }
  return made;
}

/// The generated files, written once. Some rows hold no time, so that it must be remembered.
struct Files {
  ScratchDir dir;
  Files() {
    const auto capture = kit::binance_capture(7, 400);
    const std::size_t half = capture.find('\n', capture.size() / 2) + 1;
    kit::write_gzip(dir / "spot.gz", capture);
    kit::write_gzip(dir / "spot1.gz", capture.substr(0, half));
    kit::write_plain(dir / "spot2.txt", capture.substr(half));
    kit::write_gzip(dir / "futures.gz", kit::binance_capture(8, 400, kit::BinanceMarket::futures));
    kit::write_zip(dir / "20131008_trade.zip", "trade.csv", strewn(kit::lean_trades(9, 300), "x,1,1,P,1,0"));
    kit::write_zip(dir / "20131008_quote.zip", "quote.csv", kit::lean_equity_quotes(10, 300));
    kit::write_zip(dir / "20131009_quote.zip", "quote.csv", kit::lean_equity_quotes(11, 300));
    kit::write_zip(dir / "20140508_quote.zip", "fx.csv",
                   strewn(kit::lean_forex_quotes(12, 300, 20), "x,1,2"));
    const auto lobster = kit::lobster_files(13, 300);
    kit::write_plain(dir / "X_2012-06-21_message_10.csv", strewn(lobster.messages, "x,1,1,1,1,1"));
    kit::write_plain(dir / "X_2012-06-21_orderbook_10.csv", lobster.book);
    kit::write_plain(dir / "quotes.csv", strewn(kit::csv_quotes(14, 300), "x,1,2,1,1"));
    kit::write_gzip(dir / "trades.csv.gz", kit::csv_trades(15, 300));
    std::string sideless = kit::csv_trades(16, 300);
    for (const std::string word : {",side", ",buy", ",sell"})
      for (std::size_t at; (at = sideless.find(word)) != std::string::npos;) sideless.erase(at, word.size());
    kit::write_plain(dir / "sideless.csv", sideless);
  }
};

std::map<std::string, FeedCase> feeds() {
  static const Files files;
  const auto& d = files.dir;
  const auto several = [&](const std::string& format, const std::string& a, const std::string& b) {
    return FeedCase{"replay",
                    map({{"format", format}, {"instrument", "BTCUSDT"}, {"files", list({d / a, d / b})}})};
  };
  return {
      {"synthetic", {"synthetic", map({{"instruments", list({"BTCUSDT", "ETHUSDT"})}, {"ticks", "300"}})}},
      {"binance spot", replay("binance", d / "spot.gz")},
      {"binance in two files", several("binance", "spot1.gz", "spot2.txt")},
      {"binance futures", replay("binance", d / "futures.gz")},
      {"lean trades", replay("lean", d / "20131008_trade.zip", {{"utc_offset", "-4h"}})},
      {"lean quotes of two days", several("lean", "20131008_quote.zip", "20131009_quote.zip")},
      {"lean forex", replay("lean", d / "20140508_quote.zip")},
      {"lobster", replay("lobster", d / "X_2012-06-21_message_10.csv")},
      {"lobster with a book",
       replay("lobster", d / "X_2012-06-21_message_10.csv", {{"book", d / "X_2012-06-21_orderbook_10.csv"}})},
      {"csv quotes", replay("csv", d / "quotes.csv")},
      {"csv trades", replay("csv", d / "trades.csv.gz")},
      {"csv trades without sides", replay("csv", d / "sideless.csv")},
  };
}

std::vector<std::string> names() {
  return {"synthetic",       "binance spot", "binance in two files",
          "binance futures", "lean trades",  "lean quotes of two days",
          "lean forex",      "lobster",      "lobster with a book",
          "csv quotes",      "csv trades",   "csv trades without sides"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(feed_contract)

BOOST_DATA_TEST_CASE(a_feed_keeps_its_contract, names()) {
  const FeedCase feed = feeds().at(sample);
  const kit::Subject subject{manifest("feed", feed.plugin), feed.settings};
  BOOST_TEST(kit::text_of(kit::check_feed(subject)) == "");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
