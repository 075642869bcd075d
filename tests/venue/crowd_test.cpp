// Nobody's orders: a market to trade with.
#include <boost/test/unit_test.hpp>
#include <holdfast/venue/crowd.hpp>

#include "exchange_fixture.hpp"

namespace holdfast::test {
namespace {

venue::CrowdTerms terms() {
  venue::CrowdTerms t;
  t.symbol = "BTCUSDT", t.spread = px("0.1"), t.step = px("0.05"), t.depth = qty("2");
  t.levels = 3, t.trade_every = std::chrono::seconds{1};
  return t;
}

/// Best bid and offer after every update of a minute.
std::string minute(std::uint64_t seed, Floor& floor) {
  venue::Crowd crowd{{terms()}, seed};
  std::string text;
  for (int i = 0; i < 600; ++i) {
    crowd.tick(at(0.1 * i), floor.exchange, floor.out);
    text += floor.best(Side::buy) + " " + floor.best(Side::sell) + "\n";
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(venue_crowd)

BOOST_AUTO_TEST_CASE(the_same_seed_makes_the_same_market) {
  Floor one, same, other;
  const std::string first = minute(7, one);
  BOOST_TEST(first == minute(7, same));
  BOOST_TEST(first != minute(8, other));
}

BOOST_AUTO_TEST_CASE(quotes_have_their_spread_and_levels_and_trade_at_their_rate) {
  Floor floor;
  minute(7, floor);
  BOOST_TEST(floor.exchange.levels("BTCUSDT", Side::buy, 10).size() >= 2u);  // A trade may have taken one.
  const auto trades = floor.exchange.trades_after("BTCUSDT", 0).size();
  BOOST_TEST(trades > 30u);
  BOOST_TEST(trades < 120u);
  const auto bid = floor.exchange.levels("BTCUSDT", Side::buy, 1)[0], offer = floor.exchange.levels("BTCUSDT", Side::sell, 1)[0];
  BOOST_TEST((offer.price - bid.price >= px("0.1")));
}

BOOST_AUTO_TEST_CASE(clients_trade_with_it) {
  Floor floor;
  venue::Crowd crowd{{terms()}, 7};
  crowd.tick(at(), floor.exchange, floor.out);
  BOOST_TEST(floor.submit(Floor::buy("ACME", "a", "0.5", "0")).find("Trade 0.5 at ") != std::string::npos);
  BOOST_TEST(floor.position("ACME").starts_with("0.5 at "));
}

BOOST_AUTO_TEST_CASE(it_waits_between_updates_and_while_nothing_trades) {
  Floor floor;
  venue::Crowd crowd{{terms()}, 7};
  crowd.tick(at(), floor.exchange, floor.out);
  const auto updates = floor.exchange.updates("BTCUSDT");
  crowd.tick(at(0.09), floor.exchange, floor.out);
  BOOST_TEST(floor.exchange.updates("BTCUSDT") == updates);
  floor.exchange.halt("BTCUSDT", true, at());
  crowd.tick(at(0.2), floor.exchange, floor.out);
  BOOST_TEST(floor.exchange.updates("BTCUSDT") == updates);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
