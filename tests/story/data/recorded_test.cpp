// Real recordings through the whole system, as they were published. Each is skipped, and says so,
// where the folder of test data is missing; generated_test.cpp covers every format then.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "story/data/market_run.hpp"
#include "test_data.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Half a million trades a day, and an order for every few hundred: on a shorter leash it takes long.
std::map<std::string, std::string> spy() { return with(equity("SPY", "trade"), {{"HOLDFAST_IN_STEP", "8192"}}); }

const std::vector<Market> kMarkets{
    {"BTCUSDT on the 8th", "binance/spot_btcusdt_20240808.gz", {}, ""},
    {"BTCUSDT on the 9th", "binance/spot_btcusdt_20240809.gz", {}, ""},
    {"BTCUSDT futures", "binance/usdm_btcusdt_20240808.gz", {{"HOLDFAST_TICK", "0.1"}, {"HOLDFAST_LOT", "0.001"}}, ""},
    {"SPY on Monday", "equity/tick/spy/20131007_trade.zip", spy(), ""},
    {"SPY on Tuesday", "equity/tick/spy/20131008_trade.zip", spy(), ""},
    {"SPY on Wednesday", "equity/tick/spy/20131009_trade.zip", spy(), ""},
    {"IBM on Monday", "equity/tick/ibm/20131007_trade.zip", equity("IBM", "trade"), ""},
    {"IBM on Tuesday", "equity/tick/ibm/20131008_trade.zip", equity("IBM", "trade"), ""},
    {"IBM on Wednesday", "equity/tick/ibm/20131009_trade.zip", equity("IBM", "trade"), ""},
    // The best of several exchanges is often crossed: it is no market that anybody quoted.
    {"IBM quotes", "equity/tick/ibm/20131008_quote.zip",
     with(equity("IBM", "quote"), {{"HOLDFAST_ON_CROSSED", "pass"}, {"HOLDFAST_IN_STEP", "1"}}), ""},
    {"EURUSD", "fx/fxcm_eurusd/20140508_quote.zip", fxcm_eurusd(), ""},
    {"AAPL for a quarter of an hour", "lobster/AAPL_2012-06-21_message_50_dev_0930_0945.csv", lobster_aapl(),
     "lobster/AAPL_2012-06-21_first998_orderbook_10.csv"},
};

/// The rows of EURUSD that its publisher let through; counted outside this program.
constexpr std::uint64_t kCrossed = 18'285, kLocked = 19'051;

void trade(const Market& market, System::Runtime runtime) {
  const MarketRun run = run_market(market, test_data_dir().string(), runtime);
  check_sound(run);
  if (market.name != "EURUSD") return;
  BOOST_TEST(run.flaws[static_cast<std::size_t>(TickFlaw::crossed)] == kCrossed);
  BOOST_TEST(run.flaws[static_cast<std::size_t>(TickFlaw::locked)] == kLocked);
  BOOST_TEST(run.summary.counts.bad_ticks == kCrossed);
}

}  // namespace

BOOST_TEST_DECORATOR(*boost::unit_test::precondition(NeedsData{"README.md"}))
BOOST_AUTO_TEST_SUITE(recorded_markets)

BOOST_DATA_TEST_CASE(a_recording_is_traded_in_virtual_time_and_its_journal_replays,
                     boost::unit_test::data::make(kMarkets), market) {
  trade(market, System::Runtime::sim);
}

BOOST_DATA_TEST_CASE(a_recording_is_traded_at_full_speed_and_its_journal_replays,
                     boost::unit_test::data::make(kMarkets), market) {
  trade(market, System::Runtime::caf);
}

BOOST_AUTO_TEST_SUITE_END()
