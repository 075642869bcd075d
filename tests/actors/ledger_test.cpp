// The ledger: every fill is booked once, to the owner of its order.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include <holdfast/trading/seen.hpp>
#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(ledger_actor)

namespace {

constexpr ActorId kA{7}, kB{8}, kVenue{5}, kOtherVenue{6};

OrderFilled by(ActorId owner, std::uint64_t exec, Side side, const char* size, const char* at,
               const char* fee = "0") {
  auto f = fill(order(owner, exec, side, size), exec, at, size, size, "0");
  f.fee = *Money::parse(fee);
  return f;
}

struct Booked {
  const char* name;
  OrderFilled fill;
  const char *position, *cash, *realized;
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_fill_is_booked_to_its_owner) {
  Bench bench{actor("ledger", map({}))};
  const Booked rows[] = {
      {"a long opens", by(kA, 1, Side::buy, "2", "100", "0.2"), "2", "-200.2", "0"},
      {"another owner", by(kB, 2, Side::sell, "1", "100"), "-1", "100", "0"},
      {"half is sold higher", by(kA, 3, Side::sell, "1", "110", "0.1"), "1", "109.9", "10"},
      {"and flips into a short", by(kA, 4, Side::sell, "3", "90"), "-2", "270", "-10"},
      {"which is bought back", by(kA, 5, Side::buy, "2", "80", "-0.05"), "0", "-159.95", "20"},
  };
  for (const auto& row : rows) bench.tell(row.fill, "", kVenue);
  const auto booked = bench.wrote<FillBooked>();
  BOOST_TEST_REQUIRE(booked.size() == std::size(rows));
  for (std::size_t i = 0; i < booked.size(); ++i) BOOST_TEST_CONTEXT(rows[i].name) {
      BOOST_CHECK(booked[i].cl_ord_id == rows[i].fill.cl_ord_id);
      BOOST_TEST(booked[i].exec_id == rows[i].fill.exec_id);
      BOOST_TEST(booked[i].position.str() == rows[i].position);
      BOOST_TEST(booked[i].cash.str() == rows[i].cash);
      BOOST_TEST(booked[i].realized.str() == rows[i].realized);
      BOOST_CHECK(booked[i].fee == rows[i].fill.fee);
    }
}

BOOST_AUTO_TEST_CASE(a_fill_reported_twice_is_booked_once) {
  Bench bench{actor("ledger", map({}))};
  for (int i = 0; i < 2; ++i) bench.tell(by(kA, 1, Side::buy, "1", "100"), "", kVenue);
  BOOST_TEST(bench.wrote<FillBooked>().size() == 1u);
  bench.tell(by(kA, 1, Side::buy, "1", "100"), "", kOtherVenue);  // Its numbers are its own.
  BOOST_TEST(bench.wrote<FillBooked>().size() == 2u);
  BOOST_TEST(bench.wrote<FillBooked>()[1].position.str() == "2");
}

BOOST_AUTO_TEST_CASE(a_busted_fill_is_booked_the_other_way_once_and_its_fee_is_given_back) {
  Bench bench{actor("ledger", map({}))};
  bench.tell(by(kA, 1, Side::buy, "2", "100", "0.2"), "", kVenue);
  bench.tell(by(kA, 2, Side::buy, "1", "130", "0.1"), "", kVenue);
  FillBusted bust;
  bust.cl_ord_id = ClOrdId::make(kA, 2);
  bust.exec_id = 2;
  bust.instrument = kBtc;
  bust.side = Side::buy;
  bust.last_px = price("130");
  bust.last_qty = quantity("1");
  bust.fee = *Money::parse("0.1");
  for (int i = 0; i < 2; ++i) bench.tell(bust, "error", kVenue);
  BOOST_TEST_REQUIRE(bench.wrote<FillBooked>().size() == 3u);
  const auto booked = bench.wrote<FillBooked>()[2];
  BOOST_TEST(booked.busted == 1u);
  BOOST_TEST(bench.wrote<FillBooked>()[1].busted == 0u);
  BOOST_TEST(booked.exec_id == 2u);
  BOOST_TEST(booked.position.str() == "2");
  BOOST_TEST(booked.cash.str() == "130.1");
  BOOST_TEST(booked.fee.str() == "-0.1");
  bench.tell(bust, "error", kOtherVenue);  // Its numbers are its own.
  BOOST_TEST(bench.wrote<FillBooked>().size() == 4u);
}

BOOST_AUTO_TEST_CASE(instruments_are_kept_apart) {
  Bench bench{actor("ledger", map({}))};
  bench.tell(by(kA, 1, Side::buy, "1", "100"), "", kVenue);
  auto eth = by(kA, 2, Side::buy, "1", "50");
  eth.instrument = kEth;
  bench.tell(eth, "", kVenue);
  BOOST_TEST(bench.wrote<FillBooked>()[1].position.str() == "1");
}

BOOST_AUTO_TEST_CASE(a_fill_without_quantity_stops_the_ledger) {
  Bench bench{actor("ledger", map({}))};
  BOOST_CHECK_EXCEPTION(bench.tell(by(kA, 9, Side::buy, "0", "100")), std::runtime_error, [](const auto& e) {
    return std::string{e.what()} == "the fill 9 has a quantity of 0 and cannot be booked";
  });
}

BOOST_AUTO_TEST_CASE(a_restart_after_every_event_changes_nothing) {
  BOOST_TEST(testkit::restart_difference(actor("ledger", map({})), {}, [](Bench& bench) {
               Random random{3};
               for (int i = 0; i < 200; ++i)
                 bench.tell(by(random.below(2) == 0 ? kA : kB, random.below(150) + 1,
                               random.below(2) == 0 ? Side::buy : Side::sell,
                               std::to_string(random.below(9) + 1).c_str(),
                               std::to_string(random.below(50) + 75).c_str(), "0.01"),
                            "", kVenue);
             }) == "");
}

BOOST_AUTO_TEST_CASE(seen_numbers_agree_with_a_plain_set) {
  Random random{11};
  Seen seen;
  std::set<std::uint64_t> oracle;
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t n = random.below(1000);
    BOOST_TEST_REQUIRE(seen.insert(n) == oracle.insert(n).second);
  }
}

