// What went wrong in the field, played against this system: docs/incidents.md says where each comes from.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "resting.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

std::string held(const nlohmann::json& book) { return book["accounts"].dump(); }

std::size_t count(const Journaled& journal, EventType type) { return journal.of(type).size(); }

}  // namespace

BOOST_AUTO_TEST_CASE(restarts_with_fills_a_position_and_open_orders_change_nothing_and_lead_to_the_same_state) {
  Resting story{{.orders = 10, .market = "plugin: synthetic, instruments: [BTC], start_price: 100, ticks: 300"}};
  story.venue.bolt(Side::sell, "1.4", "90");
  story.await([&] { return story.fills() == 2; });
  story.await([&] { return story.trader->ask({"status"})["ticks"] == 330; });
  const auto positions = held(story.trader->ask({"positions"}));
  BOOST_TEST(positions.find("1.4") != std::string::npos, positions);
  story.trader->stop();
  const auto business = [&] {
    std::size_t n = 0;
    const Journaled journal{story.trader->data()};
    for (const auto& e : journal.events()) n += !is_lifecycle(e.type());
    return n;
  };
  // The broker alone counts what it has said of its connection.
  const auto digests = [&] {
    auto all = state_digests(story.trader->data());
    all.erase("venue");
    all.erase("system");
    return all;
  };
  const auto before = business();
  const auto state = digests();
  BOOST_TEST(state.size() == 4u);
  for (int restart = 0; restart < 5; ++restart) {
    story.trader->start();
    story.await([&] { return story.trader->armed(); });
    BOOST_TEST(held(story.trader->ask({"positions"})) == positions);
    if (restart % 2 == 0) story.trader->stop();
    else story.trader->kill();
    BOOST_TEST(business() == before);
    for (const auto& [name, digest] : digests()) BOOST_TEST(digest == state.at(name), name << " after restart " << restart);
  }
  BOOST_TEST(disagreement(story.venue.records(), story.trader->data()) == "");
}

BOOST_AUTO_TEST_CASE(working_orders_outlive_a_position_that_no_fill_explains) {
  Resting story{{.orders = 14, .risk = "on_halt: keep, "}};
  story.venue.bolt(Side::sell, "0.4", "90");
  story.await([&] { return story.fills() == 1; });
  const auto before = story.open();
  BOOST_TEST(before.size() == 14u);
  story.trader->kill();
  story.venue.perform({"unknown_position", "account=ACME", "symbol=BTC", "quantity=3", "price=100"});
  story.trader->start();
  story.await([&] { return story.trader->ask({"reconcile"})["differences"].size() == 1u; });
  for (int restart = 0; restart < 2; ++restart) {
    BOOST_TEST(story.open() == before, boost::test_tools::per_element());
    BOOST_TEST(story.venue.records().account("ACME")->open == before, boost::test_tools::per_element());
    story.again();
  }
  BOOST_TEST(test::holdfast({"reconcile", story.trader->data(), "--accept", "BTC", "--by", "ann", "--reason", "seen"}).code == 0);
  story.await([&] { return story.trader->ask({"reconcile"})["differences"].empty(); });
  BOOST_TEST(story.open() == before, boost::test_tools::per_element());
  story.agreed();
}

BOOST_AUTO_TEST_CASE(fills_told_twice_before_and_after_a_kill_count_once) {
  Resting story{{}, "[{do: dup_fill, after_orders: 1, count: 50}]"};
  story.venue.bolt(Side::sell, "0.4", "90");
  story.await([&] { return story.fills() == 1; });
  story.venue.bolt(Side::sell, "0.3", "90");
  story.trader->kill();  // Perhaps it has heard of that one, and perhaps not.
  story.venue.bolt(Side::sell, "0.8", "90");
  story.trader->start();
  const std::size_t fills = story.fills_at_venue();
  BOOST_TEST(fills == 4u);  // The last trades with two orders.
  story.await([&] { return story.fills() >= 4 && story.trader->armed(); });
  story.again();
  story.agreed();
}

