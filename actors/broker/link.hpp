#pragma once

#include <holdfast/sdk.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "pen.hpp"

namespace holdfast::broker {

/// How often the books are compared, and how long is waited.
struct Intervals {
  Duration answer_within{std::chrono::seconds{5}};
  Duration in_flight{std::chrono::seconds{2}};
  Duration orders{std::chrono::seconds{10}};
  Duration positions{std::chrono::seconds{30}};
  Duration balances{std::chrono::seconds{60}};
  Duration patience{std::chrono::seconds{2}};
};

/// An edge broker's standing with its venue: connected or not, books compared or not, orders in doubt. Not state:
/// every incarnation, and every connection, begins with asking.
class Link {
 public:
  Link(Broker& plugin, Pen& pen, const Intervals& intervals, const Instruments& instruments);

  // What the plugin says, through its blotter.
  void connected();
  void disconnected(std::string_view why);
  void hear(const VenueStatement& statement);
  /// The venue knows it: an order approved, of which no release is known.
  void was_sent(const OrderTerms& terms);

  bool up() const { return state_ != LinkState::down; }
  bool armed() const { return state_ == LinkState::armed; }
  /// When it went down, or never came up.
  std::optional<Time> down_since() const { return down_since_; }
  /// Approved before this incarnation began, so perhaps sent by its predecessor: not to be sent before the
  /// venue has said that it does not know it.
  bool in_doubt(ClOrdId id) const { return in_doubt_.contains(id); }
  /// Whether it is to go out as a possible repetition.
  bool repeats(ClOrdId id) const { return repeats_.contains(id); }
  /// A request about the order has left; its answer is waited for.
  void awaits(ClOrdId id, Time now) { awaited_[id] = now; }

  /// Asks what is due, gives up what has waited too long. Returns when it wants to be called next.
  Time tick(FactBlotter& blotter);

 private:
  struct Doubt {
    int asked = 0;
    Time since;
  };
  void change(LinkState state, std::string_view why);
  void look_at_overdue(Time now);
  void ask(FactBlotter& blotter, Time now);
  void write(const Reconciliation& found);
  /// Each returns true while it is too early to conclude.
  bool weigh_missing(const Reconciliation& found, Time now);
  bool weigh_orders(const Reconciliation& found, Time now);
  bool weigh_positions(const Reconciliation& found);
  bool doubted_enough(ClOrdId id, Time now);
  void conclude_missing(ClOrdId id, Time now);
  /// Writes it down, and halts its instrument.
  void differ(const Difference& difference);
  void report(const Difference& difference);
  void compare_balances(const VenueStatement& statement);
  /// Whether all was told that it takes to arm.
  bool is_whole(const VenueStatement& statement) const;
  void settle(const VenueStatement& statement, bool pending, std::size_t corrections, Time now);
  Time next_time() const;

  Broker& plugin_;
  Pen& pen_;
  Intervals intervals_;
  const Instruments& instruments_;
  bool asks_, asks_positions_;
  LinkState state_ = LinkState::down;
  std::optional<Time> down_since_;
  std::set<ClOrdId> in_doubt_, repeats_;
  std::map<ClOrdId, Time> awaited_;
  std::map<ClOrdId, Doubt> doubts_;
  std::map<InstrumentId, int> mismatches_;
  std::set<ClOrdId> by_name_;
  bool again_ = false;  ///< Something is open: ask for everything soon.
  std::uint64_t question_ = 0, fills_up_to_ = 0;
  std::optional<Time> question_deadline_;
  Time retry_at_, next_in_flight_, next_orders_, next_positions_, next_balances_;
};

}  // namespace holdfast::broker
