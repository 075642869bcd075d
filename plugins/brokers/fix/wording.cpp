#include "wording.hpp"

#include <holdfast/fix/tags.hpp>

namespace holdfast::fix_broker {

namespace tag = fix::tag;

namespace {

template <class E>
char code(E value) {
  return static_cast<char>('0' + static_cast<int>(value));
}

/// The value of a field that says one of `allowed` by its digit.
template <class E, class Source>
std::optional<E> choice(const Source& source, int field, std::string_view allowed) {
  const auto value = fix::character(source, field);
  if (!value || allowed.find(*value) == std::string_view::npos) return std::nullopt;
  return static_cast<E>(*value - '0');
}

/// False when the field is there and is no such amount.
template <class Amount>
bool read(const fix::Message& message, int field, Amount& out) {
  if (!message.get(field)) return true;
  const auto value = fix::amount<Amount>(message, field);
  if (value) out = *value;
  return value.has_value();
}

}  // namespace

template <class Source>
std::optional<Side> side_of(const Source& source) {
  return choice<Side>(source, tag::Side, "12");
}
template std::optional<Side> side_of(const fix::Message&);
template std::optional<Side> side_of(const fix::Entry&);

fix::Message Wording::order(const OrderTerms& terms, Time now) const {
  fix::Message m{"D"};
  m.set(tag::ClOrdID, names_.order(terms.cl_ord_id, 0)).set(tag::Symbol, symbol(terms.instrument)).set(tag::Side, code(terms.side));
  m.set(tag::OrderQty, terms.quantity);
  if (has_limit(terms.type)) m.set(tag::Price, terms.price);
  describe(m, terms);
  return m.set(tag::TransactTime, now);
}

fix::Message Wording::cancel(const WorkingOrder& order, std::uint64_t request, Time now) const {
  fix::Message m{"F"};
  m.set(tag::ClOrdID, names_.cancel(order.terms.cl_ord_id, request));
  name(m, tag::OrigClOrdID, order);
  m.set(tag::Symbol, symbol(order.terms.instrument)).set(tag::Side, code(order.terms.side)).set(tag::OrderQty, order.terms.quantity);
  sign(m);
  return m.set(tag::TransactTime, now);
}

fix::Message Wording::replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision, Time now) const {
  fix::Message m{"G"};
  m.set(tag::ClOrdID, names_.order(order.terms.cl_ord_id, revision));
  name(m, tag::OrigClOrdID, order);
  m.set(tag::Symbol, symbol(order.terms.instrument)).set(tag::Side, code(order.terms.side)).set(tag::OrderQty, change.quantity());
  if (has_limit(order.terms.type)) m.set(tag::Price, change.price());
  describe(m, order.terms);
  return m.set(tag::TransactTime, now);
}

fix::Message Wording::status(const WorkingOrder& order, const std::string& request) const {
  fix::Message m{"H"};
  m.set(tag::OrdStatusReqID, request);
  name(m, tag::ClOrdID, order);
  m.set(tag::Symbol, symbol(order.terms.instrument)).set(tag::Side, code(order.terms.side));
  sign(m);
  return m;
}

fix::Message Wording::open_orders(const std::string& request) const {
  fix::Message m{"AF"};
  sign(m.set(tag::MassStatusReqID, request).set(tag::MassStatusReqType, 7));
  return m;
}

fix::Message Wording::trades(const std::string& request, std::uint64_t after) const {
  fix::Message m{"AD"};
  m.set(tag::TradeRequestID, request).set(tag::TradeRequestType, 0);
  // Our number of an ExecID that is none means nothing to the venue, and nothing about time.
  if (after != 0 && counts_up(after)) m.set(tag::ExecID, after);
  sign(m);
  return m;
}

fix::Message Wording::positions(const std::string& request, Time now) const {
  fix::Message m{"AN"};
  sign(m.set(tag::PosReqID, request).set(tag::PosReqType, 0).set(tag::ClearingBusinessDate, fix::date(now)));
  return m.set(tag::TransactTime, now);
}

fix::Message Wording::balances(const std::string& request) const {
  fix::Message m{"BB"};
  sign(m.set(tag::CollInquiryID, request));
  return m;
}

const Instrument* Wording::instrument(const fix::Message& message) const {
  return instruments_->find(std::string_view{fix::text(message, tag::Symbol)});
}

/// The order that is meant, by the name it has now. The venue's number says it only where there is no name: a venue
/// may give another one.
void Wording::name(fix::Message& m, int field, const WorkingOrder& order) const {
  const bool foreign = order.terms.cl_ord_id.owner() == ActorId{} && order.revision == 0;
  if (!foreign) m.set(field, names_.order(order.terms.cl_ord_id, order.revision));
  else if (!order.venue_cl_ord_id.empty()) m.set(field, order.venue_cl_ord_id);
  else m.set(tag::OrderID, order.venue_order_id);
}

/// What a change leaves as it is.
void Wording::describe(fix::Message& m, const OrderTerms& terms) const {
  sign(m);
  m.set(tag::OrdType, code(terms.type)).set(tag::TimeInForce, code(terms.tif));
  if (has_stop(terms.type)) m.set(tag::StopPx, terms.stop_px);
  if (terms.tif == TimeInForce::gtd) m.set(tag::ExpireTime, terms.expire_time);
  if (!terms.display_qty.is_zero()) m.set(tag::DisplayQty, terms.display_qty);
  const bool post = has(terms.exec_inst, ExecInst::post_only), reduce = has(terms.exec_inst, ExecInst::reduce_only);
  m.set(tag::ExecInst, post && reduce ? "6 E" : post ? "6" : reduce ? "E" : "");
}

void Wording::sign(fix::Message& m) const {
  if (!account_.empty()) m.set(tag::Account, account_);
}

const std::string& Wording::symbol(InstrumentId id) const {
  const Instrument* instrument = instruments_->find(id);
  HOLDFAST_ENSURE(instrument != nullptr, "an order's instrument is unknown");
  return instrument->symbol;
}

std::optional<OrderTerms> terms_of(const fix::Message& report) {
  OrderTerms terms;
  const auto side = side_of(report);
  const auto type = choice<OrdType>(report, tag::OrdType, "1234");
  const auto tif = choice<TimeInForce>(report, tag::TimeInForce, "01346");
  const auto quantity = fix::quantity(report, tag::OrderQty);
  if (!side || !type || !quantity || (report.get(tag::TimeInForce) && !tif)) return std::nullopt;
  terms.side = *side;
  terms.type = *type;
  terms.tif = tif.value_or(TimeInForce::day);  // FIX's default.
  terms.quantity = *quantity;
  const int shown = report.get(tag::DisplayQty) ? tag::DisplayQty : tag::MaxShow;
  if (!read(report, tag::Price, terms.price) || !read(report, tag::StopPx, terms.stop_px) || !read(report, shown, terms.display_qty))
    return std::nullopt;
  if (has_limit(*type) && !report.get(tag::Price)) return std::nullopt;
  terms.expire_time = fix::time(report, tag::ExpireTime).value_or(Time{});
  const std::string flags = fix::text(report, tag::ExecInst);
  if (flags.find('6') != std::string::npos) terms.exec_inst = terms.exec_inst | ExecInst::post_only;
  if (flags.find('E') != std::string::npos) terms.exec_inst = terms.exec_inst | ExecInst::reduce_only;
  return terms;
}

std::string words_of(const fix::Message& message, const char* otherwise) {
  const auto text = message.get(tag::Text);
  return text ? std::string{*text} : otherwise;
}

}  // namespace holdfast::fix_broker
