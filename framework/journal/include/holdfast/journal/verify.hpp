#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <holdfast/journal/store.hpp>

namespace holdfast {

/// One break found in a journal.
struct Break {
  /// gap, reorder, hash_mismatch, link_mismatch, malformed, clock_regression, market_missing,
  /// snapshot_changed, balance_mismatch, truncated, checkpoint_mismatch, bad_signature, fork
  std::string kind;
  std::uint64_t seq = 0;  ///< First sequence number concerned.
  std::string what;
};

struct VerifyReport {
  /// Exit codes of `holdfast journal verify`.
  enum class Verdict { intact = 0, tampered = 1, unreadable = 2, unanchored = 3 };
  Verdict verdict = Verdict::unreadable;
  std::vector<Break> breaks;     ///< By sequence number.
  std::uint64_t frames = 0, events = 0, snapshots = 0, fills = 0, anchors = 0;
  std::uint64_t head_seq = 0, pruned_below = 0;
  Digest head_hash{};
  std::string unreadable;        ///< Why, when the verdict is unreadable.
};

/// Reads every byte: chain, order, gaps, digests of both streams, times, snapshots, the ledger's
/// balances and, when `anchors_dir` is not empty, every checkpoint in it. Read-only; works beside a
/// running system (it verifies up to the head it finds). `progress` hears the fraction done.
VerifyReport verify_journal(const std::string& data_dir, const std::string& anchors_dir,
                            const std::function<void(double)>& progress = {});

}  // namespace holdfast
