// The synthetic market: the same for a seed, alive, positive and quick to resume.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tapes.hpp"

namespace holdfast::test {
namespace {

FeedCase market(std::vector<std::pair<std::string, Written>> more = {}) {
  return {"synthetic", with(map({{"instruments", list({"BTCUSDT"})}, {"ticks", "100000"}}), std::move(more))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(synthetic)

BOOST_AUTO_TEST_CASE(another_seed_is_another_market) {
  BOOST_CHECK(play_all(market(), 100).lines != play_all(market({{"seed", "2"}}), 100).lines);
  auto other = context(instruments({"BTCUSDT"}));
  other.seed = 99;
  const auto feed = load<Feed>("synthetic", market().settings, other);
  feed->open(0, [] {});
  WrittenTape tape;
  play(*feed, tape, 100);
  BOOST_CHECK(play_all(market(), 100).lines != tape.lines);
}

BOOST_AUTO_TEST_CASE(it_ends_after_the_records_asked_for_and_every_nth_is_a_trade) {
  std::uint64_t quotes = 0, trades = 0;
  HeardTape tape;
  tape.on_quote = [&](const Quote&, std::uint64_t at) { BOOST_REQUIRE(at == ++quotes); };
  tape.on_trade = [&](const Trade&, std::uint64_t at) {
    ++trades;
    BOOST_REQUIRE(at % 7 == 0);
  };
  const auto feed = market({{"ticks", "700"}, {"trade_every", "7"}}).make();
  feed->open(0, [] {});
  play(*feed, tape);
  BOOST_TEST(quotes == 700u);
  BOOST_TEST(trades == 100u);
}

BOOST_AUTO_TEST_CASE(instruments_take_turns_and_time_moves_by_the_interval) {
  const auto lines = play_all({"synthetic", map({{"instruments", list({"BTCUSDT", "ETHUSDT"})},
                                                 {"interval", "5us"},
                                                 {"ticks", "3"},
                                                 {"trade_every", "0"}})})
                         .lines;
  BOOST_REQUIRE(lines.size() == 3u);
  BOOST_TEST(lines[0].starts_with("1: quote 1 "));
  BOOST_TEST(lines[1].starts_with("2: quote 2 "));
  BOOST_TEST(lines[2].starts_with("3: quote 1 "));
  BOOST_TEST(lines[0].ends_with("@1704153600000005000"));
  BOOST_TEST(lines[2].ends_with("@1704153600000015000"));
}

struct Extreme {
  std::string price, spread, volatility;
};
std::ostream& operator<<(std::ostream& out, const Extreme& e) {
  return out << e.price << ' ' << e.volatility;
}

BOOST_DATA_TEST_CASE(
    prices_are_positive_ticks_with_the_spread_asked_for,
    (std::vector<Extreme>{
        {"100", "2", "2"}, {"1", "1", "1000"}, {"1000000000", "1000", "1000"}, {"50", "1", "0"}})) {
  const auto feed = market({{"start_price", sample.price},
                            {"spread_ticks", sample.spread},
                            {"volatility_ticks", sample.volatility}})
                        .make();
  feed->open(0, [] {});
  HeardTape tape;
  const std::int64_t tick = Price::parse("0.01")->raw();
  tape.on_quote = [&](const Quote& q, std::uint64_t) {
    BOOST_REQUIRE(q.bid > Price{});
    BOOST_REQUIRE(q.ask - q.bid == Price::from_raw(std::stoll(sample.spread) * tick));
    BOOST_REQUIRE(q.bid.raw() % tick == 0);
    BOOST_REQUIRE(q.bid_size > Quantity{});
    BOOST_REQUIRE(q.ask_size <= Quantity::of(10));
  };
  tape.on_trade = [&](const Trade& t, std::uint64_t) { BOOST_REQUIRE(t.quantity <= Quantity::of(1)); };
  play(*feed, tape);
}

BOOST_AUTO_TEST_CASE(prices_trend_and_revert_so_that_both_kinds_of_strategies_trade) {
  const auto feed = market().make();
  feed->open(0, [] {});
  std::vector<std::int64_t> prices;
  HeardTape tape;
  tape.on_quote = [&](const Quote& q, std::uint64_t) { prices.push_back(q.bid.raw()); };
  play(*feed, tape);
  RollingMean fast{20}, slow{100};
  int crossings = 0;
  bool above = false;
  for (const auto price : prices) {
    fast.add(Price::from_raw(price));
    slow.add(Price::from_raw(price));
    const bool now = fast.mean() > slow.mean();
    crossings += now != above;
    above = now;
  }
  BOOST_TEST(crossings > 100);
  const auto [low, high] = std::minmax_element(prices.begin(), prices.end());
  BOOST_TEST(*high - *low > Price::parse("2")->raw());
  BOOST_TEST(*high - *low < Price::parse("20")->raw());
}

BOOST_AUTO_TEST_CASE(prices_stay_around_the_start_price_however_volatile) {
  const auto feed = market({{"volatility_ticks", "20"}}).make();
  feed->open(0, [] {});
  Price low = Price::of(100), high = low;
  HeardTape tape;
  tape.on_quote = [&](const Quote& q, std::uint64_t) {
    low = std::min(low, q.bid), high = std::max(high, q.bid);
  };
  play(*feed, tape);
  BOOST_TEST(low.raw() > Price::of(90).raw());
  BOOST_TEST(high.raw() < Price::of(110).raw());
}

BOOST_AUTO_TEST_CASE(a_state_makes_resuming_instant_however_far_it_is) {
  const auto first = market({{"ticks", "0"}}).make();
  first->open(0, [] {});
  HeardTape none;
  play(*first, none, 2'000'000);
  const auto state = saved(*first);
  BOOST_TEST(state.size() < 200u);
  const auto second = market({{"ticks", "0"}}).make();
  restore(*second, state);
  second->open(2'000'000, [] {});
  WrittenTape a, b;
  play(*first, a, 10);
  play(*second, b, 10);
  BOOST_CHECK_EQUAL_COLLECTIONS(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end());
}

BOOST_AUTO_TEST_CASE(a_price_without_room_for_a_walk_is_refused) {
  BOOST_CHECK_EXCEPTION(market({{"start_price", "0.5"}}).make(), std::runtime_error,
                        [](const std::runtime_error& error) {
                          return std::string{error.what()}.find("raise start_price") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(wrong_settings_are_told) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, Written>>{{"interval", "0s"},
                                                                                {"start_price", "0"},
                                                                                {"spread_ticks", "0"},
                                                                                {"volatility_ticks", "-1"},
                                                                                {"instruments", list({})},
                                                                                {"quote_size", "0"},
                                                                                {"trade_size", "-1"}}) {
    const auto problems =
        problems_of("feed", "synthetic", market({{name, value}}).settings, context(instruments({"BTCUSDT"})));
    BOOST_TEST_CONTEXT(name) {
      BOOST_REQUIRE(problems.size() == 1u);
      BOOST_TEST(problems[0].what.find(name) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
