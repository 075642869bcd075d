#pragma once

#include <holdfast/venue/book.hpp>
#include <vector>

namespace holdfast::test {

/// What a book must do, written so that it can be read against the rules: one list, searched from end to
/// end for everything, copied to try things out. Ids count from 1.
class NaiveBook {
 public:
  using Events = std::vector<venue::BookEvent>;

  void submit(const venue::NewOrder& terms, Events& out);
  void cancel(venue::OrderId id, Events& out);
  void replace(venue::OrderId id, Price price, Quantity quantity, Events& out);
  void cancel_all(venue::Account account, Events& out);
  void expire(Time now, bool session_ends, Events& out);
  /// Best first.
  std::vector<venue::Book::Level> levels(Side side) const;
  std::size_t size() const { return orders_.size(); }

 private:
  struct Order {
    venue::OrderId id = 0;
    venue::NewOrder terms;
    std::int64_t leaves = 0, shown = 0;
    std::uint64_t since = 0;    ///< When it last went to the end of its queue.
    std::uint64_t arrival = 0;  ///< When it came, or came again.
    bool waits = false, rests = false;
  };
  Order* find(venue::OrderId id);
  Order* best_against(const Order& taker);
  bool would_take(const venue::NewOrder& terms) const;
  void run(venue::OrderId id, Events& out);
  void trade(venue::OrderId id, Events& out);
  void end(venue::OrderId id, venue::Reason reason, Events& out);
  void erase(venue::OrderId id);
  void trigger_stops(Events& out);
  template <class Which>
  void end_all(venue::Reason reason, const Which& which, Events& out);

  std::vector<Order> orders_;
  std::uint64_t clock_ = 0;
  venue::OrderId next_ = 1;
  std::int64_t last_ = 0;
  std::vector<std::int64_t> traded_;  ///< Prices since stops were looked at.
};

}  // namespace holdfast::test