BOOST_AUTO_TEST_CASE(what_is_found_at_a_venue_has_the_same_names_in_every_data_directory) {
  Resting first{{.orders = 0}};
  first.trader->stop();
  for (const char* price : {"98", "97"})
    first.venue.perform({"phantom_order", "account=ACME", "symbol=BTC", "side=buy", "quantity=2", std::string{"price="} + price});
  first.venue.bolt(Side::sell, "0.5", "90");
  const auto found = [&] {
    TraderProcess another{first.venue, {.orders = 0, .rests = true}};
    another.start();
    first.await([&] { return another.armed(); });
    auto orders = another.ask({"orders"})["orders"];
    for (auto& order : orders) order.erase("since");
    another.stop();
    std::string fills;
    const Journaled journal{another.data()};
    for (const auto& e : journal.of(EventType::order_filled))
      fills += std::to_string(e.as<OrderFilled>().cl_ord_id.value) + "/" + std::to_string(e.as<OrderFilled>().exec_id) + " ";
    return orders.dump() + fills;
  };
  const std::string once = found();
  BOOST_TEST(once.find("partially filled") != std::string::npos, once);
  BOOST_TEST(found() == once);
}

BOOST_AUTO_TEST_CASE(a_lost_acknowledgement_leaves_the_order_unknown_until_the_venue_has_spoken) {
  // Long before the books are compared again it has waited too long, and asks about it by name.
  Resting story{{.checks = "answer_within: 200ms, check_in_flight: 50ms, check_orders: 1h, check_positions: 1h"},
                "[{do: ack_lost, after_orders: 3, count: 2}]"};
  story.agreed();
  const Journaled journal{story.trader->data()};
  BOOST_TEST(count(journal, EventType::order_unknown) == 2u);
  BOOST_TEST(count(journal, EventType::order_rejected) == 0u);
  for (const auto& e : journal.of(EventType::order_unknown)) {
    const auto known = journal.of(EventType::order_acknowledged);
    BOOST_TEST(std::ranges::any_of(known, [&](const Event& a) {
      return a.seq() > e.seq() && a.as<OrderAcknowledged>().cl_ord_id == e.as<OrderUnknown>().cl_ord_id;
    }));
  }
}

BOOST_AUTO_TEST_CASE(a_fill_of_an_order_that_was_told_rejected_is_booked_to_its_owner) {
  Resting story{{.checks = TraderProcess::kRarely}, "[{do: orphan_order, after_orders: 2, count: 4}]"};
  story.venue.bolt(Side::sell, "100", "90");
  story.venue.bolt(Side::buy, "100", "110");
  story.venue.perform({"disconnect"});  // What still rests of them is found when it is back, and taken back.
  story.await([&] { return at_rest(*story.trader, story.venue); });
  story.agreed();
  const Journaled journal{story.trader->data()};
  const auto rejected = journal.of(EventType::order_rejected), fills = journal.of(EventType::order_filled);
  BOOST_TEST(rejected.size() == 4u);
  const auto late = std::ranges::count_if(fills, [&](const Event& fill) {
    return std::ranges::any_of(rejected, [&](const Event& r) { return r.as<OrderRejected>().cl_ord_id == fill.as<OrderFilled>().cl_ord_id; });
  });
  BOOST_TEST(late > 0);
}

BOOST_DATA_TEST_CASE(an_order_whose_sender_died_before_the_answer_is_one_order,
                     data::make({"ack_lost", "request_lost", "slow"}) * data::make({4, 5, 6}), what, hit) {
  VenueProcess venue{{.crowd = "", .scenario = std::string{"[{do: "} + what + ", after_orders: 1, count: 9}]"}};
  venue.start();
  TraderProcess trader{venue, {.orders = 8, .rests = true}};
  trader.start("broker.before_write=kill@" + std::to_string(hit));
  BOOST_TEST(trader.wait() == 1000 + SIGKILL);
  trader.start();
  check_at_rest(trader, venue);
}

BOOST_AUTO_TEST_CASE(a_position_older_than_what_is_asked_for_is_the_venues_in_every_data_directory) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {.orders = 60}};
  trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return at_rest(trader, venue); }));
  const auto fills = venue.records().account("ACME")->fills.size();
  BOOST_TEST(fills > 20u);
  const auto position = held(trader.ask({"positions"}));
  for (int restart = 0; restart < 2; ++restart) {
    trader.kill();
    trader.start();
    BOOST_TEST_REQUIRE(wait_until([&] { return trader.armed(); }));
    BOOST_TEST(held(trader.ask({"positions"})) == position);
  }
  trader.stop();
  BOOST_TEST(disagreement(venue.records(), trader.data()) == "");
  TraderProcess fresh{venue, {.orders = 0, .rests = true}};
  fresh.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return fresh.armed(); }));
  BOOST_TEST(held(fresh.ask({"positions"})) == position);
  fresh.stop();
  for (const auto* one : {&trader, &fresh}) {
    const Journaled journal{one->data()};
    BOOST_TEST(count(journal, EventType::order_filled) == fills);
    BOOST_TEST(count(journal, EventType::position_adjusted) == 0u);
    BOOST_TEST(count(journal, EventType::latch_engaged) == 0u);
  }
}

