#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "fix/fixture.hpp"
#include "fix/raw_client.hpp"
#include "store.hpp"
#include "test_data.hpp"

namespace holdfast {

using namespace test;
namespace tag = fix::tag;

namespace {

fix::SessionOptions stored(fix::SessionOptions options, const std::string& folder) {
  options.store_dir = folder;
  options.hold_acknowledgement = true;
  return options;
}

/// What a process leaves behind that is killed now: whatever its files say at this instant.
void copy_as_killed(const ScratchDir& from, const ScratchDir& to) {
  std::filesystem::copy(from.str(), to.str(), std::filesystem::copy_options::recursive);
}

void join(Side& venue, Side& client) {
  const auto port = venue.endpoint.listen("127.0.0.1", 0);
  venue.endpoint.start();
  client.endpoint.connect(client.session, "127.0.0.1", port);
  client.endpoint.start();
  client.heard.wait("logon");
  venue.heard.wait("logon");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_recovery)

BOOST_AUTO_TEST_CASE(sequence_numbers_go_on_after_a_restart_of_both) {
  ScratchDir files;
  fix::Sequence before;
  for (int run = 0; run < 2; ++run) {
    Side venue{stored(venue_side(), files.str())}, client{stored(client_side(), files.str())};
    if (run == 1) BOOST_CHECK(client.endpoint.sequence(client.session) == before);
    join(venue, client);
    BOOST_CHECK_EQUAL(client.endpoint.sequence(client.session).next_target, run == 0 ? 2u : before.next_target + 1);
    client.endpoint.stop();
    venue.heard.wait("logout");
    before = client.endpoint.sequence(client.session);
    BOOST_CHECK_EQUAL(client.heard.count("admin"), 1);  // The Logout, and no Reject.
  }
}

BOOST_AUTO_TEST_CASE(what_was_not_acknowledged_comes_again_and_what_was_does_not) {
  ScratchDir venue_files, first_files, second_files;
  Side venue{stored(venue_side(), venue_files.str())};
  std::uint64_t acknowledged = 0;
  {
    Side client{stored(client_side(), first_files.str())};
    join(venue, client);
    for (const auto* id : {"E1", "E2", "E3"}) BOOST_CHECK(venue.endpoint.send(venue.session, report(id)));
    client.heard.wait("message", 3);
    acknowledged = client.heard.wait("message", 1).message.seq;
    client.endpoint.acknowledge(client.session, acknowledged);
    // A later one does not help while an earlier one waits.
    client.endpoint.acknowledge(client.session, client.heard.wait("message", 3).message.seq);
    copy_as_killed(first_files, second_files);
    client.endpoint.disconnect(client.session, "killed");
    venue.heard.wait("logout");
  }
  Side again{stored(client_side(), second_files.str())};
  BOOST_CHECK_EQUAL(again.endpoint.sequence(again.session).next_target, acknowledged + 1);
  again.endpoint.connect(again.session, "127.0.0.1", venue.endpoint.listen("127.0.0.1", 0));
  again.endpoint.start();
  const auto second = again.heard.wait("message", 1).message, third = again.heard.wait("message", 2).message;
  BOOST_CHECK_EQUAL(text(second, tag::ExecID), "E2");
  BOOST_CHECK_EQUAL(text(third, tag::ExecID), "E3");
  BOOST_CHECK(second.poss_dup && third.poss_dup);
  BOOST_CHECK(venue.endpoint.send(venue.session, report("E4")));
  const auto fresh = again.heard.wait("message", 3).message;
  BOOST_CHECK_EQUAL(text(fresh, tag::ExecID), "E4");
  BOOST_CHECK(!fresh.poss_dup);
}

BOOST_AUTO_TEST_CASE(a_venue_that_was_killed_still_has_what_it_sent) {
  ScratchDir first_files, second_files, client_files;
  Side client{stored(client_side(), client_files.str())};
  fix::Sequence lost;
  {
    Side venue{stored(venue_side(), first_files.str())};
    join(venue, client);
    client.endpoint.pause(client.session, true);
    BOOST_CHECK(venue.endpoint.send(venue.session, report("E1")));
    BOOST_CHECK(venue.endpoint.send(venue.session, report("E2")));
    copy_as_killed(first_files, second_files);
    lost = venue.endpoint.sequence(venue.session);
    client.endpoint.disconnect(client.session, "cut");
    client.heard.wait("logout");
    client.endpoint.logout(client.session, "");
    client.endpoint.pause(client.session, false);
  }
  Side venue{stored(venue_side(), second_files.str())};
  BOOST_CHECK(venue.endpoint.sequence(venue.session) == lost);
  venue.endpoint.start();
  client.endpoint.connect(client.session, "127.0.0.1", venue.endpoint.listen("127.0.0.1", 0));
  BOOST_CHECK_EQUAL(text(client.heard.wait("message", 1).message, tag::ExecID), "E1");
  BOOST_CHECK_EQUAL(text(client.heard.wait("message", 2).message, tag::ExecID), "E2");
  BOOST_CHECK_EQUAL(client.heard.count("message"), 2);
}

BOOST_AUTO_TEST_CASE(an_order_is_never_sent_again_by_the_session) {
  Side venue{venue_side()}, client{client_side()};
  join(venue, client);
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1")));
  venue.heard.wait("message");
  // The venue believes that it never saw it.
  venue.endpoint.set_sequence(venue.session, {venue.endpoint.sequence(venue.session).next_sender, 2});
  BOOST_CHECK(client.endpoint.send(client.session, order("A-2")));
  const auto asked = client.heard.wait("admin").message;
  BOOST_CHECK_EQUAL(asked.type(), "2");
  BOOST_CHECK_EQUAL(text(asked, tag::BeginSeqNo), "2");
  BOOST_CHECK(client.endpoint.send(client.session, order("A-3")));
  BOOST_CHECK_EQUAL(text(venue.heard.wait("message", 2).message, tag::ClOrdID), "A-3");
}

BOOST_AUTO_TEST_CASE(what_is_sent_while_logged_off_is_not_queued) {
  Side client{client_side()};
  BOOST_CHECK(!client.endpoint.send(client.session, order("A-1")));
  Side venue{venue_side()};
  join(venue, client);
  BOOST_CHECK(client.endpoint.send(client.session, order("A-2")));
  BOOST_CHECK_EQUAL(text(venue.heard.wait("message").message, tag::ClOrdID), "A-2");
}

/// Of the numbers kept at `path`, which are there twice, 40 bytes each.
void tear(const std::string& path, int which) {
  std::fstream file{path + ".seq", std::ios::in | std::ios::out | std::ios::binary};
  BOOST_REQUIRE(file);
  file.seekp(40 * which + 17) << "\x7f";
}

BOOST_AUTO_TEST_CASE(where_the_newest_numbers_were_torn_those_before_are_left) {
  std::set<std::uint64_t> found;
  for (const int which : {0, 1}) {
    ScratchDir files;
    const std::string path = files / "session";
    {
      fix::Store store{path, false, false};
      store.next_sender(2);
      store.next_sender(3);
    }
    tear(path, which);
    const fix::Store store{path, false, false};
    BOOST_CHECK(!store.lost());
    found.insert(store.next_sender());
  }
  BOOST_CHECK((found == std::set<std::uint64_t>{2, 3}));
}

BOOST_AUTO_TEST_CASE(numbers_that_were_torn_both_are_lost_and_so_is_what_was_kept_by_them) {
  ScratchDir files;
  const std::string path = files / "session";
  {
    fix::Store store{path, true, false};
    store.sent(1, "one");
    store.next_sender(2);
  }
  BOOST_CHECK(!(fix::Store{path, true, false}.lost()));
  for (const int which : {0, 1}) tear(path, which);
  {
    fix::Store store{path, true, false};
    BOOST_CHECK(store.lost());
    BOOST_CHECK_EQUAL(store.next_sender(), 1u);
    BOOST_CHECK(store.messages(1, 9).empty());
    store.sent(1, "anew");
    store.next_sender(2);
  }
  std::filesystem::resize_file(path + ".seq", 17);
  BOOST_CHECK((fix::Store{path, true, false}.lost()));
}

BOOST_AUTO_TEST_CASE(half_a_message_at_the_end_of_what_was_sent_is_cut_off) {
  ScratchDir files;
  const std::string path = files / "session";
  {
    fix::Store store{path, true, false};
    store.sent(1, "one");
    store.sent(2, "two");
  }
  std::filesystem::resize_file(path + ".sent", std::filesystem::file_size(path + ".sent") - 1);
  fix::Store store{path, true, false};
  BOOST_CHECK(store.messages(1, 9) == std::vector<std::string>{"one"});
  store.sent(2, "again");
  BOOST_CHECK((fix::Store{path, true, false}.messages(1, 9) == std::vector<std::string>{"one", "again"}));
}

BOOST_AUTO_TEST_CASE(reset_on_logon_begins_anew) {
  auto theirs = venue_side(), ours = client_side();
  theirs.reset_on_logon = ours.reset_on_logon = true;
  Side venue{theirs}, client{ours};
  venue.endpoint.set_sequence(venue.session, {17, 4});
  client.endpoint.set_sequence(client.session, {9, 30});
  join(venue, client);
  BOOST_CHECK((client.endpoint.sequence(client.session) == fix::Sequence{2, 2}));
  BOOST_CHECK((venue.endpoint.sequence(venue.session) == fix::Sequence{2, 2}));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

constexpr int kMany = 3000;

/// Two sides that keep their numbers, acknowledge what they hear, and have said much to each other.
struct LongDay {
  ScratchDir venue_files, client_files, old_venue_files, old_client_files;

  LongDay() {
    Both day{venue_files, client_files};
    for (int i = 1; i <= kMany; ++i) {
      BOOST_REQUIRE(day.venue.endpoint.send(day.venue.session, report("E" + std::to_string(i))));
      BOOST_REQUIRE(day.client.endpoint.send(day.client.session, order("A" + std::to_string(i))));
      if (i != 10) continue;
      day.heard(10);
      copy_as_killed(venue_files, old_venue_files);
      copy_as_killed(client_files, old_client_files);
    }
    day.heard(kMany);
  }

  struct Both {
    Side venue, client;
    Both(const ScratchDir& venue_dir, const ScratchDir& client_dir)
        : venue{stored(venue_side(), venue_dir.str())}, client{stored(client_side(), client_dir.str())} {
      for (Side* side : {&venue, &client})
        side->heard.answer = [side](fix::SessionId session, const fix::Message& message) { side->endpoint.acknowledge(session, message.seq); };
      join(venue, client);
    }
    void heard(std::size_t count) {
      venue.heard.wait("message", count);
      client.heard.wait("message", count);
    }
    /// How often it did not get to a session.
    std::size_t refused() { return client.heard.count("logout"); }
    /// Every gap is filled: what a client sends into one is lost with it.
    void settle() {
      const auto deadline = std::chrono::steady_clock::now() + 10s;
      const auto settled = [this] {
        const auto there = venue.endpoint.sequence(venue.session), here = client.endpoint.sequence(client.session);
        return there == fix::Sequence{here.next_target, here.next_sender};
      };
      while (!settled()) {
        BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::yield();
      }
    }
    /// Both hear each other, once.
    void check_talk() {
      settle();
      const auto told = client.heard.count("message"), asked = venue.heard.count("message");
      BOOST_CHECK(venue.endpoint.send(venue.session, report("new")));
      BOOST_CHECK(client.endpoint.send(client.session, order("new")));
      BOOST_CHECK_EQUAL(text(client.heard.wait("message", told + 1).message, tag::ExecID), "new");
      BOOST_CHECK_EQUAL(text(venue.heard.wait("message", asked + 1).message, tag::ClOrdID), "new");
    }
  };
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fix_lost_numbers, LongDay)

BOOST_AUTO_TEST_CASE(a_client_whose_numbers_are_gone_is_logged_on_at_once_and_resets_only_then) {
  ScratchDir nothing;
  {
    Both again{venue_files, nothing};
    BOOST_CHECK_EQUAL(again.refused(), 0u);
    BOOST_CHECK((again.client.endpoint.sequence(again.client.session) == fix::Sequence{2, 2}));
    again.check_talk();
  }
  Both later{venue_files, nothing};
  BOOST_CHECK_EQUAL(later.refused(), 0u);
  BOOST_CHECK_EQUAL(later.client.heard.count("admin"), 0u);
  BOOST_CHECK(later.client.endpoint.sequence(later.client.session).next_target > 3);
}

BOOST_AUTO_TEST_CASE(a_client_whose_numbers_are_old_is_logged_on_at_the_second_attempt_and_told_again_what_came_since) {
  Both again{venue_files, old_client_files};
  BOOST_CHECK_EQUAL(again.refused(), 1u);
  const auto first = again.client.heard.wait("message").message, last = again.client.heard.wait("message", kMany - 10).message;
  BOOST_CHECK_EQUAL(text(first, tag::ExecID), "E11");
  BOOST_CHECK_EQUAL(text(last, tag::ExecID), "E" + std::to_string(kMany));
  BOOST_CHECK(first.poss_dup && last.poss_dup);
  again.check_talk();
}

BOOST_AUTO_TEST_CASE(a_venue_whose_numbers_are_gone_or_old_is_logged_on_to_at_the_second_attempt) {
  ScratchDir nothing;
  for (const ScratchDir* files : {&nothing, &old_venue_files}) {
    ScratchDir client;
    copy_as_killed(client_files, client);
    Both again{*files, client};
    BOOST_CHECK_EQUAL(again.refused(), 1u);
    again.check_talk();
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_are_lost_on_both_sides_are_no_obstacle) {
  ScratchDir nothing, here_neither;
  Both again{nothing, here_neither};
  BOOST_CHECK_EQUAL(again.refused(), 0u);
  again.check_talk();
}

BOOST_AUTO_TEST_CASE(numbers_that_were_torn_need_nobody_to_remove_them) {
  for (const auto& file : {venue_files / "VENUE--ACME.seq", client_files / "ACME--VENUE.seq"}) std::filesystem::resize_file(file, 31);
  Both again{venue_files, client_files};
  BOOST_CHECK_EQUAL(again.refused(), 0u);
  again.check_talk();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
