#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <holdfast/sdk/order.hpp>

namespace holdfast::venue {

/// Given by the book, never 0 and never given twice.
using OrderId = std::uint64_t;
/// Whose order it is; for self-trade prevention and mass cancels.
using Account = std::uint32_t;

/// FIX OrdType (40).
enum class OrdType : std::uint8_t { market = 1, limit = 2, stop = 3, stop_limit = 4 };
/// FIX TimeInForce (59).
enum class TimeInForce : std::uint8_t { day = 0, gtc = 1, ioc = 3, fok = 4, gtd = 6 };
/// What happens before an account would trade with itself.
enum class SelfTrade : std::uint8_t { allowed, cancel_resting, cancel_taking, cancel_both };

/// What somebody asks for.
struct NewOrder {
  Account account = 0;
  Side side = Side::buy;
  OrdType type = OrdType::limit;
  TimeInForce tif = TimeInForce::gtc;
  SelfTrade self_trade = SelfTrade::allowed;
  bool post_only = false;  ///< Refused instead of taking.
  Quantity quantity;
  Quantity display_qty;    ///< FIX DisplayQty (1138). Of an iceberg: how much of it others see at a time; zero: all.
  Price price;             ///< Limit and stop-limit.
  Price stop_px;           ///< FIX StopPx (99). Stop and stop-limit: becomes market or limit once a trade is at this price or beyond.
  Time expire_time;        ///< FIX ExpireTime (126). `gtd`: gone from this instant on.
};

enum class Reason : std::uint8_t {
  none,
  malformed,      ///< Its terms contradict each other.
  would_take,     ///< Post-only, and there is somebody to trade with.
  too_much,       ///< All quantity of a side must fit into 64 bits.
  unknown_order,  ///< Never there, or not there any more.
  asked,          ///< Cancelled by whoever owns it.
  no_liquidity,   ///< What a market, `ioc` or `fok` order found nobody for.
  self_trade,
  expired,        ///< `gtd` and `day`.
};

/// What happened, in the order in which it did.
struct BookEvent {
  enum class Kind : std::uint8_t {
    accepted,
    rejected,   ///< Of a new order or of a change; nothing else happened.
    triggered,  ///< A stop became the order that it stands for.
    traded,     ///< `order` took from `maker`, at the maker's price.
    replaced,   ///< Has these terms now.
    cancelled,  ///< With this much left.
  };
  Kind kind{};
  Reason reason{};
  OrderId order = 0, maker = 0;
  Price price;
  Quantity quantity;             ///< Of the trade; of the order when accepted or replaced.
  Quantity leaves, maker_leaves; ///< FIX LeavesQty (151) after it; zero: it has ended.

  friend bool operator==(const BookEvent&, const BookEvent&) = default;
};

/// Orders of one instrument, matched by price, then time.
///
/// Who comes first at a price is first served with what it shows; an iceberg that shows its next part goes
/// behind. A change that only lessens an order keeps its place. Of stops that are set free together, buys
/// come first, then those nearest to where prices came from, then the older. Pure: no clock, no file; no memory is
/// asked for once it has grown to what it holds at a time. One thread at a time.
class Book {
 public:
  /// Events are appended to `out` in all calls. Returns its id, or 0 when it was rejected.
  OrderId submit(const NewOrder& order, std::vector<BookEvent>& out);
  /// False when it is not there, with a rejection appended.
  bool cancel(OrderId id, std::vector<BookEvent>& out);
  /// `quantity` counts what is traded already (FIX OrderQty of a 35=G). Of a stop that waits, price and
  /// quantity of what it will become. False when rejected; the order then stays what it was.
  bool replace(OrderId id, Price price, Quantity quantity, std::vector<BookEvent>& out);
  /// Every order of `account`, oldest first; stops, too.
  void cancel_all(Account account, std::vector<BookEvent>& out);
  /// What is over at `now`; at the end of a session `day` orders, too.
  void expire(Time now, bool session_ends, std::vector<BookEvent>& out);

  /// Puts back an order that stood in a book like this one, behind those at its price; nothing trades. A stop
  /// that waits has not been triggered. REQUIRES: no order of the other side that it would trade with.
  OrderId restore(const NewOrder& order, Quantity leaves, Quantity shown, bool waits);
  /// As if the last trade had been at `price`.
  void restore_last_trade(Price price) { last_ = price; }

  struct Level {
    Price price;
    Quantity quantity;  ///< Shown.
    std::size_t orders = 0;

    friend bool operator==(const Level&, const Level&) = default;
  };
  /// The `depth`-th best level of a side, from 0 on.
  std::optional<Level> level(Side side, std::size_t depth = 0) const;
  std::optional<Price> last_trade() const { return last_; }
  /// How many orders there are, stops included.
  std::size_t size() const { return size_; }

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNone = ~Slot{0};
  /// Links are those of the level's queue, or of the free ones.
  struct Order {
    NewOrder terms;
    Quantity leaves, shown;
    std::uint64_t arrival = 0;
    Slot before = kNone, after = kNone;
    std::uint32_t generation = 0;
    enum : std::uint8_t { absent, taking, resting, waiting } state = absent;
  };
  struct Queue {
    Price price;
    Quantity shown;
    std::uint32_t orders = 0;
    Slot first = kNone, last = kNone;
  };
  /// Prices of one side, the best at the back, where almost everything happens.
  struct Ladder {
    bool best_is_high;
    std::vector<Queue> queues;

    bool better(Price a, Price b) const { return best_is_high ? a > b : a < b; }
    /// Where `price` is or would be.
    std::vector<Queue>::iterator find(Price price);
  };
  enum class Verdict : std::uint8_t { goes_on, taker_ends };

  Order* find(OrderId id);
  OrderId id_of(Slot slot) const;
  Slot make(const NewOrder& terms);
  void release(Slot slot);
  void append(Ladder& ladder, Slot slot);
  void unlink(Ladder& ladder, std::vector<Queue>::iterator queue, Slot slot);
  void remove(Slot slot);
  Ladder& ladder_of(const Order& order);
  void end(Slot slot, Reason reason, std::vector<BookEvent>& out);
  template <class Ends>
  void end_those(Reason reason, const Ends& ends, std::vector<BookEvent>& out);

  Reason refusal(const NewOrder& order) const;
  bool fits(Side side, Quantity more) const;
  bool crosses(Side side, Price price) const;
  bool fillable(const Order& taker) const;
  struct Offered {
    Quantity quantity;
    bool ends_there;
  };
  Offered offered_to(const NewOrder& terms, const Queue& queue) const;
  void enter(Slot slot, std::vector<BookEvent>& out);
  void match(Slot slot, std::vector<BookEvent>& out);
  Verdict meet(Slot taker, Ladder& ladder, Slot maker, std::vector<BookEvent>& out);
  void set_free(std::vector<BookEvent>& out);

  std::vector<Order> orders_;
  Slot free_ = kNone;
  std::size_t size_ = 0;
  std::uint64_t arrivals_ = 0;
  Ladder bids_{true, {}}, offers_{false, {}};
  Ladder buy_stops_{false, {}}, sell_stops_{true, {}};  ///< The one reached first at the back.
  Quantity open_[2];                                    ///< Leaves of all orders, by side.
  std::optional<Price> last_;
  Price highest_, lowest_;                              ///< Of the trades since stops were looked at; zero: none.
  std::vector<std::pair<std::uint64_t, Slot>> ending_;  ///< Of end_those(), kept for its memory.
};

}  // namespace holdfast::venue
