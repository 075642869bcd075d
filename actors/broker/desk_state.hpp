#pragma once

#include <deque>
#include <holdfast/sdk.hpp>
#include <holdfast/trading/listings.hpp>
#include <holdfast/trading/orders.hpp>
#include <holdfast/trading/reconcile.hpp>
#include <holdfast/trading/seen.hpp>
#include <map>
#include <set>
#include <utility>

namespace holdfast::broker {

/// What the broker actor remembers: orders, what is still to be sent, positions, and how far our book and the
/// venue's are apart. A pure fold.
class DeskState {
 public:
  explicit DeskState(ActorId self) : self_{self} {}
  void hear(const Event& event);

  const Orders& orders() const { return orders_; }
  /// Whether this broker brings it to a venue.
  bool mine(const Order& order) const { return is_brought_by(order.terms, self_); }
  /// Approved and not released, in the order of approval.
  const std::deque<ClOrdId>& outbox() const { return outbox_; }
  /// Asked to cancel and not passed on, in the order asked.
  const std::deque<ClOrdId>& cancels() const { return cancels_; }
  /// Approved changes not passed on, in the order of approval.
  const std::deque<ClOrdId>& changes() const { return changes_; }
  /// May the order leave while only reducing is allowed? Counts what was released before it.
  bool reduces(const Order& order) const;

  OurBook book() const { return {self_, orders_, fills_, busts_, account_}; }
  bool knows_fill(std::uint64_t exec_id) const { return fills_.contains(exec_id); }
  bool knows_bust(std::uint64_t exec_id) const { return busts_.contains(exec_id); }
  /// The venue has listed all fills up to this execution. What it reports by itself proves nothing about earlier ones.
  std::uint64_t fills_up_to() const { return fills_up_to_; }
  /// Of the whole account, as its fills have it.
  const std::map<InstrumentId, Quantity>& account() const { return account_; }
  /// What all fills have changed the account's cash by, by the instrument traded.
  const std::map<InstrumentId, Money>& cash() const { return cash_; }
  /// By currency, what the venue's balance is more than our cash; empty before the first comparison.
  const std::map<std::string, Money>& opening() const { return opening_; }
  /// Found, and neither explained nor accepted.
  const std::map<InstrumentId, Quantity>& unexplained() const { return unexplained_; }
  const std::set<ClOrdId>& missing() const { return missing_; }
  /// Those of this broker whose status is unknown.
  const std::set<ClOrdId>& unknown() const { return unknown_; }
  /// Whether the venue has said the same of the instrument before.
  bool knows(const InstrumentChanged& change) const;

  /// How many requests and reports of its own this actor has heard: where their numbering goes on.
  std::uint64_t requests() const { return requests_; }
  std::uint64_t reports() const { return reports_; }

  void state(Archive& a) {
    a(orders_, outbox_, cancels_, changes_, cancelling_, positions_, account_, cash_, fills_, busts_, fills_up_to_,
      opening_, unexplained_, missing_, unknown_, listings_, requests_, reports_);
  }

 private:
  void hand_over(const Event& event);
  void hear_order(const Event& event, ClOrdId id);
  void hear_difference(const DifferenceFound& found, std::string_view evidence);
  void book_trade(const Event& event, ClOrdId id);
  void settle(const Event& event, const Order& order, ClOrdId id);
  void take_over(const Order& order, ClOrdId id);
  void ask_cancel(ClOrdId id);
  void forget(ClOrdId id);

  ActorId self_;
  Orders orders_;
  std::deque<ClOrdId> outbox_, cancels_, changes_;
  std::set<ClOrdId> cancelling_;  ///< Passed on to the venue, which has not answered.
  std::map<std::pair<ActorId, InstrumentId>, Quantity> positions_;  ///< Everybody's shares, at all brokers.
  std::map<InstrumentId, Quantity> account_;
  std::map<InstrumentId, Money> cash_;
  Seen fills_, busts_;
  std::uint64_t fills_up_to_ = 0;
  std::map<std::string, Money> opening_;
  std::map<InstrumentId, Quantity> unexplained_;
  std::set<ClOrdId> missing_, unknown_;
  Listings listings_;  ///< Its own.
  std::uint64_t requests_ = 0, reports_ = 0;
};

}  // namespace holdfast::broker
