#include "embed/event_json.hpp"

#include <charconv>
#include <stdexcept>

#include <holdfast/journal/sha256.hpp>
#include <holdfast/trading/orders.hpp>
#include <holdfast/trading/reconcile.hpp>

namespace holdfast {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Collects fields; amounts and ids know how they are written.
class Writer {
 public:
  explicit Writer(const SystemRecord& record) : record_{record} {}
  template <class T>
  Writer& operator()(const char* name, const T& value) {
    out_.emplace_back(name, text(value));
    return *this;
  }
  Writer& terms(const OrderTerms& t) {
    (*this)("order", t.cl_ord_id)("instrument", t.instrument)("side", t.side)("type", t.type)("tif", t.tif)(
        "quantity", t.quantity);
    if (has_limit(t.type)) (*this)("price", t.price);
    if (has_stop(t.type)) (*this)("stop_px", t.stop_px);
    if (has(t.exec_inst, ExecInst::post_only)) (*this)("post_only", std::string{"yes"});
    if (has(t.exec_inst, ExecInst::reduce_only)) (*this)("reduce_only", std::string{"yes"});
    if (!t.display_qty.is_zero()) (*this)("display_qty", t.display_qty);
    if (t.expire_time.ns != 0) (*this)("expire_time", t.expire_time);
    if (t.broker.value != 0) actor("broker", t.broker);
    if (t.release_deadline.ns != 0) (*this)("release_deadline", t.release_deadline);
    return *this;
  }
  Writer& actor(const char* name, ActorId id) { return (*this)(name, record_.actor_name(id)); }
  Fields take() { return std::move(out_); }

 private:
  std::string text(ClOrdId id) const { return order_name(id, record_); }
  std::string text(InstrumentId id) const { return record_.symbol(id); }
  std::string text(Time time) const { return time.str(); }
  std::string text(const Digest& digest) const { return hex(digest); }
  std::string text(const std::string& value) const { return value; }
  std::string text(Liquidity value) const { return value == Liquidity::maker ? "maker" : "taker"; }
  std::string text(DenyReason reason) const {
    static constexpr const char* kNames[] = {"none", "rule", "latch", "stale", "unknown_instrument", "malformed", "closed",
                                            "filter"};
    const auto at = static_cast<std::size_t>(reason);
    return at < std::size(kNames) ? kNames[at] : std::to_string(at);
  }
  template <class T>
  std::string text(const T& value) const {
    if constexpr (requires { value.str(); }) return value.str();
    else if constexpr (std::is_enum_v<T>) return std::string{to_string(value)};
    else return std::to_string(value);
  }

