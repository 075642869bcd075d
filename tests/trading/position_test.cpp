// A position against an oracle that keeps exact fractions and never rounds a total.
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/random.hpp>
#include <holdfast/trading/position.hpp>
#include <ostream>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;
using Big = boost::multiprecision::cpp_int;
using Exact = boost::multiprecision::cpp_rational;

Price price(const char* text) { return *Price::parse(text); }
Quantity quantity(const char* text) { return *Quantity::parse(text); }
Money money(const char* text) { return *Money::parse(text); }

struct Step {
  Side side;
  const char *quantity, *price, *realized, *position, *cost, *average;
};

/// One history by hand: in, more in, partly out, through zero to short, and flat.
const Step kSteps[] = {
    {Side::buy, "10", "100", "0", "10", "1000", "100"},
    {Side::buy, "10", "110", "0", "20", "2100", "105"},
    {Side::sell, "5", "125", "100", "15", "1575", "105"},
    {Side::sell, "20", "95", "-150", "-5", "-475", "95"},
    {Side::sell, "5", "105", "0", "-10", "-1000", "100"},
    {Side::buy, "4", "90", "40", "-6", "-600", "100"},
    {Side::buy, "6", "101", "-6", "0", "0", "0"},
};

/// Average cost in exact fractions.
struct Oracle {
  Exact held = 0, cost = 0, realized = 0;
  void fill(const Exact& change, const Exact& at) {
    if (held * change < 0) {
      const Exact closed = std::min<Exact>(abs(held), abs(change));
      const Exact signed_closed = held > 0 ? closed : Exact{-closed};
      const Exact average = cost / held;
      realized += (at - average) * signed_closed;
      cost -= average * signed_closed;
      const Exact opened = change + signed_closed;
      cost += opened * at;
    } else {
      cost += change * at;
    }
    held += change;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(position)

BOOST_AUTO_TEST_CASE(a_history_through_long_short_and_flat_is_booked_as_by_hand) {
  Position p;
  for (const auto& step : kSteps) {
    const auto effect = p.fill(step.side, price(step.price), quantity(step.quantity), Money{});
    BOOST_TEST(effect.realized.str() == step.realized);
    BOOST_TEST(p.quantity().str() == step.position);
    BOOST_TEST(p.cost().str() == step.cost);
    BOOST_TEST(p.average_price().str() == step.average);
  }
  BOOST_TEST(p.realized().str() == "-16");
}

BOOST_AUTO_TEST_CASE(fees_leave_the_cash_and_rebates_enter_it_but_profit_is_before_them) {
  Position p;
  const auto in = p.fill(Side::buy, price("100"), quantity("2"), money("0.5"));
  BOOST_TEST(in.cash.str() == "-200.5");
  const auto out = p.fill(Side::sell, price("101"), quantity("2"), money("-0.25"));
  BOOST_TEST(out.cash.str() == "202.25");
  BOOST_TEST(out.realized.str() == "2");
  BOOST_TEST(p.fees().str() == "0.25");
  BOOST_TEST(p.cash().str() == "1.75");
}

BOOST_AUTO_TEST_CASE(what_is_open_is_worth_its_mark_minus_its_cost) {
  Position p;
  BOOST_TEST(p.unrealized(price("5")).is_zero());
  p.fill(Side::sell, price("100"), quantity("3"), Money{});
  BOOST_TEST(p.unrealized(price("90")).str() == "30");
  BOOST_TEST(p.unrealized(price("101")).str() == "-3");
}

BOOST_DATA_TEST_CASE(random_fills_lose_nothing_and_stay_near_the_exact_fractions, data::xrange(1, 9), seed) {
  Random random{static_cast<std::uint64_t>(seed)};
  Position p;
  Oracle oracle;
  Big value_in = 0, fees = 0;
  int flips = 0, flats = 0;
  for (int i = 1; i <= 2'000; ++i) {
    // Three of four go against the position, so that it often crosses or meets zero.
    const Side back = p.quantity().raw() < 0 ? Side::buy : Side::sell;
    const Side side = random.below(4) != 0 ? back : opposite(back);
    const auto at = Price::from_raw(static_cast<std::int64_t>(1 + random.below(200'000'000'000)));
    // Whole units in the first half, uneven ones in the second.
    auto size = Quantity::of(static_cast<std::int64_t>(1 + random.below(4)));
    if (i > 1'000) size = Quantity::from_raw(static_cast<std::int64_t>(1 + random.below(700'000'000)));
    const auto fee = Money::from_raw(static_cast<std::int64_t>(random.below(2'000)) - 500);
    const auto before = p.quantity();
    const auto effect = p.fill(side, at, size, fee);
    const auto change = signed_quantity(side, size);
    const Money value = notional(at, change);
    value_in += value.raw();
    fees += fee.raw();
    oracle.fill(Exact{change.raw()} / Price::kOne, Exact{at.raw()});
    flips += (before.raw() < 0) != (p.quantity().raw() < 0) && !before.is_zero() && !p.quantity().is_zero();
    flats += p.quantity().is_zero();

    BOOST_REQUIRE_EQUAL(effect.cash.raw(), -value.raw() - fee.raw());
    // Conservation, to the last unit: all value that went in is still there as cost or was realised.
    BOOST_REQUIRE_EQUAL(Big{p.cost().raw()} - p.realized().raw(), value_in);
    BOOST_REQUIRE_EQUAL(Big{p.cash().raw()}, -value_in - fees);
    BOOST_REQUIRE_EQUAL(Big{p.fees().raw()}, fees);
    if (p.quantity().is_zero()) BOOST_REQUIRE(p.cost().is_zero());
    BOOST_REQUIRE(Exact{p.quantity().raw()} / Price::kOne == oracle.held);
    // Three roundings a fill at most, each of half a unit.
    BOOST_REQUIRE(abs(Exact{p.realized().raw()} - oracle.realized) <= 2 * i);
    BOOST_REQUIRE(abs(Exact{p.cost().raw()} - oracle.cost) <= 2 * i);
  }
  BOOST_TEST(flips > 100);
  BOOST_TEST(flats > 10);
}

BOOST_AUTO_TEST_CASE(a_restored_position_goes_on_as_if_nothing_had_happened) {
  Position p, again;
  p.fill(Side::buy, price("3.33333333"), quantity("7"), money("0.01"));
  p.fill(Side::sell, price("4"), quantity("2"), money("0.01"));
  Archive saved;
  p.state(saved);
  Archive loading{saved.bytes(), 1};
  again.state(loading);
  const auto one = p.fill(Side::sell, price("2"), quantity("9"), money("0.02"));
  const auto two = again.fill(Side::sell, price("2"), quantity("9"), money("0.02"));
  BOOST_TEST(one.realized.raw() == two.realized.raw());
  Archive a, b;
  p.state(a);
  again.state(b);
  BOOST_CHECK(a.bytes() == b.bytes());
}

BOOST_AUTO_TEST_SUITE_END()
