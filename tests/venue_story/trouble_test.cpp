// Everything that a venue does wrong on purpose, to a trading system that must come out of it with equal books.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

struct Case {
  const char* name;
  const char* scenario;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

/// What the books survive without anybody's help.
constexpr Case kCases[] = {
    {"an acknowledgement is lost after acceptance: UNKNOWN, then known", "[{do: ack_lost, after_orders: 3, count: 2}]"},
    {"a request is lost before acceptance", "[{do: request_lost, after_orders: 4, count: 2}]"},
    {"fills are told twice", "[{do: dup_fill, after_orders: 2, count: 4}]"},
    {"a fill is told late", "[{do: late_fill, after_orders: 2, count: 2, by: 250ms}]"},
    {"fills are told out of order", "[{do: out_of_order_fills, after_orders: 2, count: 2, by: 200ms}]"},
    {"fills are lost while heartbeats go on", "[{do: lost_fills, after_orders: 2, count: 3}]"},
    {"an order trades before its cancel and says so afterwards", "[{do: fill_after_cancel, after_orders: 2, count: 2}]"},
    {"a replaced order stays alive", "[{do: replace_ghost, after_orders: 2, count: 1}]"},
    {"an order is told rejected and is alive", "[{do: orphan_order, after_orders: 5, count: 1}]"},
    {"an OrderID is given again", "[{do: order_id_rollback, after_orders: 4, count: 2}]"},
    {"orders are rejected in a row", "[{do: reject_burst, after_orders: 3, count: 5}]"},
    {"a request is one too many", "[{do: throttle, after_orders: 3, count: 2}]"},
    {"answers are slow", "[{do: slow, after_orders: 2, count: 6, by: 150ms}]"},
    {"a fill is taken back", "[{do: bust, after_orders: 12}]"},
    {"a fill is corrected", "[{do: correct, after_orders: 12, price: 99.5}]"},
    {"sequence numbers are left out", "[{do: sequence_gap, after_orders: 4, count: 3}]"},
    {"sequence numbers begin again", "[{do: sequence_reset, after_orders: 4}]"},
    {"the connection is cut", "[{do: disconnect, after_orders: 4}, {do: disconnect, after_orders: 9}]"},
    {"the connection is half open", "[{do: half_open, after_orders: 5, by: 3s}]"},
    {"the venue's clock is ahead", "[{do: clock_skew, after_orders: 2, by: 30s}]"},
    {"the instrument is halted for a while", "[{do: halt, symbol: BTC, after_orders: 5}, {do: resume, symbol: BTC, at: 1500ms}]"},
};

}  // namespace

BOOST_DATA_TEST_CASE(the_books_are_equal_after, data::make(kCases)) {
  VenueProcess venue{{.scenario = sample.scenario}};
  venue.start();
  TraderProcess trader{venue, {.orders = 25}};
  trader.start();
  check_at_rest(trader, venue);
}

BOOST_AUTO_TEST_CASE(a_position_from_nowhere_halts_its_instrument_until_a_named_operator_accepts_it) {
  VenueProcess venue{{.scenario = "[{do: unknown_position, account: ACME, symbol: BTC, quantity: 3, price: 100, after_orders: 6}]"}};
  venue.start();
  TraderProcess trader{venue, {.orders = 4000, .every = "10ms"}};
  trader.start();
  const auto differences = [&] { return trader.ask({"reconcile"})["differences"]; };
  nlohmann::json all;
  BOOST_TEST_REQUIRE(wait_until([&] {
    all = differences();
    return !all.empty();
  }));
  const auto found = all[0];
  BOOST_TEST(found["kind"] == "position");
  BOOST_TEST(found["instrument"] == "BTC");
  BOOST_TEST(found["evidence"].get<std::string>().find("the venue says") != std::string::npos);
  const auto latches = trader.ask({"status"})["latches"];
  BOOST_TEST_REQUIRE(latches.size() == 1u);
  BOOST_TEST(latches[0]["scope"] == "instrument");
  BOOST_TEST(latches[0]["target"] == "BTC");
  // What is halted stays halted over a restart, and the rest is armed.
  trader.kill();
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.armed(); }));
  BOOST_TEST(trader.ask({"status"})["latches"].size() == 1u);
  const auto accepted = test::holdfast({"reconcile", trader.data(), "--accept", "BTC", "--by", "ann", "--reason", "seen at the venue"});
  BOOST_TEST(accepted.code == 0, accepted.err);
  BOOST_TEST_REQUIRE(wait_until([&] { return differences().empty(); }));
  BOOST_TEST(test::holdfast({"resume", trader.data(), "--scope", "instrument", "--target", "BTC", "--by", "ann", "--reason", "accepted"}).code == 0);
  BOOST_TEST(test::holdfast({"reconcile", trader.data()}).code == 0);
  // And trades again.
  const auto fills = trader.ask({"status"})["fills"].get<int>();
  BOOST_TEST(wait_until([&] { return trader.ask({"status"})["fills"].get<int>() > fills; }));
}

