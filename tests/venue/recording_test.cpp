// Another day's market, played to clients.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <holdfast/venue/recording.hpp>

#include "exchange_fixture.hpp"

namespace holdfast::test {
namespace {

constexpr InstrumentId kBtc{1};

/// Tells what it was given, a record at a time.
class Script final : public Feed {
 public:
  using Record = std::function<void(Tape&, std::uint64_t)>;
  explicit Script(std::vector<Record> records) : records_{std::move(records)} {}
  void open(std::uint64_t, std::function<void()>) override {}
  Step next(Tape& tape) override {
    if (at_ == records_.size()) return Step::ended;
    const auto position = ++at_;
    records_[position - 1](tape, position);
    return Step::record;
  }

 private:
  std::vector<Record> records_;
  std::size_t at_ = 0;
};

Script::Record quote(double second, const char* bid, const char* ask, InstrumentId of = kBtc, const char* size = "2") {
  return [=](Tape& tape, std::uint64_t position) {
    Quote q;
    q.instrument = of;
    q.bid = px(bid), q.ask = px(ask), q.bid_size = q.ask_size = qty(size);
    q.venue_time = at(second) + std::chrono::hours{-5000};  // It was long ago.
    tape.quote(q, position);
  };
}
Script::Record trade(double second, Side aggressor, const char* price, const char* quantity) {
  return [=](Tape& tape, std::uint64_t position) {
    Trade t;
    t.instrument = kBtc, t.aggressor = aggressor, t.price = px(price), t.quantity = qty(quantity);
    t.venue_time = at(second) + std::chrono::hours{-5000};
    tape.trade(t, position);
  };
}
Script::Record level(double second, Side side, const char* price, const char* quantity) {
  return [=](Tape& tape, std::uint64_t position) {
    BookLevel l;
    l.instrument = kBtc, l.side = side, l.price = px(price), l.quantity = qty(quantity);
    l.venue_time = at(second) + std::chrono::hours{-5000};
    tape.level(l, position);
  };
}

struct Played : Floor {
  venue::Recording recording;
  explicit Played(std::vector<Script::Record> records, Rate speed = Rate::of(1), int levels = 10)
      : recording{{"BTCUSDT", kBtc, std::make_shared<Script>(std::move(records)), speed, levels}} {}
  /// Best bid and offer at that second.
  std::string then(double second) {
    recording.tick(at(second), exchange, out);
    return best(Side::buy) + " " + best(Side::sell);
  }
  std::size_t depth(Side side) const { return exchange.levels("BTCUSDT", side, 100).size(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(venue_recording)

BOOST_AUTO_TEST_CASE(quotes_stand_at_their_times_from_the_first_tick_on_and_the_last_stays) {
  Played p{{quote(100, "99", "101"), quote(101, "98", "102"), quote(102.5, "97", "103")}};
  const std::string first = p.then(7), second = p.then(8);
  BOOST_TEST(first == "2 at 99 2 at 101");
  BOOST_TEST(second == "2 at 98 2 at 102");
  BOOST_TEST(p.then(9.4) == "2 at 98 2 at 102");
  BOOST_TEST(p.then(9.5) == "2 at 97 2 at 103");
  BOOST_TEST(p.then(900) == "2 at 97 2 at 103");
}

BOOST_AUTO_TEST_CASE(it_is_played_as_fast_as_is_asked_for) {
  Played p{{quote(0, "99", "101"), quote(10, "98", "102")}, Rate::of(10)};
  BOOST_TEST(p.then(0) == "2 at 99 2 at 101");
  BOOST_TEST(p.then(0.9) == "2 at 99 2 at 101");
  BOOST_TEST(p.then(1) == "2 at 98 2 at 102");
}

BOOST_AUTO_TEST_CASE(its_trades_take_from_clients_first_and_from_its_quotes) {
  Played p{{quote(0, "99", "101"), trade(1, Side::sell, "99", "1.5"), trade(2, Side::buy, "100", "5")}};
  p.then(0);
  p.submit(Floor::buy("ACME", "a", "1", "99"));
  p.out.clear();
  p.then(1);
  BOOST_TEST(p.position("ACME").starts_with("1 at 99"));
  const auto trades = p.exchange.trades_after("BTCUSDT", 0);
  BOOST_TEST_REQUIRE(trades.size() == 2u);
  BOOST_TEST((trades[0].quantity == qty("1") && trades[1].quantity == qty("0.5")));
  p.then(2);  // Nobody offers at 100.
  BOOST_TEST(p.exchange.trades_after("BTCUSDT", 0).size() == 2u);
}

BOOST_AUTO_TEST_CASE(clients_trade_with_its_quotes) {
  Played p{{quote(0, "99", "101")}};
  p.then(0);
  BOOST_TEST(p.submit(Floor::buy("ACME", "a", "0.5", "101")).find("Trade 0.5 at 101") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(levels_make_the_book_as_deep_as_is_asked_for) {
  Played p{{level(0, Side::buy, "99", "1"), level(0, Side::buy, "98", "2"), level(0, Side::buy, "97", "3"), level(0, Side::sell, "101", "1"),
            quote(0, "50", "51"), level(1, Side::buy, "99", "0")},
           Rate::of(1), 2};
  BOOST_TEST(p.then(0) == "1 at 99 1 at 101");
  BOOST_TEST(p.depth(Side::buy) == 2u);
  BOOST_TEST(p.then(1) == "2 at 98 1 at 101");
  BOOST_TEST(p.depth(Side::buy) == 2u);
}

BOOST_AUTO_TEST_CASE(what_cannot_stand_is_left_out) {
  Played p{{quote(0, "99.004", "100.996", kBtc, "1.0004"), quote(1, "102", "101"), quote(2, "98", "102"), quote(2, "7", "8", InstrumentId{2})}};
  BOOST_TEST(p.then(0) == "1 at 99 1 at 101");  // To tick and lot.
  BOOST_TEST(p.then(1) == "none none");         // Crossed.
  BOOST_TEST(p.then(2) == "2 at 98 2 at 102");  // Of another instrument.
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