  const SystemRecord& record_;
  Fields out_;
};

void market_fields(const Event& e, Writer& w) {
  switch (e.type()) {
    case EventType::quote: {
      const auto& q = e.as<Quote>();
      w("instrument", q.instrument)("bid", q.bid)("bid_size", q.bid_size)("ask", q.ask)("ask_size", q.ask_size);
      if (q.flaw != TickFlaw::none) w("flaw", q.flaw);
      break;
    }
    case EventType::trade: {
      const auto& t = e.as<Trade>();
      w("instrument", t.instrument)("aggressor", t.aggressor)("price", t.price)("quantity", t.quantity);
      break;
    }
    case EventType::book_level: {
      const auto& l = e.as<BookLevel>();
      w("instrument", l.instrument)("side", l.side)("price", l.price)("quantity", l.quantity);
      break;
    }
    case EventType::book_clear: w("instrument", e.as<BookClear>().instrument); break;
    case EventType::bad_tick: w("instrument", e.as<BadTick>().instrument)("flaw", e.as<BadTick>().flaw); break;
    default: break;
  }
}

template <class E>
void change_fields(const Event& e, Writer& w) {
  w("order", e.as<E>().cl_ord_id)("quantity", e.as<E>().quantity)("price", e.as<E>().price);
}

void order_fields(const Event& e, Writer& w) {
  switch (e.type()) {
    case EventType::order_intent: w.terms(e.as<OrderIntent>().terms); break;
    case EventType::order_approved: w.terms(e.as<OrderApproved>().terms); break;
    case EventType::order_denied: w("order", e.as<OrderDenied>().cl_ord_id)("reason", e.as<OrderDenied>().reason); break;
    case EventType::order_sent: w.terms(e.as<OrderSent>().terms)("released", e.as<OrderSent>().released); break;
    case EventType::order_acknowledged:
      w("order", e.as<OrderAcknowledged>().cl_ord_id)("venue_order_id", e.as<OrderAcknowledged>().venue_order_id);
      break;
    case EventType::order_filled: {
      const auto& f = e.as<OrderFilled>();
      w("order", f.cl_ord_id)("exec_id", f.exec_id)("instrument", f.instrument)("side", f.side)("last_px", f.last_px)(
          "last_qty", f.last_qty)("cum_qty", f.cum_qty)("leaves_qty", f.leaves_qty)("fee", f.fee)("liquidity", f.liquidity);
      break;
    }
    case EventType::order_cancelled:
      w("order", e.as<OrderCancelled>().cl_ord_id)("leaves_qty", e.as<OrderCancelled>().leaves_qty);
      break;
    case EventType::order_expired:
      w("order", e.as<OrderExpired>().cl_ord_id)("leaves_qty", e.as<OrderExpired>().leaves_qty);
      break;
    case EventType::cancel_sent: w("order", e.as<CancelSent>().cl_ord_id)("released", e.as<CancelSent>().released); break;
    case EventType::order_replaced: {
      const auto& r = e.as<OrderReplaced>();
      w("order", r.cl_ord_id)("quantity", r.quantity)("price", r.price)("leaves_qty", r.leaves_qty)("revision", r.revision)(
          "venue_order_id", r.venue_order_id);
      break;
    }
    case EventType::order_adopted: {
      const auto& a = e.as<OrderAdopted>();
      w.terms(a.terms)("cum_qty", a.cum_qty)("leaves_qty", a.leaves_qty)("venue_order_id", a.venue_order_id);
      break;
    }
    case EventType::fill_busted: {
      const auto& b = e.as<FillBusted>();
      w("order", b.cl_ord_id)("exec_id", b.exec_id)("instrument", b.instrument)("side", b.side)("last_px", b.last_px)(
          "last_qty", b.last_qty)("fee", b.fee);
      break;
    }
    case EventType::replace_intent: change_fields<ReplaceIntent>(e, w); break;
    case EventType::replace_approved: change_fields<ReplaceApproved>(e, w); break;
    case EventType::replace_sent:
      change_fields<ReplaceSent>(e, w);
      w("revision", e.as<ReplaceSent>().revision)("released", e.as<ReplaceSent>().released);
      break;
    case EventType::replace_denied: w("order", e.as<ReplaceDenied>().cl_ord_id)("reason", e.as<ReplaceDenied>().reason); break;
    case EventType::order_routed: w("order", e.as<OrderRouted>().cl_ord_id).actor("to", e.as<OrderRouted>().to); break;
    case EventType::position_adjusted: {
      const auto& p = e.as<PositionAdjusted>();
      w("instrument", p.instrument).actor("owner", p.owner)("change", p.change);
      break;
    }
    case EventType::strategy_removed: {
      const auto& r = e.as<StrategyRemoved>();
      w.actor("strategy", r.strategy)("what", r.what);
      if (r.heir.value != 0) w.actor("heir", r.heir);
      break;
    }
    case EventType::order_handed_over: {
      const auto& h = e.as<OrderHandedOver>();
      w.terms(h.terms)("cum_qty", h.cum_qty)("leaves_qty", h.leaves_qty)("venue_order_id", h.venue_order_id).actor("heir", h.heir);
      break;
    }
    case EventType::share_booked: {
      const auto& b = e.as<ShareBooked>();
      w.actor("from", b.from).actor("to", b.to)("instrument", b.instrument)("quantity", b.quantity)("cost", b.cost)(
          "position", b.position)("realized", b.realized);
      break;
    }
    case EventType::fill_booked: {
      const auto& b = e.as<FillBooked>();
      w("order", b.cl_ord_id)("exec_id", b.exec_id)("instrument", b.instrument)("position", b.position)("cash", b.cash)(
          "realized", b.realized)("fee", b.fee);
      break;
    }
    case EventType::checkpoint_signed: w("covered_seq", e.as<CheckpointSigned>().covered_seq); break;
    case EventType::alert_sent: w("about_seq", e.as<AlertSent>().about_seq); break;
    default:
      if (const auto id = order_in(e)) w("order", *id);
  }
}

template <class E>
void incarnation_fields(const Event& e, Writer& w) {
  w.actor("actor", e.as<E>().actor)("incarnation", e.as<E>().incarnation);
}

void lifecycle_fields(const Event& e, Writer& w, const SystemRecord& record) {
  const auto target = [&](LatchScope scope, std::uint32_t id) {
    w("scope", scope);
    if (scope == LatchScope::strategy) w.actor("target", ActorId{static_cast<std::uint16_t>(id)});
    if (scope == LatchScope::instrument) w("target", record.symbol(InstrumentId{id}));
  };
  switch (e.type()) {
    case EventType::system_started: w("epoch", e.as<SystemStarted>().epoch)("plan", e.as<SystemStarted>().plan); break;
    case EventType::system_restored: w("epoch", e.as<SystemRestored>().epoch); break;
    case EventType::system_stopped: w("epoch", e.as<SystemStopped>().epoch); break;
    case EventType::actor_declared: w.actor("actor", e.as<ActorDeclared>().actor)("kind", e.as<ActorDeclared>().kind); break;
    case EventType::actor_started:
      incarnation_fields<ActorStarted>(e, w);
      w("identity", e.as<ActorStarted>().identity);
      break;
    case EventType::actor_failed: incarnation_fields<ActorFailed>(e, w); break;
    case EventType::actor_stopped: incarnation_fields<ActorStopped>(e, w); break;
    case EventType::actor_parked: incarnation_fields<ActorParked>(e, w); break;
    case EventType::instrument_defined: {
      const auto& d = e.as<InstrumentDefined>();
      w("instrument", d.instrument)("version", d.version)("tick", d.tick)("lot", d.lot);
      break;
    }
    case EventType::latch_engaged:
      target(e.as<LatchEngaged>().scope, e.as<LatchEngaged>().target);
      w("level", e.as<LatchEngaged>().level);
      break;
    case EventType::latch_released: target(e.as<LatchReleased>().scope, e.as<LatchReleased>().target); break;
    case EventType::feed_ended: w.actor("feed", e.as<FeedEnded>().feed); break;
    case EventType::link_changed:
      w.actor("broker", e.as<LinkChanged>().broker)("state", e.as<LinkChanged>().state);
      break;
    case EventType::reconciled: {
      const auto& r = e.as<Reconciled>();
      w.actor("broker", r.broker)("corrections", r.corrections)("differences", r.differences)("orders", r.orders)("fills_up_to", r.fills_up_to);
      break;
    }
    case EventType::difference_found: {
      const auto& d = e.as<DifferenceFound>();
      w.actor("broker", d.broker)("kind", d.kind);
      if (d.instrument.value != 0) w("instrument", d.instrument);
      if (d.cl_ord_id.value != 0) w("order", d.cl_ord_id);
      w("ours", d.ours)("theirs", d.theirs);
      break;
    }
    case EventType::difference_accepted: w("instrument", e.as<DifferenceAccepted>().instrument); break;
    case EventType::instrument_changed: {
      const auto& i = e.as<InstrumentChanged>();
      w("instrument", i.instrument)("status", i.status)("tick", i.tick)("lot", i.lot)("min_qty", i.min_qty)("max_qty", i.max_qty)(
          "min_notional", i.min_notional)("price_band", i.price_band);
      break;
    }
    case EventType::market_pruned: w("below_seq", e.as<MarketPruned>().below_seq); break;
    default: break;
  }
}

/// Bytes of the payload of a type, to find the tail behind it.
template <class... E>
std::string_view find_tail(const Event& event) {
  std::string_view tail;
  (void)((event.type() == E::kType ? (tail = event.tail<E>(), true) : false) || ...);
  return tail;
}

}  // namespace

