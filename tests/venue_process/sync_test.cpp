// What must be kept is on the disk before anybody is told of it: a venue in this process, whose sync is looked into.
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <atomic>
#include <cerrno>
#include <functional>
#include <mutex>
#include <utility>

#include <holdfast/venue/log.hpp>

#include "fix/raw_client.hpp"
#include "tools/program.hpp"
#include "venue/gateway.hpp"

namespace {

/// What happens in place of a sync, on whichever thread needs one.
std::function<int()> at_sync;
std::mutex at_sync_mutex;

void do_at_sync(std::function<int()> what) {
  const std::lock_guard lock{at_sync_mutex};
  at_sync = std::move(what);
}

}  // namespace

/// In place of the C library's.
extern "C" int fdatasync(int file) {
  const std::lock_guard lock{at_sync_mutex};
  return at_sync ? at_sync() : static_cast<int>(::syscall(SYS_fdatasync, file));
}

namespace holdfast::test {
namespace {

struct SyncedVenue {
  ScratchDir dir;
  venue::Gateway gateway{options(), dir.str(), [] { return Time{1'700'000'000'000'000'000}; }};
  RawClient client{gateway.start()};

  SyncedVenue() { client.log_on(); }
  ~SyncedVenue() { do_at_sync(nullptr); }

  static venue::VenueOptions options() {
    venue::VenueOptions options;
    venue::Listing& listing = options.instruments.emplace_back();
    listing.symbol = "BTC";
    listing.currency = "USD";
    listing.tick = *Price::parse("0.01");
    listing.lot = Quantity::of(1);
    venue::AccountOptions& account = options.accounts.emplace_back();
    account.member.account = "ACME";
    account.member.sessions = {"ACME"};
    return options;
  }
  void order(int seq, const std::string& id) {
    client.say("D", seq, "11=" + id + "|55=BTC|54=1|38=1|40=2|44=100|59=1|60=20260101-00:00:00|");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(venue_sync, SyncedVenue)

BOOST_AUTO_TEST_CASE(nothing_is_answered_before_the_disk_has_it) {
  std::string kept;
  bool told = false;
  std::atomic<bool> synced = false;
  do_at_sync([&] {
    if (synced) return 0;
    kept = text_of_file(venue::Gateway::log_path(dir.str()));
    // What was sent over loopback is there at once.
    told = client.can_hear();
    synced = true;
    return 0;
  });
  order(2, "a");
  BOOST_TEST_REQUIRE(wait_until([&] {
    gateway.step(std::chrono::milliseconds{1});
    return synced.load();
  }));
  BOOST_TEST(kept.find(R"("cl_ord_id":"a")") != std::string::npos);
  BOOST_TEST(!told, "told before it was synced");
  const std::string answer = client.hear("8");
  BOOST_TEST(answer.find("|11=a|") != std::string::npos, answer);
  BOOST_TEST(answer.find("|150=0|") != std::string::npos, answer);
}

BOOST_AUTO_TEST_CASE(a_venue_whose_disk_fails_answers_nothing_any_more) {
  do_at_sync([] {
    errno = EIO;
    return -1;
  });
  order(2, "a");
  const auto fails = [&] {
    try {
      gateway.step(std::chrono::milliseconds{1});
    } catch (const venue::LogError&) {
      return true;
    }
    return false;
  };
  BOOST_TEST_REQUIRE(wait_until(fails));
  do_at_sync(nullptr);
  order(3, "b");
  BOOST_TEST(fails());
  // The session answers by itself, behind all that was said before.
  client.say("1", 4, "112=alive|");
  const std::string heard = client.hear();
  BOOST_TEST(heard.starts_with("35=0|"), heard);
  BOOST_TEST(fails());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
