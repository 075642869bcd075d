// FC-013 and FC-020 to FC-050: the connection of a feed to its venue.
#include "feed_rig.hpp"

namespace holdfast::testkit {

namespace {

/// Longer than any back-off a person would set begins with.
constexpr Duration kKnocking = std::chrono::milliseconds{1'500};
constexpr int kMostKnocks = 60;

void stops_while_connecting(FeedRig& rig) {
  rig.venue().kill();
  auto plugin = rig.made();
  rig.open(plugin);
  expect_to_stop(plugin, "with nobody at the other end its destructor takes ");
}

void tells_quotes(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "what was quoted before it came is told");
  rig.quote(-3, 4);
  rig.until_top(-3, 4, "what changes is told");
}

void wrong_key(FeedRig& rig) {
  rig.prepare();
  rig.take_wrong_secrets();
  rig.quote(-5, 5);
  rig.listen_for(kKnocking);
  FeedRig::expect(rig.told().ticks() == 0, "with a wrong key it is told the market all the same");
}

void cut(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "it tells what its venue quotes");
  rig.inject("disconnect");
  rig.until([&] { return rig.told().clears() > 0; }, "a cut connection takes back what was known");
  rig.quote(-4, 3);
  rig.until_top(-4, 3, "it connects again by itself");
}

void venue_comes_back(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "it tells what its venue quotes");
  rig.venue().kill();
  rig.until([&] { return rig.told().clears() > 0; }, "a venue that has died takes back what was known");
  rig.venue().restart();
  rig.quote(-4, 3);
  rig.until_top(-4, 3, "it connects to the venue that is back");
}

void backs_off(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "it tells what its venue quotes");
  rig.venue().kill();
  rig.until([&] { return rig.told().clears() > 0; }, "a venue that has died takes back what was known");
  // Attempts before it knew that it had lost its venue say nothing about what it does then.
  Knocks knocks{rig.port()};
  const int count = knocks.count(kKnocking);
  FeedRig::expect(count > 0, "it does not try to connect again");
  FeedRig::expect(count <= kMostKnocks, "it tries to connect " + std::to_string(count) + " times in 1.5 s: wait longer after each");
}

void gap(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "it tells what its venue quotes");
  rig.inject("sequence_gap count=3");
  rig.quote(-4, 3);
  rig.until_top(-4, 3, "after a gap it tells what is quoted now");
  rig.quote(-6, 6);
  rig.until_top(-6, 6, "and what comes then");
}

void stale_snapshot(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "it tells what its venue quotes");
  rig.inject("stale_snapshot");
  rig.inject("disconnect");
  rig.until([&] { return rig.told().clears() > 0; }, "a cut connection takes back what was known");
  // That a snapshot is behind is shown by what comes after it, so the market has to move once it is there.
  const std::size_t before = rig.told().ticks();
  int offer = 3;
  rig.until(
      [&] {
        if (rig.told().ticks() == before) rig.quote(-4, offer = 7 - offer);
        return rig.told().ticks() != before;
      },
      "it is told the market again");
  rig.quote(-2, 2);
  rig.until_top(-2, 2, "after a snapshot that was behind it tells what is quoted now");
}

void dead_connection(FeedRig& rig) {
  rig.quote(-5, 5);
  rig.until_top(-5, 5, "it tells what its venue quotes");
  rig.inject("half_open by=1h");
  rig.until([&] { return rig.told().clears() > 0; }, "a connection on which nothing is heard any more is given up");
}

}  // namespace

std::vector<FeedCase> connection_cases() {
  return {
      {"FC-013", "It stops while it is connecting", "opens it with nobody at the other end, and throws it away",
       Level::paper, {Need::connection}, stops_while_connecting},
      {"FC-020", "It tells what its venue quotes", "quotes before it comes and after", Level::paper, {Need::connection},
       tells_quotes},
      {"FC-021", "A wrong key is refused, never passed by", "logs on with another secret", Level::paper,
       {Need::connection, Need::secret}, wrong_key},
      {"FC-022", "A cut connection takes back what was known, and is made again", "the venue cuts it", Level::paper,
       {Need::connection}, cut},
      {"FC-023", "A venue that died and came back is found again", "kills the venue's process and starts it", Level::paper,
       {Need::connection}, venue_comes_back},
      {"FC-024", "It waits between attempts to connect", "counts them while the venue is gone", Level::paper,
       {Need::connection}, backs_off},
      {"FC-050", "A gap in the sequence is closed", "the venue leaves numbers out", Level::live, {Need::connection}, gap},
      {"FC-051", "A snapshot that is behind is found out, and asked for again", "the venue tells an old one after a cut",
       Level::live, {Need::connection}, stale_snapshot},
      {"FC-052", "A connection on which nothing is heard any more is given up", "the venue says nothing, and does not hang up",
       Level::live, {Need::connection}, dead_connection},
  };
}

}  // namespace holdfast::testkit
