// What a rig makes of the journal: a record per order, and what should not be in it.
#include <set>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

std::string name_of(ClOrdId id) { return "order " + std::to_string(id.counter()); }

/// What is wrong with a fill by itself.
std::string wrong_with(const OrderFilled& fill, const OrderRecord& record, Quantity lot) {
  const OrderTerms& terms = record.terms;
  if (fill.instrument != terms.instrument) return "is in another instrument";
  if (fill.side != terms.side) return "is on the other side";
  if (fill.last_qty <= Quantity{} || fill.last_qty.raw() % lot.raw() != 0) return "is of " + fill.last_qty.str();
  if (fill.cum_qty != record.filled)
    return "says CumQty " + fill.cum_qty.str() + ", and the fills add up to " + record.filled.str();
  if (fill.leaves_qty != terms.quantity - fill.cum_qty) return "says LeavesQty " + fill.leaves_qty.str();
  const bool worse = terms.side == Side::buy ? fill.last_px > terms.price : fill.last_px < terms.price;
  if (has_limit(terms.type) && worse) return "is at " + fill.last_px.str() + ", beyond the limit " + terms.price.str();
  return {};
}

}  // namespace

void Rig::listen() {
  if (bench_ == nullptr) return;
  const auto bytes = bench_->journal().bytes();
  for_each_event(bytes.subspan(heard_), [&](const Event& event) {
    if (event.type() == EventType::link_changed) armed_ = event.as<LinkChanged>().state == LinkState::armed;
    const auto id = order_of(event);
    if (!id) return;
    const auto change = book_.hear(event);
    const auto known = records_.find(*id);
    if (known == records_.end()) {
      if (event.type() == EventType::order_adopted) records_[*id].terms = event.as<OrderAdopted>().terms;
      else
        illegal_.push_back(std::string{to_string(event.type())} + " of " + name_of(*id) + ", which nobody has placed");
      return;
    }
    OrderRecord& record = known->second;
    if (!change.legal)
      illegal_.push_back(std::string{to_string(event.type())} + " of " + name_of(*id) + " while it is " +
                         std::string{to_string(record.status)});
    if (event.author() == ActorId{1}) note(event, record);
    if (change.legal && change.order != nullptr) {
      record.status = change.order->status;
      record.terms = change.order->terms;
      record.cum_qty = change.order->cum_qty;
      record.leaves_qty = change.order->leaves_qty;
      record.revision = change.order->revision;
    }
  });
  heard_ = bytes.size();
}

void Rig::note(const Event& event, OrderRecord& record) {
  record.story += (record.story.empty() ? "" : " ") + std::string{to_string(event.type())};
  const auto end = [&](Quantity leaves, std::string_view why) {
    ++record.ends;
    record.cancelled_leaves = leaves;
    record.last_words = why;
  };
  switch (event.type()) {
    case EventType::order_acknowledged:
      ++record.acknowledgements;
      record.venue_order_id = event.as<OrderAcknowledged>().venue_order_id;
      return;
    case EventType::order_cancelled: return end(event.as<OrderCancelled>().leaves_qty, event.tail<OrderCancelled>());
    case EventType::order_expired: return end(event.as<OrderExpired>().leaves_qty, event.tail<OrderExpired>());
    case EventType::order_rejected: return end({}, event.tail<OrderRejected>());
    case EventType::cancel_rejected: record.last_words = event.tail<CancelRejected>(); return;
    case EventType::replace_rejected: record.last_words = event.tail<ReplaceRejected>(); return;
    case EventType::order_replaced:
      record.terms.quantity = event.as<OrderReplaced>().quantity;
      record.terms.price = event.as<OrderReplaced>().price;
      return;
    case EventType::order_filled: break;
    default: return;
  }
  const auto& fill = event.as<OrderFilled>();
  record.fills.push_back(fill);
  record.filled += fill.last_qty;
  if (fill.leaves_qty.is_zero()) end({}, "");
  const auto known = subject_.plugin.context().instruments;
  if (const auto wrong = wrong_with(fill, record, known->find(subject_.instrument)->lot); !wrong.empty())
    illegal_.push_back("a fill of " + name_of(record.terms.cl_ord_id) + " " + wrong);
}

void Rig::expect_story(ClOrdId id, const std::string& story) {
  expect(order(id).story == story, "the order was reported as '" + order(id).story + "', owed is '" + story + "'");
}

void Rig::expect_filled(ClOrdId id, int units) {
  const OrderRecord& record = order(id);
  expect(record.filled == qty(units),
         "the fills add up to " + record.filled.str() + ", and " + qty(units).str() + " is owed");
  if (record.fills.empty()) return;
  expect(record.fills.back().cum_qty == record.filled, "the last fill says CumQty " +
                                                           record.fills.back().cum_qty.str() +
                                                           ", and the fills add up to " + record.filled.str());
}

void Rig::expect_one_working(ClOrdId id) {
  until([&] { return order(id).acknowledgements > 0 || order(id).ended(); }, "what became of the order is found out");
  expect(!order(id).has("OrderRejected"), "an order whose answer was lost is called rejected: " + order(id).story);
  expect(orders_at_venue() == 1, "the venue has got it " + std::to_string(orders_at_venue()) + " times");
  trade_with(id, 1);
  until_ended(id);
  expect_filled(id, 1);
  until_venue_agrees();
}

void Rig::expect_sane() {
  std::set<std::uint64_t> executions;
  std::string text;
  for (const auto& line : illegal()) text += line + "; ";
  for (const auto& [id, record] : records_) {
    for (const auto& fill : record.fills)
      if (!executions.insert(fill.exec_id).second)
        text += "ExecID " + std::to_string(fill.exec_id) + " was used twice; ";
    if (record.ends > 1) text += name_of(id) + " has ended " + std::to_string(record.ends) + " times; ";
  }
  expect(text.empty(), text + stories());
}

std::string Rig::stories() {
  listen();
  std::string text;
  for (const auto& [id, record] : records_)
    text += (text.empty() ? "" : "; ") + name_of(id) + ": " +
            (record.story.empty() ? "nothing was reported" : record.story);
  if (text.size() > 1'000) text = text.substr(0, 1'000) + " …";
  return text;
}

ApprovedOrder approved(const OrderTerms& terms) {
  EventBuffer one;
  return one.at(one.append(OrderApproved{terms}, ActorId{2}, 0, false)).approved();
}

ApprovedReplace approved_replace(ClOrdId id, Quantity quantity, Price price) {
  EventBuffer one;
  return one.at(one.append(ReplaceSent{id, quantity, price, 1, {}}, ActorId{1}, 0, false)).approved_replace();
}

}  // namespace holdfast::testkit
