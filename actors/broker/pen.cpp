#include "pen.hpp"

#include "link.hpp"

namespace holdfast::broker {

/// Leaves out what the order's state does not allow: said before, or overtaken by what was said since.
template <class E>
void FactBlotter::report(E what, std::string_view why) {
  was_sent(what.cl_ord_id);
  const Order* order = pen_.view().orders().find(what.cl_ord_id);
  if (order == nullptr || !next_status(order->status, E::kType, order->leaves_qty)) return;
  pen_.report(what, why);
}

/// What the venue speaks of has left, though its release was lost with an earlier incarnation.
void FactBlotter::was_sent(ClOrdId id) {
  const Order* order = pen_.view().orders().find(id);
  if (order != nullptr && order->status == OrdStatus::approved) link_.was_sent(OrderTerms{order->terms});
}

template <class E>
void FactBlotter::end(E what, std::string_view why) {
  if (const Order* order = pen_.view().orders().find(what.cl_ord_id)) what.leaves_qty = order->leaves_qty;
  report(what, why);
}

void FactBlotter::filled(const OrderFilled& told) {
  if (pen_.view().knows_fill(told.exec_id) || pen_.view().knows_bust(told.exec_id)) return;
  if (told.last_qty <= Quantity{}) {
    // No book can hold it. What has become of the order, the venue is asked.
    const std::string why = "the venue reports a fill of " + told.last_qty.str() + ", execution " +
                            std::to_string(told.exec_id) + ": it is left out";
    log(why);
    return unknown(told.cl_ord_id, why);
  }
  was_sent(told.cl_ord_id);
  OrderFilled fill = told;
  if (const Order* order = pen_.view().orders().find(told.cl_ord_id)) {
    // Our own sums: fills may come late, and in any order.
    fill.cum_qty = order->cum_qty + told.last_qty;
    fill.leaves_qty = std::max(Quantity{}, order->terms.quantity - fill.cum_qty);
  } else {
    fill.cum_qty = std::max(told.cum_qty, told.last_qty);
    fill.leaves_qty = {};
  }
  pen_.report(fill);
}

void FactBlotter::replaced(const OrderReplaced& told) {
  OrderReplaced change = told;
  const Order* order = pen_.view().orders().find(told.cl_ord_id);
  if (order == nullptr || told.revision <= order->revision) return;
  change.leaves_qty = std::max(Quantity{}, told.quantity - order->cum_qty);
  report(change);
}

void FactBlotter::busted(const FillBusted& bust, std::string_view why) {
  if (pen_.view().knows_bust(bust.exec_id)) return;
  if (pen_.view().knows_fill(bust.exec_id)) return pen_.report(bust, why);
  // It has overtaken its fill: there is nothing to take back, and never will be.
  FillBusted early;
  early.exec_id = bust.exec_id;
  early.instrument = bust.instrument;
  pen_.report(early, why);
}

void FactBlotter::instrument(const InstrumentChanged& change, std::string_view venue_symbol) {
  if (!pen_.view().knows(change)) pen_.report(change, venue_symbol);
}

void FactBlotter::connected() { link_.connected(); }
void FactBlotter::disconnected(std::string_view why) { link_.disconnected(why); }
void FactBlotter::statement(const VenueStatement& statement) { link_.hear(statement); }

}  // namespace holdfast::broker
