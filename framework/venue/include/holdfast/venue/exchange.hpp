#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>

#include <holdfast/venue/reports.hpp>

namespace holdfast::venue {

/// FIX SecurityTradingStatus (326).
enum class Trading : std::uint8_t { halted = 2, open = 17, closed = 18 };

/// A trade as everybody sees it.
struct PublicTrade {
  std::uint64_t number = 0;  ///< From 1 on within its instrument, since the exchange started.
  Price price;
  Quantity quantity;
  Side aggressor = Side::buy;
  Time time;
};

/// The simulated exchange: accounts, instruments, orders, and what may go wrong with them.
///
/// Deterministic and without clock, thread or file: time is given, what must be kept is taken out as a batch
/// after each call and may be given back to a new exchange. One thread at a time. No call throws for what a
/// client asked; each appends what clients must be told to `out`, which is to be sent once the batch is kept.
class Exchange {
 public:
  Exchange();
  ~Exchange();
  Exchange(Exchange&&) noexcept;
  Exchange& operator=(Exchange&&) noexcept;

  // ---- its beginning ---------------------------------------------------------------------------
  /// What was kept, in order, before anything else is asked. Fails: std::runtime_error, see Records::apply.
  void replay(const Batch& batch);
  /// REQUIRES: everything kept is replayed. Orders stand again where they stood.
  void resume();
  /// Lists an instrument, or changes its terms. Fails: std::invalid_argument for terms that cannot be.
  void list(const Listing& listing, Time now);
  /// Opens an account the first time it is seen; starting balances count only then.
  void open(const Member& member, Time now);
  /// What the last call did; empty facts: nothing to keep.
  Batch take();

  // ---- what clients ask --------------------------------------------------------------------------
  void submit(const Request& request, Time now, Reports& out);
  /// Rejects it, whatever it says; its ClOrdID counts as used.
  void refuse(const Request& request, const std::string& why, Time now, Reports& out);
  void cancel(const Request& request, Time now, Reports& out);
  void replace(const Request& request, Time now, Reports& out);
  /// All of an account, or those in `symbol`, or those that `session` sent; empty means any. Returns how many.
  std::size_t mass_cancel(const std::string& account, const std::string& symbol, const std::string& session,
                          const std::string& why, Time now, Reports& out);
  /// Of the order that `request` names by cl_ord_id or order_id; unknown: says so.
  Report status(const Request& request, Time now) const;
  /// Of an account, as statuses, by OrderID.
  Reports open_orders(const std::string& account, Time now) const;
  /// Of an account, above an ExecID, those that stand.
  std::vector<Fill> fills_after(const std::string& account, std::uint64_t exec_id) const;
  /// Those that were taken back by something above an ExecID, in the order in which they were.
  std::vector<Fill> taken_back_after(const std::string& account, std::uint64_t exec_id) const;
  const Records& records() const { return records_; }

  // ---- the market ----------------------------------------------------------------------------------
  std::vector<Book::Level> levels(const std::string& symbol, Side side, std::size_t depth) const;
  /// Grows with everything that may have changed levels or trades of an instrument.
  std::uint64_t updates(const std::string& symbol) const;
  /// The newest are kept: at most 1000.
  std::vector<PublicTrade> trades_after(const std::string& symbol, std::uint64_t number) const;
  Trading trading(const std::string& symbol, Time now) const;
  /// Last trade or, before the first, the listing's reference; zero: neither.
  Price reference(const std::string& symbol) const;
  /// Nobody's orders in an instrument, in place of those before. Not kept; nothing while it is not open.
  void crowd(const std::string& symbol, std::span<const NewOrder> orders, Time now, Reports& out);

  // ---- time and the operator -----------------------------------------------------------------------
  /// Ends what is over at `now`; to be called before every request and now and then.
  void tick(Time now, Reports& out);
  void halt(const std::string& symbol, bool halted, Time now);
  /// Both sides of the trade. False: no such fill, or busted already.
  bool bust(std::uint64_t exec_id, const std::string& why, Time now, Reports& out);
  bool correct(std::uint64_t exec_id, Price price, Quantity quantity, Time now, Reports& out);
  void adjust(const std::string& account, const std::string& symbol, Quantity by, Price price, Time now);
  /// Cancels an order of which `quantity` traded just before. Reports the cancel as if it had not, then the fill.
  void cancel_after_fill(const Request& request, Quantity quantity, Time now, Reports& out);
  /// Every order, fill and position; nobody is told.
  void forget(Time now);

 private:
  struct Market;
  struct Refusal {
    OrdRejReason reason;
    std::string text;
  };
  /// What a book is being asked, for whom.
  struct Asked {
    const Request* request = nullptr;
    std::uint64_t order_id = 0;  ///< Of the order that is changed.
  };
  Market& market(const std::string& symbol);
  void begin(Time now);
  void emit(Fact fact);
  std::uint64_t next_exec() const { return records_.last_exec_id() + 1; }
  Report report(ExecType type, const Order& order, std::uint64_t exec_id) const;
  void settle(Market& market, const Asked& asked, Reports& out);
  void on_accepted(Market& market, const BookEvent& event, const Asked& asked, Reports& out);
  void on_replaced(const BookEvent& event, const Asked& asked, Reports& out);
  void on_traded(Market& market, const BookEvent& event, Reports& out);
  void fill(std::uint64_t order_id, const Filled& fill, Reports& out);
  void end(std::uint64_t order_id, const std::string& cl_ord_id, OrdStatus status, const std::string& text, Reports& out);
  void take_out(Market& market, std::uint64_t order_id);
  void shrink_reduce_only(const std::string& account, const std::string& symbol, Reports& out);
  void reject(const Request& request, const Refusal& refusal, Reports& out);
  void reject_cancel(const Request& request, const Order* order, CxlRejReason reason, const std::string& text, bool to_replace,
                     Reports& out);
  const Order* meant(const Request& request) const;
  /// The open order that F or G means, or null after a reject.
  const Order* changeable(const Request& request, bool to_replace, Reports& out);

  std::optional<Refusal> refusal(const Request& request) const;
  std::optional<Refusal> refused_terms(const Request& request, const Listing& listing) const;
  std::optional<Refusal> refused_price(const char* name, Price price, const Listing& listing) const;
  std::optional<Refusal> refused_size(const Request& request, const Listing& listing) const;
  std::optional<Refusal> refused_reduction(const Request& request, std::uint64_t except) const;
  Quantity reducible(const std::string& account, const std::string& symbol, Side side, std::uint64_t except) const;

  Records records_;
  std::map<std::string, std::unique_ptr<Market>> markets_;
  std::map<std::string, SelfTrade> self_trade_;
  std::unordered_map<std::uint64_t, OrderId> in_book_;  ///< Of open orders.
  std::set<std::pair<Time, std::uint64_t>> due_;        ///< What expires, and when.
  Batch batch_;
  std::vector<BookEvent> events_;
};

}  // namespace holdfast::venue
