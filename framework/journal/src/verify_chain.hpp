#pragma once

#include <map>
#include <optional>
#include <vector>

#include "balances.hpp"
#include "store_raw.hpp"

namespace holdfast {

/// Where a frame ends and what it is: what a checkpoint is compared with.
struct FrameEnd {
  Digest hash{};
  std::uint64_t epoch = 0;
};

/// Walks the stored records themselves, frame by frame, and says where they are not one chain.
///
/// After a break it goes on from what is stored, so that one break is one line. One thread.
class ChainWalk {
 public:
  /// `wanted`: sequence numbers of checkpoints; filled in where a frame ends there.
  ChainWalk(Store::Raw& raw, Findings& findings, VerifyReport& report,
            std::map<std::uint64_t, std::optional<FrameEnd>>& wanted);
  /// Fails: StoreError when files vanish or cannot be read at all.
  void run(const std::function<void(double)>& progress);

 private:
  struct Market {
    bool readable = true;
    std::optional<std::vector<std::byte>> bytes;
  };
  std::unique_ptr<rocksdb::Iterator> iterate(Store::Raw::Family family) const;
  bool resume();
  void record(const rocksdb::Slice& key, const rocksdb::Slice& value);
  bool place(std::uint64_t at, const FrameHeader& header, bool whole);
  Market market_at(const rocksdb::Slice& key, bool quiet);
  void contents(const FrameHeader& header, std::span<const std::byte> business, const Market& market);
  bool check_market(const FrameHeader& header, const Market& market);
  void events(const FrameHeader& header, std::span<const std::byte> market, bool pruned);
  void lose();

  Store::Raw& raw_;
  Findings& findings_;
  VerifyReport& report_;
  std::map<std::uint64_t, std::optional<FrameEnd>>& wanted_;
  Balances balances_;
  std::unique_ptr<rocksdb::Iterator> it_, market_;
  std::optional<std::uint64_t> head_key_;

  std::optional<std::uint64_t> expected_ = 1;  ///< Where the next frame must begin, if known.
  std::optional<std::array<Digest, 2>> links_ =
      std::array<Digest, 2>{};  ///< What it may name as its predecessor.
  Time last_time_;
  std::uint64_t last_key_ = 0;
  bool market_unreadable_ = false, market_gone_ = false;
  std::vector<std::byte> business_;  ///< Aligned copy.
};

}  // namespace holdfast
