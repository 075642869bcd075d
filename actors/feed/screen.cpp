#include "screen.hpp"

namespace holdfast::feed {

TickFlaw Screen::worst(const Quote& quote, const Clocks& clocks) const {
  TickFlaw found = TickFlaw::none;
  const auto note = [&](bool wrong, TickFlaw flaw) {
    if (!wrong) return;
    found = found == TickFlaw::none ? flaw : stricter(found, flaw);
  };
  const bool zero = quote.bid <= Price{} || quote.ask <= Price{} || quote.bid_size < Quantity{} ||
                    quote.ask_size < Quantity{};
  note(zero, TickFlaw::zero);
  note(!zero && quote.bid > quote.ask, TickFlaw::crossed);
  note(!zero && quote.bid == quote.ask, TickFlaw::locked);
  note(clocks.behind(quote.instrument, quote.venue_time), TickFlaw::out_of_order);
  return found;
}

TickFlaw Screen::flaw(const Trade& trade, const Clocks& clocks) const {
  const bool zero = trade.price <= Price{} || trade.quantity <= Quantity{};
  const bool late = clocks.behind(trade.instrument, trade.venue_time);
  if (zero && late) return stricter(TickFlaw::zero, TickFlaw::out_of_order);
  return zero ? TickFlaw::zero : late ? TickFlaw::out_of_order : TickFlaw::none;
}

}  // namespace holdfast::feed
