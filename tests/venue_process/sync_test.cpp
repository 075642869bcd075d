// What must be kept is on the disk before anybody is told of it: a venue in this process, whose sync is looked into.
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <functional>

#include <holdfast/venue/log.hpp>

#include "fix/raw_client.hpp"
#include "tools/program.hpp"
#include "venue/gateway.hpp"

namespace {

/// What happens in place of a sync; on the thread that calls step().
std::function<int()> at_sync;

}  // namespace

/// In place of the C library's.
extern "C" int fdatasync(int file) { return at_sync ? at_sync() : static_cast<int>(::syscall(SYS_fdatasync, file)); }

namespace holdfast::test {
namespace {

struct SyncedVenue {
  ScratchDir dir;
  venue::Gateway gateway{options(), dir.str(), [] { return Time{1'700'000'000'000'000'000}; }};
  RawClient client{gateway.start()};

  SyncedVenue() { client.log_on(); }
  ~SyncedVenue() { at_sync = nullptr; }

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
  /// What the session layer answers by itself, behind all that was said before.
  std::string sign_of_life(int seq) {
    client.say("1", seq, "112=alive|");
    return client.hear();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(venue_sync, SyncedVenue)

BOOST_AUTO_TEST_CASE(nothing_is_answered_before_the_disk_has_it) {
  bool synced = false;
  at_sync = [&] {
    if (std::exchange(synced, true)) return 0;
    BOOST_TEST(text_of_file(venue::Gateway::log_path(dir.str())).find(R"("cl_ord_id":"a")") != std::string::npos);
    const std::string heard = sign_of_life(3);
    BOOST_TEST(heard.starts_with("35=0|"), "told before it was synced: " << heard);
    return 0;
  };
  order(2, "a");
  BOOST_TEST_REQUIRE(wait_until([&] {
    gateway.step(std::chrono::milliseconds{20});
    return synced;
  }));
  const std::string answer = client.hear("8");
  BOOST_TEST(answer.find("|11=a|") != std::string::npos, answer);
  BOOST_TEST(answer.find("|150=0|") != std::string::npos, answer);
}

BOOST_AUTO_TEST_CASE(a_venue_whose_disk_fails_answers_nothing_any_more) {
  int failed = 0;
  at_sync = [&] {
    ++failed;
    errno = EIO;
    return -1;
  };
  const auto step = [&] { gateway.step(std::chrono::milliseconds{20}); };
  order(2, "a");
  BOOST_TEST_REQUIRE(wait_until([&] {
    if (failed == 0) BOOST_CHECK_NO_THROW(try { step(); } catch (const venue::LogError&) {});
    return failed > 0;
  }));
  at_sync = nullptr;
  order(3, "b");
  BOOST_CHECK_THROW(step(), venue::LogError);
  const std::string heard = sign_of_life(4);
  BOOST_TEST(heard.starts_with("35=0|"), heard);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