BOOST_AUTO_TEST_CASE(orders_of_an_earlier_life_can_be_cancelled_in_the_next) {
  Resting story;
  story.again();
  const auto orders = story.trader->ask({"orders"})["orders"];
  BOOST_TEST_REQUIRE(orders.size() == 8u);
  for (const auto& order : orders) {
    const auto asked = test::holdfast({"orders", story.trader->data(), "--cancel", order["order"], "--by", "ann", "--reason", "enough"});
    BOOST_TEST(asked.code == 0, asked.err);
  }
  story.await([&] { return story.open().empty(); });
  BOOST_TEST(story.venue.records().account("ACME")->open.empty());
  story.agreed();
}

BOOST_AUTO_TEST_CASE(no_order_leaves_before_the_books_agree_in_any_life) {
  VenueProcess venue{{.crowd = "", .scenario = "[{do: slow, at: 1ms, count: 100000, by: 150ms}]"}};
  venue.start();
  TraderProcess trader{venue, {.orders = 2000, .rests = true, .every = "10ms"}};
  for (int life = 0; life < 2; ++life) {
    const auto before = venue.records().orders().size();
    trader.start();
    BOOST_TEST_REQUIRE(wait_until([&] { return trader.armed() && venue.records().orders().size() >= before + 20; }));
    trader.stop();
  }
  const Journaled journal{trader.data()};
  auto standing = LinkState::down;
  std::size_t early = 0;
  for (const auto& e : journal.events()) {
    if (e.type() == EventType::actor_started && e.as<ActorStarted>().actor == journal.id("venue")) standing = LinkState::down;
    if (e.type() == EventType::link_changed) standing = e.as<LinkChanged>().state;
    if (e.type() == EventType::order_approved) early += standing != LinkState::armed;
    if (e.type() == EventType::order_sent) BOOST_CHECK(standing == LinkState::armed);
  }
  BOOST_TEST(early > 0u);  // Some were ready before.
}

BOOST_DATA_TEST_CASE(fills_that_nobody_told_are_found_at_the_next_connection_and_at_the_next_start_alike,
                     data::make({"reconnect", "restart"}), way) {
  Resting story{{.orders = 6, .checks = TraderProcess::kRarely}, "[{do: lost_fills, after_orders: 1, count: 100}]"};
  story.venue.bolt(Side::buy, "0.4", "110"), story.venue.bolt(Side::buy, "0.3", "110");
  BOOST_TEST(story.fills_at_venue() == 2u);
  BOOST_TEST(story.fills() == 0);
  if (way == std::string{"restart"}) story.trader->kill(), story.trader->start();
  else story.venue.perform({"disconnect"});
  story.await([&] { return story.fills() == 2 && story.trader->armed(); });
  story.agreed();
  // The two fills, and nothing else was missing.
  const Journaled journal{story.trader->data()};
  BOOST_TEST(journal.of(EventType::reconciled).back().as<Reconciled>().corrections == 2u);
}

