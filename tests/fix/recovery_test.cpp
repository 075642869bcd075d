#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

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

BOOST_AUTO_TEST_CASE(numbers_that_were_torn_are_not_guessed) {
  ScratchDir files;
  { Side client{stored(client_side(), files.str())}; }
  std::fstream file{files / "ACME--VENUE.seq", std::ios::in | std::ios::out | std::ios::binary};
  BOOST_REQUIRE(file);
  file.seekp(8).put('\x7f');
  file.close();
  const auto says_so = [](const std::exception& error) { return std::string{error.what()}.ends_with("begin at 1"); };
  BOOST_CHECK_EXCEPTION(Side{stored(client_side(), files.str())}, std::runtime_error, says_so);
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

}  // namespace holdfast
