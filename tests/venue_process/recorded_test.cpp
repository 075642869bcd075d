// A market that was, read by a feed, at a venue.
#include <boost/test/unit_test.hpp>
#include <map>

#include "venue_process/fixture.hpp"

namespace holdfast::test {
namespace {

const std::string kLobster = "lobster/AAPL_2012-06-21_first998_";

/// What a subscriber knows of an instrument.
struct Known {
  std::map<Price, Quantity> bids, offers;
  std::size_t updates = 0, trades = 0;

  void hear(const fix::Message& m) {
    if (m.type() == "W") bids.clear(), offers.clear();
    ++updates;
    for (const auto& entry : m.entries(tag::NoMDEntries)) {
      const char type = fix::character(entry, tag::MDEntryType).value_or('?');
      if (type == '2') ++trades;
      if (type != '0' && type != '1') continue;
      auto& side = type == '0' ? bids : offers;
      const Price price = *fix::price(entry, tag::MDEntryPx);
      if (fix::character(entry, tag::MDUpdateAction) == '2') side.erase(price);
      else side[price] = *fix::quantity(entry, tag::MDEntrySize);
    }
  }
  bool crossed() const { return !bids.empty() && !offers.empty() && bids.rbegin()->first >= offers.begin()->first; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(venue_recorded)

BOOST_AUTO_TEST_CASE(a_client_trades_with_recorded_quotes) {
  const ScratchDir folder;
  std::ofstream{folder / "quotes.csv"} << "time,bid,ask,bid_size,ask_size\n1000,99,101,2,3\n";
  VenueProcess venue{"[]", "[{symbol: BTCUSDT, recorded: {plugin: replay, format: csv, instrument: BTCUSDT, time_unit: ms, file: " +
                               (folder / "quotes.csv") + "}}]"};
  Client acme{"ACME"};
  acme.log_on(venue.port());
  acme.send(buy("a", "1", "101"));
  BOOST_TEST(acme.hear().starts_with("8 150=0 39=0 11=a"));
  BOOST_TEST(acme.hear() == "8 150=F 39=2 11=a 32=1 31=101 14=1 151=0");
}

BOOST_AUTO_TEST_CASE(a_recorded_book_is_played_to_its_end, *boost::unit_test::precondition(NeedsData{kLobster + "message_10.csv"})) {
  VenueProcess venue{"[]", "[{symbol: BTCUSDT, speed: 50, recorded: {plugin: replay, format: lobster, instrument: BTCUSDT, file: " +
                               test_data(kLobster + "message_10.csv") + ", book: " + test_data(kLobster + "orderbook_10.csv") + "}}]"};
  Client acme{"ACME-MD"};
  acme.log_on(venue.port());
  fix::Message ask{"V"};
  ask.set(tag::MDReqID, "m").set(tag::SubscriptionRequestType, '1').set(tag::MarketDepth, 5);
  for (const char* kind : {"0", "1", "2"}) ask.add(tag::NoMDEntryTypes, {{tag::MDEntryType, kind}});
  acme.send(ask.add(tag::NoRelatedSym, {{tag::Symbol, "BTCUSDT"}}));
  Known known;
  bool ever_crossed = false;
  const Price last_bid = *Price::parse("585.35"), last_offer = *Price::parse("585.71");  // Of the last row of its own book.
  const auto at_end = [&] {
    return !known.bids.empty() && !known.offers.empty() && known.bids.rbegin()->first == last_bid && known.offers.begin()->first == last_offer;
  };
  while (known.trades < 20 || !at_end()) {
    known.hear(acme.next());
    ever_crossed |= known.crossed();
  }
  BOOST_TEST(!ever_crossed);
  BOOST_TEST(known.updates > 20u);
}

BOOST_AUTO_TEST_CASE(a_recording_that_cannot_be_read_is_said_at_the_start) {
  const ScratchDir folder;
  const auto tried = [&](const std::string& crowd) {
    return holdfast({"venue", std::string{std::getenv("HOLDFAST_SOURCE")} + "/configs/venue.yaml", "--data", folder / "data", "--port", "0", "--set",
                     "crowd=[{symbol: BTCUSDT, recorded: {" + crowd + "}}]"});
  };
  const Ended no_file = tried("plugin: replay, format: csv, instrument: BTCUSDT, file: /nowhere.csv");
  BOOST_TEST(no_file.code == 69);
  BOOST_TEST(no_file.err.find("/nowhere.csv") != std::string::npos, no_file.err);
  const Ended no_plugin = tried("plugin: repaly");
  BOOST_TEST(no_plugin.code == 78);
  BOOST_TEST(no_plugin.err.find("repaly") != std::string::npos, no_plugin.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
