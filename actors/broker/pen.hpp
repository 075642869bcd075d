#pragma once

#include <holdfast/sdk.hpp>

#include "desk_state.hpp"

namespace holdfast::broker {

// Where the broker actor's facts stand among its positions. A release is unique by its order's id,
// whose owner leaves the top two bits free; the others are counted.
inline constexpr std::uint64_t kReportPositions = std::uint64_t{1} << 62;
inline constexpr std::uint64_t kRequestPositions = std::uint64_t{1} << 63;

/// Writes the broker actor's facts, and knows what they come to: its view is the fold of all that was heard
/// and of all that was written since. What is decided about the outside is decided by this view.
class Pen {
 public:
  /// `heard`: the fold where this incarnation begins to speak.
  Pen(const DeskState& heard, ActorId self) : view_{heard}, self_{self} {}

  const DeskState& view() const { return view_; }
  /// What others write, and this incarnation's answers. Its facts were taken down when they were written.
  void hear(const Event& event) {
    if (event.author() != self_ || !event.spontaneous()) view_.hear(event);
  }
  /// Lent by the runtime for the time of one act().
  void lend(Outside* outside) { outside_ = outside; }
  Outside& outside() const { return *outside_; }

  /// A release, unique by its order's id. Returns where among the facts it is.
  template <Payload E>
  std::size_t release(const E& what, ClOrdId id, std::string_view text = {}) {
    return write(what, id.value, text);
  }
  template <Payload E>
  std::size_t request(const E& what) {
    return write(what, kRequestPositions | view_.requests(), {});
  }
  template <Payload E>
  void report(const E& what, std::string_view text = {}) {
    write(what, kReportPositions | view_.reports(), text);
  }
  /// Stops one instrument until a named operator releases it.
  void halt(InstrumentId instrument, std::string_view why) {
    const std::size_t at = outside_->halt(instrument, why, kReportPositions | view_.reports());
    view_.hear(outside_->facts().at(at));
  }

 private:
  template <Payload E>
  std::size_t write(const E& what, std::uint64_t position, std::string_view text) {
    const std::size_t at = outside_->facts().append(what, self_, position, true, outside_->now(), text);
    view_.hear(outside_->facts().at(at));
    return at;
  }

  DeskState view_;
  ActorId self_;
  Outside* outside_ = nullptr;
};

/// Reports of a pure broker: answers to the event it hears.
class AnswerBlotter final : public Blotter {
 public:
  explicit AnswerBlotter(Stage& stage) : stage_{stage} {}
  Time now() const override { return stage_.now(); }
  void acknowledged(const OrderAcknowledged& e) override { stage_.answer(e); }
  void filled(const OrderFilled& e) override { stage_.answer(e); }
  void cancelled(const OrderCancelled& e, std::string_view why) override { stage_.answer(e, why); }
  void expired(const OrderExpired& e, std::string_view why) override { stage_.answer(e, why); }
  void rejected(const OrderRejected& e, std::string_view why) override { stage_.answer(e, why); }
  void cancel_rejected(const CancelRejected& e, std::string_view why) override { stage_.answer(e, why); }
  void replaced(const OrderReplaced& e) override { stage_.answer(e); }
  void replace_rejected(const ReplaceRejected& e, std::string_view why) override { stage_.answer(e, why); }
  void busted(const FillBusted& e, std::string_view why) override { stage_.answer(e, why); }
  void instrument(const InstrumentChanged& e, std::string_view symbol) override { stage_.answer(e, symbol); }
  void log(std::string_view text) override {
    if (!stage_.muted()) stage_.log(text);
  }
  // A broker that is its own venue is always connected, and knows all there is to know.
  void unknown(ClOrdId, std::string_view) override {
    HOLDFAST_ENSURE(false, "a pure broker does not know its own venue");
  }
  void connected() override {}
  void disconnected(std::string_view) override {}
  void statement(const VenueStatement&) override {}
  std::uint64_t written() const override { return 0; }

 private:
  Stage& stage_;
};

class Link;

/// Reports of an edge broker: facts from outside. What is known already is left out, and so is what cannot be.
class FactBlotter final : public Blotter {
 public:
  FactBlotter(Pen& pen, Link& link) : pen_{pen}, link_{link} {}
  Time now() const override { return pen_.outside().now(); }
  void acknowledged(const OrderAcknowledged& e) override { report(e); }
  void filled(const OrderFilled&) override;
  void cancelled(const OrderCancelled& e, std::string_view why) override { end(e, why); }
  void expired(const OrderExpired& e, std::string_view why) override { end(e, why); }
  void rejected(const OrderRejected& e, std::string_view why) override { report(e, why); }
  void cancel_rejected(const CancelRejected& e, std::string_view why) override { report(e, why); }
  void replaced(const OrderReplaced&) override;
  void replace_rejected(const ReplaceRejected& e, std::string_view why) override { report(e, why); }
  void unknown(ClOrdId order, std::string_view why) override { report(OrderUnknown{order}, why); }
  void busted(const FillBusted&, std::string_view why) override;
  void instrument(const InstrumentChanged&, std::string_view venue_symbol) override;
  void connected() override;
  void disconnected(std::string_view why) override;
  void statement(const VenueStatement&) override;
  std::uint64_t written() const override { return pen_.view().reports(); }
  void log(std::string_view text) override { pen_.outside().log(text); }

 private:
  template <class E>
  void report(E what, std::string_view why = {});
  template <class E>
  void end(E what, std::string_view why);
  /// The venue speaks of it, so it has left, whatever our predecessor lived to write down.
  void was_sent(ClOrdId id);

  Pen& pen_;
  Link& link_;
};

}  // namespace holdfast::broker
