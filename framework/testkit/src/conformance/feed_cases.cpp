// FC-020 to FC-060: what a feed owes to whoever runs it.
#include "feed_rig.hpp"

namespace holdfast::testkit {

namespace {

void tells_enough(FeedRig& rig) { rig.whole(); }

void positions_grow(FeedRig& rig) {
  const auto feed = rig.opened(0);
  std::uint64_t before = 0;
  for (std::uint64_t i = 0; i < FeedRig::kEnough; ++i) {
    WrittenTape tape;
    if (feed->next(tape) != Feed::Step::record) return;
    FeedRig::expect(!tape.positions.empty(), "it says that a record was there and puts none on the tape");
    for (const auto at : tape.positions)
      FeedRig::expect(at > before && at == tape.positions.front(),
                      "position " + std::to_string(at) + " follows " + std::to_string(before) +
                          ": they grow, and are one for all of a record");
    before = tape.positions.back();
  }
}

void same_twice(FeedRig& rig) { rig.expect_same(rig.whole().lines, FeedRig::listen(*rig.opened(0)).lines, "a second instance"); }

void same_elsewhere(FeedRig& rig) {
  std::string all;
  for (const auto& line : rig.whole().lines) all += line + "\n";
  rig.testify(std::as_bytes(std::span{all}));
}

void the_end_stays(FeedRig& rig) {
  const auto feed = rig.opened(0);
  if (FeedRig::listen(*feed).lines.size() >= FeedRig::kEnough) return;
  WrittenTape more;
  for (int i = 0; i < 3; ++i)
    FeedRig::expect(feed->next(more) == Feed::Step::ended && more.lines.empty(),
                    "it goes on after its end" + (more.lines.empty() ? "" : ": " + more.lines.front()));
}

void asks_nobody(FeedRig& rig) {
  Onlooker& onlooker = *rig.subject().onlooker;
  onlooker.take();
  onlooker.begin();
  FeedRig::listen(*rig.opened(0));
  onlooker.end();
  // Libraries that read files look at the environment, for their own sake; the tape does not depend on it.
  for (const auto& what : onlooker.take())
    FeedRig::expect(what.find("environment") != std::string::npos,
                    "it asks for " + what + ": a recording has its own time, and settings the rest");
}

void resumes_without_state(FeedRig& rig) {
  const std::uint64_t last = rig.whole().positions.back();
  for (std::uint64_t after = 1; after <= last; after += 1 + last / 25)
    rig.expect_same(rig.rest(after), FeedRig::listen(*rig.opened(after)).lines,
                    "resumed after position " + std::to_string(after) + " it");
}

FeedRig::State saved(Feed& feed) {
  Archive archive;
  feed.state(archive);
  return archive.take();
}

/// Saved between two records, loaded by another instance that goes on at the same place, at a later one, and at an
/// earlier one: what a crash between snapshot and journal leaves.
void resumes_with_state(FeedRig& rig) {
  const auto most = std::min<std::uint64_t>(rig.whole().lines.size(), 250);
  for (std::uint64_t records = 1; records < most; records += records < 40 ? 1 : 11) {
    const auto first = rig.opened(0);
    auto heard = FeedRig::listen(*first, records);
    const FeedRig::State state = saved(*first);
    play(*first, heard, records % 4);
    for (const std::uint64_t after : {heard.positions.back(), heard.positions.front()}) {
      const auto second = rig.feed();
      Archive loading{state, 1};
      second->state(loading);
      FeedRig::expect(saved(*second) == state, "state() writes something else after it was read");
      second->open(after, [] {});
      rig.expect_same(rig.rest(after), FeedRig::listen(*second).lines,
                      "with a state saved after " + std::to_string(records) + " records, resumed after position " +
                          std::to_string(after) + ", it");
    }
  }
}

// ---- ticks ----

/// A recording to its end; a connection while somebody quotes.
Told heard_all(FeedRig& rig) {
  if (!rig.subject().venue) {
    Told told{rig.subject().instrument};
    play(*rig.opened(0), told, FeedRig::kEnough);
    return told;
  }
  for (int i = 1; i <= 5; ++i) {
    rig.quote(-5 - i, 5 + i);
    rig.until_top(-5 - i, 5 + i, "it tells what its venue quotes");
  }
  return rig.told();
}

void possible(FeedRig& rig) {
  const Told told = heard_all(rig);
  FeedRig::expect(told.impossible().empty(), "no venue has " + (told.impossible().empty() ? "" : told.impossible().front()));
}

/// A venue may be wrong now and then; who puts a book together wrongly is so more often.
void rarely(FeedRig& rig, std::size_t count, std::size_t of, const std::string& what) {
  constexpr std::size_t kRare = 33;
  FeedRig::expect(count * kRare <= of, std::to_string(count) + " of " + std::to_string(of) + " ticks are " + what);
  if (count != 0) rig.warn(std::to_string(count) + " of " + std::to_string(of) + " ticks are " + what);
}
void not_crossed(FeedRig& rig) {
  const Told told = heard_all(rig);
  rarely(rig, told.crossed(), told.ticks(), "crossed or locked");
}
void in_order(FeedRig& rig) {
  const Told told = heard_all(rig);
  rarely(rig, told.backwards(), told.ticks(), "older than the one before");
}

}  // namespace

std::vector<FeedCase> recording_cases() {
  return {
      {"FC-030", "It tells something", "listens to its end, or for 5000 records", Level::sim, {Need::recorded}, tells_enough},
      {"FC-031", "Positions grow, and are one for all of a record", "looks at each record", Level::sim, {Need::recorded},
       positions_grow},
      {"FC-032", "It tells the same every time", "listens twice", Level::sim, {Need::recorded}, same_twice},
      {"FC-033", "In another process, too", "compares the tapes of two processes", Level::sim, {Need::recorded},
       same_elsewhere},
      {"FC-034", "The end stays the end", "asks for more behind it", Level::sim, {Need::recorded}, the_end_stays},
      {"FC-035", "It asks nobody for time and chance", "looks on while it works", Level::sim,
       {Need::recorded, Need::onlooker}, asks_nobody},
      {"FC-040", "It goes on after any position, with exactly the rest", "opens it in 25 places", Level::sim,
       {Need::recorded}, resumes_without_state},
      {"FC-041", "With its state, too, wherever that was saved", "saves, goes on, loads into another", Level::sim,
       {Need::recorded}, resumes_with_state},
      {"FC-060", "Prices and sizes are possible", "looks at every tick", Level::sim, {}, possible},
      {"FC-061", "Bids are below asks", "counts crossed and locked quotes", Level::sim, {}, not_crossed},
      {"FC-062", "Ticks come in their order", "counts those that go back", Level::sim, {}, in_order},
  };
}

const std::vector<FeedCase>& feed_cases() {
  static const auto all = by_id({common_cases_of<FeedRig>("FC-"), recording_cases(), connection_cases()});
  return all;
}

CaseResult run_case(const FeedCase& one, const FeedSubject& subject, std::uint64_t seed) {
  return judged(one, subject, seed);
}
Findings check_feed(const FeedSubject& subject, std::uint64_t seed) { return found_by(feed_cases(), subject, seed); }

}  // namespace holdfast::testkit