BOOST_AUTO_TEST_CASE(seen_numbers_without_gaps_cost_one_entry) {
  Seen seen;
  for (std::uint64_t n = 1; n <= 1000; ++n) seen.insert(n);
  BOOST_TEST(saved(seen).size() == 3 * sizeof(std::uint64_t));
}

BOOST_AUTO_TEST_CASE(a_share_that_changes_hands_is_booked_at_its_cost_and_so_is_what_comes_of_it_later) {
  Bench bench{actor("ledger", map({}))};
  bench.tell(by(kA, 1, Side::buy, "3", "100", "1"), "", kVenue);
  bench.tell(by(kA, 2, Side::sell, "1", "110"), "", kVenue);
  bench.tell(by(kB, 3, Side::sell, "1", "120"), "", kVenue);
  bench.tell(StrategyRemoved{kA, kB, Removal::hand_over, {}});
  const auto shares = bench.wrote<ShareBooked>();
  BOOST_TEST_REQUIRE(shares.size() == 1u);
  BOOST_CHECK(shares[0].from == kA && shares[0].to == kB);
  BOOST_TEST(shares[0].quantity.str() == "2");
  BOOST_TEST(shares[0].cost.str() == "200");
  BOOST_TEST(shares[0].realized.str() == "20");  // One that cost 100 closes one sold for 120.
  BOOST_TEST(shares[0].position.str() == "1");
  bench.tell(by(kA, 4, Side::buy, "1", "130"), "", kVenue);
  BOOST_TEST(bench.wrote<FillBooked>().back().position.str() == "2");
  bench.tell(StrategyRemoved{kB, {}, Removal::cancel, {}});
  BOOST_TEST(bench.wrote<ShareBooked>().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
