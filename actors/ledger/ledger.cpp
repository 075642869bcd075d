#include <holdfast/sdk.hpp>
#include <holdfast/trading/owners.hpp>
#include <holdfast/trading/position.hpp>
#include <holdfast/trading/seen.hpp>
#include <map>
#include <stdexcept>
#include <utility>

using namespace holdfast;

/// Books every fill: one FillBooked for each, with what it did to its owner's position and cash; and one
/// ShareBooked for each position that a removed strategy hands over.
class Ledger final : public Actor {
 public:
  struct Config {};

  static Schema<Config> schema() { return {}; }
  explicit Ledger(const Config&) {}

  void hear(const Event& event, Stage& stage) override {
    if (owners_.hear(event)) return hand_over(event.as<StrategyRemoved>(), stage);
    if (event.type() == EventType::fill_busted) return take_back(event.as<FillBusted>(), event.author(), stage);
    if (event.type() != EventType::order_filled) return;
    const auto& fill = event.as<OrderFilled>();
    if (fill.last_qty <= Quantity{})
      throw std::runtime_error{"the fill " + std::to_string(fill.exec_id) + " has a quantity of " +
                               fill.last_qty.str() + " and cannot be booked"};
    // A venue may report a fill again after a reconnect; it is booked once.
    if (!booked_[event.author()].insert(fill.exec_id)) return;
    book(fill, fill.side, fill.fee, 0, stage);
  }

  bool quiet() const override { return true; }

  void state(Archive& a) override { a(positions_, booked_, busted_, owners_); }

 private:
  /// A fill that never was: the opposite is booked at its price, and its fee is given back.
  void take_back(const FillBusted& bust, ActorId broker, Stage& stage) {
    if (bust.last_qty > Quantity{} && busted_[broker].insert(bust.exec_id)) book(bust, opposite(bust.side), -bust.fee, 1, stage);
  }

  /// What it has realised stays in its name; what is open goes, at its cost.
  void hand_over(const StrategyRemoved& removed, Stage& stage) {
    for (auto& [key, position] : positions_) {
      const auto& [owner, instrument] = key;
      if (owner != removed.strategy || position.quantity().is_zero()) continue;
      ShareBooked booking{owner, removed.heir, instrument, position.quantity(), position.cost(), {}, {}};
      Position& heir = positions_[{removed.heir, instrument}];
      booking.realized = heir.take_over(position);
      booking.position = heir.quantity();
      stage.answer(booking);
    }
  }

  template <class Trade>
  void book(const Trade& trade, Side side, Money fee, std::uint32_t busted, Stage& stage) {
    Position& position = positions_[{owners_.of(trade.cl_ord_id), trade.instrument}];
    const auto effect = position.fill(side, trade.last_px, trade.last_qty, fee);
    FillBooked booking;
    booking.cl_ord_id = trade.cl_ord_id;
    booking.exec_id = trade.exec_id;
    booking.instrument = trade.instrument;
    booking.busted = busted;
    booking.position = position.quantity();
    booking.cash = effect.cash;
    booking.realized = effect.realized;
    booking.fee = fee;
    stage.answer(booking);
  }

  std::map<std::pair<ActorId, InstrumentId>, Position> positions_;
  std::map<ActorId, Seen> booked_;  ///< Execution ids by the broker that reported them.
  std::map<ActorId, Seen> busted_;  ///< Those taken back.
  Owners owners_;
};

HOLDFAST_PLUGIN(Ledger, "ledger", "1.0.0", "Books fills into positions, cash and profit.")
