#pragma once

#include <deque>
#include <holdfast/trading/orders.hpp>
#include <map>

#include "plugin_rig.hpp"

namespace holdfast::testkit {

/// All that was reported about one order, in the order it was.
struct OrderRecord {
  OrderTerms terms;
  OrdStatus status = OrdStatus::intended;
  Quantity cum_qty, leaves_qty;       ///< By the state machine.
  Quantity filled, cancelled_leaves;  ///< By adding up the fills; what its end said was left.
  std::string story;                  ///< "OrderSent OrderAcknowledged OrderFilled"
  std::string last_words;             ///< Of the report that ended it, or refused something.
  std::vector<OrderFilled> fills;
  std::uint64_t venue_order_id = 0, revision = 0;
  int acknowledgements = 0, ends = 0;

  bool ended() const { return is_terminal(status); }
  bool has(const char* event) const { return story.find(event) != std::string::npos; }
};

/// One broker actor with the plugin under test in it, on a bench, and the venue it trades at. Pure brokers live in
/// virtual time, edges in real time.
class Rig final : public PluginRig {
 public:
  Rig(const BrokerSubject& subject, std::uint64_t seed);
  /// As if its settings named other secrets than those it has.
  void take_wrong_secrets();
  ~Rig() override;
  bool meets(Need need) const override;
  void prepare() override { venue(); }
  std::shared_ptr<void> made() override { return plugin(); }
  void open(const std::shared_ptr<void>& plugin) override;
  void ask(const std::shared_ptr<void>& plugin) override;

  const BrokerSubject& subject() const { return subject_; }
  /// A plugin that no actor hosts, for cases that need none. Opened by nobody.
  std::shared_ptr<Broker> plugin();
  const BrokerCapabilities& can() const { return can_; }
  bool pure() const { return pure_; }
  /// The bench with the actor on it; made, opened and connected at the first call.
  Bench& bench();
  /// How to make the actor, as often as wanted.
  Bench::Make maker() const;
  VenueUnderTest& venue();

  // ---- what strategies and risk do ----
  Price px(int ticks) const;
  Quantity qty(int units) const;
  OrderTerms terms(OrdType type, Side side, int units, int ticks = 0, TimeInForce tif = TimeInForce::gtc);
  /// Approved, and heard by everybody.
  ClOrdId send(const OrderTerms& terms);
  ClOrdId limit(Side side, int units, int ticks, TimeInForce tif = TimeInForce::gtc) {
    return send(terms(OrdType::limit, side, units, ticks, tif));
  }
  ClOrdId market(Side side, int units) { return send(terms(OrdType::market, side, units, 0, TimeInForce::ioc)); }
  /// A limit order that the venue has acknowledged and nobody trades with.
  ClOrdId resting(Side side, int units, int ticks);
  void cancel(ClOrdId id);
  void replace(ClOrdId id, int units, int ticks);

  // ---- what the venue does ----
  void quote(int bid_ticks, int ask_ticks, int units);
  void trade_with(ClOrdId id, int units);

  /// Makes the venue misbehave. Fails: CaseSkipped, when it does not know how.
  void inject(const std::string& pathology);
  /// Waits until the books agree: every fill the venue has is ours, once, and every open order.
  void until_venue_agrees();
  /// How many orders the venue has ever had of us.
  std::size_t orders_at_venue();
  bool armed() const { return armed_; }
  /// Where the first event of this type about `id` stands in the journal. Fails: CaseFailed, when there is none.
  std::uint64_t place_of(EventType type, ClOrdId id);

  // ---- what was reported ----
  const OrderRecord& order(ClOrdId id);
  std::vector<ClOrdId> orders() const;
  /// What the order state machine does not allow, a line each.
  const std::vector<std::string>& illegal();
  /// Plays on until `so`. Fails: CaseFailed, "`what` within 10 s; …" with what was reported of the orders.
  void until(const std::function<bool()>& so, const std::string& what);
  void until_working(ClOrdId id);
  void until_ended(ClOrdId id);
  void until_filled(ClOrdId id, int units);
  /// Long enough for what must not come.
  void settle();
  /// Plays on, at most so long; an edge returns early when something was reported.
  void pump(Duration patience);
  /// A new incarnation of the actor, of the state of the old one.
  void restart();
  /// The same, of one that has just sent what it was told, and is gone before it could write that down.
  void die_sending(const OrderTerms& terms);
  void die_cancelling(ClOrdId id);

