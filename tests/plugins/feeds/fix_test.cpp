// Market data by FIX: what the tape gets of snapshots and changes, and how a feed that lost its place, or is told
// nothing, finds it again.
#include <iterator>
#include <sstream>

#include "plugins/fix_venue.hpp"
#include "tapes.hpp"

namespace holdfast::test {

namespace tag = fix::tag;

namespace {

/// "0 100 5": an entry of that type, price and size. In an X, "1 0 100 5" with the action first.
fix::Entry entry(const std::string& text, const std::string& symbol = "", int seq = 0) {
  std::istringstream words{text};
  std::vector<std::string> parts{std::istream_iterator<std::string>{words}, {}};
  fix::Entry made;
  if (seq != 0) {
    made.push_back({tag::MDUpdateAction, parts[0]});
    parts.erase(parts.begin());
  }
  made.push_back({tag::MDEntryType, parts[0]});
  if (!symbol.empty()) made.push_back({tag::Symbol, symbol});
  if (parts.size() > 1) made.push_back({tag::MDEntryPx, parts[1]});
  if (parts.size() > 2) made.push_back({tag::MDEntrySize, parts[2]});
  if (seq != 0) made.push_back({tag::RptSeq, std::to_string(seq)});
  if (parts.size() > 3) made.push_back({tag::Side, parts[3]});
  return made;
}

fix::Message snapshot(const std::string& id, int seq, const std::vector<std::string>& entries, const std::string& symbol = "BTCUSDT") {
  fix::Message m{"W"};
  m.set(tag::MDReqID, id).set(tag::Symbol, symbol).set(tag::RptSeq, seq);
  for (const auto& one : entries) m.add(tag::NoMDEntries, entry(one));
  return m;
}

fix::Message changes(const std::string& id, int seq, const std::vector<std::string>& entries, const std::string& symbol = "BTCUSDT") {
  fix::Message m{"X"};
  m.set(tag::MDReqID, id);
  for (const auto& one : entries) m.add(tag::NoMDEntries, entry(one, symbol, seq));
  return m;
}

/// A feed at a venue, and its tape without times, which are the venue's.
struct At {
  ScriptedVenue venue{"ACME-MD"};
  Waker waker;
  WrittenTape tape;
  std::shared_ptr<Feed> feed;

