#pragma once

#include <holdfast/sdk.hpp>
#include <holdfast/trading/orders.hpp>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace holdfast::risk {

/// Positions, working orders and prices as risk knows them: a fold over the events it hears.
///
/// What is working is kept as running totals, so that no check ever scans the orders. An order
/// counts from the moment risk decides to approve it, not from the moment it hears that approval
/// back: two intents of one frame must see each other.
class Ledgers final : public Exposure {
 public:
  explicit Ledgers(std::shared_ptr<const Instruments> instruments) : instruments_{std::move(instruments)} {}

  /// Folds any event; false when an order event was illegal or its order unknown.
  bool hear(const Event& event);
  /// The same for a stretch of market events.
  void hear_market(std::span<const std::byte> stretch);
  /// Counts the order as working from now on; its own OrderApproved will follow.
  void reserve(ClOrdId id);
  /// Whose intent the next check is about, and when it was raised.
  void look_at(Time now, Time asked) {
    now_ = now;
    asked_ = asked;
  }
  /// Does as if the working order were not there, until count_again().
  void leave_out(ClOrdId id) { count(orders_.find(id)->terms, -counted(orders_.find(id))); }
  void count_again(ClOrdId id) { count(orders_.find(id)->terms, counted(orders_.find(id))); }
  /// Counts the order as being of `quantity` from now on, if that is more; its ReplaceApproved will follow.
  void reserve_change(ClOrdId id, Quantity quantity);
  const Orders& orders() const { return orders_; }

  Time now() const override { return now_; }
  Time intent_time() const override { return asked_; }
  const Instrument* instrument(InstrumentId id) const override { return instruments_->find(id); }
  Quantity position(ActorId owner, InstrumentId id) const override { return of(owner, id).position; }
  Quantity position(InstrumentId id) const override { return of(id).position; }
  Quantity working(ActorId owner, InstrumentId id, Side side) const override {
    return of(owner, id).working(side);
  }
  Quantity working(InstrumentId id, Side side) const override { return of(id).working(side); }
  const Quote* quote(InstrumentId id) const override;
  std::optional<Price> last_price(InstrumentId id) const override;

  void state(Archive& a) { a(orders_, reserved_, changes_, by_owner_, total_, prices_); }

 private:
  struct Holding {
    Quantity position, buying, selling;
    Quantity working(Side side) const { return side == Side::buy ? buying : selling; }
    void state(Archive& a) { a(position, buying, selling); }
  };
  struct Prices {
    bool quoted = false, traded = false;
    Quote quote;
    Price last;
    void state(Archive& a);
  };

  const Holding& of(ActorId owner, InstrumentId id) const;
  const Holding& of(InstrumentId id) const;
  Prices& prices(InstrumentId id) {
    if (id.value >= prices_.size()) prices_.resize(id.value + 1);
    return prices_[id.value];
  }
  void hand_over(const Event& event);
  bool hear_order(const Event& event, ClOrdId id);
  /// What the order adds to working totals now.
  Quantity counted(const Order* order) const;
  void count(const OrderTerms& terms, Quantity change);

  std::shared_ptr<const Instruments> instruments_;
  Time now_, asked_;
  Orders orders_;
  std::set<ClOrdId> reserved_;
  std::map<ClOrdId, Quantity> changes_;  ///< Approved to be of this quantity, and not heard back yet.
  std::map<std::pair<ActorId, InstrumentId>, Holding> by_owner_;
  std::map<InstrumentId, Holding> total_;
  std::vector<Prices> prices_;  ///< By instrument id.
};

}  // namespace holdfast::risk
