#pragma once

#include <map>

#include <holdfast/journal/journal.hpp>

namespace holdfast::live {

/// Measures how long an order takes: from the frame with the event it answers to the frame with its
/// OrderSent. Both ends are the journal's own steady clock, so it holds for recorded markets too,
/// and the second comes after the send: it never flatters. One thread hears, any thread reads.
class TradeLoop {
 public:
  /// REQUIRES: `event` is in `frame`, which the live journal sealed.
  void hear(const Event& event, const Frame& frame, const Journal& journal);
  const Durations& durations() const { return durations_; }

 private:
  std::map<ClOrdId, std::chrono::steady_clock::time_point> asked_;
  Durations durations_;
};

}  // namespace holdfast::live