std::string_view tail_of(const Event& event) {
  return find_tail<OrderIntent, OrderDenied, OrderCancelled, OrderExpired, OrderRejected, CancelIntent, CancelRejected,
                   CheckpointSigned, AlertSent, SystemStarted, SystemStopped, SystemRestored, ActorDeclared, ActorFailed, ActorStopped, ActorParked,
                   InstrumentDefined, LatchEngaged, LatchReleased, OrderUnknown, OrderAdopted, FillBusted, ReplaceIntent, ReplaceDenied,
                   ReplaceRejected, PositionAdjusted, LinkChanged, DifferenceFound, DifferenceAccepted, InstrumentChanged>(event);
}

Fields fields_of(const Event& event, const SystemRecord& record) {
  Writer writer{record};
  if (stream_of(event.type()) == Stream::market) market_fields(event, writer);
  else if (is_lifecycle(event.type())) lifecycle_fields(event, writer, record);
  else order_fields(event, writer);
  return writer.take();
}

Json event_json(const Event& event, const SystemRecord& record) {
  Json fields = Json::object();
  for (const auto& [name, value] : fields_of(event, record)) fields[name] = value;
  return {{"seq", event.seq()},
          {"time", event.time().str()},
          {"author", record.actor_name(event.author())},
          {"type", to_string(event.type())},
          {"spontaneous", event.spontaneous()},
          {event.spontaneous() ? "position" : "cause", event.header().origin},
          {"fields", fields},
          {"text", std::string{tail_of(event)}}};
}

