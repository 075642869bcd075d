#include "recorder.hpp"

#include <algorithm>
#include <vector>

namespace holdfast::feed {

void Recorder::drop(InstrumentId instrument, TickFlaw flaw, Time venue_time, std::uint64_t position) {
  write(BadTick{instrument, flaw, venue_time}, position);
}

void Recorder::quote(const Quote& quote, std::uint64_t position) {
  at(position, quote.venue_time);
  const TickFlaw flaw = screen_.flaw(quote, clocks_);
  if (flaw != TickFlaw::none) [[unlikely]] return flawed(quote, flaw, position);
  clocks_.advance(quote.instrument, quote.venue_time);
  if (conflating_) [[unlikely]] return keep(quote, position);
  write(quote, position);
}

void Recorder::flawed(const Quote& quote, TickFlaw flaw, std::uint64_t position) {
  const Policy policy = screen_.policy(flaw);
  if (policy == Policy::drop) return drop(quote.instrument, flaw, quote.venue_time, position);
  clocks_.advance(quote.instrument, quote.venue_time);
  Quote marked = quote;
  marked.flaw = policy == Policy::flag ? flaw : TickFlaw::none;
  write(marked, position);
}

void Recorder::keep(const Quote& quote, std::uint64_t position) {
  const auto [kept, fresh] = kept_.insert_or_assign(quote.instrument, Kept{quote, position});
  if (!fresh) ++conflated_;
}

void Recorder::trade(const Trade& trade, std::uint64_t position) {
  at(position, trade.venue_time);
  const TickFlaw flaw = screen_.flaw(trade, clocks_);
  if (flaw != TickFlaw::none && screen_.policy(flaw) != Policy::pass)
    return drop(trade.instrument, flaw, trade.venue_time, position);
  clocks_.advance(trade.instrument, trade.venue_time);
  write(trade, position);
}

void Recorder::level(const BookLevel& level, std::uint64_t position) {
  at(position, level.venue_time);
  const TickFlaw flaw = screen_.flaw(level);
  if (flaw != TickFlaw::none && screen_.policy(flaw) != Policy::pass)
    return drop(level.instrument, flaw, level.venue_time, position);
  clocks_.advance(level.instrument, level.venue_time);
  write(level, position);
}

void Recorder::clear(const BookClear& clear, std::uint64_t position) {
  at(position, clear.venue_time);
  clocks_.advance(clear.instrument, clear.venue_time);
  write(clear, position);
}

void Recorder::bad(const BadTick& tick, std::uint64_t position) {
  // Text that is no number cannot be passed on by any policy.
  at(position, tick.venue_time);
  write(tick, position);
}

void Recorder::flush(EventBuffer& sink) {
  std::vector<Kept> in_order;
  for (const auto& [instrument, kept] : kept_) in_order.push_back(kept);
  std::sort(in_order.begin(), in_order.end(), [](auto& a, auto& b) { return a.position < b.position; });
  for (const Kept& kept : in_order)
    sink.append(kept.quote, self_, kept.position, true, kept.quote.venue_time);
  kept_.clear();
}

}  // namespace holdfast::feed
