#include "binance_sync.hpp"

namespace holdfast::replay {

BinanceSync::Verdict BinanceSync::hear(const Depth& change) {
  if (phase_ == Phase::waiting) {
    keep(change);
    return Verdict::hold;
  }
  const Verdict verdict = judge(change);
  if (verdict == Verdict::lost) {
    lose();
    // The snapshot that mends the gap may be older than this change.
    keep(change);
  }
  return verdict;
}

bool BinanceSync::begin(std::uint64_t snapshot_id) {
  // A snapshot from before what is already in the book would take it back in time.
  if (phase_ != Phase::waiting && snapshot_id <= last_id_) return false;
  phase_ = Phase::straddling;
  last_id_ = snapshot_id;
  return true;
}

bool BinanceSync::next_waiting(Depth& change, Verdict& verdict) {
  if (waiting_.empty()) return false;
  change = std::move(waiting_.front());
  waiting_.pop_front();
  verdict = judge(change);
  // The rest is kept: a later snapshot may fit between.
  if (verdict == Verdict::lost) {
    waiting_.push_front(change);
    phase_ = Phase::waiting;
  }
  return true;
}

void BinanceSync::lose() {
  phase_ = Phase::waiting;
  waiting_.clear();
}

BinanceSync::Verdict BinanceSync::judge(const Depth& change) {
  if (phase_ == Phase::straddling) {
    // Futures count a change that ends exactly at the snapshot as the first, spot does not.
    if (change.last_id < last_id_ || (!change.futures && change.last_id == last_id_)) return Verdict::hold;
    const std::uint64_t newest = change.futures ? last_id_ : last_id_ + 1;
    if (change.first_id > newest) return Verdict::lost;
    phase_ = Phase::following;
  } else {
    if (change.last_id <= last_id_) return Verdict::hold;
    const bool follows = change.futures ? change.previous_id == last_id_ : change.first_id == last_id_ + 1;
    if (!follows) return Verdict::lost;
  }
  last_id_ = change.last_id;
  return Verdict::apply;
}

void BinanceSync::keep(const Depth& change) {
  if (waiting_.size() == kMostWaiting) waiting_.pop_front();
  waiting_.push_back(change);
}

}  // namespace holdfast::replay