EventType event_type(std::string_view name) {
  std::vector<std::string> names;
  for (int value = 0; value < 256; ++value) {
    const auto type = static_cast<EventType>(value);
    if (to_string(type) == name && name != "unknown") return type;
    names.emplace_back(to_string(type));
  }
  const auto near = nearest(name, names);
  throw std::invalid_argument{"there is no event type '" + std::string{name} + "'" +
                              (near.empty() ? "" : ", did you mean '" + near + "'?")};
}

namespace {

/// Begins the name of an order that nobody here has asked for; its broker and the venue's number follow.
const std::string kExternal = "external-";

}  // namespace

std::string order_name(ClOrdId id, const SystemRecord& record) {
  if (id.owner().value != 0) return record.actor_name(id.owner()) + "-" + std::to_string(id.counter());
  const auto [broker, number] = external_parts(id);
  return kExternal + record.actor_name(broker) + "-" + std::to_string(number);
}

std::optional<ClOrdId> parse_order(const std::string& text, const SystemRecord& record) {
  const auto dash = text.rfind('-');
  const std::string digits = dash == std::string::npos ? text : text.substr(dash + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (dash == std::string::npos) return ClOrdId{number};
  ActorId owner;
  const bool external = text.starts_with(kExternal) && dash > kExternal.size();
  const std::size_t begin = external ? kExternal.size() : 0;
  if (record.find(text.substr(begin, dash - begin), &owner) == nullptr) return std::nullopt;
  if (external) return external_id(owner, number);
  return ClOrdId::make(owner, number);
}

std::optional<ClOrdId> order_in(const Event& event) {
  if (event.type() == EventType::fill_booked) return event.as<FillBooked>().cl_ord_id;
  return order_of(event);
}

}  // namespace holdfast
