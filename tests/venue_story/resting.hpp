#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <set>
#include <string>

#include "world.hpp"

namespace holdfast::test {

/// A venue where only BOLT trades, and orders that rest at it.
struct Resting {
  explicit Resting(TraderProcess::Options options = {.orders = 8}, const std::string& scenario = "[]")
      : venue{{.crowd = "", .scenario = scenario}} {
    venue.start();
    options.rests = true;
    trader = std::make_unique<TraderProcess>(venue, options);
    trader->start();
    await([&] { return trader->done(); });
  }
  template <class F>
  void await(const F& there) {
    const bool done = wait_until(there);
    BOOST_TEST_REQUIRE(done, (done ? "" : trader->story()));
  }
  int fills() const { return trader->ask({"status"})["fills"].get<int>(); }
  std::size_t fills_at_venue() const { return venue.records().account("ACME")->fills.size(); }
  std::set<std::uint64_t> open() const {
    std::set<std::uint64_t> ids;
    const auto book = trader->ask({"orders"});
    for (const auto& order : book["orders"]) ids.insert(order["venue_order_id"].get<std::uint64_t>());
    return ids;
  }
  nlohmann::json actor(const std::string& name) const {
    const auto status = trader->ask({"status"});
    for (const auto& line : status["actors"])
      if (line["name"] == name) return line;
    return {};
  }
  void again() {
    trader->kill();
    trader->start();
    await([&] { return trader->armed(); });
  }
  /// Stops the system; both hold the same.
  void agreed(bool reproduces = true) {
    trader->stop();
    BOOST_TEST(disagreement(venue.records(), trader->data(), reproduces) == "");
  }

  VenueProcess venue;
  std::unique_ptr<TraderProcess> trader;
};

}  // namespace holdfast::test
