#pragma once

#include <holdfast/sdk/random.hpp>
#include <holdfast/trading/reconcile.hpp>
#include <map>
#include <string>
#include <vector>

#include "order_events.hpp"

namespace holdfast::test {

/// What we hold to be so of one account: a fold, as a broker keeps it.
struct Books {
  static constexpr ActorId kBroker{6};
  Orders orders;
  Seen fills, busts;
  std::map<InstrumentId, Quantity> positions;

  template <class E>
  void tell(const E& what, std::string_view text = {}) {
    const bool legal = test::tell(orders, what, text).legal;
    if constexpr (std::is_same_v<E, OrderFilled>) {
      if (!legal) return;
      fills.insert(what.exec_id);
      positions[what.instrument] += signed_quantity(what.side, what.last_qty);
    } else if constexpr (std::is_same_v<E, FillBusted>) {
      if (!legal) return;
      busts.insert(what.exec_id);
      positions[what.instrument] -= signed_quantity(what.side, what.last_qty);
    }
  }
  Reconciliation compare(const VenueStatement& venue) const { return reconcile({kBroker, orders, fills, busts, positions}, venue); }
  /// Compares, and folds the corrections.
  Reconciliation settle(const VenueStatement& venue) {
    auto found = compare(venue);
    for (const auto& correction : found.corrections)
      std::visit([&](const auto& what) { tell(what, correction.text); }, correction.what);
    return found;
  }
  /// Types of the corrections.
  static std::string story(const Reconciliation& found) {
    std::string story;
    for (const auto& correction : found.corrections)
      std::visit([&](const auto& what) { story.append(story.empty() ? "" : " ").append(to_string(what.kType)); },
                 correction.what);
    return story;
  }
};

/// A venue that does anything legal with orders of ours and of strangers, and of whose reports many are lost.
class VenueModel {
 public:
  explicit VenueModel(std::uint64_t seed) : random_{seed} {}
  Books ours;

  void step() {
    switch (random_.below(9)) {
      case 0: case 1: return enter(true);
      case 2: return enter(false);
      case 3: case 4: case 5: return trade();
      case 6: return end();
      case 7: return bust();
      default: return change();
    }
  }

  VenueStatement statement() const {
    VenueStatement told;
    told.open.emplace();
    for (const auto& order : orders_)
      if (order.state == VenueOrder::State::working) told.open->push_back(order);
    told.fills = fills_;
    told.positions.emplace();
    for (const auto& [instrument, quantity] : positions_) told.positions->push_back({instrument, quantity});
    return told;
  }
  /// About those orders by name, and about those of which we know no release.
  std::vector<VenueOrder> ask(std::vector<ClOrdId> ids) const {
    for (const auto& [id, order] : ours.orders.open())
      if (order.status == OrdStatus::approved) ids.push_back(id);
    std::vector<VenueOrder> told;
    for (const ClOrdId id : ids)
      for (const auto& order : orders_)
        if (id_of(order) == id) told.push_back(order);
    return told;
  }
  /// What of our book is not as the venue has it; empty: nothing.
  std::string difference() const {
    std::size_t open = 0;
    for (const auto& order : orders_) {
      const Order* mine = ours.orders.find(id_of(order));
      if (order.state != VenueOrder::State::working) {
        if (mine != nullptr) return "an order that has ended is open here";
        continue;
      }
      ++open;
      if (mine == nullptr) return "an open order is not open here";
      if (mine->cum_qty != order.cum_qty || mine->leaves_qty != order.leaves_qty) return "an amount differs";
      if (mine->terms.price != order.terms.price) return "a price differs";
    }
    if (open != ours.orders.open().size()) return "more is open here";
    for (const auto& [instrument, quantity] : positions_) {
      const auto held = ours.positions.find(instrument);
      if (quantity != (held == ours.positions.end() ? Quantity{} : held->second)) return "a position differs";
    }
    return "";
  }

 private:
  static ClOrdId id_of(const VenueOrder& order) {
    return order.terms.cl_ord_id.value != 0 ? order.terms.cl_ord_id : external_id(Books::kBroker, order.venue_order_id);
  }
  bool heard() { return random_.below(3) != 0; }
  bool is_ours(const VenueOrder& order) const { return order.terms.cl_ord_id.value != 0; }

