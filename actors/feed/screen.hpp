#pragma once

#include <array>
#include <holdfast/sdk.hpp>
#include <string>
#include <vector>

namespace holdfast::feed {

/// What is done with a tick that is not as it should be.
enum class Policy : std::uint8_t {
  pass,  ///< It goes on as if nothing were wrong.
  flag,  ///< It goes on marked; what has no room for a mark is dropped.
  drop,  ///< A BadTick goes on in its place.
};

/// The newest venue time of each instrument.
class Clocks {
 public:
  bool behind(InstrumentId id, Time time) const {
    return id.value < newest_.size() && time < newest_[id.value];
  }
  void advance(InstrumentId id, Time time) {
    if (id.value >= newest_.size()) [[unlikely]] make_room(id);
    if (time > newest_[id.value]) newest_[id.value] = time;
  }
  void state(Archive& a) { a(newest_); }

 private:
  [[gnu::noinline]] void make_room(InstrumentId id) { newest_.resize(id.value + 1); }

  std::vector<Time> newest_;  ///< By instrument id.
};

/// Finds flaws of ticks and knows the declared policy for each.
class Screen {
 public:
  static constexpr std::size_t kFlaws = 6;
  /// By TickFlaw.
  using Policies = std::array<Policy, kFlaws>;
  explicit Screen(const Policies& policies) : policies_{policies} {}

  Policy policy(TickFlaw flaw) const { return policies_[static_cast<std::size_t>(flaw)]; }
  /// The flaw with the strictest policy; none for a good tick.
  TickFlaw flaw(const Quote& quote, const Clocks& clocks) const {
    // One branch for what is almost every tick.
    if (quote.bid > Price{} && quote.ask > quote.bid && quote.bid_size >= Quantity{} &&
        quote.ask_size >= Quantity{} && !clocks.behind(quote.instrument, quote.venue_time))
      return TickFlaw::none;
    return worst(quote, clocks);
  }
  TickFlaw flaw(const Trade& trade, const Clocks& clocks) const;
  /// Levels are never judged by their time: a book that misses one is wrong from then on.
  TickFlaw flaw(const BookLevel& level) const {
    return level.price <= Price{} || level.quantity < Quantity{} ? TickFlaw::zero : TickFlaw::none;
  }

 private:
  TickFlaw worst(const Quote& quote, const Clocks& clocks) const;
  TickFlaw stricter(TickFlaw a, TickFlaw b) const { return policy(b) > policy(a) ? b : a; }

  Policies policies_;
};

}  // namespace holdfast::feed
