#include <holdfast/testkit/venue_under_test.hpp>

namespace holdfast::testkit {

namespace {

/// The market as a feed would tell of it; a pure broker makes its fills of that.
class MarketVenue final : public VenueUnderTest {
 public:
  void attach(Bench& bench) override { bench_ = &bench; }
  void quote(InstrumentId instrument, Price bid, Price ask, Quantity size) override {
    Quote quote;
    quote.instrument = instrument;
    quote.bid = bid;
    quote.ask = ask;
    quote.bid_size = quote.ask_size = size;
    quote.venue_time = bench_->now();
    bench_->tell(quote);
  }
  void trade_with(const OrderTerms& resting, Quantity quantity) override {
    // The other side comes to the order's price, with so much; what is behind it is out of anybody's reach.
    const bool buys = resting.side == Side::buy;
    const Price far = Price::from_raw(buys ? resting.price.raw() / 2 : resting.price.raw() * 2);
    quote(resting.instrument, buys ? far : resting.price, buys ? resting.price : far, quantity);
  }

 private:
  Bench* bench_ = nullptr;
};

}  // namespace

std::unique_ptr<VenueUnderTest> market_venue() { return std::make_unique<MarketVenue>(); }

}  // namespace holdfast::testkit
