#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>

#include "fix/fixture.hpp"
#include "fix/raw_client.hpp"

namespace holdfast {

using namespace test;
namespace tag = fix::tag;

namespace {

struct Venue : Side {
  explicit Venue(const fix::Limits& limits = {}, const fix::SessionOptions& options = venue_side())
      : Side{options, limits} {
    endpoint.start();
  }
  std::uint16_t port = endpoint.listen("127.0.0.1", 0);
};

struct Client : Side {
  Client(std::uint16_t port, const fix::SessionOptions& options = client_side(), const fix::Backoff& backoff = {})
      : Side{options} {
    endpoint.start();
    endpoint.connect(session, "127.0.0.1", port, backoff);
  }
};

/// Asks again and again; for what nobody says.
template <class Done>
void until(const Done& done) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!done()) BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_network)

BOOST_AUTO_TEST_CASE(the_same_names_may_be_used_twice_in_a_process) {
  Venue one, two;
  Client first{one.port}, second{two.port};
  first.heard.wait("logon");
  second.heard.wait("logon");
  BOOST_CHECK(first.endpoint.send(first.session, order("ONE")));
  BOOST_CHECK(second.endpoint.send(second.session, order("TWO")));
  BOOST_CHECK_EQUAL(text(one.heard.wait("message").message, tag::ClOrdID), "ONE");
  BOOST_CHECK_EQUAL(text(two.heard.wait("message").message, tag::ClOrdID), "TWO");
}

BOOST_AUTO_TEST_CASE(a_logon_is_refused_with_a_reason) {
  Venue venue;
  venue.heard.refuse = [](const fix::Logon& logon) -> std::optional<std::string> {
    const bool known = logon.sender == "ACME" && logon.username == "joe";
    if (!known) return "nobody knows " + logon.username;
    return logon.password == "secret" ? std::nullopt : std::optional<std::string>{"wrong password"};
  };
  auto options = client_side();
  options.password = "guess";
  Client client{venue.port, options};
  const auto why = client.heard.wait("logout").why;
  BOOST_CHECK_MESSAGE(why.find("wrong password") != std::string::npos, why);
  BOOST_CHECK(venue.heard.wait("logout").why.find("wrong password") != std::string::npos);
  BOOST_CHECK_EQUAL(client.heard.count("logon"), 0);
}

