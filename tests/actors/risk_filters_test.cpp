// The risk actor and what venues have stated of their instruments.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(risk_filters)

namespace {

constexpr ActorId kA{7}, kFirst{21}, kSecond{22};
constexpr Time kStart{1'700'000'000'000'000'000};

/// Stricter in everything than what the configuration says: a tick of 0.01 and a lot of 0.00001.
InstrumentChanged strict() {
  InstrumentChanged stated = instrument_is(TradingStatus::open);
  stated.tick = price("0.5");
  stated.lot = quantity("0.1");
  stated.min_qty = quantity("0.2");
  stated.max_qty = quantity("10");
  stated.min_notional = *Money::parse("50");
  stated.price_band = *Rate::parse("0.1");
  stated.expiry = kStart + std::chrono::hours{1};
  return stated;
}

struct Case {
  const char* name;
  OrderTerms terms;
  const char* words;  ///< Empty: approved.
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

OrderTerms stop_order(const char* size, const char* at) {
  OrderTerms t = order(kA, 1, Side::buy, size);
  t.type = OrdType::stop;
  t.tif = TimeInForce::gtc;
  t.stop_px = price(at);
  return t;
}

const Case kCases[] = {
    {"good limit", order(kA, 1, Side::buy, "1", "100.5"), ""},
    {"good market order", order(kA, 1, Side::sell, "0.6"), ""},
    {"between ticks", order(kA, 1, Side::buy, "1", "100.01"), "limit price is 100.01, and the venue's tick is 0.5"},
    {"stop between ticks", stop_order("1", "120.3"), "stop price is 120.3, and the venue's tick is 0.5"},
    {"stop far away", stop_order("1", "220.5"), ""},
    {"part of a lot", order(kA, 1, Side::buy, "1.05", "100"), "quantity is 1.05, and the venue's lot is 0.1"},
    {"too little", order(kA, 1, Side::buy, "0.1", "100"), "quantity is 0.1, below the venue's least, 0.2"},
    {"too much", order(kA, 1, Side::buy, "10.1", "100"), "quantity is 10.1, above the venue's most, 10"},
    {"worth too little", order(kA, 1, Side::buy, "0.4", "100"), "0.4 at 100 is worth 40, below the venue's least, 50"},
    {"a market order worth too little", order(kA, 1, Side::sell, "0.4"),
     "0.4 at 99 is worth 39.6, below the venue's least, 50"},
    {"below the band", order(kA, 1, Side::sell, "1", "89.5"),
     "limit price is 89.5, outside the venue's band of 90 to 110"},
    {"above the band", order(kA, 1, Side::buy, "1", "110.5"),
     "limit price is 110.5, outside the venue's band of 90 to 110"},
    {"at the edge of the band", order(kA, 1, Side::buy, "1", "110"), ""},
};

}  // namespace

BOOST_DATA_TEST_CASE(what_the_venue_would_not_take_is_denied_with_the_numbers, data::make(kCases), tried) {
  Bench bench{actor("risk", map({}))};
  bench.tell(quote("99", "101"));
  bench.tell(OrderIntent{tried.terms, {}}, "x", kA);
  BOOST_TEST(bench.wrote<OrderApproved>().size() == 1u);  // Nobody has stated anything yet.
  bench.tell(strict(), "BTC-USD", kFirst);
  OrderTerms again = tried.terms;
  again.cl_ord_id = ClOrdId::make(kA, 2);
  bench.tell(OrderIntent{again, {}}, "x", kA);
  if (*tried.words == '\0') {
    BOOST_TEST(bench.wrote<OrderApproved>().size() == 2u);
    return;
  }
  BOOST_TEST_REQUIRE(bench.wrote<OrderDenied>().size() == 1u);
  BOOST_CHECK(bench.wrote<OrderDenied>()[0].reason == DenyReason::filter);
  BOOST_TEST(bench.words<OrderDenied>()[0] == tried.words);
}

BOOST_AUTO_TEST_CASE(a_change_of_the_reference_data_holds_from_where_it_stands) {
  Bench bench{actor("risk", map({}))};
  auto denied = [&, counter = 0U](const char* limit) mutable {
    const auto before = bench.wrote<OrderDenied>().size();
    bench.tell(OrderIntent{order(kA, ++counter, Side::buy, "1", limit), {}}, "x", kA);
    return bench.wrote<OrderDenied>().size() != before;
  };
  auto stated = strict();
  bench.tell(stated, "BTC-USD", kFirst);
  BOOST_TEST(denied("100.25"));
  stated.tick = price("0.25");
  bench.tell(stated, "BTC-USDT", kFirst);  // Renamed, too: it goes by our symbol all the same.
  BOOST_TEST(!denied("100.25"));
  bench.tell(InstrumentChanged{strict()}, "BTC-USDT", kFirst);
  BOOST_TEST(denied("100.25"));
}

BOOST_AUTO_TEST_CASE(an_expired_instrument_is_not_traded) {
  Bench bench{actor("risk", map({}))};
  bench.tell(strict(), "BTC-USD", kFirst);
  bench.advance_to(kStart + std::chrono::minutes{59});
  bench.tell(OrderIntent{order(kA, 1, Side::buy, "1", "100"), {}}, "x", kA);
  BOOST_TEST(bench.wrote<OrderApproved>().size() == 1u);
  bench.advance_to(kStart + std::chrono::hours{1});
  bench.tell(OrderIntent{order(kA, 2, Side::buy, "1", "100"), {}}, "x", kA);
  BOOST_TEST(bench.words<OrderDenied>().at(0) == "the instrument expired at " + strict().expiry.str());
}

BOOST_AUTO_TEST_CASE(of_several_venues_the_one_that_gets_the_order_counts) {
  Bench bench{actor("risk", map({{"brokers", list({"first", "second"})}}))};
  bench.tell(ActorDeclared{kFirst, {}, 0}, "first");
  bench.tell(ActorDeclared{kSecond, {}, 0}, "second");
  bench.tell(LinkChanged{.broker = kFirst, .state = LinkState::armed}, "", kFirst);
  bench.tell(LinkChanged{.broker = kSecond, .state = LinkState::armed}, "", kSecond);
  bench.tell(strict(), "BTC-USD", kSecond);
  bench.tell(instrument_is(TradingStatus::halted), "BTC-USD", kSecond);
  bench.tell(OrderIntent{order(kA, 1, Side::buy, "1.05", "100.01"), {}}, "x", kA);
  BOOST_TEST(bench.wrote<OrderApproved>().size() == 1u);
  bench.tell(LinkChanged{.broker = kFirst, .state = LinkState::down}, "", kFirst);
  bench.tell(OrderIntent{order(kA, 2, Side::buy, "1.05", "100.01"), {}}, "x", kA);
  BOOST_TEST(bench.words<OrderDenied>().at(0) == "the venue says that BTC is halted");
}

BOOST_AUTO_TEST_SUITE_END()
