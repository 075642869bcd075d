#pragma once

#include <map>
#include <string>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>

namespace holdfast {

/// Every brake that is engaged, as a fold over LatchEngaged and LatchReleased. The trading state of
/// anything is the strictest latch over it.
class Latches {
 public:
  struct Key {
    LatchScope scope = LatchScope::system;
    std::uint32_t target = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
    void state(Archive& a) { a(scope, target); }
  };
  struct Latch {
    LatchLevel level = LatchLevel::active;
    std::string who, why;
    Time since;
    void state(Archive& a) { a(level, who, why, since); }
  };
  /// Folds any event; returns true when a latch changed.
  bool hear(const Event& event);
  LatchLevel level(ActorId owner, InstrumentId instrument) const;
  const std::map<Key, Latch>& engaged() const { return engaged_; }
  void state(Archive& a) { a(engaged_); }

 private:
  std::map<Key, Latch> engaged_;
};

/// Does an order of `side` and `quantity` take exposure down only? `position` is what is held and
/// `working_same_side` what is already on its way in that direction. REDUCING lets it pass.
bool reduces(Side side, Quantity quantity, Quantity position, Quantity working_same_side);

}  // namespace holdfast
