#pragma once

#include <holdfast/sdk.hpp>
#include <holdfast/trading/latches.hpp>
#include <holdfast/trading/orders.hpp>
#include <map>
#include <set>
#include <tuple>

namespace holdfast::risk {

/// What is asked for on behalf of strategies that are here no more: that their orders end, and, of those to be
/// flattened, that their positions are closed by market orders. Those are intents like any other, judged like them.
///
/// Each position is closed where it is held. What is not closed is tried again, less and less often.
class Removals {
 public:
  /// REQUIRES: `orders` has heard the event already.
  void hear(const Event& event, const Orders& orders);
  /// Whether the intent is one of these, and who brings it to a venue: nobody else may ask in that name.
  bool asked(const OrderTerms& terms) const;
  /// At the start of each incarnation: asks that the orders of all who were removed end, as none may be forgotten.
  void begin(const Orders& orders, Stage& stage);
  /// Asks for what closes the positions, as far as it is time. `round` makes a quantity one that the instrument
  /// allows: zero when too little is left.
  template <class Round>
  void close(const Orders& orders, const Latches& latches, Stage& stage, Round&& round) {
    if (waits_ || !due(stage.now())) return;
    for (auto& [where, closing] : held_)
      if (may_close(where, closing, orders, latches, stage.now()))
        ask(where, closing, round(where.instrument, closing.held.abs()), stage);
    settle(stage.now());
  }
  /// When close() is to be called next, if nothing else happens; zero: never.
  Time wake_at() const { return next_; }
  void state(Archive& a) { a(removed_, held_, counter_, next_, stirred_, waits_, lost_, skipped_); }

 private:
  struct Where {
    ActorId owner, broker;
    InstrumentId instrument;
    friend auto operator<=>(const Where&, const Where&) = default;
    void state(Archive& a) { a(owner, broker, instrument); }
  };
  struct Closing {
    Quantity held;
    ClOrdId order;  ///< On its way; 0: none.
    Time next;      ///< Not again before.
    std::uint32_t tries = 0;
    void state(Archive& a) { a(held, order, next, tries); }
  };
  bool flattens(ActorId owner) const;
  bool due(Time now) const { return stirred_ || (next_ != Time{} && next_ <= now); }
  bool may_close(const Where& where, const Closing& closing, const Orders& orders, const Latches& latches,
                 Time now) const;
  void ask(const Where& where, Closing& closing, Quantity quantity, Stage& stage);
  void hear_order(const Event& event, ClOrdId id, const Orders& orders);
  void settle(Time now);

  std::map<ActorId, Removal> removed_;
  std::map<Where, Closing> held_;             ///< Everybody's, by the account it is in; what is flat is left out.
  std::map<ActorId, std::uint64_t> counter_;  ///< Of orders asked for in a removed strategy's name.
  std::uint64_t skipped_ = 0;                 ///< Ids that a life which is lost may have given.
  Time next_;
  bool waits_ = false;    ///< From a removal on until an incarnation begins: what is asked for between may be lost.
  bool lost_ = false;     ///< A removal was said again: what was in flight is gone.
  bool stirred_ = false;  ///< Something has happened that may let one of them be closed.
};

}  // namespace holdfast::risk
