#pragma once

#include <cstdint>
#include <deque>
#include <holdfast/sdk.hpp>
#include <vector>

namespace holdfast::replay {

struct DepthLevel {
  Side side = Side::buy;
  Price price;
  Quantity quantity;
  void state(Archive& a) { a(side, price, quantity); }
};

/// One depthUpdate message, or with `last_id` alone a snapshot.
struct Depth {
  std::uint64_t first_id = 0;     ///< U
  std::uint64_t last_id = 0;      ///< u; lastUpdateId of a snapshot.
  std::uint64_t previous_id = 0;  ///< pu; futures only.
  bool futures = false;
  std::vector<DepthLevel> levels;
  void state(Archive& a) { a(first_id, last_id, previous_id, futures, levels); }
};

/// Keeps a book in step with its venue, as Binance prescribes: changes wait for a snapshot, the
/// first one applied must straddle it, and each must follow the one before without a gap.
class BinanceSync {
 public:
  enum class Verdict : std::uint8_t {
    apply,  ///< Put these levels into the book.
    hold,   ///< Nothing to do: kept for a snapshot, or already in the book.
    lost,   ///< A gap: the book is worth nothing until the next snapshot.
  };
  Verdict hear(const Depth& change);
  /// True when the snapshot begins a book: put its levels there, then those of follow().
  bool begin(std::uint64_t snapshot_id);
  /// After begin(): the next change that waited and goes on top; false when there is none left.
  bool next_waiting(Depth& change, Verdict& verdict);
  /// What was told cannot be trusted.
  void lose();

  void state(Archive& a) { a(phase_, last_id_, waiting_); }

 private:
  enum class Phase : std::uint8_t { waiting, straddling, following };
  /// Far more than arrive while a snapshot is on its way; older ones are of no use to a new one.
  static constexpr std::size_t kMostWaiting = 1000;

  Verdict judge(const Depth& change);
  void keep(const Depth& change);

  Phase phase_ = Phase::waiting;
  std::uint64_t last_id_ = 0;  ///< Of the snapshot or of the last change in the book.
  std::deque<Depth> waiting_;
};

}  // namespace holdfast::replay
