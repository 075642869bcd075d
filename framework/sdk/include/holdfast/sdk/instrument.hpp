#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/sdk/ids.hpp>
#include <holdfast/sdk/money.hpp>

namespace holdfast {

/// What everybody must agree on about a tradable thing. Versioned: journaled whenever it changes.
struct Instrument {
  InstrumentId id;
  std::uint32_t version = 1;
  std::string symbol;
  Price tick;            ///< Prices are multiples of it.
  Quantity lot;          ///< Quantities are multiples of it.
  std::string currency;  ///< Of prices, fees and profit.
  std::string session;   ///< When it trades; see trading/calendar.hpp.
};

/// The instruments of one system by id. Immutable while actors run.
class Instruments {
 public:
  /// REQUIRES: a fresh id. Fails: aborts on a second instrument with the same id or symbol.
  void add(Instrument instrument);
  /// Null when unknown.
  const Instrument* find(InstrumentId id) const;
  const Instrument* find(std::string_view symbol) const;
  const std::map<std::uint32_t, Instrument>& all() const { return by_id_; }

 private:
  std::map<std::uint32_t, Instrument> by_id_;
};

}  // namespace holdfast
