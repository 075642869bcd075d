#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <holdfast/sdk/random.hpp>
#include <holdfast/venue/book.hpp>

#include "bench_runs.hpp"

namespace holdfast::cli {

namespace {

using Clock = std::chrono::steady_clock;
using namespace venue;
using venue::TimeInForce;

/// Orders that are remembered, to be cancelled or changed.
constexpr std::size_t kRemembered = 8192;
/// One operation in so many is timed: reading the clock takes as long as half of one.
constexpr std::uint64_t kTimed = 16;

struct Operation {
  enum : std::uint8_t { rests, takes, cancels, replaces } what;
  NewOrder order;
  std::size_t nth;  ///< Of the remembered orders.
};

/// Nine in twenty orders rest, near the touch more often than far away; as many are cancelled, some are
/// changed, and one operation in ten takes.
std::vector<Operation> operations() {
  Random random{7};
  std::vector<Operation> all(1 << 20);
  for (Operation& op : all) {
    const auto what = random.below(100);
    op.what = what < 45 ? Operation::rests : what < 83 ? Operation::cancels : what < 90 ? Operation::replaces : Operation::takes;
    op.nth = random.below(kRemembered);
    op.order.account = static_cast<Account>(random.below(50));
    op.order.side = random.below(2) == 0 ? Side::buy : Side::sell;
    op.order.quantity = Quantity::of(static_cast<std::int64_t>(random.below(100)) + 1);
    const std::int64_t away = op.order.side == Side::buy ? -1 : 1;
    std::int64_t distance = 1;
    while (distance < 200 && random.below(10) != 0) ++distance;
    if (op.what == Operation::takes) {
      op.order.tif = TimeInForce::ioc;
      distance = -20;
    }
    op.order.price = Price::of(10'000 + away * distance);
  }
  return all;
}

/// A book with whom it remembers; each call is one operation.
class Flow {
 public:
  void run(const Operation& op) {
    events_.clear();
    OrderId& remembered = remembered_[op.nth];
    switch (op.what) {
      case Operation::rests: remembered_[next_++ % kRemembered] = book_.submit(op.order, events_); break;
      case Operation::takes: book_.submit(op.order, events_); break;
      case Operation::cancels: book_.cancel(remembered, events_); break;
      case Operation::replaces: book_.replace(remembered, op.order.price, op.order.quantity, events_); break;
    }
    for (const BookEvent& event : events_) trades_ += event.kind == BookEvent::Kind::traded;
  }
  /// So that the book stays as large as it is: who would be forgotten is cancelled.
  bool would_forget() {
    events_.clear();
    return remembered_[next_ % kRemembered] != 0 && book_.cancel(remembered_[next_ % kRemembered], events_);
  }
  std::uint64_t trades() const { return trades_; }

 private:
  Book book_;
  std::vector<BookEvent> events_;
  std::vector<OrderId> remembered_ = std::vector<OrderId>(kRemembered);
  std::size_t next_ = 0;
  std::uint64_t trades_ = 0;
};

}  // namespace

Matching matching(std::uint64_t count, const std::function<void()>& warm) {
  const auto all = operations();
  Flow flow;
  std::vector<double> latencies;
  latencies.reserve(count / kTimed + 1);
  const auto run = [&](std::uint64_t operations, bool timed) {
    std::uint64_t done = 0;
    for (std::uint64_t i = 0; done < operations; ++i) {
      const Operation& op = all[i % all.size()];
      if (op.what == Operation::rests) done += flow.would_forget();
      ++done;
      if (!timed || i % kTimed != 0) {
        flow.run(op);
        continue;
      }
      const auto begin = Clock::now();
      flow.run(op);
      latencies.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
  };
  run(count / 10, false);  // Until the book has its size.
  warm();
  const auto begin = Clock::now();
  run(count, true);
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  if (flow.trades() < count / 100) throw std::runtime_error{"the measured book did not trade"};
  return {static_cast<double>(count) / took, std::move(latencies)};
}

}  // namespace holdfast::cli
