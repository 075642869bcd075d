#pragma once

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/order.hpp>

namespace holdfast {

/// A holding in one instrument at average cost, shorts and flips included.
///
/// Realised profit of a reduction is (exit - average entry) * quantity; the average entry is
/// total cost / quantity, and cost leaves in proportion, so nothing is lost to rounding: cost in =
/// cost out + cost that stays.
class Position {
 public:
  struct Effect {
    Money realized;  ///< By this fill, before fees.
    Money cash;      ///< -notional for a buy, +notional for a sell, minus the fee.
  };
  Effect fill(Side side, Price price, Quantity quantity, Money fee);
  /// Takes what `from` holds, at what it cost; `from` is flat afterwards and keeps its profits. Returns what is
  /// realised where the two are opposite: the part that closes leaves both at its cost.
  Money take_over(Position& from);

  Quantity quantity() const { return quantity_; }
  /// Signed: what the open quantity cost (short: what it brought, negative).
  Money cost() const { return cost_; }
  Money realized() const { return realized_; }
  Money fees() const { return fees_; }
  Money cash() const { return cash_; }
  /// Zero when flat.
  Price average_price() const;
  /// Value at `mark` minus cost.
  Money unrealized(Price mark) const;

  void state(Archive& a) { a(quantity_, cost_, realized_, fees_, cash_); }

 private:
  Quantity quantity_;
  Money cost_, realized_, fees_, cash_;
};

}  // namespace holdfast
