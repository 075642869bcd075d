#include "reports.hpp"

#include <holdfast/fix/tags.hpp>
#include <holdfast/trading/reconcile.hpp>

namespace holdfast::fix_broker {

namespace tag = fix::tag;

namespace {

constexpr int kUnknownOrder = 5, kDuplicate = 6;  // OrdRejReason (103)
constexpr int kCancelOfUnknown = 1;               // CxlRejReason (102)

Quantity leaves_of(const fix::Message& report) { return fix::quantity(report, tag::LeavesQty).value_or(Quantity{}); }

}  // namespace

/// Ours by its name, or by the one it had before; otherwise that of an order nobody here has asked for.
ClOrdId Reports::id_of(const fix::Message& report) const {
  for (const int field : {tag::ClOrdID, tag::OrigClOrdID})
    if (const auto own = wording_.names().parse(fix::text(report, field))) return own->id;
  const std::uint64_t number = number_of(fix::text(report, tag::OrderID));
  return number == 0 ? ClOrdId{} : external_id(broker_, number);
}

void Reports::hear_execution(const fix::Message& report, Blotter& blotter) {
  const ClOrdId id = id_of(report);
  if (id.value == 0) return;  // About nothing that anybody could name.
  const std::uint64_t order_id = number_of(fix::text(report, tag::OrderID));
  switch (fix::character(report, tag::ExecType).value_or('?')) {
    case '0': case 'A': return blotter.acknowledged({id, order_id});
    case 'F': return fill(report, id, blotter);
    case '4': return blotter.cancelled({id, leaves_of(report)}, words_of(report, "cancelled by the venue"));
    case 'C': return blotter.expired({id, leaves_of(report)}, words_of(report, "expired"));
    case '8': return rejected(report, id, blotter);
    case '5': return replaced(report, id, blotter);
    case '6': case 'E': return;  // That a request has arrived is no answer to it.
    case 'I': return status(report, id, blotter);
    case 'H': return bust(report, id, blotter);
    case 'G': return correct(report, id, blotter);
    case 'D': return unclear(report, id, "the venue restated the order", blotter);
    default: return unclear(report, id, "a report of ExecType " + fix::text(report, tag::ExecType), blotter);
  }
}

void Reports::hear_cancel_reject(const fix::Message& reject, Blotter& blotter) {
  const ClOrdId id = id_of(reject);
  if (id.value == 0) return;
  const auto own = wording_.names().parse(fix::text(reject, tag::ClOrdID));
  auto to = fix::character(reject, tag::CxlRejResponseTo).value_or('?');
  if (to != '1' && to != '2' && own) to = own->request ? '1' : own->revision != 0 ? '2' : '?';
  if (to == '1') blotter.cancel_rejected({id}, words_of(reject, "the venue did not cancel it"));
  else if (to == '2') blotter.replace_rejected({id}, words_of(reject, "the venue did not change it"));
  else return unclear(reject, id, "a rejected request that does not say which", blotter);
  if (fix::integer(reject, tag::CxlRejReason) == kCancelOfUnknown) unclear(reject, id, "the venue does not know the order", blotter);
}

void Reports::unclear(const fix::Message& report, ClOrdId id, const std::string& what, Blotter& blotter) const {
  const std::string words = words_of(report, "");
  blotter.unknown(id, words.empty() ? what : what + ": " + words);
}

std::optional<OrderFilled> Reports::fill_of(const fix::Message& report, ClOrdId id, std::string& why_not) const {
  const auto need = [&](bool there, const char* what) {
    if (!there && why_not.empty()) why_not = std::string{"a fill "} + what;
  };
  const Instrument* instrument = wording_.instrument(report);
  const auto side = side_of(report);
  const auto px = fix::price(report, tag::LastPx);
  const auto qty = fix::quantity(report, tag::LastQty);
  const auto fee = fix::money(report, tag::Commission);
  const auto by = fix::character(report, tag::CommType).value_or('3');
  const std::uint64_t exec_id = number_of(fix::text(report, tag::ExecID));
  need(exec_id != 0, "without an ExecID");
  need(instrument != nullptr, "of an instrument that is none of ours");
  need(side.has_value(), "that neither bought nor sold");
  need(px.has_value(), "without a price");
  need(qty && *qty > Quantity{}, "without a quantity");
  need((fee && by == '3') || !report.get(tag::Commission), "with a commission that is no amount");
  if (!why_not.empty()) return std::nullopt;
  OrderFilled fill;
  fill.cl_ord_id = id;
  fill.exec_id = exec_id;
  fill.instrument = instrument->id;
  fill.side = *side;
  fill.liquidity = fix::integer(report, tag::LastLiquidityInd) == 1 ? Liquidity::maker : Liquidity::taker;
  fill.last_px = *px;
  fill.last_qty = *qty;
  fill.cum_qty = fix::quantity(report, tag::CumQty).value_or(Quantity{});
  fill.leaves_qty = leaves_of(report);
  fill.fee = fee.value_or(Money{});
  return fill;
}

void Reports::write(const OrderFilled& fill, Blotter& blotter) {
  if (fills_.try_emplace(fill.exec_id, fill).second) oldest_.push_back(fill.exec_id);
  if (oldest_.size() > kFills) {
    fills_.erase(oldest_.front());
    oldest_.pop_front();
  }
  blotter.filled(fill);
}

void Reports::fill(const fix::Message& report, ClOrdId id, Blotter& blotter) {
  std::string why_not;
  if (const auto fill = fill_of(report, id, why_not)) write(*fill, blotter);
  else blotter.unknown(id, why_not);
}

void Reports::bust(const fix::Message& report, ClOrdId id, Blotter& blotter) {
  const std::uint64_t ref = number_of(fix::text(report, tag::ExecRefID));
  const auto known = fills_.find(ref);
  std::string why_not;
  const auto told = known != fills_.end() ? std::optional{known->second} : fill_of(report, id, why_not);
  if (ref == 0 || !told) return blotter.unknown(id, "the venue takes back " + (ref == 0 ? "an execution without a name" : why_not));
  FillBusted bust;
  bust.cl_ord_id = id;
  bust.exec_id = ref;
  bust.instrument = told->instrument;
  bust.side = told->side;
  bust.last_px = told->last_px;
  bust.last_qty = told->last_qty;
  bust.fee = told->fee;
  blotter.busted(bust, words_of(report, "taken back by the venue"));
}

/// The fill as it was goes, the fill as it is comes.
void Reports::correct(const fix::Message& report, ClOrdId id, Blotter& blotter) {
  const std::uint64_t ref = number_of(fix::text(report, tag::ExecRefID));
  std::string why_not;
  const auto right = fill_of(report, id, why_not);
  if (!right) return blotter.unknown(id, "the venue corrects a fill: " + why_not);
  // What it was is said nowhere else; the comparison of the positions finds what is wrong then.
  if (!fills_.contains(ref)) return blotter.unknown(id, "the venue corrects execution " + std::to_string(ref) + ", which is too old to be known");
  bust(report, id, blotter);
  write(*right, blotter);
}

void Reports::replaced(const fix::Message& report, ClOrdId id, Blotter& blotter) const {
  const auto own = wording_.names().parse(fix::text(report, tag::ClOrdID));
  const auto quantity = fix::quantity(report, tag::OrderQty);
  const auto price = fix::price(report, tag::Price);
  const bool needs_price = report.get(tag::Price) || fix::character(report, tag::OrdType).value_or('2') == '2';
  if (!own || own->revision == 0) return unclear(report, id, "the venue changed the order, and we did not ask for it", blotter);
  if (!quantity || (needs_price && !price)) return unclear(report, id, "a change without a quantity or a price", blotter);
  OrderReplaced change;
  change.cl_ord_id = id;
  change.quantity = *quantity;
  change.price = price.value_or(Price{});
  change.leaves_qty = leaves_of(report);
  change.venue_order_id = number_of(fix::text(report, tag::OrderID));
  change.revision = own->revision;
  blotter.replaced(change);
}

void Reports::rejected(const fix::Message& report, ClOrdId id, Blotter& blotter) const {
  const auto own = wording_.names().parse(fix::text(report, tag::ClOrdID));
  // That it has an order of this name already says nothing against that order.
  if (fix::integer(report, tag::OrdRejReason) == kDuplicate) return unclear(report, id, "the venue has an order of this name", blotter);
  if (own && (own->revision != 0 || own->request)) return unclear(report, id, "a request was rejected as if it were an order", blotter);
  blotter.rejected({id}, words_of(report, "rejected by the venue"));
}

/// Nobody waits for this one: it answers an order that may have been sent twice. What happened on its way to
/// where it is now is another question.
void Reports::status(const fix::Message& report, ClOrdId id, Blotter& blotter) const {
  const char status = fix::character(report, tag::OrdStatus).value_or('?');
  const bool untouched = fix::quantity(report, tag::CumQty) == Quantity{};
  const bool denied = status == '8' && fix::integer(report, tag::OrdRejReason) == kUnknownOrder;
  if (untouched && !denied) {
    if (status == '0' || status == 'A') return blotter.acknowledged({id, number_of(fix::text(report, tag::OrderID))});
    if (status == '4') return blotter.cancelled({id, leaves_of(report)}, words_of(report, "cancelled by the venue"));
    if (status == 'C') return blotter.expired({id, leaves_of(report)}, words_of(report, "expired"));
    if (status == '8') return rejected(report, id, blotter);
  }
  unclear(report, id, "the venue has the order in status " + fix::text(report, tag::OrdStatus), blotter);
}

}  // namespace holdfast::fix_broker
