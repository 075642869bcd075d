#pragma once

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace holdfast {

/// What venues have stated of their instruments, as a fold over InstrumentChanged: each statement holds from its
/// sequence number on, until the same broker states another.
class Listings {
 public:
  /// Folds any event.
  void hear(const Event& event);
  /// The newest statement of `broker`, or, of broker 0, of whichever has made one. Null: there is none.
  const InstrumentChanged* find(ActorId broker, InstrumentId instrument) const;
  void state(Archive& a) { a(stated_); }

 private:
  struct Stated {
    InstrumentChanged what;
    void state(Archive& a);
  };
  std::map<std::pair<InstrumentId, ActorId>, Stated> stated_;  ///< By instrument and broker.
};

/// Why the venue would not take such an order at `now`, with the numbers in it; empty: nothing it has stated rules it
/// out. `price` is what the order is worth by, `middle` what the price band is measured from; either may be missing.
std::optional<std::string> filtered(const OrderTerms& order, const InstrumentChanged& listing, Time now,
                                    std::optional<Price> price, std::optional<Price> middle);

}  // namespace holdfast
