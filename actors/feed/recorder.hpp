#pragma once

#include <holdfast/sdk.hpp>
#include <map>
#include <utility>

#include "screen.hpp"

namespace holdfast::feed {

/// The tape a source writes on: screens each tick and appends what is left to an event buffer.
class Recorder final : public Tape {
 public:
  Recorder(const Screen& screen, ActorId self) : screen_{screen}, self_{self} {}

  /// Where records go from now on. [actor-thread]
  void record_to(EventBuffer& sink) { sink_ = &sink; }
  /// While conflating, quotes are kept aside, the newest of each instrument, instead of written.
  void conflate(bool on) { conflating_ = on; }
  /// Writes the quotes kept aside in the order of their positions.
  void flush(EventBuffer& sink);
  std::size_t kept() const { return kept_.size(); }
  /// How many quotes newer ones have replaced since the last call.
  std::uint64_t take_conflated() { return std::exchange(conflated_, 0); }

  /// Starts from the clocks that history left.
  void start(const Clocks& clocks) { clocks_ = clocks; }
  /// Of the newest record.
  std::uint64_t position() const { return position_; }
  Time venue_time() const { return venue_time_; }

  void quote(const Quote&, std::uint64_t position) override;
  void trade(const Trade&, std::uint64_t position) override;
  void level(const BookLevel&, std::uint64_t position) override;
  void clear(const BookClear&, std::uint64_t position) override;
  void bad(const BadTick&, std::uint64_t position) override;

 private:
  template <class E>
  void write(const E& payload, std::uint64_t position) {
    sink_->append(payload, self_, position, true, payload.venue_time);
  }
  void at(std::uint64_t position, Time venue_time) {
    position_ = position;
    venue_time_ = venue_time;
  }
  // Apart, so that the way of almost every quote stays short.
  [[gnu::noinline]] void flawed(const Quote& quote, TickFlaw flaw, std::uint64_t position);
  [[gnu::noinline]] void keep(const Quote& quote, std::uint64_t position);
  void drop(InstrumentId instrument, TickFlaw flaw, Time venue_time, std::uint64_t position);

  const Screen& screen_;
  ActorId self_;
  EventBuffer* sink_ = nullptr;
  Clocks clocks_;
  std::uint64_t position_ = 0;
  Time venue_time_;

  struct Kept {
    Quote quote;
    std::uint64_t position = 0;
  };
  bool conflating_ = false;
  std::map<InstrumentId, Kept> kept_;
  std::uint64_t conflated_ = 0;
};

}  // namespace holdfast::feed
