#pragma once

#include "plugins/fix_venue.hpp"
#include "test_data.hpp"

/// A broker that speaks FIX as its actor drives it, and what it writes, a line each.
namespace holdfast::test {

inline std::string str(ClOrdId id) { return std::to_string(id.owner().value) + "-" + std::to_string(id.counter()); }

inline std::string str(const VenueOrder& o) {
  static const char* const states[]{"working", "filled", "cancelled", "expired", "rejected", "not found"};
  std::string text = str(o.terms.cl_ord_id) + (o.venue_cl_ord_id.empty() ? "" : " '" + o.venue_cl_ord_id + "'") + " " +
                     states[static_cast<int>(o.state)];
  if (o.state == VenueOrder::State::not_found) return text;
  return text + " #" + std::to_string(o.venue_order_id) + " " + std::string{to_string(o.terms.side)} + " " + o.terms.quantity.str() + "@" +
         o.terms.price.str() + " cum " + o.cum_qty.str() + " leaves " + o.leaves_qty.str();
}

/// Writes down what is reported. One thread.
class BlotterLog final : public Blotter {
 public:
  std::vector<std::string> lines;
  std::uint64_t reports = 0;
  Time time{1'700'000'000'000'000'000};

  Time now() const override { return time; }
  void acknowledged(const OrderAcknowledged& e) override { report("acknowledged " + str(e.cl_ord_id) + " #" + std::to_string(e.venue_order_id)); }
  void filled(const OrderFilled& e) override {
    report("filled " + str(e.cl_ord_id) + " exec " + std::to_string(e.exec_id) + " " + std::string{to_string(e.side)} + " " + e.last_qty.str() +
           "@" + e.last_px.str() + " of " + std::to_string(e.instrument.value) + (e.liquidity == Liquidity::maker ? " maker" : " taker") +
           " fee " + e.fee.str());
  }
  void cancelled(const OrderCancelled& e, std::string_view why) override { ended("cancelled", e.cl_ord_id, why); }
  void expired(const OrderExpired& e, std::string_view why) override { ended("expired", e.cl_ord_id, why); }
  void rejected(const OrderRejected& e, std::string_view why) override { ended("rejected", e.cl_ord_id, why); }
  void cancel_rejected(const CancelRejected& e, std::string_view why) override { ended("cancel rejected", e.cl_ord_id, why); }
  void replaced(const OrderReplaced& e) override {
    report("replaced " + str(e.cl_ord_id) + " " + e.quantity.str() + "@" + e.price.str() + " revision " + std::to_string(e.revision) + " #" +
           std::to_string(e.venue_order_id));
  }
  void replace_rejected(const ReplaceRejected& e, std::string_view why) override { ended("replace rejected", e.cl_ord_id, why); }
  void unknown(ClOrdId id, std::string_view why) override { ended("unknown", id, why); }
  void busted(const FillBusted& e, std::string_view why) override {
    ended("busted " + std::to_string(e.exec_id) + " " + std::string{to_string(e.side)} + " " + e.last_qty.str() + "@" + e.last_px.str() + " fee " +
              e.fee.str(),
          e.cl_ord_id, why);
  }
  void instrument(const InstrumentChanged& e, std::string_view symbol) override {
    report(std::string{symbol} + " " + std::string{to_string(e.status)} + " tick " + e.tick.str() + " lot " + e.lot.str() + " min " +
           e.min_qty.str() + " max " + e.max_qty.str() + " worth " + e.min_notional.str() + " band " + e.price_band.str() +
           (e.expiry == Time{} ? "" : " until " + e.expiry.str()));
  }
  void connected() override { report("connected"); }
  void disconnected(std::string_view why) override { report("disconnected: " + std::string{why}); }
  void statement(const VenueStatement& s) override {
    std::string text = "statement " + std::to_string(s.question);
    const auto part = [&](const char* name, const auto& items, auto&& print) {
      if (!items) return;
      text += std::string{" "} + name + "[";
      for (const auto& item : *items) text += (text.back() == '[' ? "" : "; ") + print(item);
      text += "]";
    };
    part("open", s.open, [](const VenueOrder& o) { return str(o); });
    part("asked", std::optional{s.asked}, [](const VenueOrder& o) { return str(o); });
    part("fills", s.fills, [](const VenueFill& f) {
      return std::to_string(f.exec_id) + " " + str(f.cl_ord_id) + " #" + std::to_string(f.venue_order_id) + " " + std::string{to_string(f.side)} +
             " " + f.last_qty.str() + "@" + f.last_px.str() + " fee " + f.fee.str() +
             (f.takes_back == 0 ? "" : " takes back " + std::to_string(f.takes_back));
    });
    part("positions", s.positions, [](const VenuePosition& p) { return std::to_string(p.instrument.value) + " " + p.quantity.str(); });
    part("balances", s.balances, [](const VenueBalance& b) { return b.currency + " " + b.amount.str(); });
    report(text);
  }
  std::uint64_t written() const override { return reports; }

