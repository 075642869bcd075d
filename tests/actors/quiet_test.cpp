// Actors that cannot answer the market are told of it in stretches: that must make no difference.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/random.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(quiet_actors)

namespace {

constexpr ActorId kStrategy{7};

struct Case {
  const char* name;
  Bench::Make make;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

Bench::Make broker(const char* latency) {
  return actor("broker", map({{"broker", slot("paper", {{"latency", latency}, {"fill_at_touch", "true"}})}}));
}

const Case kCases[] = {
    {"feed", actor("feed", map({{"source", slot("synthetic", {{"instruments", list({"BTC"})}, {"ticks", "1"}})}}))},
    {"risk", actor("risk", map({{"rules", list({slot("position_limit", {{"per_strategy", "3"}})})}}))},
    {"paper venue", broker("0s")},
    {"paper venue, far away", broker("3ms")},
    {"ledger", actor("ledger", map({}))},
};

/// Ticks as they come, good and bad, of two instruments, by the actor itself so that a feed hears its own.
void market(Bench& bench, Random& random) {
  const ActorId author{1};
  const InstrumentId id = random.below(3) == 0 ? kEth : kBtc;
  const auto px = [&] { return Price::of(static_cast<std::int64_t>(95 + random.below(10))); };
  const auto size = [&] { return Quantity::of(static_cast<std::int64_t>(random.below(4))); };
  const Time when = bench.now() - Duration{static_cast<std::int64_t>(random.below(4))};
  switch (random.below(9)) {
    case 0: {
      Trade t;
      t.instrument = id;
      t.price = px();
      t.quantity = size();
      t.venue_time = when;
      return bench.queue(t, {}, author);
    }
    case 1: {
      BookLevel l;
      l.instrument = id;
      l.side = random.below(2) == 0 ? Side::buy : Side::sell;
      l.last = random.below(2) == 0 ? 1 : 0;
      l.price = px();
      l.quantity = size();
      l.venue_time = when;
      return bench.queue(l, {}, author);
    }
    case 2: return bench.queue(BookClear{id, 0, when}, {}, author);
    case 3: return bench.queue(BadTick{id, TickFlaw::zero, when}, {}, author);
    case 4: return bench.queue(TimeAdvanced{}, {}, ActorId{});
    default: {
      Quote q;
      q.instrument = id;
      q.flaw = random.below(5) == 0 ? TickFlaw::locked : TickFlaw::none;
      q.bid = px();
      q.ask = px();
      q.bid_size = size();
      q.ask_size = size();
      q.venue_time = when;
      return bench.queue(q, {}, author);
    }
  }
}

/// Stretches of the market between orders that come, rest, trade and are cancelled.
void traffic(Bench& bench, std::uint64_t seed) {
  Random random{seed};
  for (std::uint64_t n = 1; n <= 60; ++n) {
    for (std::uint64_t ticks = random.below(12); ticks > 0; --ticks) market(bench, random);
    bench.run();
    bench.advance(Duration{static_cast<std::int64_t>(random.below(2'000'000))});
    if (random.below(3) != 0) continue;
    OrderTerms terms = order(kStrategy, n, random.below(2) == 0 ? Side::buy : Side::sell, "1", "99");
    terms.price = Price::of(static_cast<std::int64_t>(96 + random.below(8)));
    bench.tell(OrderIntent{terms, {}}, "x", kStrategy);
    bench.tell(OrderApproved{terms});
    for (std::uint64_t ticks = random.below(6); ticks > 0; --ticks) market(bench, random);
    if (random.below(3) == 0) bench.tell(CancelIntent{terms.cl_ord_id}, "y", kStrategy);
    bench.run();
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(stretches_make_no_difference, data::make(kCases) ^ data::xrange(std::size(kCases)), c, index) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const auto script = [&](Bench& bench) { traffic(bench, seed * 10 + static_cast<std::uint64_t>(index)); };
    BOOST_TEST_CONTEXT("seed " << seed) BOOST_TEST(testkit::stretch_difference(c.make, {.act_by_itself = std::string{c.name} != "feed"}, script) == "");
  }
}

BOOST_AUTO_TEST_CASE(a_paper_venue_is_quiet_while_it_holds_no_order) {
  Bench bench{broker("1ms")};
  BOOST_TEST(bench.actor().quiet());
  bench.tell(quote("99", "101"));
  const OrderTerms terms = order(kStrategy, 1, Side::buy, "2", "100");
  bench.tell(OrderIntent{terms, {}}, "x", kStrategy);
  bench.tell(OrderApproved{terms});
  BOOST_TEST(!bench.actor().quiet());  // On its way.
  bench.advance(Duration{2'000'000});
  BOOST_TEST(!bench.actor().quiet());  // Resting.
  bench.tell(quote("99", "100", "5"));
  BOOST_TEST(bench.wrote<OrderFilled>().size() == 1u);
  BOOST_TEST(bench.actor().quiet());
}

BOOST_AUTO_TEST_CASE(a_strategy_is_never_quiet) {
  Bench bench{actor("strategy", map({{"strategy", slot("x")}}), {1},
                    std::make_shared<Scripted<Strategy>>([] { return std::make_shared<Strategy>(); }))};
  BOOST_TEST(!bench.actor().quiet());
}

BOOST_AUTO_TEST_SUITE_END()
