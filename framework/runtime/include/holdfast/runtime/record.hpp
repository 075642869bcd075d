#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <holdfast/sdk/actor.hpp>
#include <holdfast/sdk/instrument.hpp>
#include <holdfast/trading/latches.hpp>
#include <holdfast/trading/orders.hpp>

namespace holdfast {

/// What the system knows about itself: who its actors are, which instruments it trades, which
/// latches are engaged, and the sums people ask for. A fold like every actor's state; it is how a
/// restarted process gives everybody the same ids again.
class SystemRecord final : public Actor {
 public:
  static constexpr const char* kName = "system";
  static constexpr int kVersion = 4;
  struct ActorEntry {
    std::string name;
    std::uint64_t kind = 0;
    std::uint32_t incarnation = 0;
    std::uint32_t failures = 0;
    std::uint8_t parked = 0;
    Digest era{};
    std::string last_failure;
    void state(Archive& a) { a(name, kind, incarnation, failures, parked, era, last_failure); }
  };
  struct InstrumentEntry {
    std::uint32_t version = 0;
    std::string symbol, currency, session;
    Price tick;
    Quantity lot;
    void state(Archive& a) { a(version, symbol, currency, session, tick, lot); }
  };
  /// A strategy's share: its position follows from the fills, the rest is what the ledger has booked.
  struct Holding {
    Quantity position;
    Money cash, realized, fees;
    std::uint64_t fills = 0;
    void state(Archive& a) { a(position, cash, realized, fees, fills); }
  };
  /// How a broker stands with its venue; only those that have one outside.
  struct Link {
    LinkState standing = LinkState::down;
    std::string why;
    Time since, reconciled;  ///< The latter zero: never.
    std::uint64_t corrections = 0;
    void state(Archive& a) { a(standing, why, since, reconciled, corrections); }
  };
  /// Found at a broker's venue, and neither explained nor accepted.
  struct Difference {
    DifferenceKind kind = DifferenceKind::position;
    InstrumentId instrument;
    ClOrdId order;
    Quantity ours, theirs;
    std::string evidence;
    Time since;
    void state(Archive& a) { a(kind, instrument, order, ours, theirs, evidence, since); }
  };
  /// The newest word about a currency at a broker's venue that our fills do not explain: what the account began
  /// with, then deposits and the like. It needs no operator.
  struct Balance {
    Money ours;    ///< What our fills have changed it by.
    Money theirs;  ///< What the venue says is there.
    std::string evidence;
    Time since;
    void state(Archive& a) { a(ours, theirs, evidence, since); }
  };
  struct Counts {
    std::uint64_t events = 0, ticks = 0, orders = 0, fills = 0, denied = 0, bad_ticks = 0;
    /// Orders released to a venue, and how those ended that were not denied.
    std::uint64_t sent = 0, filled = 0, cancelled = 0, expired = 0, rejected = 0;
    void state(Archive& a) {
      a(events, ticks, orders, fills, denied, bad_ticks, sent, filled, cancelled, expired, rejected);
    }
  };

  /// What was decided about what a strategy left when it was no longer declared.
  struct Removed {
    Removal what = Removal::none;
    ActorId heir;
    friend bool operator==(const Removed&, const Removed&) = default;
    void state(Archive& a) { a(what, heir); }
  };

  void hear(const Event& event, Stage& stage) override;
  bool quiet() const override { return true; }
  void hear_market(std::span<const std::byte> stretch) override;
  void state(Archive& a) override {
    a(epoch_, actors_, instruments_, latches_, holdings_, counts_, ended_feeds_, orders_, accounts_, links_, differences_,
      removed_, balances_);
  }
  int state_version() const override { return kVersion; }

  std::uint64_t epoch() const { return epoch_; }
  const std::map<std::uint16_t, ActorEntry>& actors() const { return actors_; }
  const ActorEntry* find(std::string_view name, ActorId* id = nullptr) const;
  const std::map<std::uint32_t, InstrumentEntry>& instruments() const { return instruments_; }
  const Latches& latches() const { return latches_; }
  /// By (owner, instrument).
  const std::map<std::pair<std::uint16_t, std::uint32_t>, Holding>& holdings() const { return holdings_; }
  /// By (broker, instrument): what its account holds, as its fills have it, whoever they belong to.
  const std::map<std::pair<std::uint16_t, std::uint32_t>, Quantity>& accounts() const { return accounts_; }
  const std::map<std::uint16_t, Link>& links() const { return links_; }
  /// By broker.
  const std::map<std::uint16_t, std::vector<Difference>>& differences() const { return differences_; }
  /// By strategy; those that are here again are left out.
  const std::map<std::uint16_t, Removed>& removed() const { return removed_; }
  /// By (broker, currency).
  const std::map<std::pair<std::uint16_t, std::string>, Balance>& balances() const { return balances_; }
  const Counts& counts() const { return counts_; }
  /// Those that have not ended.
  const Orders& orders() const { return orders_; }
  const std::set<std::uint16_t>& ended_feeds() const { return ended_feeds_; }
  std::string symbol(InstrumentId id) const;
  std::string actor_name(ActorId id) const;

 private:
  /// False when the event is illegal in its order's state.
  bool hear_order(const Event& event);
  void hear_lifecycle(const Event& event);
  void hear_venue(const Event& event);
  void hear_shares(const Event& event, bool legal);
  void hear_balance(const Event& event);

  std::uint64_t epoch_ = 0;
  std::map<std::uint16_t, ActorEntry> actors_;
  std::map<std::uint32_t, InstrumentEntry> instruments_;
  Latches latches_;
  std::map<std::pair<std::uint16_t, std::uint32_t>, Holding> holdings_;
  std::map<std::pair<std::uint16_t, std::uint32_t>, Quantity> accounts_;
  std::map<std::uint16_t, Link> links_;
  std::map<std::uint16_t, std::vector<Difference>> differences_;
  std::map<std::uint16_t, Removed> removed_;
  std::map<std::pair<std::uint16_t, std::string>, Balance> balances_;
  Counts counts_;
  std::set<std::uint16_t> ended_feeds_;
  Orders orders_;
};

/// "a\nb\nc" in parts: how tails hold more than one text.
std::vector<std::string> tail_lines(std::string_view tail);

}  // namespace holdfast