  void enter(bool by_us) {
    VenueOrder order;
    order.venue_order_id = orders_.size() + 1;
    order.terms = terms(order.venue_order_id, random_.below(2) != 0 ? Side::buy : Side::sell);
    order.leaves_qty = order.terms.quantity;
    if (by_us) {
      ours.tell(OrderIntent{order.terms, {}});
      ours.tell(OrderApproved{order.terms});
      if (heard()) ours.tell(OrderSent{order.terms, {}});
      if (heard()) ours.tell(OrderAcknowledged{order.terms.cl_ord_id, order.venue_order_id});
      if (random_.below(4) == 0) ours.tell(OrderUnknown{order.terms.cl_ord_id});
    } else {
      order.terms.cl_ord_id = {};
      order.venue_cl_ord_id = "BY-HAND";
    }
    orders_.push_back(order);
  }
  VenueOrder* any_working() {
    std::vector<VenueOrder*> working;
    for (auto& order : orders_)
      if (order.state == VenueOrder::State::working) working.push_back(&order);
    return working.empty() ? nullptr : working[random_.below(working.size())];
  }
  void trade() {
    VenueOrder* order = any_working();
    if (order == nullptr) return;
    const Quantity size = Quantity::of(static_cast<std::int64_t>(random_.below(4) + 1));
    const Quantity part = std::min(size, order->leaves_qty);
    order->cum_qty += part;
    order->leaves_qty -= part;
    positions_[order->terms.instrument] += signed_quantity(order->terms.side, part);
    VenueFill one;
    one.cl_ord_id = order->terms.cl_ord_id;
    one.exec_id = ++execs_;
    one.venue_order_id = order->venue_order_id;
    one.instrument = order->terms.instrument;
    one.side = order->terms.side;
    one.last_px = order->terms.price;
    one.last_qty = part;
    // Listed in no order, and some of them twice.
    fills_.insert(fills_.begin() + static_cast<std::ptrdiff_t>(random_.below(fills_.size() + 1)), one);
    if (random_.below(5) == 0) fills_.push_back(one);
    if (order->leaves_qty.is_zero()) order->state = VenueOrder::State::filled;
    standing_.push_back(one);
    if (is_ours(*order) && heard()) report(one);
  }
  /// What is taken back is open again while its order works. Some venues go on listing the fill, some do not.
  void bust() {
    if (standing_.empty()) return;
    const auto at = standing_.begin() + static_cast<std::ptrdiff_t>(random_.below(standing_.size()));
    VenueFill gone = *at;
    standing_.erase(at);
    VenueOrder& order = orders_[gone.venue_order_id - 1];
    order.cum_qty -= gone.last_qty;
    if (order.state == VenueOrder::State::working) order.leaves_qty += gone.last_qty;
    positions_[gone.instrument] -= signed_quantity(gone.side, gone.last_qty);
    if (is_ours(order) && ours.fills.contains(gone.exec_id) && heard())
      ours.tell(FillBusted{gone.cl_ord_id, gone.exec_id, gone.instrument, gone.side, {}, gone.last_px, gone.last_qty, gone.fee});
    if (random_.below(2) == 0) std::erase_if(fills_, [&](const VenueFill& f) { return f.exec_id == gone.exec_id; });
    gone.takes_back = std::exchange(gone.exec_id, ++execs_);
    fills_.insert(fills_.begin() + static_cast<std::ptrdiff_t>(random_.below(fills_.size() + 1)), gone);
  }
  /// As an edge's report of a fill becomes an event: with our own sums.
  void report(const VenueFill& told) {
    const Order* order = ours.orders.find(told.cl_ord_id);
    if (order == nullptr || order->status == OrdStatus::approved || ours.fills.contains(told.exec_id)) return;
    OrderFilled event;
    event.cl_ord_id = told.cl_ord_id;
    event.exec_id = told.exec_id;
    event.instrument = told.instrument;
    event.side = told.side;
    event.last_px = told.last_px;
    event.last_qty = told.last_qty;
    event.cum_qty = order->cum_qty + told.last_qty;
    event.leaves_qty = std::max(Quantity{}, order->terms.quantity - event.cum_qty);
    ours.tell(event);
  }
  void end() {
    VenueOrder* order = any_working();
    if (order == nullptr) return;
    const bool expires = random_.below(2) != 0;
    order->state = expires ? VenueOrder::State::expired : VenueOrder::State::cancelled;
    const ClOrdId id = order->terms.cl_ord_id;
    if (!is_ours(*order) || !heard()) return;
    if (expires) ours.tell(OrderExpired{id, order->leaves_qty});
    else ours.tell(OrderCancelled{id, order->leaves_qty});
  }
  void change() {
    VenueOrder* order = any_working();
    if (order == nullptr) return;
    order->terms.quantity += Quantity::of(2);
    order->leaves_qty += Quantity::of(2);
    order->terms.price = Price::of(static_cast<std::int64_t>(90 + random_.below(20)));
  }

  Random random_;
  std::vector<VenueOrder> orders_;
  std::vector<VenueFill> fills_, standing_;
  std::uint64_t execs_ = 0;
  std::map<InstrumentId, Quantity> positions_;
};

}  // namespace holdfast::test
