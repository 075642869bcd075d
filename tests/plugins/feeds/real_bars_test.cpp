// Recorded ticks against the bars their publisher made of them.
#include <algorithm>
#include <array>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;
constexpr std::int64_t kMillisecond = 1'000'000;

std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream text{kit::read_text(path)};
  for (std::string line; std::getline(text, line);) {
    std::istringstream cells{line};
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) {
      if (cell.ends_with('\r')) cell.pop_back();
      rows.back().push_back(cell);
    }
  }
  return rows;
}

/// Open, high, low, close.
struct Bar {
  std::array<Price, 4> prices;
  bool begun = false;
  void add(Price price) {
    if (!begun) prices.fill(price);
    begun = true;
    prices[1] = std::max(prices[1], price);
    prices[2] = std::min(prices[2], price);
    prices[3] = price;
  }
};

struct Width {
  std::string name;
  std::int64_t milliseconds;
  std::size_t rows;
};
std::ostream& operator<<(std::ostream& out, const Width& w) { return out << w.name; }

/// Milliseconds since the midnight of the exchange that began `day_start`.
std::int64_t clock(Time time, Time day_start) { return (time.ns - day_start.ns) / kMillisecond; }

// Midnights at UTC-5 on 2014-05-08 and UTC-4 on 2013-10-08.
constexpr Time kFxcmMidnight{1'399'525'200'000'000'000};
constexpr Time kSpyMidnight{1'381'204'800'000'000'000};

}  // namespace

BOOST_AUTO_TEST_SUITE(real_bars)

BOOST_TEST_DECORATOR(*boost::unit_test::precondition(NeedsData{
    "bar_oracle/forex_fxcm_second_eurusd_20140508_quote.zip"}))
BOOST_DATA_TEST_CASE(the_dirty_eurusd_day_gives_every_published_bar,
                     (std::vector<Width>{{"minute", 60'000, 1431}, {"second", 1'000, 30354}})) {
  std::map<std::int64_t, std::pair<Bar, Bar>> bars;
  std::uint64_t crossed = 0, locked = 0;
  HeardTape tape;
  tape.on_quote = [&](const Quote& q, std::uint64_t) {
    auto& [bid, ask] = bars[clock(q.venue_time, kFxcmMidnight) / sample.milliseconds * sample.milliseconds];
    bid.add(q.bid);
    ask.add(q.ask);
    crossed += q.bid > q.ask;
    locked += q.bid == q.ask;
  };
  const auto feed =
      replay("lean", test_data("fx/fxcm_eurusd/20140508_quote.zip"), {{"utc_offset", "-5h"}}).make();
  feed->open(0, [] {});
  play(*feed, tape);
  BOOST_TEST(crossed == 18'285u);
  BOOST_TEST(locked == 19'051u);
  BOOST_TEST(tape.bad_ticks == 0u);

  const auto rows = rows_of(test_data("bar_oracle/forex_fxcm_" + sample.name + "_eurusd_20140508_quote.zip"));
  BOOST_TEST(rows.size() == sample.rows);
  BOOST_TEST(bars.size() == sample.rows);
  std::size_t equal = 0;
  for (const auto& row : rows) {
    const auto& [bid, ask] = bars[std::stoll(row[0])];
    bool same = row.size() == 11;
    for (std::size_t i = 0; same && i < 4; ++i)
      same = bid.prices[i] == *Price::parse(row[1 + i]) && ask.prices[i] == *Price::parse(row[6 + i]);
    // Ticks of this source have no sizes, and neither do its bars.
    equal += same && row[5] == "0" && row[10] == "0";
  }
  BOOST_TEST(equal == sample.rows);
}

// Between open and close. The publisher makes no bar of a second whose trades all have a condition
// that may not set the last price; their volume is part of the bar before.
BOOST_AUTO_TEST_CASE(the_spy_day_gives_the_volume_of_every_published_second,
                     *boost::unit_test::precondition(NeedsData{
                         "bar_oracle/equity_usa_second_spy_20131008_trade.zip"})) {
  std::map<std::int64_t, std::int64_t> volume;
  HeardTape tape;
  tape.on_trade = [&](const Trade& t, std::uint64_t) {
    volume[clock(t.venue_time, kSpyMidnight) / 1'000 * 1'000] += t.quantity.raw() / Quantity::kOne;
  };
  const auto feed =
      replay("lean", test_data("equity/tick/spy/20131008_trade.zip"), {{"utc_offset", "-4h"}}).make();
  feed->open(0, [] {});
  play(*feed, tape);
  const auto rows = rows_of(test_data("bar_oracle/equity_usa_second_spy_20131008_trade.zip"));
  std::size_t compared = 0, equal = 0;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const std::int64_t from = std::stoll(rows[i][0]), to = std::stoll(rows[i + 1][0]);
    if (from <= 34'200'000 || to >= 57'600'000) continue;
    std::int64_t sum = 0;
    for (auto at = volume.lower_bound(from); at != volume.lower_bound(to); ++at) sum += at->second;
    ++compared;
    equal += sum == std::stoll(rows[i][5]);
  }
  BOOST_TEST(compared > 19'000u);
  BOOST_TEST(equal == compared);
}

struct Day {
  std::string format, file;
  std::uint64_t records;  ///< That tell anything.
};
std::ostream& operator<<(std::ostream& out, const Day& d) { return out << d.file; }

BOOST_TEST_DECORATOR(*boost::unit_test::precondition(NeedsData{"equity/tick/aig/20131008_quote.zip"}))
BOOST_DATA_TEST_CASE(a_recorded_day_plays_to_its_end,
                     (std::vector<Day>{{"lean", "equity/tick/ibm/20131008_trade.zip", 33'381},
                                       {"lean", "equity/tick/ibm/20131008_quote.zip", 9'387},
                                       {"lean", "equity/tick/aig/20131008_quote.zip", 68'748},
                                       {"lean", "fx/oanda_eurusd/20140508_quote.zip", 87'833},
                                       {"lean", "gold/oanda_xauusd/20140505_quote.zip", 186'204}})) {
  std::uint64_t records = 0;
  Time last;
  HeardTape tape;
  const auto told = [&](Time time) {
    ++records;
    BOOST_REQUIRE(time >= last);
    last = time;
  };
  tape.on_quote = [&](const Quote& q, std::uint64_t) { told(q.venue_time); };
  tape.on_trade = [&](const Trade& t, std::uint64_t) { told(t.venue_time); };
  const auto feed = replay(sample.format, test_data(sample.file), {{"utc_offset", "-4h"}}).make();
  feed->open(0, [] {});
  play(*feed, tape);
  BOOST_TEST(tape.bad_ticks == 0u);
  BOOST_TEST(records == sample.records);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
