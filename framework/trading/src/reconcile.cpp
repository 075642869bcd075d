#include <holdfast/trading/reconcile.hpp>

#include <algorithm>
#include <set>

namespace holdfast {

namespace {

/// Of an external order's id: its number, and above it its broker.
constexpr int kNumberBits = 36;
constexpr std::uint64_t kNumbers = (std::uint64_t{1} << kNumberBits) - 1, kBrokers = (std::uint64_t{1} << 12) - 1;

/// The comparison at work: our orders as they are once what was found so far is folded.
class Comparing {
 public:
  Comparing(const OurBook& ours, const VenueStatement& venue) : ours_{ours}, venue_{venue}, now_{ours.orders} {}

  Reconciliation run() {
    // Before anything is counted: what an order was filled for and is not makes it no smaller, and never ends it.
    if (venue_.fills)
      for (const VenueFill& fill : *venue_.fills) take_back(fill);
    count_new_fills();
    if (venue_.open)
      for (const VenueOrder& order : *venue_.open) adopt(order);
    if (venue_.fills)
      for (const VenueFill& fill : *venue_.fills) take(fill);
    if (venue_.open)
      for (const VenueOrder& order : *venue_.open) align(order);
    for (const VenueOrder& order : venue_.asked) align(order);
    if (venue_.open) look_for_absent();
    if (venue_.positions) compare_positions();
    return std::move(found_);
  }

 private:
  template <Payload E>
  void correct(const E& event, std::string text = {}) {
    scratch_.clear();
    now_.hear(scratch_.at(scratch_.append(event, ours_.broker, 0, true, {}, text)));
    found_.corrections.push_back({event, std::move(text)});
  }

  ClOrdId id_of(ClOrdId named, std::uint64_t venue_order_id) const {
    return named.value != 0 ? named : external_id(ours_.broker, venue_order_id);
  }

  void take_back(const VenueFill& told) {
    const std::uint64_t exec = told.takes_back;
    if (exec == 0 || ours_.busts.contains(exec) || !taken_back_.insert(exec).second) return;
    FillBusted bust;
    bust.exec_id = exec;
    bust.instrument = told.instrument;
    if (ours_.fills.contains(exec)) {
      bust.cl_ord_id = id_of(told.cl_ord_id, told.venue_order_id);
      bust.side = told.side;
      bust.last_px = told.last_px;
      bust.last_qty = told.last_qty;
      bust.fee = told.fee;
      moved_[told.instrument] -= signed_quantity(told.side, told.last_qty);
    }
    correct(bust, "the venue lists it as taken back");
  }

  bool is_news(const VenueFill& fill) const {
    return fill.takes_back == 0 && !ours_.fills.contains(fill.exec_id) && !ours_.busts.contains(fill.exec_id) &&
           !taken_back_.contains(fill.exec_id);
  }

  void count_new_fills() {
    if (!venue_.fills) return;
    std::set<std::uint64_t> counted;  // A venue may list one twice.
    for (const VenueFill& fill : *venue_.fills)
      if (is_news(fill) && counted.insert(fill.exec_id).second)
        new_fills_[id_of(fill.cl_ord_id, fill.venue_order_id)] += fill.last_qty;
  }

  void adopt(const VenueOrder& order) {
    const ClOrdId id = id_of(order.terms.cl_ord_id, order.venue_order_id);
    if (now_.find(id) != nullptr) return;
    OrderAdopted adopted;
    adopted.terms = order.terms;
    adopted.terms.cl_ord_id = id;
    adopted.terms.broker = ours_.broker;
    adopted.cum_qty = order.cum_qty - std::min(order.cum_qty, new_fills_[id]);
    adopted.leaves_qty = order.terms.quantity - adopted.cum_qty;
    adopted.venue_order_id = order.venue_order_id;
    correct(adopted, order.venue_cl_ord_id);
  }

  void take(const VenueFill& told) {
    if (!is_news(told) || !taken_.insert(told.exec_id).second) return;
    OrderFilled fill;
    fill.cl_ord_id = id_of(told.cl_ord_id, told.venue_order_id);
    fill.exec_id = told.exec_id;
    fill.instrument = told.instrument;
    fill.side = told.side;
    fill.liquidity = told.liquidity;
    fill.last_px = told.last_px;
    fill.last_qty = fill.cum_qty = told.last_qty;
    fill.fee = told.fee;
    was_sent(fill.cl_ord_id);
    if (const Order* order = now_.find(fill.cl_ord_id)) {
      fill.cum_qty = order->cum_qty + told.last_qty;
      fill.leaves_qty = std::max(Quantity{}, order->terms.quantity - fill.cum_qty);
    }
    moved_[told.instrument] += signed_quantity(told.side, told.last_qty);
    correct(fill);
  }

  /// An order that we thought had never left, and the venue knows it.
  void was_sent(ClOrdId id) {
    const Order* order = now_.find(id);
    if (order != nullptr && order->status == OrdStatus::approved) correct(OrderSent{order->terms, {}});
  }