namespace {

struct Owner {
  const char* name;
  const char* trader;
  const char* on_park;
  bool parked;
};
std::ostream& operator<<(std::ostream& out, const Owner& o) { return out << o.name; }

constexpr Owner kOwners[] = {
    {"its owner crashes", ", crashes: 1", "cancel", false},
    {"its owner is parked", ", crashes: 1, forgets: true", "keep", true},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_protective_order_stays_when, data::make(kOwners), owner) {
  Resting story{{.orders = 12, .risk = std::string{"on_park: "} + owner.on_park + ", ", .trader = owner.trader, .snapshot_every = 1'000'000}};
  story.await([&] { return story.actor("trader")["state"] == (owner.parked ? "parked" : "up") && story.actor("trader")["last_failure"] != ""; });
  const std::string why = story.actor("trader")["last_failure"];
  BOOST_TEST(why.find(owner.parked ? "does not reproduce itself" : "the trader throws") != std::string::npos, why);
  const auto stops = [&] {
    const auto book = story.trader->ask({"orders"});
    return std::ranges::count_if(book["orders"], [](const auto& order) { return order["type"] == "stop"; });
  };
  const auto before = story.open();
  BOOST_TEST(before.size() == 12u);
  BOOST_TEST(stops() > 0);
  story.again();
  BOOST_TEST(story.open() == before, boost::test_tools::per_element());
  BOOST_TEST(story.venue.records().account("ACME")->open == before, boost::test_tools::per_element());
  story.agreed(false);
}

BOOST_AUTO_TEST_CASE(orders_of_a_parked_owner_are_taken_back_at_the_venue_unless_told_otherwise) {
  Resting story{{.orders = 8, .trader = ", crashes: 1, forgets: true", .snapshot_every = 1'000'000}};
  story.await([&] { return story.actor("trader")["state"] == "parked" && story.open().empty(); });
  BOOST_TEST(story.venue.records().account("ACME")->open.empty());
  story.agreed(false);
}

BOOST_AUTO_TEST_CASE(a_fill_that_its_owner_cannot_bear_ends_in_a_latch_and_not_in_a_loop) {
  VenueProcess venue;
  venue.start();
  TraderProcess trader{venue, {.orders = 20, .trader = ", crashes: 1000000", .intensity = 3}};
  const auto sent = [&] { return count(Journaled{trader.data()}, EventType::order_sent); };
  std::size_t before = 0;
  for (int life = 0; life < 2; ++life) {
    trader.start();
    BOOST_TEST(trader.wait() == 70);
    const auto latches = trader.ask({"status"})["latches"];
    BOOST_TEST_REQUIRE(latches.size() == 1u);
    BOOST_TEST(latches[0]["level"] == "HALTED");
    if (life != 0) BOOST_TEST(sent() == before);
    before = sent();
  }
  const Journaled journal{trader.data()};
  BOOST_TEST(count(journal, EventType::actor_failed) <= 8u);
  const auto fills = journal.of(EventType::order_filled);
  std::set<std::uint64_t> execs;
  for (const auto& e : fills) execs.insert(e.as<OrderFilled>().exec_id);
  BOOST_TEST(execs.size() == fills.size());
}

BOOST_AUTO_TEST_CASE(killed_between_two_fills_of_one_order_it_has_each_once) {
  Resting story;
  story.venue.bolt(Side::sell, "0.4", "90");
  story.await([&] { return story.fills() == 1; });
  story.trader->kill();
  story.venue.bolt(Side::sell, "0.3", "90");
  story.trader->start();
  story.await([&] { return story.fills() == 2; });
  story.venue.bolt(Side::sell, "0.3", "90");
  story.await([&] { return story.fills() == 3 && story.trader->armed(); });
  story.agreed();
  const Journaled journal{story.trader->data()};
  const auto fills = journal.of(EventType::order_filled);
  BOOST_TEST(fills.back().as<OrderFilled>().cum_qty.str() == "1");
  BOOST_TEST(fills.back().as<OrderFilled>().leaves_qty.is_zero());
  for (const auto& e : fills) BOOST_TEST(e.as<OrderFilled>().cl_ord_id.value == fills[0].as<OrderFilled>().cl_ord_id.value);
}

namespace {

/// Best bid and offer as the market was told last.
std::string last_quote(const std::string& data_dir) {
  std::string last;
  open_for_reading(data_dir)->scan(1, [&](const FramePtr& frame) {
    frame->for_each([&](const Event& e) {
      if (e.type() == EventType::quote) last = e.as<Quote>().bid.str() + "/" + e.as<Quote>().ask.str();
    });
    return true;
  });
  return last;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_snapshot_that_is_behind_its_updates_is_not_the_market) {
  VenueProcess venue{{.crowd = ""}};
  venue.start();
  venue.bolt(Side::buy, "1", "98.5"), venue.bolt(Side::sell, "1", "101.5");
  const std::string feed = "plugin: fix, host: 127.0.0.1, port: " + std::to_string(venue.port()) +
                           ", sender: ACME-MD, target: VENUE, instruments: [BTC], depth: 1, heartbeat: 1s, reconnect_min: 5ms";
  TraderProcess trader{venue, {.orders = 0, .rests = true, .market = feed}};
  trader.start();
  const auto becomes = [&](const std::string& quote) {
    const bool there = wait_until([&] { return trader.armed() && last_quote(trader.data()) == quote; });
    BOOST_TEST_REQUIRE(there, last_quote(trader.data()));
  };
  becomes("98.5/101.5");
  venue.bolt(Side::buy, "1", "99"), venue.bolt(Side::sell, "1", "101");
  becomes("99/101");
  venue.perform({"stale_snapshot", "account=ACME"});
  venue.perform({"disconnect", "account=ACME"});
  becomes("98.5/101.5");  // Nothing shows that it is old.
  venue.bolt(Side::buy, "1", "99.5");
  becomes("99.5/101");    // The next update does.
  trader.stop();
}
