// What clients ask of the exchange, one rule each.
#include <boost/test/unit_test.hpp>

#include "exchange_fixture.hpp"

namespace holdfast::test {
namespace {

using venue::OrdType;
using venue::TimeInForce;

struct Fixture : Floor {
  /// ACME holds this much, bought from BOLT.
  void hold(const char* quantity) {
    submit(sell("BOLT", "seed-s", quantity, "100"));
    submit(buy("ACME", "seed-b", quantity, "100"));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_requests, Fixture)

BOOST_AUTO_TEST_CASE(an_order_rests_and_both_sides_hear_of_its_fills) {
  BOOST_TEST(submit(sell("ACME", "a", "5", "100")) == "ACME a: New 0 0/5");
  BOOST_TEST(submit(buy("BOLT", "b", "2", "101")) ==
             "BOLT b: New 0 0/2; BOLT b: Trade 2 at 100 2 2/0; ACME a: Trade 2 at 100 1 2/3");
  BOOST_TEST(best(Side::sell) == "3 at 100");
}

BOOST_AUTO_TEST_CASE(a_fill_moves_position_balances_and_fees) {
  submit(sell("ACME", "a", "5", "100"));
  submit(buy("BOLT", "b", "2", "101"));
  BOOST_TEST(position("BOLT") == "2 at 100");
  BOOST_TEST(position("ACME") == "-2 at 100");
  BOOST_TEST(balance("BOLT") == "999799.6");  // 200 and a fee of 0.4.
  BOOST_TEST(balance("ACME") == "1000200.2");  // 200 and a rebate of 0.2.
  BOOST_TEST(balance("BOLT", "BTC") == "2");
  BOOST_TEST(balance("ACME", "BTC") == "-2");
}

BOOST_AUTO_TEST_CASE(ids_count_up_whoever_asks) {
  submit(sell("ACME", "a", "5", "100"));
  exchange.submit(buy("BOLT", "b", "2", "101"), at(), out);
  BOOST_REQUIRE(out.size() == 3u);
  BOOST_TEST(out[0].order.order_id == 2u);
  BOOST_TEST(out[0].exec_id == 2u);
  BOOST_TEST(out[1].exec_id == 3u);
  BOOST_TEST(out[2].exec_id == 4u);
  BOOST_TEST(exchange.records().fill(3)->contra == 4u);
}

BOOST_AUTO_TEST_CASE(a_clordid_is_used_once_per_account_for_ever) {
  submit(sell("ACME", "a", "5", "100"));
  BOOST_TEST(submit(sell("ACME", "a", "1", "100")) ==
             "ACME a: Rejected 6 8 0/0, ClOrdID a has been used before, by order 1");
  BOOST_TEST(submit(sell("BOLT", "a", "1", "100")) == "BOLT a: New 0 0/1");
  submit(sell("ACME", "bad", "0", "100"));
  BOOST_TEST(submit(sell("ACME", "bad", "1", "100")) ==
             "ACME bad: Rejected 6 8 0/0, ClOrdID bad has been used before, by an order that was rejected");
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_an_order_and_a_second_one_is_too_late) {
  submit(sell("ACME", "a", "5", "100"));
  BOOST_TEST(cancel(change("ACME", "c1", "a")) == "ACME c1: Canceled 4 0/0");
  BOOST_TEST(cancel(change("ACME", "c2", "a")) == "ACME c2: no cancel 0, too late: the order has ended");
  BOOST_TEST(cancel(change("ACME", "c3", "nobody")) == "ACME c3: no cancel 1, there is no such order");
  BOOST_TEST(cancel(change("BOLT", "c4", "a")) == "BOLT c4: no cancel 1, there is no such order");
  BOOST_TEST(best(Side::sell) == "none");
}

BOOST_AUTO_TEST_CASE(a_replaced_order_answers_to_every_id_it_ever_had) {
  submit(sell("ACME", "a", "5", "100"));
  BOOST_TEST(replace(change("ACME", "b", "a", "7", "101")) == "ACME b: Replaced 0 0/7");
  BOOST_TEST(replace(change("ACME", "c", "a", "6", "101")) == "ACME c: Replaced 0 0/6");
  venue::Request asked = change("ACME", "a", "");
  BOOST_TEST(words(exchange.status(asked, at())) == "ACME c: Status 0 0/6");
  BOOST_TEST(cancel(change("ACME", "d", "b")) == "ACME d: Canceled 4 0/0");
}

BOOST_AUTO_TEST_CASE(a_replaced_order_may_trade_at_once) {
  submit(buy("BOLT", "b", "2", "99"));
  submit(sell("ACME", "a", "5", "100"));
  BOOST_TEST(replace(change("ACME", "a2", "a", "5", "99")) ==
             "ACME a2: Replaced 0 0/5; ACME a2: Trade 2 at 99 1 2/3; BOLT b: Trade 2 at 99 2 2/0");
}

BOOST_AUTO_TEST_CASE(a_replace_that_cannot_be_leaves_the_order_as_it_was) {
  submit(sell("ACME", "a", "5", "100"));
  submit(buy("BOLT", "b", "2", "100"));
  BOOST_TEST(replace(change("ACME", "x", "a", "2", "100")) == "ACME x: no replace 99, OrderQty 2 has traded already: 2");
  BOOST_TEST(replace(change("ACME", "x", "a", "5", "100.001")) ==
             "ACME x: no replace 99, Price 100.001 is not a multiple of the tick 0.01");
  BOOST_TEST(best(Side::sell) == "3 at 100");
  BOOST_TEST(replace(change("ACME", "x", "a", "4", "100")) == "ACME x: Replaced 1 2/2");
}

BOOST_AUTO_TEST_CASE(a_mass_cancel_ends_what_it_names) {
  submit(sell("ACME", "a", "5", "100"));
  submit(sell("ACME", "b", "5", "101"));
  submit(sell("BOLT", "c", "5", "102"));
  BOOST_TEST(exchange.mass_cancel("ACME", "ETHUSDT", "", "", at(), out) == 0u);
  BOOST_TEST(exchange.mass_cancel("ACME", "", "ELSE", "", at(), out) == 0u);
  BOOST_TEST(exchange.mass_cancel("ACME", "", "ACME", "gone", at(), out) == 2u);
  BOOST_TEST(said() == "ACME a: Canceled 4 0/0, gone; ACME b: Canceled 4 0/0, gone");
  BOOST_TEST(exchange.open_orders("BOLT", at()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_its_price_and_takes_another) {
  hold("1");
  venue::Request stop = buy("ACME", "s", "1", "0");
  stop.terms.type = OrdType::stop;
  stop.terms.stop_px = px("102");
  BOOST_TEST(submit(stop) == "ACME s: New 0 0/1");
  venue::Request other = change("ACME", "s2", "s", "1");
  other.terms.stop_px = px("103");
  BOOST_TEST(replace(other) == "ACME s2: Replaced 0 0/1");
  submit(sell("BOLT", "o1", "1", "102"));
  submit(buy("BOLT", "o2", "1", "102"));
  BOOST_TEST(exchange.open_orders("ACME", at()).size() == 1u);
  submit(sell("BOLT", "o3", "2", "103"));
  BOOST_TEST(submit(buy("BOLT", "o4", "1", "103")).ends_with("ACME s2: Trade 1 at 103 2 1/0; BOLT o3: Trade 1 at 103 2 2/0"));
}

BOOST_AUTO_TEST_CASE(of_an_iceberg_others_see_a_part) {
  venue::Request iceberg = sell("ACME", "a", "5", "100");
  iceberg.terms.display_qty = qty("1");
  submit(iceberg);
  BOOST_TEST(best(Side::sell) == "1 at 100");
  submit(buy("BOLT", "b", "1.5", "100"));
  BOOST_TEST(best(Side::sell) == "0.5 at 100");
}

BOOST_AUTO_TEST_CASE(post_only_is_refused_where_it_would_take) {
  submit(sell("ACME", "a", "5", "100"));
  venue::Request order = buy("BOLT", "b", "1", "100.5");
  order.terms.post_only = true;
  BOOST_TEST(submit(order) == "BOLT b: Rejected 99 8 0/0, post-only at 100.5 would take: the best offer is 100");
}

BOOST_AUTO_TEST_CASE(what_is_immediate_leaves_nothing_behind) {
  submit(sell("ACME", "a", "5", "100"));
  venue::Request order = buy("BOLT", "b", "7", "100");
  order.terms.tif = TimeInForce::fok;
  BOOST_TEST(submit(order) == "BOLT b: New 0 0/7; BOLT b: Canceled 4 0/0, nobody left to trade with");
  order.cl_ord_id = "c", order.terms.tif = TimeInForce::ioc;
  BOOST_TEST(submit(order) ==
             "BOLT c: New 0 0/7; BOLT c: Trade 5 at 100 1 5/2; ACME a: Trade 5 at 100 2 5/0; "
             "BOLT c: Canceled 4 5/0, nobody left to trade with");
}

BOOST_AUTO_TEST_CASE(reduce_only_counts_what_already_works) {
  hold("3");
  venue::Request order = sell("ACME", "r1", "2", "105");
  order.reduce_only = true;
  BOOST_TEST(submit(order) == "ACME r1: New 0 0/2");
  order.cl_ord_id = "r2";
  BOOST_TEST(submit(order) == "ACME r2: Rejected 99 8 0/0, reduce-only 2 exceeds what is left to reduce, 1");
  order.terms.side = Side::buy, order.cl_ord_id = "r3", order.terms.price = px("95");
  BOOST_TEST(submit(order) == "ACME r3: Rejected 99 8 0/0, reduce-only 2 exceeds what is left to reduce, 0");
}

BOOST_AUTO_TEST_CASE(reduce_only_goes_when_the_position_went_otherwise) {
  hold("3");
  venue::Request order = sell("ACME", "r1", "2", "105");
  order.reduce_only = true;
  submit(order);
  submit(buy("BOLT", "b", "2", "99"));
  BOOST_TEST(submit(sell("ACME", "s", "2", "99")).ends_with("ACME r1: Canceled 4 0/0, reduce-only, and there is no such position left"));
}

BOOST_AUTO_TEST_CASE(every_filter_says_its_numbers) {
  auto refused = [&, n = 0](venue::Request r) mutable {
    r.cl_ord_id = "f" + std::to_string(++n);
    return submit(r).substr(r.cl_ord_id.size() + 7);
  };
  BOOST_TEST(refused(buy("ACME", "", "1", "100.005")) == "Rejected 99 8 0/0, Price 100.005 is not a multiple of the tick 0.01");
  BOOST_TEST(refused(buy("ACME", "", "1.0005", "100")) == "Rejected 13 8 0/0, OrderQty 1.0005 is not a multiple of the lot 0.001");
  BOOST_TEST(refused(buy("ACME", "", "101", "100")) == "Rejected 3 8 0/0, OrderQty 101 is above the most, 100");
  BOOST_TEST(refused(buy("ACME", "", "0.005", "100")) ==
             "Rejected 99 8 0/0, OrderQty 0.005 at 100 is worth 0.5, below the least, 1");
  BOOST_TEST(refused(buy("ACME", "", "1", "110.01")) == "Rejected 99 8 0/0, Price 110.01 is outside the band 90 to 110");
  BOOST_TEST(refused(buy("ACME", "", "90000000000", "90000000000")).starts_with("Rejected 3"));
  venue::Request other = buy("ACME", "", "1", "100");
  other.symbol = "DOGE";
  BOOST_TEST(refused(other) == "Rejected 1 8 0/0, there is no instrument DOGE");
  venue::Request gtd = buy("ACME", "", "1", "100");
  gtd.terms.tif = TimeInForce::gtd;
  gtd.terms.expire_time = at(-1);
  BOOST_TEST(refused(gtd) == "Rejected 11 8 0/0, ExpireTime 2026-01-05T09:59:59.000000000Z is over");
  exchange.halt("BTCUSDT", true, at());
  BOOST_TEST(refused(buy("ACME", "", "1", "100")) == "Rejected 2 8 0/0, BTCUSDT is halted");
  exchange.halt("BTCUSDT", false, at());
  BOOST_TEST(refused(buy("ACME", "", "1", "100")) == "New 0 0/1");
}

BOOST_AUTO_TEST_CASE(a_clordid_that_cannot_be_kept_is_refused_and_not_used) {
  BOOST_TEST(submit(buy("ACME", "a b", "1", "100")).starts_with("ACME a b: Rejected 99"));
  BOOST_TEST(kept.size() == 3u);
}

BOOST_AUTO_TEST_CASE(day_orders_end_with_the_session_and_gtd_orders_at_their_time) {
  venue::Listing listing = btc();
  listing.session = "08:00-16:30";
  exchange.list(listing, at());
  venue::Request day = buy("ACME", "day", "1", "100"), gtd = buy("ACME", "gtd", "1", "100");
  day.terms.tif = TimeInForce::day;
  gtd.terms.tif = TimeInForce::gtd;
  gtd.terms.expire_time = at(60);
  submit(day), submit(gtd), submit(buy("ACME", "gtc", "1", "100"));
  BOOST_TEST(tick(at(59)) == "");
  BOOST_TEST(tick(at(60)) == "ACME gtd: Expired C 0/0");
  BOOST_TEST(tick(at(6.5 * 3600)) == "ACME day: Expired C 0/0");
  BOOST_TEST(submit(buy("ACME", "late", "1", "100"), at(7 * 3600)) ==
             "ACME late: Rejected 2 8 0/0, BTCUSDT is closed: it trades 08:00-16:30");
  BOOST_TEST(cancel(change("ACME", "c", "gtc"), at(7 * 3600)) == "ACME c: Canceled 4 0/0");
}

BOOST_AUTO_TEST_CASE(nothing_outlives_its_instrument) {
  venue::Listing listing = btc();
  listing.expiry = at(100);
  exchange.list(listing, at());
  submit(buy("ACME", "gtc", "1", "100"));
  BOOST_TEST(tick(at(100)) == "ACME gtc: Expired C 0/0");
  BOOST_TEST(submit(buy("ACME", "late", "1", "100"), at(100)) ==
             "ACME late: Rejected 2 8 0/0, BTCUSDT expired at 2026-01-05T10:01:40.000000000Z");
}

BOOST_AUTO_TEST_CASE(a_status_of_nothing_says_so) {
  const auto report = exchange.status(change("ACME", "nobody", ""), at());
  BOOST_TEST(words(report) == "ACME nobody: Status 8 0/0, there is no such order");
  BOOST_TEST(static_cast<int>(report.ord_rej) == 5);
  submit(buy("ACME", "bad", "0", "100"));
  BOOST_TEST(exchange.status(change("ACME", "bad", ""), at()).text == "rejected: OrderQty 0 is not above zero");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(exchange_operator, Fixture)

BOOST_AUTO_TEST_CASE(a_bust_takes_both_sides_back_as_if_they_had_never_been) {
  submit(sell("BOLT", "s", "3", "100"));
  submit(buy("ACME", "b1", "1", "100"));
  submit(buy("ACME", "b2", "2", "100"));
  const auto fills = exchange.fills_after("ACME", 0);
  BOOST_REQUIRE(fills.size() == 2u);
  BOOST_TEST(exchange.bust(fills[0].exec_id, "erroneous", at(), out));
  BOOST_TEST(said() == "ACME b1: Bust 1 at 100 4 0/0, erroneous; BOLT s: Bust 1 at 100 4 2/0, erroneous");
  BOOST_TEST(position("ACME") == "2 at 100");
  BOOST_TEST(balance("ACME") == "999799.6");
  BOOST_TEST(balance("BOLT") == "1000200.2");
  BOOST_TEST(!exchange.bust(fills[0].exec_id, "again", at(), out));
  BOOST_TEST(exchange.fills_after("ACME", 0).size() == 1u);
  BOOST_TEST(exchange.fills_after("ACME", fills[1].exec_id).empty());
  const auto gone = exchange.taken_back_after("ACME", fills[1].exec_id);
  BOOST_REQUIRE(gone.size() == 1u);
  BOOST_TEST(gone[0].exec_id == fills[0].exec_id);
  BOOST_TEST(exchange.taken_back_after("ACME", gone[0].taken_back).empty());
}

BOOST_AUTO_TEST_CASE(a_correction_takes_both_sides_back_and_puts_others_in_their_place) {
  hold("2");
  const auto exec = exchange.fills_after("ACME", 0)[0].exec_id;
  BOOST_TEST(exchange.correct(exec, px("99"), qty("2"), at(), out));
  BOOST_TEST(said() == "ACME seed-b: Correct 2 at 99 2 2/0; BOLT seed-s: Correct 2 at 99 2 2/0");
  BOOST_TEST(position("ACME") == "2 at 99");
  BOOST_TEST(balance("ACME") == "999801.604");
  const auto now = exchange.fills_after("ACME", 0), before = exchange.taken_back_after("ACME", exec);
  BOOST_REQUIRE((now.size() == 1u && before.size() == 1u));
  BOOST_TEST(now[0].price.str() == "99");
  BOOST_TEST(before[0].price.str() == "100");
  BOOST_TEST(before[0].taken_back == now[0].exec_id);
  // Its other side is the other one's correction: a bust of the one takes both back.
  BOOST_TEST(now[0].contra == exchange.fills_after("BOLT", 0)[0].exec_id);
  said();
  BOOST_TEST(exchange.bust(now[0].exec_id, "after all", at(), out));
  BOOST_TEST(position("ACME").starts_with("0 "));
  BOOST_TEST((exchange.fills_after("ACME", 0).empty() && exchange.fills_after("BOLT", 0).empty()));
  BOOST_TEST(!exchange.correct(exec, px("98"), qty("2"), at(), out));
}

BOOST_AUTO_TEST_CASE(what_was_busted_does_not_trade_again) {
  submit(sell("BOLT", "s", "3", "100"));
  submit(buy("ACME", "b", "1", "100"));
  exchange.bust(exchange.fills_after("BOLT", 0)[0].exec_id, "", at(), out);
  said();
  BOOST_TEST(words(exchange.status(change("BOLT", "s", ""), at())) == "BOLT s: Status 0 0/2");
  BOOST_TEST(replace(change("BOLT", "s2", "s", "4", "100")) == "BOLT s2: Replaced 0 0/3");
  BOOST_TEST(best(Side::sell) == "3 at 100");
  BOOST_TEST(replace(change("BOLT", "s3", "s", "5", "100")) == "BOLT s3: Replaced 0 0/4");
  BOOST_TEST(best(Side::sell) == "4 at 100");
}

BOOST_AUTO_TEST_CASE(a_position_is_adjusted_without_any_fill) {
  hold("2");
  exchange.adjust("ACME", "BTCUSDT", qty("-5"), px("110"), at());
  BOOST_TEST(position("ACME") == "-3 at 110");
  BOOST_TEST(exchange.fills_after("ACME", 0).size() == 1u);
  BOOST_CHECK_THROW(exchange.adjust("ACME", "DOGE", qty("1"), px("1"), at()), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_cancel_is_told_before_the_fill_that_came_first) {
  submit(sell("ACME", "a", "5", "100"));
  exchange.cancel_after_fill(change("ACME", "c", "a"), qty("2"), at(), out);
  BOOST_REQUIRE(out.size() == 2u);
  BOOST_TEST(out[0].exec_id > out[1].exec_id);
  BOOST_TEST(said() == "ACME c: Canceled 4 0/0; ACME a: Trade 2 at 100 1 2/3");
  BOOST_TEST(position("ACME") == "-2 at 100");
  BOOST_TEST(words(exchange.status(change("ACME", "a", ""), at())) == "ACME a: Status 4 2/0");
  BOOST_TEST(best(Side::sell) == "none");
}

BOOST_AUTO_TEST_CASE(a_venue_that_forgets_gives_no_id_twice) {
  hold("2");
  submit(buy("ACME", "rests", "1", "99"));
  exchange.forget(at());
  BOOST_TEST(best(Side::buy) == "none");
  BOOST_TEST(position("ACME") == "0");
  BOOST_TEST(words(exchange.status(change("ACME", "rests", ""), at())) == "ACME rests: Status 8 0/0, there is no such order");
  BOOST_TEST(submit(buy("ACME", "rests", "1", "99")).starts_with("ACME rests: Rejected 6"));
  exchange.submit(buy("ACME", "next", "1", "99"), at(), out);
  BOOST_TEST(out[0].order.order_id == 4u);
}

BOOST_AUTO_TEST_CASE(a_crowd_trades_with_clients_and_is_kept_nowhere) {
  const auto size = kept.size();
  venue::NewOrder quote = buy("", "", "3", "99").terms;
  exchange.crowd("BTCUSDT", std::span{&quote, 1}, at(), out);
  BOOST_TEST(said() == "");
  BOOST_TEST(kept.size() == size);
  BOOST_TEST(submit(sell("ACME", "a", "1", "99")) == "ACME a: New 0 0/1; ACME a: Trade 1 at 99 2 1/0");
  BOOST_TEST(best(Side::buy) == "2 at 99");
  exchange.crowd("BTCUSDT", {}, at(), out);
  BOOST_TEST(best(Side::buy) == "none");
  BOOST_TEST(exchange.trades_after("BTCUSDT", 0).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_instrument_says_whether_it_trades) {
  venue::Listing listing = btc();
  listing.session = "08:00-16:30";
  exchange.list(listing, at());
  BOOST_CHECK(exchange.trading("BTCUSDT", at()) == venue::Trading::open);
  BOOST_CHECK(exchange.trading("BTCUSDT", at(7 * 3600)) == venue::Trading::closed);
  exchange.halt("BTCUSDT", true, at());
  BOOST_CHECK(exchange.trading("BTCUSDT", at()) == venue::Trading::halted);
}

BOOST_AUTO_TEST_CASE(terms_that_cannot_be_are_not_listed) {
  venue::Listing listing = btc();
  listing.session = "8-16";
  BOOST_CHECK_THROW(exchange.list(listing, at()), std::invalid_argument);
  listing = btc();
  listing.tick = {};
  BOOST_CHECK_THROW(exchange.list(listing, at()), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
