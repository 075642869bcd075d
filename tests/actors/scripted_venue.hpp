#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actor_fixture.hpp"

namespace holdfast::test {

inline constexpr ActorId kStrategy{7};

/// What a test and its venue share, over restarts of the broker.
struct VenueNotes {
  struct Asked {
    std::uint64_t number = 0, fills_after = 0;
    bool whole = false;
    std::vector<ClOrdId> orders;
  };
  std::vector<std::string> told;
  std::vector<std::uint64_t> prepared;  ///< Counters of orders.
  std::vector<Asked> questions;
  std::vector<std::uint64_t> durable;
  std::uint64_t exec = 0;

  BrokerCapabilities can;
  bool connects = true;  ///< At the first poll.
  bool answers = true;   ///< Orders are acknowledged and filled at once, cancels refused.
  bool silent = false;   ///< Questions stay unanswered.
  std::vector<std::function<void(Blotter&)>> says;  ///< At the next poll.
  std::function<void(Blotter&)> while_sending;      ///< At once, while it is given an order.

  // What the account holds there.
  std::vector<VenueOrder> orders;
  std::vector<VenueFill> fills;
  std::optional<std::vector<VenuePosition>> positions{std::in_place};
  std::optional<std::vector<VenueBalance>> balances;

  static VenueOrder not_known(const OrderTerms& terms) {
    VenueOrder order;
    order.state = VenueOrder::State::not_found;
    order.terms = terms;
    return order;
  }
  VenueStatement statement(const VenueQuestion& question) const {
    VenueStatement told_now;
    told_now.question = question.number;
    const auto working = [](const VenueOrder& order) { return order.state == VenueOrder::State::working; };
    if (question.open_orders) std::ranges::copy_if(orders, std::back_inserter(told_now.open.emplace()), working);
    for (const WorkingOrder& asked : question.orders) {
      const auto same = [&](const VenueOrder& order) { return order.terms.cl_ord_id == asked.terms.cl_ord_id; };
      const auto found = std::ranges::find_if(orders, same);
      told_now.asked.push_back(found != orders.end() ? *found : not_known(asked.terms));
    }
    const auto fresh = [&](const VenueFill& fill) { return fill.exec_id > question.fills_after; };
    if (question.fills) std::ranges::copy_if(fills, std::back_inserter(told_now.fills.emplace()), fresh);
    if (question.positions) told_now.positions = positions;
    if (question.balances) told_now.balances = balances;
    return told_now;
  }
};

/// An edge that writes down what it is told, and answers as the test says.
class ScriptedVenue final : public Broker {
 public:
  explicit ScriptedVenue(std::shared_ptr<VenueNotes> notes) : notes_{std::move(notes)} {}
  BrokerCapabilities capabilities() const override { return notes_->can; }
  void send(const ApprovedOrder& order, Blotter& blotter) override { take("send ", order, blotter); }
  void send_again(const ApprovedOrder& order, Blotter& blotter) override { take("send again ", order, blotter); }
  void cancel(const WorkingOrder& order, std::uint64_t, Blotter& blotter) override {
    note("cancel ", order.terms);
    if (notes_->answers) blotter.cancel_rejected({order.terms.cl_ord_id}, "too late");
  }
  void replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision, Blotter&) override {
    note("replace ", order.terms);
    notes_->told.back() += " to " + change.quantity().str() + "@" + change.price().str() + " #" + std::to_string(revision);
  }
  void poll(Blotter& blotter) override {
    if (!std::exchange(polled_, true) && notes_->connects) blotter.connected();
    for (const auto& say : std::exchange(notes_->says, {})) say(blotter);
  }
  void ask(const VenueQuestion& question, Blotter&) override {
    auto& asked = notes_->questions.emplace_back();
    asked.number = question.number;
    asked.fills_after = question.fills_after;
    asked.whole = question.open_orders && question.fills && question.positions && question.balances;
    for (const WorkingOrder& order : question.orders) asked.orders.push_back(order.terms.cl_ord_id);
    if (notes_->silent) return;
    notes_->says.push_back([said = notes_->statement(question)](Blotter& blotter) { blotter.statement(said); });
  }
  void prepare(const OrderTerms& terms) override { notes_->prepared.push_back(terms.cl_ord_id.counter()); }
  void durable(std::uint64_t written) override { notes_->durable.push_back(written); }