BOOST_AUTO_TEST_CASE(an_order_from_nowhere_is_adopted_named_and_cancelled_by_an_operator) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {.orders = 3, .rests = true}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.done(); }));
  venue.perform({"phantom_order", "account=ACME", "symbol=BTC", "side=buy", "quantity=2", "price=90"});
  std::string name;
  BOOST_TEST_REQUIRE(wait_until([&] {
    const auto book = trader.ask({"orders"});
    for (const auto& order : book["orders"])
      if (order["owner"] == "external") name = order["order"].get<std::string>();
    return !name.empty();
  }));
  const auto asked = test::holdfast({"orders", trader.data(), "--cancel", name, "--by", "ann", "--reason", "nobody's"});
  BOOST_TEST(asked.code == 0, asked.err);
  BOOST_TEST(wait_until([&] { return trader.ask({"orders"})["orders"].size() == 3u; }));
  trader.stop();
  BOOST_TEST(disagreement(venue.records(), trader.data()) == "");
}

namespace {

/// A fill of 0.4 is mended while we are away, and the venue dies before it tells: afterwards the account is `held`.
void check_found_by_comparing(const std::vector<std::string>& mended, const std::function<bool(const nlohmann::json&)>& held) {
  VenueProcess venue{{.crowd = ""}};
  venue.start();
  TraderProcess trader{venue, {.orders = 8, .rests = true}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.done(); }));
  venue.bolt(Side::sell, "0.4", "90");
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.ask({"status"})["fills"] == 1; }));
  trader.stop();
  venue.perform(mended);
  venue.kill();
  venue.start();
  trader.start();
  BOOST_TEST(wait_until([&] { return trader.armed() && held(trader.ask({"positions"})["accounts"]); }));
  BOOST_TEST(trader.ask({"reconcile"})["differences"].empty());
  trader.stop();
  BOOST_TEST(Journaled{trader.data()}.of(EventType::fill_busted).size() == 1u);
  BOOST_TEST(disagreement(venue.records(), trader.data()) == "");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_bust_that_the_venue_died_before_telling_is_found_by_comparing) {
  check_found_by_comparing({"bust", "account=ACME"}, [](const nlohmann::json& accounts) { return accounts.empty(); });
}

BOOST_AUTO_TEST_CASE(a_correction_that_the_venue_died_before_telling_is_found_by_comparing) {
  check_found_by_comparing({"correct", "account=ACME", "price=89", "quantity=0.3"},
                           [](const nlohmann::json& accounts) { return accounts.dump().find("\"0.3\"") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_deposit_halts_nothing_and_reconcile_shows_it) {
  VenueProcess venue{{.crowd = ""}};
  venue.start();
  TraderProcess trader{venue, {.orders = 2, .rests = true}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.done() && !trader.ask({"reconcile"})["balances"].empty(); }));
  const auto balance = trader.ask({"reconcile"})["balances"][0];
  BOOST_TEST(balance["currency"] == "USD");
  BOOST_TEST(balance["evidence"] == "USD is opened with 1000000000");
  const auto shown = test::holdfast({"reconcile", trader.data()});
  BOOST_TEST(shown.code == 0);
  BOOST_TEST(shown.out.find("USD is opened with 1000000000") != std::string::npos, shown.out);
  trader.stop();
}

BOOST_AUTO_TEST_CASE(a_venue_that_forgot_everything_is_not_believed_until_an_operator_says_so) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {.orders = 6, .rests = true}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.done(); }));
  venue.perform({"forget_everything"});
  const auto differences = [&] { return trader.ask({"reconcile"})["differences"]; };
  BOOST_TEST_REQUIRE(wait_until([&] { return differences().size() == 6u; }));
  // Missing is not ended: they count until a person has said that they are gone.
  BOOST_TEST(trader.ask({"orders"})["orders"].size() == 6u);
  BOOST_TEST(test::holdfast({"reconcile", trader.data(), "--accept", "BTC", "--by", "ann", "--reason", "the venue lost its book"}).code == 0);
  BOOST_TEST(wait_until([&] { return differences().empty() && trader.ask({"orders"})["orders"].empty(); }));
}

BOOST_AUTO_TEST_CASE(a_broker_that_begins_anew_while_its_venue_is_away_is_not_shown_as_armed) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {.orders = 3}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.done(); }));
  trader.stop();
  venue.kill();
  trader.start();
  BOOST_TEST(wait_until([&] {
    const auto book = trader.ask({"reconcile"});
    return book["running"].get<bool>() && book["links"].size() == 1u && book["links"][0]["state"] == "down";
  }));
  venue.start();
  check_at_rest(trader, venue);
}
