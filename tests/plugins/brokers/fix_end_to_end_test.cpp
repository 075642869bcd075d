// The broker that speaks FIX, in its actor, at the real exchange: their books agree, whatever happens in between.
#include <algorithm>
#include <atomic>
#include <thread>

#include <holdfast/testkit/bench.hpp>
#include <venue/gateway.hpp>

#include "actor_fixture.hpp"
#include "fix_desk.hpp"

namespace holdfast::test {

namespace {

/// The exchange with its gateway, on a thread of this process; opened again, it is as it was.
class Exchange {
 public:
  Exchange() { start(0); }
  ~Exchange() { stop(); }
  void start(std::uint16_t at) {
    venue::VenueOptions options;
    options.port = at;
    venue::Listing listing;
    listing.symbol = "BTC";
    listing.currency = "USD";
    listing.tick = *Price::parse("0.01");
    listing.lot = *Quantity::parse("0.00001");
    listing.taker_fee = *Rate::parse("0.001");
    listing.reference = Price::of(100);
    options.instruments = {listing};
    for (const char* name : {"ACME", "BOLT"}) options.accounts.push_back({{name, {name}, {{"USD", Money::of(100'000)}}}, "sesame"});
    running_ = true;
    gateway_.emplace(options, data_.str(), [] {
      return Time{std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count()};
    });
    port = gateway_->start();
    thread_ = std::thread{[this] {
      while (running_) gateway_->step(std::chrono::milliseconds{5});
    }};
  }
  void stop() {
    running_ = false;
    if (thread_.joinable()) thread_.join();
    if (gateway_) gateway_->stop();
    gateway_.reset();
  }
  /// One of the troubles a person can ask for.
  void wrong(const std::vector<std::string>& words) {
    Problems problems;
    const auto trouble = venue::read_trouble(words, problems);
    BOOST_REQUIRE(problems.empty());
    const auto [done, said] = gateway_->perform(trouble);
    BOOST_REQUIRE_MESSAGE(done, said);
  }

  std::uint16_t port = 0;

 private:
  ScratchDir data_;
  std::optional<venue::Gateway> gateway_;
  std::thread thread_;
  std::atomic<bool> running_{false};
};

/// The broker actor of ACME, and BOLT to trade with.
struct Day {
  ScratchDir kept;
  Exchange venue;
  BuiltPlugins plugins;
  testkit::Bench bench{[this] {
    auto where = context(instruments({"BTC", "ETH"}));
    where.plugins = &plugins;
    where.keep_dir = kept.str();
    where.secrets = [](const std::string& name, Problem&) { return std::optional{Secret{name, "sesame", ""}}; };
    auto settings = with(FixDesk::settings(venue.port), {{"plugin", "fix"}});
    return load<Actor>("broker", map({{"broker", settings}, {"answer_within", "1h"}, {"patience", "1ms"}}), where);
  }};
  ScratchDir kept_by_bolt;
  FixDesk bolt{venue.port, kept_by_bolt.str(), {{"sender", "BOLT"}, {"id_prefix", "B"}}};

  Day() {
    until([&] { return state() == LinkState::armed; });
    bolt.wait("connected");
  }
  LinkState state() const {
    const auto changes = bench.wrote<LinkChanged>();
    return changes.empty() ? LinkState::down : changes.back().state;
  }
  template <class There>
  void until(There there) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!there()) {
      BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline, bench.story());
      bench.advance(std::chrono::milliseconds{1});
      bench.act();
      bench.run();
      std::this_thread::yield();
    }
  }
  OrderTerms buy(std::uint64_t counter, const char* quantity, const char* price) {
    const auto terms = order(ActorId{7}, counter, holdfast::Side::buy, quantity, price);
    bench.tell(OrderIntent{terms, {}}, "", ActorId{7});
    bench.tell(OrderApproved{terms});
    return terms;
  }
  void bolt_sells(std::uint64_t counter, const char* quantity, const char* price) {
    bolt.send(order(ActorId{9}, counter, holdfast::Side::sell, quantity, price));
    bolt.wait("acknowledged 9-" + std::to_string(counter));
  }
  template <class E>
  std::size_t count() const {
    return bench.wrote<E>().size();
  }
  template <class E>
  void wait_for(std::size_t number) {
    until([&] { return count<E>() >= number; });
  }
  /// Nothing but the balances that the account was opened with differs.
  void check_agreement() const {
    for (const auto& difference : bench.wrote<DifferenceFound>()) BOOST_CHECK(difference.kind == DifferenceKind::balance);
    BOOST_TEST(count<DifferenceFound>() <= 1u);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fix_broker_at_an_exchange)

BOOST_AUTO_TEST_CASE(orders_are_filled_changed_and_cancelled_and_the_books_agree) {
  Day day;
  const auto terms = day.buy(1, "10", "100");
  day.wait_for<OrderAcknowledged>(1);
  day.bolt_sells(1, "4", "100");
  day.wait_for<OrderFilled>(1);
  const auto fill = day.bench.wrote<OrderFilled>().at(0);
  BOOST_TEST(fill.last_qty.str() == "4");
  BOOST_TEST(fill.leaves_qty.str() == "6");
  BOOST_CHECK(fill.liquidity == Liquidity::maker);
  day.bench.tell(ReplaceApproved{terms.cl_ord_id, Quantity::of(8), Price::of(99)});
  day.wait_for<OrderReplaced>(1);
  BOOST_TEST(day.bench.wrote<OrderReplaced>().at(0).leaves_qty.str() == "4");
  day.bench.tell(CancelIntent{terms.cl_ord_id}, "enough", ActorId{7});
  day.wait_for<OrderCancelled>(1);
  const auto compared = day.count<Reconciled>();
  day.bench.restart();
  day.wait_for<Reconciled>(compared + 1);
  day.check_agreement();
}

BOOST_AUTO_TEST_CASE(a_venue_that_died_and_came_back_is_compared_with_and_traded_at_again) {
  Day day;
  day.buy(1, "10", "100");
  day.wait_for<OrderAcknowledged>(1);
  day.venue.stop();
  day.until([&] { return day.state() == LinkState::down; });
  day.buy(2, "1", "99");
  day.venue.start(day.venue.port);
  day.until([&] { return day.state() == LinkState::armed; });
  day.wait_for<OrderAcknowledged>(2);
  day.bolt.wait("connected", day.bolt.blotter.lines.size());
  day.bolt_sells(2, "10", "100");
  day.wait_for<OrderFilled>(1);
  day.check_agreement();
}

BOOST_AUTO_TEST_CASE(a_fill_that_the_venue_never_reported_is_found_by_asking) {
  Day day;
  day.buy(1, "10", "100");
  day.wait_for<OrderAcknowledged>(1);
  day.venue.wrong({"lost_fills", "account=ACME"});
  day.bolt_sells(1, "4", "100");
  day.bolt.wait("filled 9-1");
  BOOST_TEST(day.count<OrderFilled>() == 0u);
  day.bench.advance(std::chrono::seconds{11});  // The next comparison is due.
  day.wait_for<OrderFilled>(1);
  day.check_agreement();
}

BOOST_AUTO_TEST_CASE(an_order_whose_acceptance_was_lost_is_found_by_asking) {
  Day day;
  day.venue.wrong({"ack_lost", "account=ACME"});
  day.buy(1, "10", "100");
  day.bench.advance(std::chrono::seconds{11});
  day.wait_for<OrderAcknowledged>(1);
  day.check_agreement();
}

BOOST_AUTO_TEST_CASE(an_order_of_somebody_else_is_adopted_and_can_be_cancelled) {
  Day day;
  day.venue.wrong({"phantom_order", "account=ACME", "symbol=BTC", "side=buy", "quantity=2", "price=90"});
  day.bench.advance(std::chrono::seconds{11});
  day.wait_for<OrderAdopted>(1);
  const auto adopted = day.bench.wrote<OrderAdopted>().at(0);
  BOOST_CHECK(adopted.terms.cl_ord_id.owner() == ActorId{});
  day.bench.tell(CancelIntent{adopted.terms.cl_ord_id}, "not ours", ActorId{7});
  day.wait_for<OrderCancelled>(1);
  day.check_agreement();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
