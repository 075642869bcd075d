// One rule of the book each.
#include <boost/test/unit_test.hpp>
#include <holdfast/venue/book.hpp>
#include <sstream>

namespace holdfast::test {
namespace {

using namespace venue;
using venue::OrdType;
using venue::TimeInForce;

std::string_view word(Reason reason) {
  constexpr std::string_view kWords[] = {"",      "malformed",    "would take", "too much", "unknown",
                                         "asked", "no liquidity", "self-trade", "expired"};
  return kWords[static_cast<std::size_t>(reason)];
}

/// A book whose orders have names; what it says reads "trade b<a 3 at 101".
class Bench {
 public:
  /// Good till cancelled, at `price`, or at the market when that is zero.
  static NewOrder order(Side side, std::int64_t quantity, std::int64_t price) {
    NewOrder o;
    o.side = side;
    o.type = price == 0 ? OrdType::market : OrdType::limit;
    o.quantity = Quantity::of(quantity);
    o.price = Price::of(price);
    return o;
  }
  static NewOrder buy(std::int64_t quantity, std::int64_t price) { return order(Side::buy, quantity, price); }
  static NewOrder sell(std::int64_t quantity, std::int64_t price) { return order(Side::sell, quantity, price); }

  std::string submit(char name, const NewOrder& order) {
    const OrderId id = book_.submit(order, events_);
    if (id != 0) names_[static_cast<unsigned char>(name)] = id;
    return said();
  }
  std::string cancel(char name) { return book_.cancel(names_[static_cast<unsigned char>(name)], events_), said(); }
  std::string replace(char name, std::int64_t quantity, std::int64_t price) {
    book_.replace(names_[static_cast<unsigned char>(name)], Price::of(price), Quantity::of(quantity), events_);
    return said();
  }
  std::string cancel_all(Account account) { return book_.cancel_all(account, events_), said(); }
  std::string expire(std::int64_t now, bool session_ends) { return book_.expire(Time{now}, session_ends, events_), said(); }
  std::string best(Side side) const {
    const auto level = book_.level(side);
    return level ? level->quantity.str() + " at " + level->price.str() : "none";
  }
  std::size_t size() const { return book_.size(); }

