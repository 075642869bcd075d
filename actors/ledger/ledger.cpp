#include <holdfast/sdk.hpp>
#include <holdfast/trading/position.hpp>
#include <map>
#include <stdexcept>
#include <utility>

#include "seen.hpp"

using namespace holdfast;

/// Books every fill: one FillBooked for each, with what it did to its owner's position and cash.
class Ledger final : public Actor {
 public:
  struct Config {};

  static Schema<Config> schema() { return {}; }
  explicit Ledger(const Config&) {}

  void hear(const Event& event, Stage& stage) override {
    if (event.type() != EventType::order_filled) return;
    const auto& fill = event.as<OrderFilled>();
    if (fill.last_qty <= Quantity{})
      throw std::runtime_error{"the fill " + std::to_string(fill.exec_id) + " has a quantity of " +
                               fill.last_qty.str() + " and cannot be booked"};
    // A venue may report a fill again after a reconnect; it is booked once.
    if (!booked_[event.author()].insert(fill.exec_id)) return;
    Position& position = positions_[{fill.cl_ord_id.owner(), fill.instrument}];
    const auto effect = position.fill(fill.side, fill.last_px, fill.last_qty, fill.fee);
    FillBooked booking;
    booking.cl_ord_id = fill.cl_ord_id;
    booking.exec_id = fill.exec_id;
    booking.instrument = fill.instrument;
    booking.position = position.quantity();
    booking.cash = effect.cash;
    booking.realized = effect.realized;
    booking.fee = fill.fee;
    stage.answer(booking);
  }

  bool quiet() const override { return true; }

  void state(Archive& a) override { a(positions_, booked_); }

 private:
  std::map<std::pair<ActorId, InstrumentId>, Position> positions_;
  std::map<ActorId, Seen> booked_;  ///< Execution ids by the broker that reported them.
};

HOLDFAST_PLUGIN(Ledger, "ledger", "1.0.0", "Books fills into positions, cash and profit.")