 private:
  void report(std::string line) {
    ++reports;
    lines.push_back(std::move(line));
  }
  void ended(const std::string& what, ClOrdId id, std::string_view why) { report(what + " " + str(id) + ": " + std::string{why}); }
};

/// Terms of an order by owner 7; without a price it is a market order.
inline OrderTerms terms_of(std::uint64_t counter, const char* limit = "100") {
  OrderTerms t;
  t.cl_ord_id = ClOrdId::make(ActorId{7}, counter);
  t.instrument = {1};
  t.type = *limit == '\0' ? OrdType::market : OrdType::limit;
  t.tif = *limit == '\0' ? TimeInForce::ioc : TimeInForce::gtc;
  t.quantity = Quantity::of(10);
  if (*limit != '\0') t.price = *Price::parse(limit);
  return t;
}

/// The broker of one system, at one venue.
class FixDesk {
 public:
  explicit FixDesk(std::uint16_t port, const std::string& keep_dir, testkit::Fields more = {}) {
    auto where = context(instruments({"BTC", "ETH"}));
    where.keep_dir = keep_dir;
    where.secrets = [](const std::string& name, Problem&) { return std::optional{Secret{name, "sesame", ""}}; };
    broker_ = load<Broker>("fix", with(settings(port), std::move(more)), where);
    broker_->open(waker_.wake());
  }
  static Setting settings(std::uint16_t port) {
    return map({{"host", "127.0.0.1"}, {"port", std::to_string(port)}, {"sender", "ACME"}, {"username", "joe"}, {"password", secret("acme")},
                {"reconnect_min", "1ms"}, {"reconnect_max", "10ms"}});
  }

  BlotterLog blotter;

  Broker& operator*() { return *broker_; }
  Broker* operator->() { return broker_.get(); }
  /// Waits for a line that begins so, from `from` on. Returns it.
  std::string wait(const std::string& start, std::size_t from = 0) {
    std::string found;
    const bool there = waker_.until([&] {
      broker_->poll(blotter);
      for (std::size_t i = from; i < blotter.lines.size(); ++i)
        if (blotter.lines[i].starts_with(start)) found = blotter.lines[i];
      return !found.empty();
    });
    BOOST_REQUIRE_MESSAGE(there, "nothing begins with '" << start << "' in " << all());
    return found;
  }
  void send(const OrderTerms& terms, bool again = false) {
    EventBuffer buffer;
    const Event event = buffer.at(buffer.append(OrderSent{terms, {}}, ActorId{1}, 0, true, {}));
    if (again) broker_->send_again(event.approved(), blotter);
    else broker_->send(event.approved(), blotter);
  }
  void replace(const WorkingOrder& order, const char* quantity, const char* price, std::uint64_t revision) {
    EventBuffer buffer;
    const ReplaceSent sent{order.terms.cl_ord_id, *Quantity::parse(quantity), *Price::parse(price), revision, {}};
    broker_->replace(order, buffer.at(buffer.append(sent, ActorId{1}, 0, true, {})).approved_replace(), revision, blotter);
  }
  /// As lines, from `from` on.
  std::string all(std::size_t from = 0) const {
    std::string text;
    for (std::size_t i = from; i < blotter.lines.size(); ++i) text += (text.empty() ? "" : "\n") + blotter.lines[i];
    return text;
  }

 private:
  Waker waker_;
  std::shared_ptr<Broker> broker_;
};

/// A venue, a broker that is logged on to it, and what it keeps.
struct LoggedOn {
  ScratchDir kept;
  ScriptedVenue venue;
  FixDesk desk{venue.port, kept.str()};
  LoggedOn() { desk.wait("connected"); }
  /// What the broker makes of one message; none of it is about ETH, which marks the end.
  std::string hears(const fix::Message& told) {
    const std::size_t from = desk.blotter.lines.size();
    venue.say(told);
    mark();
    const std::string text = desk.all(from);
    return text.substr(0, text.rfind("acknowledged 9-9"));
  }
  void mark() {
    const std::size_t from = desk.blotter.lines.size();
    venue.say(message("8", "37=99|17=99|11=HF-9-9|150=0|39=0|55=ETH|54=1|14=0|151=1|6=0"));
    desk.wait("acknowledged 9-9", from);
  }
};

}  // namespace holdfast::test