  void align(const VenueOrder& theirs) {
    const ClOrdId id = id_of(theirs.terms.cl_ord_id, theirs.venue_order_id);
    spoken_of_.insert(id);
    if (now_.find(id) == nullptr) return;
    if (theirs.state == VenueOrder::State::not_found) {
      found_.not_found.push_back(id);
      return;
    }
    was_sent(id);
    if (theirs.state == VenueOrder::State::working) return align_working(*now_.find(id), theirs);
    const Order& order = *now_.find(id);
    if (theirs.cum_qty != order.cum_qty) return differ(order, theirs);
    const Quantity leaves = order.leaves_qty;
    switch (theirs.state) {
      case VenueOrder::State::cancelled: return correct(OrderCancelled{id, leaves}, theirs.text);
      case VenueOrder::State::expired: return correct(OrderExpired{id, leaves}, theirs.text);
      case VenueOrder::State::rejected: return correct(OrderRejected{id}, theirs.text);
      // Done with what is filled of it: it was made smaller while we did not hear.
      default: return correct(OrderCancelled{id, leaves}, "the venue says that it is filled");
    }
  }

  void align_working(const Order& ours, const VenueOrder& theirs) {
    const ClOrdId id = ours.terms.cl_ord_id;
    const bool was_unknown = ours.status == OrdStatus::unknown;
    if (ours.status == OrdStatus::sent || was_unknown) correct(OrderAcknowledged{id, theirs.venue_order_id});
    const Order& order = *now_.find(id);
    if (order.cum_qty != theirs.cum_qty) return differ(order, theirs);
    if (order.terms.quantity == theirs.terms.quantity && order.terms.price == theirs.terms.price) {
      // Nobody waits for the answer any more; should the change be made yet, the venue will say so.
      if (was_unknown && order.asked_revision > order.revision && !order.asked_qty.is_zero())
        correct(ReplaceRejected{id}, "the venue has not made the change");
      return;
    }
    correct(OrderReplaced{id, theirs.terms.quantity, theirs.terms.price, theirs.leaves_qty, theirs.venue_order_id,
                          std::max(order.revision, order.asked_revision)},
            "found by comparing the books");
  }

  void differ(const Order& order, const VenueOrder& theirs) {
    const ClOrdId id = order.terms.cl_ord_id;
    if (!differing_.insert(id).second) return;
    found_.differences.push_back(
        {DifferenceKind::order, order.terms.instrument, id, order.cum_qty, theirs.cum_qty,
         "the venue says " + theirs.cum_qty.str() + " of it are filled, and its fills amount to " +
             order.cum_qty.str()});
  }

  void look_for_absent() {
    for (const auto& [id, order] : now_.open()) {
      const bool at_venue = order.status != OrdStatus::intended && order.status != OrdStatus::approved;
      if (at_venue && is_brought_by(order.terms, ours_.broker) && !spoken_of_.contains(id)) found_.absent.push_back(id);
    }
  }

  void compare_positions() {
    std::map<InstrumentId, Quantity> ours = ours_.positions, theirs;
    for (const auto& [instrument, change] : moved_) ours[instrument] += change;
    for (const VenuePosition& position : *venue_.positions) theirs[position.instrument] += position.quantity;
    for (const auto& [instrument, quantity] : theirs) ours.try_emplace(instrument);
    for (const auto& [instrument, quantity] : ours) {
      const bool told = theirs.contains(instrument);
      if (quantity == theirs[instrument]) continue;
      found_.differences.push_back({DifferenceKind::position, instrument, {}, quantity, theirs[instrument],
                                    "our fills amount to " + quantity.str() + ", the venue " +
                                        (told ? "says " + theirs[instrument].str() : "does not mention it")});
    }
  }

  const OurBook& ours_;
  const VenueStatement& venue_;
  Orders now_;
  EventBuffer scratch_;
  std::map<ClOrdId, Quantity> new_fills_;  ///< What of an order's fills is told in this statement and new to us.
  std::set<std::uint64_t> taken_, taken_back_;
  std::set<ClOrdId> spoken_of_, differing_;
  std::map<InstrumentId, Quantity> moved_;
  Reconciliation found_;
};

}  // namespace

Reconciliation reconcile(const OurBook& ours, const VenueStatement& venue) { return Comparing{ours, venue}.run(); }

ClOrdId external_id(ActorId broker, std::uint64_t venue_order_id) {
  // Large numbers are folded, so that what differs in any bit differs most likely still.
  const std::uint64_t high = venue_order_id >> kNumberBits;
  if (high != 0) venue_order_id = (venue_order_id ^ high * 0x9e3779b97f4aULL) & kNumbers;
  return ClOrdId::make({}, (broker.value & kBrokers) << kNumberBits | std::max<std::uint64_t>(venue_order_id, 1));
}

ExternalId external_parts(ClOrdId id) {
  return {{static_cast<std::uint16_t>(id.counter() >> kNumberBits)}, id.counter() & kNumbers};
}

}  // namespace holdfast