BOOST_AUTO_TEST_CASE(an_initiator_tries_again_later_and_later) {
  std::uint16_t nobody = 0;
  {
    Venue venue;
    nobody = venue.port;
  }
  const auto begin = std::chrono::steady_clock::now();
  Client client{nobody, client_side(), {.min = 4ms, .max = 1s}};
  // 4 + 8 + 16 + 32 + 64 + 128 ms, of each at least half.
  BOOST_CHECK_EQUAL(client.heard.wait("logout", 7).why, "cannot connect: Connection refused");
  BOOST_CHECK(std::chrono::steady_clock::now() - begin >= 126ms);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_made_again) {
  Venue venue;
  Client client{venue.port, client_side(), {.min = 1ms, .max = 10ms}};
  for (std::size_t n = 1; n <= 3; ++n) {
    client.heard.wait("logon", n);
    venue.heard.wait("logon", n);
    venue.endpoint.disconnect(venue.session, "cut");
    BOOST_CHECK_EQUAL(venue.heard.wait("logout", n).why, "cut");
    BOOST_CHECK(client.heard.wait("logout", n).why.find("connection") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(who_logs_out_does_not_come_back_until_told) {
  Venue venue;
  Client client{venue.port, client_side(), {.min = 1ms, .max = 1ms}};
  client.heard.wait("logon");
  client.endpoint.logout(client.session, "done for today");
  BOOST_CHECK_EQUAL(client.heard.wait("logout").why, "logged out");
  BOOST_CHECK_EQUAL(venue.heard.wait("logout").why, "the counterparty logged out: done for today");
  client.endpoint.connect(client.session, "127.0.0.1", venue.port);
  client.heard.wait("logon", 2);
}

BOOST_AUTO_TEST_CASE(what_was_prepared_leaves_like_any_other) {
  const Time now{1'700'000'000'123'456'000};
  const auto fields = [](const fix::Message& message) {
    std::string all;
    for (const auto& field : message.content().fields) all += std::to_string(field.tag) + "=" + field.value + "|";
    return all;
  };
  Venue venue;
  Client client{venue.port};
  client.heard.wait("logon");
  venue.heard.wait("logon");
  const auto prepared = client.endpoint.prepare(client.session, order("A-2").set(tag::TransactTime, Time{}));
  BOOST_CHECK(prepared.encoded());
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1").set(tag::TransactTime, now)));
  BOOST_CHECK(client.endpoint.send(client.session, prepared, now));
  BOOST_CHECK(client.endpoint.send(client.session, fix::Prepared{order("A-3"), ""}, now));
  const fix::Message plain = venue.heard.wait("message").message;
  for (const std::size_t n : {2u, 3u}) {
    fix::Message heard = venue.heard.wait("message", n).message;
    BOOST_CHECK_EQUAL(text(heard, tag::ClOrdID), "A-" + std::to_string(n));
    BOOST_CHECK_EQUAL(heard.seq, plain.seq + n - 1);
    BOOST_CHECK(heard.sending_time >= plain.sending_time);
    BOOST_CHECK_EQUAL(fields(heard.set(tag::ClOrdID, "A-1")), fields(plain));
  }
}

BOOST_AUTO_TEST_CASE(what_is_prepared_while_logged_off_is_encoded_when_it_leaves) {
  Venue venue;
  Side side{client_side()};
  const auto early = side.endpoint.prepare(side.session, order("A-1"));
  BOOST_CHECK(!early.encoded());
  BOOST_CHECK(!side.endpoint.send(side.session, early, Time{}));
  side.endpoint.start();
  side.endpoint.connect(side.session, "127.0.0.1", venue.port);
  side.heard.wait("logon");
  const auto prepared = side.endpoint.prepare(side.session, order("A-2"));
  BOOST_CHECK(side.endpoint.send(side.session, early, Time{}));
  BOOST_CHECK_EQUAL(text(venue.heard.wait("message").message, tag::ClOrdID), "A-1");
  venue.endpoint.stop();
  side.heard.wait("logout");
  BOOST_CHECK(!side.endpoint.send(side.session, prepared, Time{}));
}

BOOST_AUTO_TEST_CASE(what_a_paused_session_is_sent_waits) {
  Venue venue;
  Client client{venue.port};
  client.heard.wait("logon");
  venue.heard.wait("logon");
  venue.endpoint.pause(venue.session, true);
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1")));
  BOOST_CHECK(venue.endpoint.send(venue.session, report("E-1")));
  RawClient other{venue.port, "NOBODY"};
  other.say("A", 1, RawClient::kLogon);
  venue.heard.wait("refused");  // The thread went round, and yet:
  BOOST_CHECK_EQUAL(venue.heard.count("message") + client.heard.count("message"), 0);
  venue.endpoint.pause(venue.session, false);
  BOOST_CHECK_EQUAL(text(venue.heard.wait("message").message, tag::ClOrdID), "A-1");
  BOOST_CHECK_EQUAL(text(client.heard.wait("message").message, tag::ExecID), "E-1");
}

BOOST_AUTO_TEST_CASE(a_silent_counterparty_is_asked_and_then_left) {
  Venue venue;
  auto options = client_side();
  options.heartbeat = 1s;
  Client client{venue.port, options};
  client.heard.wait("logon");
  venue.endpoint.pause(venue.session, true);
  BOOST_CHECK_EQUAL(client.heard.wait("logout").why, "Timed out waiting for heartbeat");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_ends_the_session) {
  Venue venue;
  Client client{venue.port};
  client.heard.wait("logon");
  client.endpoint.skew(client.session, 121s + 500ms);
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1")));
  BOOST_CHECK_EQUAL(text(client.heard.wait("admin").message, tag::SessionRejectReason), "10");
  client.heard.wait("logout");
  BOOST_CHECK_EQUAL(venue.heard.count("message"), 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_a_little_wrong_shows_in_what_arrives) {
  Venue venue;
  Client client{venue.port};
  client.heard.wait("logon");
  for (const auto ahead : {-100s, 100s}) {
    client.endpoint.skew(client.session, ahead);
    BOOST_CHECK(client.endpoint.send(client.session, order("A")));
    const auto got = venue.heard.wait("message", ahead < 0s ? 1 : 2).message;
    const auto now = fix::parse_timestamp(RawClient::now());
    BOOST_CHECK(got.sending_time - *now > ahead - 10s && got.sending_time - *now <= ahead);
  }
}

BOOST_AUTO_TEST_CASE(what_is_lost_on_its_way_out_uses_no_number) {
  Venue venue;
  Client client{venue.port};
  client.heard.wait("logon");
  client.heard.sending = [](fix::Message& message, bool admin) {
    if (!admin) message.set(tag::Text, "seen");
    return admin || text(message, tag::ClOrdID) != "LOST";
  };
  BOOST_CHECK(client.endpoint.send(client.session, order("LOST")));
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1")));
  const auto got = venue.heard.wait("message").message;
  BOOST_CHECK_EQUAL(text(got, tag::ClOrdID), "A-1");
  BOOST_CHECK_EQUAL(text(got, tag::Text), "seen");
  BOOST_CHECK_EQUAL(got.seq, 2);
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_session_may_be_lost_too) {
  Venue venue;
  venue.heard.sending = [](fix::Message& message, bool) { return text(message, tag::TestReqID) != "lost"; };
  RawClient client{venue.port};
  client.log_on();
  client.say("1", 2, "112=lost|");
  client.say("1", 3, "112=kept|");
  const auto answer = client.hear("0");
  BOOST_CHECK(answer.find("|34=2|") != std::string::npos && answer.find("112=kept|") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_logon_does_not_disturb_the_first) {
  Venue venue;
  RawClient first{venue.port}, second{venue.port};
  first.log_on();
  second.say("A", 1, RawClient::kLogon);
  BOOST_CHECK_EQUAL(second.hear(), "closed");
  BOOST_CHECK(venue.heard.wait("refused").why.find("a second Logon from ACME") != std::string::npos);
  first.say("1", 2, "112=here|");
  BOOST_CHECK(first.hear("0").find("112=here|") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_does_not_begin_with_a_logon_of_ours_is_nobody) {
  Venue venue;
  const RawClient text{venue.port};
  const std::vector<std::pair<std::string, std::string>> all{
      {text.message("D", 1, "11=x|"), "the first message is no Logon"},
      {RawClient::framed(text.body("A", 1, RawClient::kLogon), "8=FIX.4.2|"), "is not FIX.4.4"},
      {RawClient::framed("35=A|34=1|49=EVIL|52=" + RawClient::now() + "|56=VENUE|98=0|108=30|"),
       "EVIL to VENUE, which is no session"},
      {RawClient::framed("35=A|34=1|49=ACME|52=" + RawClient::now() + "|56=OTHER|98=0|108=30|"), "which is no session"},
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    RawClient client{venue.port};
    client.write(all[i].first);
    BOOST_CHECK_EQUAL(client.hear(), "closed");
    const auto why = venue.heard.wait("refused", i + 1).why;
    BOOST_CHECK_MESSAGE(why.find(all[i].second) != std::string::npos, why);
  }
}

BOOST_AUTO_TEST_CASE(a_logon_without_its_fields_does_not_keep_the_session_busy) {
  Venue venue;
  RawClient bad{venue.port};
  bad.say("A", 1, "98=0|");
  BOOST_CHECK_EQUAL(bad.hear(), "closed");
  RawClient good{venue.port};
  good.log_on();
}

BOOST_AUTO_TEST_CASE(strangers_are_not_waited_for_and_keep_nobody_out) {
  Venue venue{{.first_message = 300ms, .strangers = 4}};
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 50; ++i) crowd.push_back(std::make_unique<RawClient>(venue.port));
  RawClient slow{venue.port};
  slow.write("8=FIX.4.4");
  RawClient client{venue.port};
  client.log_on();
  BOOST_CHECK_EQUAL(slow.hear(), "closed");
  bool late = false, many = false;
  for (std::size_t i = 1; i <= 51; ++i) {
    const auto why = venue.heard.wait("refused", i).why;
    late = late || why == "no Logon came in time";
    many = many || why == "too many connections without a Logon";
  }
  BOOST_CHECK(late && many);
}

BOOST_AUTO_TEST_CASE(a_message_without_end_ends_the_connection) {
  Venue venue{{.message_bytes = 100'000}};
  RawClient stranger{venue.port}, client{venue.port};
  const std::string endless(10'000'000, '9');
  stranger.write("8=FIX.4.4" + endless);
  client.log_on();
  client.write(RawClient::wire("8=FIX.4.4|9=99999|35=D|58=") + endless);
  BOOST_CHECK_EQUAL(client.hear(), "closed");
}

BOOST_AUTO_TEST_CASE(a_counterparty_that_does_not_read_is_left) {
  Venue venue{{.unsent_bytes = 100'000}};
  RawClient client{venue.port};
  client.log_on();
  until([&] { return !venue.endpoint.send(venue.session, report(std::string(1000, 'E'))); });
  BOOST_CHECK_EQUAL(venue.heard.wait("logout").why, "the counterparty does not read what it is sent");
}

BOOST_AUTO_TEST_CASE(a_message_may_come_byte_by_byte) {
  Venue venue;
  RawClient client{venue.port};
  for (const char c : client.message("A", 1, RawClient::kLogon)) client.write({&c, 1});
  BOOST_CHECK(client.hear().starts_with("35=A|"));
  std::string many;
  for (int seq = 2; seq < 200; ++seq) many += client.message("1", seq, "112=" + std::to_string(seq) + "|");
  client.write(many);
  for (int seq = 2; seq < 200; ++seq)
    BOOST_REQUIRE(client.hear("0").find("112=" + std::to_string(seq) + "|") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_endpoint_may_be_used_while_it_is_called) {
  Venue venue;
  std::atomic<bool> on{false}, sent{false}, sent_late{true};
  venue.heard.answer = [&](fix::SessionId session, const fix::Message& message) {
    venue.endpoint.acknowledge(session, message.seq);
    on = venue.endpoint.logged_on(session);
    sent = venue.endpoint.send(session, report("E"));
    venue.endpoint.disconnect(session, "enough");
    sent_late = venue.endpoint.send(session, report("F"));
  };
  Client client{venue.port};
  client.heard.wait("logon");
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1")));
  client.heard.wait("message");
  BOOST_CHECK_EQUAL(venue.heard.wait("logout").why, "enough");
  BOOST_CHECK(on && sent && !sent_late);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
