#pragma once

#include <holdfast/sdk/event.hpp>
#include <holdfast/trading/owners.hpp>
#include <holdfast/trading/position.hpp>
#include <map>
#include <set>
#include <tuple>

#include "findings.hpp"

namespace holdfast {

/// Books every fill a second time and compares with what the ledger wrote. One thread.
class Balances {
 public:
  explicit Balances(Findings& findings) : findings_{findings} {}
  /// REQUIRES: business events in order.
  void hear(const Event& event);
  /// Part of the history cannot be believed: from here on nothing can be recomputed.
  void lose() { lost_ = true; }
  /// Fills the ledger should have answered by now.
  void finish();
  std::uint64_t fills() const { return fills_; }

 private:
  using FillKey = std::tuple<ClOrdId, std::uint64_t, bool>;  ///< Of a fill, or of its bust.
  using Book = std::pair<ActorId, InstrumentId>;
  struct Open {
    std::uint64_t seq = 0;
    Book book;
    FillBooked expected;
  };
  template <class Trade>
  void traded(std::uint64_t seq, const Trade& fill, Side side, Money fee, bool busted);
  void booked(const Event& event);
  void handed_over(std::uint64_t seq, const StrategyRemoved& removed);
  void share_booked(const Event& event);
  void mismatch(const Book& book, std::uint64_t seq, const std::string& what);

  Findings& findings_;
  std::map<Book, Position> positions_;
  Owners owners_;
  std::map<Book, ShareBooked> shares_;  ///< By who handed it over: not booked yet.
  std::map<FillKey, Open> open_;  ///< Filled, not booked yet.
  std::set<Book> reported_;       ///< One break per book: what follows from it is no news.
  std::uint64_t fills_ = 0, last_answered_ = 0;
  bool lost_ = false;
};

}  // namespace holdfast
