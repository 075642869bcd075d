// A trading system and its venue, killed at every point of an order's life: afterwards both hold the same.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

struct Point {
  const char* failpoint;
  int hit;
};
std::ostream& operator<<(std::ostream& out, const Point& p) { return out << p.failpoint << '@' << p.hit; }

/// Sent and not written; written and not durable; approved and not durable; durable and not sent; snapshots.
constexpr Point kPoints[] = {
    {"broker.before_write", 3}, {"broker.before_write", 4},  {"broker.before_write", 7},  {"broker.before_write", 12},
    {"broker.after_write", 3},  {"broker.after_write", 5},   {"broker.after_write", 9},   {"journal.before_sync", 12},
    {"journal.before_sync", 20}, {"journal.after_sync", 12}, {"journal.after_sync", 21},
    {"journal.before_write", 9}, {"journal.after_write", 14}, {"snapshot.before_write", 3},  {"snapshot.after_write", 4},
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_that_nobody_kills_ends_with_equal_books) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {}};
  trader.start();
  check_at_rest(trader, venue);
  const auto records = venue.records();
  BOOST_TEST(records.account("ACME")->fills.size() > 3u, "only " << records.account("ACME")->fills.size() << " fills of " << records.orders().size()
                                                                 << " orders that came to the venue");
}

BOOST_DATA_TEST_CASE(killed_at_this_point_it_comes_back_with_equal_books, data::make(kPoints)) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {}};
  trader.start(std::string{sample.failpoint} + "=kill@" + std::to_string(sample.hit));
  trader.wait();
  trader.start();
  check_at_rest(trader, venue);
}

BOOST_AUTO_TEST_CASE(restored_from_an_older_backup_it_takes_over_what_it_had_done_since) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {}};
  trader.start();
  const ScratchDir scratch;
  BOOST_TEST_REQUIRE(wait_until([&] { return venue.records().orders().size() >= 4; }));
  const Ended made = test::holdfast({"backup", "create", trader.data(), "--to", scratch / "b"});
  BOOST_TEST_REQUIRE(made.code == 0, made.err);
  const auto then = venue.records().orders().size();
  BOOST_TEST_REQUIRE(wait_until([&] { return trader.done(); }));
  trader.kill();
  BOOST_TEST(venue.records().orders().size() > then, "nothing was done after the backup");
  const Ended restored = test::holdfast({"restore", "--from", scratch / "b", "--to", trader.data()});
  BOOST_TEST_REQUIRE(restored.code == 0, restored.err);
  trader.start();
  check_at_rest(trader, venue);
  const Journaled journal{trader.data()};
  BOOST_TEST(journal.of(EventType::system_restored).size() == 1u);
  for (const auto& rejected : journal.of(EventType::order_rejected))
    BOOST_TEST(rejected.tail<OrderRejected>().find("uplicate") == std::string_view::npos, rejected.tail<OrderRejected>());
}

BOOST_DATA_TEST_CASE(a_venue_killed_under_way_comes_back_with_equal_books, data::make({3u, 8u, 14u}), orders) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return venue.records().orders().size() >= orders; }));
  venue.kill();
  venue.start();
  check_at_rest(trader, venue);
}

BOOST_DATA_TEST_CASE(both_killed_at_once_come_back_with_equal_books, data::make({2u, 6u, 13u}), orders) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return venue.records().orders().size() >= orders; }));
  trader.kill();
  venue.kill();
  venue.start();
  trader.start();
  check_at_rest(trader, venue);
}
