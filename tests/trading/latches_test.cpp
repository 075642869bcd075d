#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/trading/latches.hpp>
#include <ostream>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;

template <class E>
bool tell(Latches& latches, const E& payload, std::string_view words = "") {
  EventBuffer buffer;
  return latches.hear(buffer.at(buffer.append(payload, ActorId{}, 1, true, Time{77}, words)));
}

bool engage(Latches& latches, LatchScope scope, std::uint32_t target, LatchLevel level) {
  return tell(latches, LatchEngaged{scope, level, 0, target}, "anna\nnews at noon");
}

constexpr ActorId kOwner{3};
constexpr InstrumentId kInstrument{4};

struct Order {
  Side side;
  int quantity, position, working;
  bool passes;
};
std::ostream& operator<<(std::ostream& out, const Order& o) {
  return out << to_string(o.side) << ' ' << o.quantity << " holding " << o.position << " working "
             << o.working;
}
const Order kOrders[] = {
    {Side::sell, 5, 5, 0, true},  {Side::sell, 6, 5, 0, false},  {Side::sell, 5, 5, 1, false},
    {Side::sell, 2, 5, 3, true},  {Side::sell, 1, 0, 0, false},  {Side::sell, 1, -5, 0, false},
    {Side::buy, 5, -5, 0, true},  {Side::buy, 6, -5, 0, false},  {Side::buy, 3, -5, 2, true},
    {Side::buy, 3, -5, 3, false}, {Side::buy, 1, 0, 0, false},   {Side::buy, 1, 5, 0, false},
    {Side::sell, 0, 5, 0, false}, {Side::sell, -1, 5, 0, false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(latches)

BOOST_AUTO_TEST_CASE(without_a_latch_everything_is_active) {
  BOOST_CHECK(Latches{}.level(kOwner, kInstrument) == LatchLevel::active);
}

BOOST_AUTO_TEST_CASE(the_strictest_of_system_strategy_and_instrument_wins) {
  constexpr LatchLevel kLevels[] = {LatchLevel::active, LatchLevel::reducing, LatchLevel::halted};
  for (const auto system : kLevels)
    for (const auto strategy : kLevels)
      for (const auto instrument : kLevels) {
        Latches latches;
        engage(latches, LatchScope::system, 0, system);
        engage(latches, LatchScope::strategy, kOwner.value, strategy);
        engage(latches, LatchScope::instrument, kInstrument.value, instrument);
        BOOST_CHECK(latches.level(kOwner, kInstrument) == std::max({system, strategy, instrument}));
        BOOST_CHECK(latches.level({9}, kInstrument) == std::max(system, instrument));
        BOOST_CHECK(latches.level(kOwner, {9}) == std::max(system, strategy));
        BOOST_CHECK(latches.level({9}, {9}) == system);
      }
}

BOOST_AUTO_TEST_CASE(a_strategy_and_an_instrument_with_the_same_number_are_two_things) {
  Latches latches;
  engage(latches, LatchScope::strategy, 4, LatchLevel::halted);
  BOOST_CHECK(latches.level(kOwner, {4}) == LatchLevel::active);
  BOOST_CHECK(latches.level({4}, {9}) == LatchLevel::halted);
}

BOOST_AUTO_TEST_CASE(a_latch_remembers_who_engaged_it_why_and_since_when) {
  Latches latches;
  BOOST_TEST(engage(latches, LatchScope::system, 0, LatchLevel::reducing));
  BOOST_REQUIRE_EQUAL(latches.engaged().size(), 1U);
  const auto& latch = latches.engaged().begin()->second;
  BOOST_TEST(latch.who == "anna");
  BOOST_TEST(latch.why == "news at noon");
  BOOST_TEST(latch.since.ns == 77);
  BOOST_TEST(tell(latches, LatchEngaged{LatchScope::system, LatchLevel::halted, 0, 0}, "bob"));
  BOOST_TEST(latches.engaged().begin()->second.who == "bob");
  BOOST_TEST(latches.engaged().begin()->second.why == "");
  BOOST_CHECK(latches.level(kOwner, kInstrument) == LatchLevel::halted);
}

BOOST_AUTO_TEST_CASE(a_released_latch_is_gone_and_the_next_strictest_counts) {
  Latches latches;
  engage(latches, LatchScope::system, 0, LatchLevel::halted);
  engage(latches, LatchScope::strategy, kOwner.value, LatchLevel::reducing);
  BOOST_TEST(tell(latches, LatchReleased{LatchScope::system, {}, 0}));
  BOOST_CHECK(latches.level(kOwner, kInstrument) == LatchLevel::reducing);
  BOOST_TEST(!tell(latches, LatchReleased{LatchScope::system, {}, 0}));
  BOOST_TEST(!tell(latches, LatchReleased{LatchScope::instrument, {}, kOwner.value}));
  BOOST_TEST(engage(latches, LatchScope::strategy, kOwner.value, LatchLevel::active));
  BOOST_TEST(latches.engaged().empty());
}

BOOST_AUTO_TEST_CASE(other_events_change_no_latch) {
  Latches latches;
  engage(latches, LatchScope::system, 0, LatchLevel::halted);
  BOOST_TEST(!tell(latches, TimeAdvanced{}));
  BOOST_TEST(!tell(latches, CancelIntent{{1}}));
  BOOST_TEST(latches.engaged().size() == 1U);
}

BOOST_AUTO_TEST_CASE(restored_latches_hold_what_the_old_ones_held) {
  Latches latches, again;
  engage(latches, LatchScope::system, 0, LatchLevel::reducing);
  engage(latches, LatchScope::instrument, kInstrument.value, LatchLevel::halted);
  Archive saved;
  latches.state(saved);
  Archive loading{saved.bytes(), 1};
  again.state(loading);
  BOOST_CHECK(again.level(kOwner, kInstrument) == LatchLevel::halted);
  BOOST_CHECK(again.level(kOwner, {9}) == LatchLevel::reducing);
  BOOST_TEST(again.engaged().begin()->second.why == "news at noon");
}

BOOST_DATA_TEST_CASE(only_an_order_that_takes_exposure_down_reduces, data::make(kOrders), o) {
  BOOST_TEST(reduces(o.side, Quantity::of(o.quantity), Quantity::of(o.position), Quantity::of(o.working)) ==
             o.passes);
}

BOOST_AUTO_TEST_CASE(a_quantity_of_any_size_gets_an_answer) {
  const auto most = Quantity::from_raw(INT64_MAX), least = Quantity::from_raw(INT64_MIN);
  BOOST_TEST(!reduces(Side::sell, most, most, most));
  BOOST_TEST(reduces(Side::buy, most, least, Quantity{}));
  BOOST_TEST(!reduces(Side::buy, least, least, Quantity{}));
}

BOOST_AUTO_TEST_SUITE_END()