 private:
  char name(OrderId id) const {
    for (std::size_t i = 0; i < 128; ++i)
      if (names_[i] == id) return static_cast<char>(i);
    return '?';
  }
  std::string said() {
    using enum BookEvent::Kind;
    std::ostringstream text;
    for (const BookEvent& e : events_) {
      if (e.kind == accepted) continue;
      if (!text.str().empty()) text << "; ";
      if (e.kind == rejected) text << "no: " << word(e.reason);
      if (e.kind == triggered) text << "triggered " << name(e.order);
      if (e.kind == traded)
        text << "trade " << name(e.order) << '<' << name(e.maker) << ' ' << e.quantity.str() << " at " << e.price.str();
      if (e.kind == replaced) text << "replaced " << name(e.order) << " leaves " << e.leaves.str();
      if (e.kind == cancelled) text << "cancelled " << name(e.order) << ' ' << e.leaves.str() << ", " << word(e.reason);
    }
    events_.clear();
    return text.str();
  }
  Book book_;
  std::vector<BookEvent> events_;
  OrderId names_[128] = {};
};

NewOrder with(NewOrder order, TimeInForce tif) { return order.tif = tif, order; }
NewOrder iceberg(NewOrder order, std::int64_t shown) { return order.display_qty = Quantity::of(shown), order; }
NewOrder post_only(NewOrder order) { return order.post_only = true, order; }
NewOrder of(NewOrder order, Account account, SelfTrade policy) {
  order.account = account;
  order.self_trade = policy;
  return order;
}
NewOrder stop(NewOrder order, std::int64_t at) {
  order.type = order.type == OrdType::market ? OrdType::stop : OrdType::stop_limit;
  order.stop_px = Price::of(at);
  return order;
}

#define SAYS(call, expected) BOOST_TEST((call) == std::string{expected})

}  // namespace

BOOST_FIXTURE_TEST_SUITE(book, Bench)

BOOST_AUTO_TEST_CASE(the_better_price_comes_first_and_at_one_price_the_older_order) {
  submit('a', sell(5, 102)), submit('b', sell(5, 101)), submit('c', sell(5, 101));
  SAYS(submit('t', buy(12, 102)), "trade t<b 5 at 101; trade t<c 5 at 101; trade t<a 2 at 102");
  SAYS(best(Side::sell), "3 at 102");
  BOOST_TEST(size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_limit_order_does_not_get_rests) {
  submit('a', sell(5, 101));
  SAYS(submit('t', buy(8, 101)), "trade t<a 5 at 101");
  SAYS(best(Side::buy), "3 at 101");
  SAYS(best(Side::sell), "none");
}

BOOST_AUTO_TEST_CASE(what_a_market_or_ioc_order_does_not_get_is_cancelled) {
  submit('a', sell(5, 101));
  SAYS(submit('t', buy(8, 0)), "trade t<a 5 at 101; cancelled t 3, no liquidity");
  submit('b', sell(5, 101));
  SAYS(submit('u', with(buy(8, 101), TimeInForce::ioc)), "trade u<b 5 at 101; cancelled u 3, no liquidity");
  SAYS(submit('v', buy(1, 0)), "cancelled v 1, no liquidity");
}

BOOST_AUTO_TEST_CASE(fill_or_kill_trades_all_or_nothing) {
  submit('a', sell(5, 101)), submit('b', iceberg(sell(5, 102), 1));
  SAYS(submit('t', with(buy(11, 102), TimeInForce::fok)), "cancelled t 11, no liquidity");
  SAYS(submit('u', with(buy(6, 101), TimeInForce::fok)), "cancelled u 6, no liquidity");
  SAYS(submit('v', with(buy(7, 102), TimeInForce::fok)), "trade v<a 5 at 101; trade v<b 1 at 102; trade v<b 1 at 102");
}

BOOST_AUTO_TEST_CASE(a_post_only_order_never_takes) {
  submit('a', sell(5, 101));
  SAYS(submit('t', post_only(buy(1, 101))), "no: would take");
  SAYS(submit('b', post_only(buy(1, 100))), "");
  SAYS(replace('b', 1, 101), "no: would take");
  SAYS(best(Side::buy), "1 at 100");
}

BOOST_AUTO_TEST_CASE(an_iceberg_shows_a_part_and_its_next_part_goes_behind) {
  submit('a', iceberg(sell(10, 101), 2)), submit('b', sell(2, 101));
  SAYS(best(Side::sell), "4 at 101");
  SAYS(submit('t', buy(3, 101)), "trade t<a 2 at 101; trade t<b 1 at 101");
  SAYS(submit('u', buy(2, 101)), "trade u<b 1 at 101; trade u<a 1 at 101");
  SAYS(best(Side::sell), "1 at 101");
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_a_trade_at_its_price) {
  submit('s', stop(buy(1, 0), 102)), submit('l', stop(buy(1, 103), 103));
  submit('a', sell(1, 101)), submit('b', sell(1, 102)), submit('c', sell(5, 103));
  SAYS(submit('t', buy(1, 101)), "trade t<a 1 at 101");
  SAYS(submit('u', buy(1, 102)), "trade u<b 1 at 102; triggered s; trade s<c 1 at 103; triggered l; trade l<c 1 at 103");
  BOOST_TEST(size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_stop_whose_price_was_passed_within_one_order_is_set_free) {
  submit('a', sell(1, 94)), submit('b', sell(1, 96)), submit('d', buy(1, 90));
  submit('s', stop(sell(1, 0), 95));
  SAYS(submit('t', buy(2, 96)), "trade t<a 1 at 94; trade t<b 1 at 96; triggered s; trade s<d 1 at 90");
}

BOOST_AUTO_TEST_CASE(a_stop_that_is_reached_already_becomes_an_order_at_once) {
  submit('a', sell(2, 101)), submit('t', buy(1, 101));
  SAYS(submit('s', stop(buy(1, 0), 100)), "triggered s; trade s<a 1 at 101");
}

BOOST_AUTO_TEST_CASE(a_change_keeps_its_place_only_if_it_lessens) {
  submit('a', sell(5, 101)), submit('b', sell(5, 101));
  SAYS(replace('a', 3, 101), "replaced a leaves 3");
  SAYS(submit('t', buy(1, 101)), "trade t<a 1 at 101");
  SAYS(replace('a', 4, 101), "replaced a leaves 3");
  SAYS(submit('u', buy(1, 101)), "trade u<b 1 at 101");
  SAYS(replace('b', 1, 101), "no: malformed");
  SAYS(replace('b', 5, 102), "replaced b leaves 4");
  SAYS(best(Side::sell), "3 at 101");
  submit('c', buy(1, 100));
  SAYS(replace('c', 3, 101), "replaced c leaves 3; trade c<a 3 at 101");
}

BOOST_AUTO_TEST_CASE(an_account_does_not_trade_with_itself_if_it_says_so) {
  submit('a', of(sell(2, 101), 7, SelfTrade::allowed)), submit('b', of(sell(2, 101), 8, SelfTrade::allowed));
  SAYS(submit('t', of(buy(1, 101), 7, SelfTrade::cancel_taking)), "cancelled t 1, self-trade");
  SAYS(submit('f', of(with(buy(3, 101), TimeInForce::fok), 7, SelfTrade::cancel_resting)), "cancelled f 3, no liquidity");
  SAYS(submit('u', of(buy(1, 101), 7, SelfTrade::cancel_resting)), "cancelled a 2, self-trade; trade u<b 1 at 101");
  SAYS(submit('v', of(buy(1, 101), 8, SelfTrade::cancel_both)), "cancelled b 1, self-trade; cancelled v 1, self-trade");
  submit('c', of(sell(2, 101), 7, SelfTrade::allowed));
  SAYS(submit('w', of(buy(1, 101), 7, SelfTrade::allowed)), "trade w<c 1 at 101");
}

BOOST_AUTO_TEST_CASE(a_mass_cancel_takes_the_orders_of_one_account_oldest_first) {
  submit('a', of(sell(2, 105), 7, SelfTrade::allowed)), submit('b', of(sell(2, 101), 8, SelfTrade::allowed));
  submit('c', of(stop(buy(1, 0), 110), 7, SelfTrade::allowed)), submit('d', of(buy(1, 90), 7, SelfTrade::allowed));
  cancel('a'), submit('e', of(buy(1, 91), 7, SelfTrade::allowed));
  SAYS(cancel_all(7), "cancelled c 1, asked; cancelled d 1, asked; cancelled e 1, asked");
  BOOST_TEST(size() == 1u);
}

BOOST_AUTO_TEST_CASE(orders_for_a_day_or_until_a_date_end_then) {
  NewOrder dated = with(buy(1, 90), TimeInForce::gtd);
  dated.expire_time = Time{100};
  submit('a', dated), submit('b', with(buy(1, 90), TimeInForce::day)), submit('c', buy(1, 90));
  SAYS(expire(99, false), "");
  SAYS(expire(100, false), "cancelled a 1, expired");
  SAYS(expire(101, true), "cancelled b 1, expired");
  BOOST_TEST(size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_unknown_even_when_its_place_is_taken) {
  submit('a', buy(1, 90));
  SAYS(cancel('a'), "cancelled a 1, asked");
  submit('b', buy(1, 90));
  SAYS(cancel('a'), "no: unknown");
  SAYS(replace('a', 2, 90), "no: unknown");
  SAYS(best(Side::buy), "1 at 90");
}

BOOST_AUTO_TEST_CASE(terms_that_contradict_each_other_are_malformed) {
  NewOrder dateless = with(buy(1, 90), TimeInForce::gtd);
  NewOrder priced = buy(1, 0);
  priced.price = Price::of(1);
  for (const NewOrder& order : {buy(0, 90), buy(-1, 90), iceberg(buy(1, 90), 2), iceberg(with(buy(2, 90), TimeInForce::ioc), 1), dateless,
                                priced, post_only(with(buy(1, 90), TimeInForce::fok)), post_only(buy(1, 0)), stop(buy(1, 0), 0)})
    SAYS(submit('x', order), "no: malformed");
  BOOST_TEST(size() == 0u);
}

BOOST_AUTO_TEST_CASE(more_than_can_be_added_up_is_refused) {
  NewOrder huge = buy(1, 90);
  huge.quantity = Quantity::from_raw(INT64_MAX - 5);
  SAYS(submit('a', huge), "");
  SAYS(submit('b', buy(1, 80)), "no: too much");
  SAYS(submit('c', sell(1, 100)), "");
  cancel('a');
  SAYS(submit('b', buy(1, 80)), "");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
