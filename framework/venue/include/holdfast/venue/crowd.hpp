#pragma once

#include <holdfast/sdk/random.hpp>
#include <holdfast/venue/exchange.hpp>

namespace holdfast::venue {

/// How nobody in particular quotes and trades an instrument.
struct CrowdTerms {
  std::string symbol;
  Price spread;                                      ///< Between best bid and offer.
  Price step;                                        ///< Each update the middle moves by at most this.
  Quantity depth;                                    ///< At each price, about.
  int levels = 5;                                    ///< Prices on each side, a tick apart.
  Duration every = std::chrono::milliseconds{100};   ///< Between two updates.
  Duration trade_every{};                            ///< Between two trades with the quotes, on average; zero: none.
};

/// A market around a random walk, for clients to trade with. The same seed, times and client orders give the
/// same market. It begins at the exchange's reference price. One thread at a time.
class Crowd {
 public:
  Crowd(std::vector<CrowdTerms> terms, std::uint64_t seed);
  /// Does what is due at `now`: at most one update of each instrument. Nothing where no price is known.
  void tick(Time now, Exchange& exchange, Reports& out);

 private:
  struct Walk {
    CrowdTerms terms;
    Price middle;
    Time next;
  };
  void update(Walk& walk, const Listing& listing, std::vector<NewOrder>& orders);
  Quantity some(Quantity about, const Listing& listing);

  std::vector<Walk> walks_;
  Random random_;
};

}  // namespace holdfast::venue