  // ---- verdicts ----
  /// `id` was reported so: "OrderSent OrderAcknowledged OrderFilled".
  void expect_story(ClOrdId id, const std::string& story);
  void expect_filled(ClOrdId id, int units);
  /// It works, nobody ever called it rejected, and there is one of it; trades with it.
  void expect_one_working(ClOrdId id);
  /// No report broke the state machine, and each fill is consistent with its order.
  void expect_sane();
  std::string stories();

 private:
  void listen();
  void note(const Event& event, OrderRecord& record);
  void approve(const OrderTerms& terms);
  void until_succeeded();

  const BrokerSubject& subject_;
  BrokerCapabilities can_;
  bool pure_;
  std::unique_ptr<VenueUnderTest> venue_;
  Waker waker_;
  std::unique_ptr<Bench> bench_;
  Subject hosted_;  ///< The plugin with the settings it has at this venue.
  Time act_at_;
  Time start_;              ///< When the bench was made, by its own clock…
  Duration began_{};  ///< …and in real time.
  bool armed_ = false;
  std::size_t heard_ = 0;
  std::uint64_t counter_ = 0;
  Orders book_;
  std::map<ClOrdId, OrderRecord> records_;
  std::vector<std::string> illegal_;
};

/// A blotter that writes down what it is told, for a plugin that no actor hosts.
class Notebook final : public Blotter {
 public:
  explicit Notebook(Time now = Time{1'700'000'000'000'000'000}) : now_{now} {}
  Time now() const override { return now_; }
  void advance(Duration by) { now_ = now_ + by; }
  void acknowledged(const OrderAcknowledged&) override { note("acknowledged"); }
  void filled(const OrderFilled&) override { note("filled"); }
  void cancelled(const OrderCancelled&, std::string_view) override { note("cancelled"); }
  void expired(const OrderExpired&, std::string_view) override { note("expired"); }
  void rejected(const OrderRejected&, std::string_view) override { note("rejected"); }
  void cancel_rejected(const CancelRejected&, std::string_view) override { note("cancel_rejected"); }
  void replaced(const OrderReplaced&) override { note("replaced"); }
  void replace_rejected(const ReplaceRejected&, std::string_view) override { note("replace_rejected"); }
  void unknown(ClOrdId, std::string_view) override { note("unknown"); }
  void busted(const FillBusted&, std::string_view) override { note("busted"); }
  void instrument(const InstrumentChanged&, std::string_view) override {}
  void connected() override {}
  void disconnected(std::string_view) override {}
  void statement(const VenueStatement&) override {}
  std::uint64_t written() const override { return 0; }
  /// "acknowledged filled"
  const std::string& text() const { return text_; }
  void clear() { text_.clear(); }

 private:
  void note(const char* what) { text_ += (text_.empty() ? "" : " ") + std::string{what}; }
  Time now_;
  std::string text_;
};
/// As a journal gives it to a broker.
ApprovedOrder approved(const OrderTerms& terms);
ApprovedReplace approved_replace(ClOrdId id, Quantity quantity, Price price);

// The groups, a file or two each.
std::vector<BrokerCase> lifecycle_cases();
std::vector<BrokerCase> market_cases();
std::vector<BrokerCase> limit_cases();
std::vector<BrokerCase> cancel_cases();
std::vector<BrokerCase> replace_cases();
std::vector<BrokerCase> id_cases();
std::vector<BrokerCase> rejection_cases();
std::vector<BrokerCase> session_cases();
std::vector<BrokerCase> outcome_cases();
std::vector<BrokerCase> trouble_cases();
std::vector<BrokerCase> live_cases();
std::vector<BrokerCase> fuzz_cases();

}  // namespace holdfast::testkit