  explicit At(testkit::Fields more = {}, std::uint64_t after = 0) {
    feed = load<Feed>("fix", with(settings(), std::move(more)), context(instruments({"BTCUSDT", "ETHUSDT"})));
    venue.on_asked = waker.wake();
    feed->open(after, waker.wake());
  }
  Setting settings() const {
    return map({{"host", "127.0.0.1"}, {"port", std::to_string(venue.port)}, {"sender", "ACME-MD"}, {"instruments", list({"BTCUSDT"})},
                {"reconnect_min", "1ms"}, {"reconnect_max", "10ms"}, {"stale_after", "0s"}});
  }
  /// The id of the `count`-th subscription; ends of subscriptions do not count.
  std::string subscribed(std::size_t count = 1) {
    std::string id;
    const bool there = waker.until([&] {
      testkit::play(*feed, tape);
      std::size_t left = count;
      for (std::size_t i = 1; i <= venue.count("V"); ++i) {
        const auto request = venue.asked("V", i);
        if (fix::text(request, tag::SubscriptionRequestType) != "1" || --left != 0) continue;
        id = fix::text(request, tag::MDReqID);
        return true;
      }
      return false;
    });
    BOOST_REQUIRE(there);
    return id;
  }
  /// Waits until the tape has `count` lines, and returns them.
  std::string wait(std::size_t count) {
    const bool there = waker.until([&] {
      testkit::play(*feed, tape);
      return tape.lines.size() >= count;
    });
    std::string text;
    for (const auto& line : tape.lines) text += line.substr(0, line.find(" @")) + "\n";
    BOOST_REQUIRE_MESSAGE(there, "only\n" << text);
    return text;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_feed)

BOOST_AUTO_TEST_CASE(the_best_prices_are_quotes) {
  At at;
  const auto id = at.subscribed();
  BOOST_TEST(fix::text(at.venue.asked("V"), tag::MarketDepth) == "1");
  at.venue.say(snapshot(id, 6, {"0 100 5", "1 101 7", "2 100.5 1"}));
  at.venue.say(changes(id, 7, {"2 0 100 0", "0 0 100.5 3"}));
  at.venue.say(changes(id, 8, {"0 2 101 2 1"}));
  at.venue.say(changes(id, 9, {"1 1 101 5", "0 2 101 2 2"}));
  BOOST_TEST(at.wait(5) ==
             "1: quote 1 100 5 / 101 7\n2: quote 1 100.5 3 / 101 7\n3: trade 1 buy 2 at 101\n"
             "4: trade 1 sell 2 at 101\n4: quote 1 100.5 3 / 101 5\n");
}

BOOST_AUTO_TEST_CASE(a_book_without_one_side_takes_its_quote_back) {
  At at;
  const auto id = at.subscribed();
  at.venue.say(snapshot(id, 6, {"0 100 5", "1 101 7"}));
  at.venue.say(changes(id, 7, {"2 1 101 0"}));
  at.venue.say(changes(id, 8, {"1 0 100 4"}));
  at.venue.say(changes(id, 9, {"0 1 102 1"}));
  BOOST_TEST(at.wait(3) == "1: quote 1 100 5 / 101 7\n2: clear\n3: quote 1 100 4 / 102 1\n");
}

BOOST_AUTO_TEST_CASE(more_than_the_best_prices_are_levels) {
  At at{{{"depth", "5"}}};
  const auto id = at.subscribed();
  BOOST_TEST(fix::text(at.venue.asked("V"), tag::MarketDepth) == "5");
  at.venue.say(snapshot(id, 6, {"0 100 5", "0 99 1", "1 101 7"}));
  at.venue.say(changes(id, 7, {"2 0 100 0", "1 1 101 3"}));
  BOOST_TEST(at.wait(5) == "1: level buy 100 5\n1: level buy 99 1\n1: level sell 101 7 last\n2: level buy 100 0\n2: level sell 101 3 last\n");
  at.venue.say(snapshot(id, 9, {"J"}));
  BOOST_TEST(at.wait(6).ends_with("3: clear\n"));
}

BOOST_AUTO_TEST_CASE(what_is_missing_clears_the_book_and_it_is_asked_for_anew) {
  At at;
  const auto id = at.subscribed();
  at.venue.say(snapshot(id, 6, {"0 100 5", "1 101 7"}));
  at.venue.say(changes(id, 6, {"1 0 100 9"}));  // In the snapshot already.
  at.venue.say(changes(id, 8, {"1 0 100 4"}));
  const auto again = at.subscribed(2);
  BOOST_TEST(again != id);
  BOOST_TEST(fix::text(at.venue.asked("V", 2), tag::SubscriptionRequestType) == "2");
  BOOST_TEST(fix::text(at.venue.asked("V", 2), tag::MDReqID) == id);
  at.venue.say(changes(id, 9, {"1 0 100 3"}));  // Of the one that was given up.
  at.venue.say(snapshot(again, 6, {"0 100 2", "1 101 7"}));
  BOOST_TEST(at.wait(3) == "1: quote 1 100 5 / 101 7\n2: clear\n3: quote 1 100 2 / 101 7\n");
}

BOOST_AUTO_TEST_CASE(a_change_without_a_price_or_a_number_is_a_bad_tick_and_the_book_is_asked_for_anew) {
  At at;
  auto id = at.subscribed();
  at.venue.say(snapshot(id, 6, {"0 100 5", "1 101 7"}));
  at.venue.say(changes(id, 7, {"1 0 0.000000001 5"}));
  id = at.subscribed(2);
  BOOST_TEST(at.wait(3) == "1: quote 1 100 5 / 101 7\n2: bad not_a_number\n2: clear\n");
  at.venue.say(snapshot(id, 6, {"0 100 5", "1 101 7"}));
  at.venue.say(changes(id, 7, {"0 2"}));
  at.subscribed(3);
  BOOST_TEST(at.wait(6).ends_with("3: quote 1 100 5 / 101 7\n4: bad not_a_number\n4: clear\n"));
}

BOOST_AUTO_TEST_CASE(a_lost_connection_clears_the_books_and_another_subscribes_anew) {
  At at;
  at.venue.say(snapshot(at.subscribed(), 6, {"0 100 5", "1 101 7"}));
  at.wait(1);
  at.venue.endpoint().disconnect(at.venue.session(), "a cable");
  const auto id = at.subscribed(2);
  BOOST_TEST(fix::text(at.venue.asked("V", 2), tag::SubscriptionRequestType) == "1");
  at.venue.say(snapshot(id, 6, {"0 100 2", "1 101 7"}));
  BOOST_TEST(at.wait(3) == "1: quote 1 100 5 / 101 7\n2: clear\n3: quote 1 100 2 / 101 7\n");
}

BOOST_AUTO_TEST_CASE(heartbeats_are_no_data_and_after_a_silence_it_is_asked_for_anew) {
  At at{{{"stale_after", "20ms"}, {"heartbeat", "1s"}}};
  at.venue.say(snapshot(at.subscribed(), 6, {"0 100 5", "1 101 7"}));
  const auto id = at.subscribed(2);
  BOOST_TEST(at.venue.heard().count("logout") == 0u);
  at.venue.answer("V", [](const fix::Message& asked) -> ScriptedVenue::Answers {
    if (fix::text(asked, tag::SubscriptionRequestType) != "1") return {};
    return {snapshot(fix::text(asked, tag::MDReqID), 6, {"0 100 2", "1 101 7"})};
  });
  BOOST_TEST(at.wait(2).starts_with("1: quote 1 100 5 / 101 7\n2: quote 1 100 2 / 101 7\n"));
}

BOOST_AUTO_TEST_CASE(one_instrument_that_is_silent_among_others_is_asked_for_anew) {
  At at{{{"stale_after", "10s"}, {"instruments", list({"BTCUSDT", "ETHUSDT"})}}};
  const auto btc = at.subscribed(1), eth = at.subscribed(2);
  at.venue.say(snapshot(btc, 6, {"0 100 5", "1 101 7"}));
  at.venue.say(snapshot(eth, 6, {"0 10 5", "1 11 7"}, "ETHUSDT"));
  at.wait(2);
  at.venue.endpoint().skew(at.venue.session(), std::chrono::seconds{11});
  at.venue.say(changes(btc, 7, {"1 0 100 4"}));
  at.subscribed(3);
  BOOST_TEST(fix::text(at.venue.asked("V", 3), tag::MDReqID) == eth);
}

BOOST_AUTO_TEST_CASE(positions_go_on_behind_what_was_journaled) {
  At at{{}, 41};
  at.venue.say(snapshot(at.subscribed(), 6, {"0 100 5", "1 101 7"}));
  BOOST_TEST(at.wait(1) == "42: quote 1 100 5 / 101 7\n");
}

BOOST_AUTO_TEST_CASE(without_names_all_instruments_are_subscribed_to) {
  At at{{{"instruments", list({})}}};
  at.subscribed(2);
  BOOST_TEST(fix::text(at.venue.asked("V", 1).entries(tag::NoRelatedSym).at(0), tag::Symbol) == "BTCUSDT");
  BOOST_TEST(fix::text(at.venue.asked("V", 2).entries(tag::NoRelatedSym).at(0), tag::Symbol) == "ETHUSDT");
}

BOOST_AUTO_TEST_CASE(a_venue_that_refuses_its_market_data_ends_the_feed_with_its_words) {
  At at;
  at.venue.say(message("Y", "262=" + at.subscribed() + "|281=0|58=there is no instrument BTCUSDT"));
  std::string why;
  at.waker.until([&] {
    try {
      testkit::play(*at.feed, at.tape);
    } catch (const std::runtime_error& error) {
      why = error.what();
    }
    return !why.empty();
  });
  BOOST_TEST(why == "the venue refuses the market data of BTCUSDT: there is no instrument BTCUSDT");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
