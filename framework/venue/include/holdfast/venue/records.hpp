#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <holdfast/trading/position.hpp>
#include <holdfast/venue/facts.hpp>

namespace holdfast::venue {

/// An order as its client sees it, ended ones included.
struct Order {
  std::uint64_t order_id = 0;
  std::string account, session;   ///< `session`: the CompID that sent it.
  std::string cl_ord_id;          ///< The one it goes by now.
  std::string symbol;
  NewOrder terms;
  bool reduce_only = false;
  bool waits = false;             ///< A stop that no trade has reached.
  Quantity cum_qty, leaves_qty;
  Quantity busted_qty;            ///< Traded and taken back: it does not trade again.
  Quantity shown;                 ///< Of an iceberg, at the moment.
  Money value;                    ///< Of what is filled.
  std::uint64_t place = 0;        ///< The lower, the earlier it stands at its price.
  OrdStatus status = OrdStatus::created;
  Time until;

  bool open() const { return !leaves_qty.is_zero(); }
  Price avg_px() const;
};

/// One side of a trade. A correction takes it back and puts another one in its place.
struct Fill {
  std::uint64_t exec_id = 0, contra = 0, order_id = 0;
  Time time;
  Price price;
  Quantity quantity;
  Money fee;
  Liquidity liquidity = Liquidity::taker;
  std::uint64_t taken_back = 0;  ///< ExecID of what took it back; zero: it stands.
};

/// Everything the venue knows of its clients: a fold over its facts, nothing else changes it.
///
/// One thread at a time. References live until the next `apply`.
class Records {
 public:
  struct AccountRecord {
    Account number = 0;  ///< In books, from 1 on.
    std::map<std::string, Money> balances;
    std::map<std::string, Position> positions;             ///< By symbol.
    std::unordered_map<std::string, std::uint64_t> used;   ///< ClOrdIDs, and whose they are; 0: of a rejected order.
    std::unordered_map<std::string, std::string> refused;  ///< Why, by ClOrdID.
    std::set<std::uint64_t> open;                          ///< OrderIDs.
    std::vector<std::uint64_t> fills;                      ///< ExecIDs, ascending.
    std::vector<std::uint64_t> taken_back;                 ///< Of them, in the order in which they were.
  };
  struct ListingRecord {
    Listing listing;
    bool halted = false;
    Price last;  ///< Of the last fill; zero: none.
  };

  /// Fails: std::runtime_error for a fact that cannot be, such as a fill of an order that is not there;
  /// nothing has changed then.
  void apply(Time time, const Fact& fact);

  /// Null when there is none.
  const Order* order(std::uint64_t order_id) const;
  /// By any ClOrdID that it ever went by, or that asked for its end.
  const Order* find(const std::string& account, const std::string& cl_ord_id) const;
  const Fill* fill(std::uint64_t exec_id) const;
  const AccountRecord* account(const std::string& name) const;
  const ListingRecord* listing(const std::string& symbol) const;
  const std::map<std::string, AccountRecord>& accounts() const { return accounts_; }
  const std::map<std::string, ListingRecord>& listings() const { return listings_; }
  /// By OrderID.
  const std::map<std::uint64_t, Order>& orders() const { return orders_; }
  std::uint64_t last_order_id() const { return last_order_id_; }
  std::uint64_t last_exec_id() const { return last_exec_id_; }

  /// All of it as one JSON document ("holdfast.venue/1"), the same for the same records.
  std::string json() const;

 private:
  void on(Time, const Listed&);
  void on(Time, const Opened&);
  void on(Time, const Accepted&);
  void on(Time, const Rejected&);
  void on(Time, const Triggered&);
  void on(Time, const Filled&);
  void on(Time, const Replaced&);
  void on(Time, const Ended&);
  void on(Time, const Busted&);
  void on(Time, const Corrected&);
  void on(Time, const Adjusted&);
  void on(Time, const Halted&);
  void on(Time, const Forgot&);
  Order& open_order(std::uint64_t order_id);
  Fill& live_fill(std::uint64_t exec_id);
  void used_exec(std::uint64_t exec_id);
  void close(Order& order, OrdStatus status);
  void move_balances(const Order& order, Price price, Quantity quantity, Money fee, bool back);
  void book_again(AccountRecord& account, const std::string& symbol);
  static void settle_status(Order& order);

  /// What moved a position: a fill, or an adjustment.
  struct Move {
    std::uint64_t exec_id = 0;
    Quantity quantity;
    Price price;
  };
  std::map<std::string, AccountRecord> accounts_;
  std::map<std::string, ListingRecord> listings_;
  std::map<std::uint64_t, Order> orders_;
  std::map<std::uint64_t, Fill> fills_;
  std::map<std::pair<Account, std::string>, std::vector<Move>> moves_;
  std::uint64_t last_order_id_ = 0, last_exec_id_ = 0, places_ = 0;
};

}  // namespace holdfast::venue
