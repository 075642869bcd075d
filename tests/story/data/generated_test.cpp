// The same as with recordings, from generated files of every format: needs no data.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <holdfast/testkit/data_files.hpp>

#include "story/data/market_run.hpp"
#include "test_data.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace kit = holdfast::testkit;

namespace {

/// A capture is depth changes for the most part, which no strategy here answers.
constexpr std::size_t kRows = 6'000, kCaptureLines = 4 * kRows, kCrossedEvery = 25;

struct Generated {
  Market market;
  std::function<void(const ScratchDir&)> write;
};
std::ostream& operator<<(std::ostream& out, const Generated& generated) { return out << generated.market.name; }

std::map<std::string, std::string> csv(const std::string& price) {
  return {{"HOLDFAST_FEED_FORMAT", "csv"}, {"HOLDFAST_PRICE", price}};
}

const std::vector<Generated> kGenerated{
    {{"binance spot", "spot.gz", {}, ""},
     [](const ScratchDir& d) { kit::write_gzip(d / "spot.gz", kit::binance_capture(1, kCaptureLines)); }},
    {{"binance futures", "futures.gz", {}, ""},
     [](const ScratchDir& d) {
       kit::write_gzip(d / "futures.gz", kit::binance_capture(2, kCaptureLines, kit::BinanceMarket::futures));
     }},
    {{"lean trades", "20131008_trade.zip", equity("SPY", "trade"), ""},
     [](const ScratchDir& d) { kit::write_zip(d / "20131008_trade.zip", "t.csv", kit::lean_trades(3, kRows)); }},
    {{"lean equity quotes", "20131008_quote.zip", equity("IBM", "quote"), ""},
     [](const ScratchDir& d) { kit::write_zip(d / "20131008_quote.zip", "q.csv", kit::lean_equity_quotes(4, kRows)); }},
    {{"lean forex", "20140508_quote.zip", fxcm_eurusd(), ""},
     [](const ScratchDir& d) {
       kit::write_zip(d / "20140508_quote.zip", "q.csv", kit::lean_forex_quotes(5, kRows, kCrossedEvery));
     }},
    {{"lobster", "X_2012-06-21_message_10.csv", lobster_aapl(), "X_2012-06-21_orderbook_10.csv"},
     [](const ScratchDir& d) {
       const auto files = kit::lobster_files(6, kRows);
       kit::write_plain(d / "X_2012-06-21_message_10.csv", files.messages);
       kit::write_plain(d / "X_2012-06-21_orderbook_10.csv", files.book);
     }},
    {{"csv quotes", "quotes.csv", csv("quote"), ""},
     [](const ScratchDir& d) { kit::write_plain(d / "quotes.csv", kit::csv_quotes(7, kRows)); }},
    {{"csv trades", "trades.csv.gz", csv("trade"), ""},
     [](const ScratchDir& d) { kit::write_gzip(d / "trades.csv.gz", kit::csv_trades(8, kRows)); }},
};

MarketRun trade(const Generated& generated, System::Runtime runtime) {
  const ScratchDir folder;
  generated.write(folder);
  MarketRun run = run_market(generated.market, folder.str(), runtime);
  check_sound(run);
  return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(generated_markets)

BOOST_DATA_TEST_CASE(a_generated_market_is_traded_in_virtual_time_and_its_journal_replays,
                     boost::unit_test::data::make(kGenerated), generated) {
  trade(generated, System::Runtime::sim);
}

BOOST_DATA_TEST_CASE(a_generated_market_is_traded_at_full_speed_and_its_journal_replays,
                     boost::unit_test::data::make(kGenerated), generated) {
  trade(generated, System::Runtime::caf);
}

BOOST_AUTO_TEST_CASE(crossed_quotes_are_dropped_and_counted_and_none_of_them_is_lost) {
  const auto at = std::find_if(kGenerated.begin(), kGenerated.end(),
                               [](const Generated& g) { return g.market.name == "lean forex"; });
  BOOST_REQUIRE(at != kGenerated.end());
  const MarketRun run = trade(*at, System::Runtime::sim);
  const auto crossed = run.flaws[static_cast<std::size_t>(TickFlaw::crossed)];
  BOOST_TEST(crossed == run.summary.counts.bad_ticks);
  BOOST_TEST(crossed > kRows / kCrossedEvery / 2);
  BOOST_TEST(run.summary.counts.ticks + crossed == kRows);
}

BOOST_AUTO_TEST_SUITE_END()