 private:
  void note(const char* what, const OrderTerms& terms) {
    notes_->told.push_back(what + std::to_string(terms.cl_ord_id.counter()));
  }
  void take(const char* how, const ApprovedOrder& order, Blotter& blotter) {
    const OrderTerms& terms = order.terms();
    note(how, terms);
    if (notes_->while_sending) notes_->while_sending(blotter);
    if (!notes_->answers) return;
    const std::string size = terms.quantity.str();
    blotter.acknowledged({terms.cl_ord_id, 5});
    blotter.filled(fill(terms, ++notes_->exec, "10", size.c_str(), size.c_str(), "0"));
  }

  std::shared_ptr<VenueNotes> notes_;
  bool polled_ = false;
};

/// A broker actor at a scripted venue.
struct AtVenue {
  std::shared_ptr<VenueNotes> notes = std::make_shared<VenueNotes>();

  Bench::Make edge(std::vector<std::pair<std::string, Written>> settings = {}) {
    settings.insert(settings.begin(), {"broker", slot("venue")});
    return actor("broker", map(std::move(settings)), {1},
                 std::make_shared<Scripted<Broker>>([notes = notes] { return std::make_shared<ScriptedVenue>(notes); }));
  }
  void check_told(const std::vector<std::string>& expected) {
    BOOST_TEST(notes->told == expected, boost::test_tools::per_element());
  }
};

inline OrderTerms approve(Bench& bench, OrderTerms terms) {
  bench.tell(OrderIntent{terms, {}}, "", terms.cl_ord_id.owner());
  bench.tell(OrderApproved{terms});
  return terms;
}
inline OrderTerms approve(Bench& bench, std::uint64_t counter, Side side = Side::buy, const char* size = "1",
                          const char* limit = "10") {
  return approve(bench, order(kStrategy, counter, side, size, limit));
}

/// Types of all the actor has written from the `from`-th event on.
inline std::string story_since(const Bench& bench, std::size_t from) {
  std::string story;
  std::size_t at = 0;
  for_each_event(bench.journal().bytes(), [&](const Event& e) {
    if (at++ < from || e.author() != ActorId{1}) return;
    story.append(story.empty() ? "" : " ").append(to_string(e.type()));
  });
  return story;
}

/// A venue that can be asked, and an edge with it.
struct Asked : AtVenue {
  Asked() {
    notes->can.asks = true;
    notes->can.replace = true;
    notes->answers = false;
  }
  /// Lets questions and answers go to and fro, without time passing.
  static void settle(Bench& bench) {
    for (int i = 0; i < 6; ++i) bench.run();
  }
  static void wait(Bench& bench, Duration time) {
    bench.advance(time);
    settle(bench);
  }
  void say(Bench& bench, std::function<void(Blotter&)> what) {
    notes->says.push_back(std::move(what));
    bench.run();
  }
  VenueOrder& at_venue(const OrderTerms& terms, VenueOrder::State state, const char* cum = "0") {
    auto& held = notes->orders.emplace_back();
    held.state = state;
    held.terms = terms;
    held.venue_order_id = 70 + terms.cl_ord_id.counter();
    held.cum_qty = quantity(cum);
    held.leaves_qty = terms.quantity - held.cum_qty;
    return held;
  }
  void trade_at_venue(const OrderTerms& terms, std::uint64_t exec, const char* size) {
    const auto f = fill(terms, exec, "10", size, size, "0");
    notes->fills.push_back({terms.cl_ord_id, exec, 70, f.instrument, f.side, Liquidity::taker, f.last_px, f.last_qty, {}, {}});
  }
  /// An order that has been acknowledged, as the venue has it, too.
  OrderTerms resting(Bench& bench, std::uint64_t counter) {
    const auto terms = approve(bench, counter);
    at_venue(terms, VenueOrder::State::working);
    say(bench, [terms](Blotter& b) { b.acknowledged({terms.cl_ord_id, 70 + terms.cl_ord_id.counter()}); });
    return terms;
  }
  /// What the actor writes while `what` happens.
  static std::string story_of(Bench& bench, const std::function<void()>& what) {
    const std::size_t before = bench.head();
    what();
    return story_since(bench, before);
  }
};

inline Bench& armed(Bench& bench) {
  Asked::settle(bench);
  return bench;
}

}  // namespace holdfast::test
