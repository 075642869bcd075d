#pragma once

#include <deque>
#include <holdfast/sdk.hpp>
#include <holdfast/trading/orders.hpp>
#include <map>
#include <set>
#include <utility>

namespace holdfast::broker {

/// What the broker actor remembers: orders, what is still to be sent, and positions. A pure fold.
class DeskState {
 public:
  void hear(const Event& event, ActorId self);

  const Orders& orders() const { return orders_; }
  /// Approved and not released, in the order of approval.
  const std::deque<ClOrdId>& outbox() const { return outbox_; }
  /// Asked to cancel and not passed on, in the order asked.
  const std::deque<ClOrdId>& cancels() const { return cancels_; }
  /// May the order leave while only reducing is allowed? Counts what was released before it;
  /// `in_flight` tells which orders were, although that was not heard yet.
  bool reduces(const Order& order, const std::map<ClOrdId, bool>& in_flight) const;
  /// How many cancels and reports of its own this actor has heard: where their numbering goes on.
  std::uint64_t cancels_sent() const { return cancels_sent_; }
  std::uint64_t reports() const { return reports_; }

  void state(Archive& a) { a(orders_, outbox_, cancels_, cancelling_, positions_, cancels_sent_, reports_); }

 private:
  void ask_cancel(ClOrdId id);
  void settle(const Event& event, const Orders::Change& change, ClOrdId id);

  Orders orders_;
  std::deque<ClOrdId> outbox_, cancels_;
  std::set<ClOrdId> cancelling_;  ///< Passed on to the venue, which has not answered.
  std::map<std::pair<ActorId, InstrumentId>, Quantity> positions_;
  std::uint64_t cancels_sent_ = 0, reports_ = 0;
};

}  // namespace holdfast::broker
