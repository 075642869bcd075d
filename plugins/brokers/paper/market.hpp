#pragma once

#include <holdfast/sdk.hpp>
#include <holdfast/trading/calendar.hpp>
#include <holdfast/trading/order_book.hpp>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace holdfast::paper {

/// What the venue shows of one instrument, less what this broker's orders have taken of it.
///
/// The best source there is decides: book levels, else quotes, else the last trade. What was taken
/// stays taken until the venue says something new about it: a level about its price, a quote about
/// both sides, a trade about the last trade.
class Market {
 public:
  using Level = OrderBook::Level;

  void hear(const Quote& quote);
  void hear(const Trade& trade);
  void hear(const BookLevel& level);
  void hear(const BookClear& clear);

  /// What an order of `side` can trade with now, best first, not beyond `limit`.
  std::vector<Level> available(Side side, std::optional<Price> limit) const;
  /// Best price resting on `side`, taken or not; empty without book and quote.
  std::optional<Price> best(Side side) const;
  /// Resting at `price` on `side` as shown, zero where the source does not tell.
  Quantity shown(Side side, Price price) const;
  /// An order of this broker traded `quantity` with what rests on `side` at `price`.
  void take(Side side, Price price, Quantity quantity);

  void state(Archive& a);

 private:
  Quantity free(Side side, Price price, Quantity shown) const;

  OrderBook book_;
  bool quoted_ = false;
  Price bid_, ask_;
  Quantity bid_size_, ask_size_;
  Price last_price_;
  Quantity last_quantity_;
  std::map<std::pair<Side, Price>, Quantity> taken_;
};

/// When an instrument trades, for times that only go on.
class Hours {
 public:
  /// Null trades always. Fails: std::runtime_error when its session is no calendar.
  explicit Hours(const Instrument* instrument);
  /// The session that `now` lies in, or the next.
  const Calendar::Session& session(Time now) {
    if (newest_.closes <= now) newest_ = calendar_.session(now);
    return newest_;
  }

 private:
  Calendar calendar_;
  Calendar::Session newest_{Time{INT64_MIN}, Time{INT64_MIN}};
};

/// An order at the venue: on its way, or resting.
struct Working {
  OrderTerms terms;
  Quantity cum_qty, leaves_qty;
  Quantity ahead;  ///< Resting: what was shown at its price when it came.
  std::uint64_t revision = 0;  ///< Of a change on its way.
  Time until;                  ///< Resting: gone from this instant on; zero: stays.

  void state(Archive& a);
};

}  // namespace holdfast::paper
