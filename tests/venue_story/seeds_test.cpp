// Random order scripts, random troubles, random kills: each seed a story of its own, and the same again.
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// HOLDFAST_SEEDS="first count" in place of those that always run.
std::pair<std::uint64_t, std::uint64_t> seeds() {
  std::uint64_t first = 1, count = 100;
  if (const char* named = std::getenv("HOLDFAST_SEEDS")) std::istringstream{named} >> first >> count;
  return {first, count};
}

std::string scenario_of(Random& random) {
  static constexpr const char* kTroubles[] = {
      "ack_lost", "request_lost", "dup_fill", "late_fill, by: 100ms", "out_of_order_fills, by: 100ms", "lost_fills",
      "fill_after_cancel", "replace_ghost", "orphan_order", "reject_burst", "throttle", "slow, by: 50ms", "disconnect",
      "sequence_gap", "bust",
  };
  std::string out;
  for (std::uint64_t n = random.below(4); n > 0; --n)
    out += std::string{out.empty() ? "" : ", "} + "{do: " + kTroubles[random.below(std::size(kTroubles))] +
           ", after_orders: " + std::to_string(1 + random.below(12)) + "}";
  return "[" + out + "]";
}

std::string failpoint_of(Random& random) {
  static constexpr const char* kPoints[] = {"broker.before_write", "broker.after_write", "journal.before_sync", "journal.after_sync"};
  const auto point = random.below(8);
  return point >= std::size(kPoints) ? "" : std::string{kPoints[point]} + "=kill@" + std::to_string(1 + random.below(30));
}

std::string play(std::uint64_t seed) {
  Random random{seed};
  const std::string scenario = scenario_of(random), failpoint = failpoint_of(random);
  const bool kills_venue = random.below(3) == 0, kills_trader = random.below(3) == 0;
  const std::uint64_t at = 1 + random.below(12);
  VenueProcess venue{{.scenario = scenario}};
  venue.start();
  TraderProcess trader{venue, {.orders = 14, .seed = seed}};
  trader.start(failpoint);
  const auto goes_on = [&] {
    if (!trader.running()) trader.start();
  };
  if (kills_venue || kills_trader) {
    wait_until([&] { return venue.records().orders().size() >= at || !trader.running(); });
    if (kills_trader) trader.kill();
    if (kills_venue) venue.kill(), venue.start();
  }
  const bool done = wait_until([&] {
    goes_on();
    return at_rest(trader, venue);
  });
  std::string found;
  if (!done) found = "not done: " + trader.ask({"orders"}).dump() + trader.ask({"reconcile"}).dump();
  else trader.stop();
  found += disagreement(venue.records(), trader.data());
  return found.empty() ? "" : "seed " + std::to_string(seed) + ", " + scenario + ", " + failpoint + ": " + found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(after_any_story_both_hold_the_same) {
  const auto [first, count] = seeds();
  for (std::uint64_t seed = first; seed < first + count; ++seed) BOOST_TEST(play(seed) == "");
}
