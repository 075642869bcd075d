#include "caf/trade_loop.hpp"

#include <holdfast/trading/orders.hpp>

namespace holdfast::live {

namespace {

/// Orders that were approved and never leave must not fill the memory.
constexpr std::size_t kMost = 1 << 16;

}  // namespace

void TradeLoop::hear(const Event& event, const Frame& frame, const Journal& journal) {
  if (event.type() == EventType::order_intent) {
    const FramePtr answered = journal.read(event.header().origin);
    if (!answered || answered->sealed == std::chrono::steady_clock::time_point{}) return;
    if (asked_.size() >= kMost) asked_.clear();
    asked_[event.as<OrderIntent>().terms.cl_ord_id] = answered->sealed;
    return;
  }
  if (event.type() == EventType::order_approved) return;
  const auto id = order_of(event);
  const auto found = id ? asked_.find(*id) : asked_.end();
  if (found == asked_.end()) return;
  if (event.type() == EventType::order_sent) durations_.add(frame.sealed - found->second);
  asked_.erase(found);
}

}  // namespace holdfast::live
