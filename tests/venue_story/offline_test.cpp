// What happens at the venue while the trading system is away, and what neither side remembers of the session between them.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <holdfast/fix/endpoint.hpp>
#include <holdfast/fix/tags.hpp>

#include "world.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;
namespace tag = holdfast::fix::tag;

namespace {

/// Somebody else at the venue, or in our place.
class Guest final : fix::Listener {
 public:
  Guest(const std::string& name, int port) {
    endpoint_.connect(session_ = endpoint_.add_session({.sender = name, .target = "VENUE", .initiator = true}), "127.0.0.1",
                      static_cast<std::uint16_t>(port));
    endpoint_.start();
    BOOST_TEST_REQUIRE((in_.get_future().wait_for(std::chrono::seconds{10}) == std::future_status::ready));
  }
  ~Guest() override { endpoint_.stop(); }
  void send(const fix::Message& message) { BOOST_TEST_REQUIRE(endpoint_.send(session_, message)); }
  /// Everything sent has arrived.
  void settle() {
    send(fix::Message{"BB"}.set(tag::CollInquiryID, "settled"));
    BOOST_TEST_REQUIRE((settled_.get_future().wait_for(std::chrono::seconds{30}) == std::future_status::ready));
  }

 private:
  void on_logon(fix::SessionId) override {
    if (!std::exchange(was_in_, true)) in_.set_value();
  }

  void on_message(fix::SessionId, const fix::Message& message) override {
    const bool last = fix::text(message, tag::CollInquiryID) == "settled" && fix::boolean(message, tag::LastRptRequested) == true;
    if (last) settled_.set_value();
  }

  std::promise<void> in_, settled_;
  bool was_in_ = false;
  fix::Endpoint endpoint_{*this};
  fix::SessionId session_;
};

/// Thousands of our numbers are used up at the venue.
void use_up_numbers(int port) {
  Guest us{"ACME", port};
  for (int i = 0; i < 6000; ++i) us.send(fix::Message{"BB"}.set(tag::CollInquiryID, std::to_string(i)));
  us.settle();
}

/// What becomes of the numbers that the broker keeps.
enum class Numbers { gone, old };
std::ostream& operator<<(std::ostream& out, Numbers numbers) { return out << (numbers == Numbers::gone ? "gone" : "old"); }
constexpr Numbers kNumbers[] = {Numbers::gone, Numbers::old};

/// Six orders of a trader rest at a venue that is nobody else's, and the trader is dead.
struct Away {
  VenueProcess venue;
  TraderProcess trader;

  explicit Away(const VenueProcess::Options& options = {.crowd = ""}) : venue{options}, trader{start(venue), {.orders = 6, .rests = true, .trader = ", stops: false"}} {
    trader.start();
    BOOST_TEST_REQUIRE(wait_until([&] { return trader.done(); }));
    BOOST_TEST_REQUIRE(open() == 6u);
    trader.kill();
  }
  static VenueProcess& start(VenueProcess& venue) {
    venue.start();
    return venue;
  }
  std::size_t open() const { return venue.records().account("ACME")->open.size(); }
  std::size_t fills() const { return venue.records().account("ACME")->fills.size(); }
  /// BOLT takes all that rests.
  void others_trade() {
    Guest bolt{"BOLT", venue.port()};
    for (const bool buys : {true, false}) {
      fix::Message order{"D"};
      order.set(tag::ClOrdID, buys ? "b" : "s").set(tag::Symbol, "BTC").set(tag::Side, buys ? '1' : '2').set(tag::OrdType, '2');
      order.set(tag::OrderQty, 100).set(tag::Price, buys ? 200 : 50).set(tag::TimeInForce, '3').set(tag::TransactTime, Time{1});
      bolt.send(order);
    }
    BOOST_TEST_REQUIRE(wait_until([&] { return open() == 0; }));
  }
  /// What the venue wanted to tell is lost with it.
  void venue_dies() {
    venue.kill();
    venue.start();
  }
  void check_found() {
    trader.start();
    const bool found = wait_until([&] {
      const auto book = trader.ask({"orders"});
      return trader.armed() && book["running"].get<bool>() && book["orders"].size() == open();
    });
    BOOST_TEST_REQUIRE(found, (found ? "" : trader.story()));
    trader.stop();
    BOOST_TEST(disagreement(venue.records(), trader.data()) == "");
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(fills_that_were_never_told_because_both_were_away_are_found) {
  Away away;
  away.others_trade();
  BOOST_TEST(away.fills() >= 6u);
  away.venue_dies();
  away.check_found();
}

BOOST_AUTO_TEST_CASE(cancels_that_were_never_told_because_both_were_away_are_found) {
  Away away{{.crowd = "", .account = "cancel_on_disconnect: true"}};
  BOOST_TEST_REQUIRE(wait_until([&] { return away.open() == 0; }));
  away.venue_dies();
  away.check_found();
}

BOOST_AUTO_TEST_CASE(a_bust_that_was_never_told_because_both_were_away_is_found) {
  Away away;
  away.others_trade();
  away.check_found();
  away.venue.perform({"bust", "account=ACME"});
  away.venue_dies();
  away.check_found();
  BOOST_TEST(Journaled{away.trader.data()}.of(EventType::fill_busted).size() == 1u);
}

BOOST_AUTO_TEST_CASE(orders_that_go_by_another_orderid_after_the_venue_has_died_are_the_same_orders) {
  Away away{{.crowd = "", .scenario = "[{do: order_id_rollback, after_orders: 1, count: 6}]"}};
  away.venue_dies();
  away.trader.start();
  BOOST_TEST_REQUIRE(wait_until([&] { return away.trader.armed(); }));
  const auto book = away.trader.ask({"orders"});
  BOOST_TEST(book["orders"].size() == 6u);
  for (const auto& order : book["orders"]) BOOST_TEST(order["owner"] == "trader");
  BOOST_TEST(away.trader.ask({"reconcile"})["differences"].empty());
  // They still trade and end as what they are, though the numbers differ.
  away.others_trade();
  BOOST_TEST(wait_until([&] { return away.trader.ask({"orders"})["orders"].empty(); }));
  away.trader.stop();
  BOOST_TEST(disagreement(away.venue.records(), away.trader.data()) == "");
}

BOOST_DATA_TEST_CASE(a_broker_whose_session_numbers_are_lost_logs_on_all_the_same, data::make(kNumbers)) {
  Away away;
  use_up_numbers(away.venue.port());
  away.others_trade();
  if (sample == Numbers::gone) std::filesystem::remove_all(away.trader.data() + "/kept");
  away.check_found();
}
