#pragma once

#include <rocksdb/db.h>

#include <array>
#include <deque>
#include <holdfast/journal/store.hpp>
#include <map>
#include <mutex>

namespace holdfast {

/// The RocksDB behind a Store, for the sources of this room.
struct Store::Raw {
  enum Family { meta, business, market, snapshots, kFamilies };
  static constexpr std::array<const char*, kFamilies> kNames{"default", "business", "market", "snapshots"};
  static constexpr const char* kSchemaKey = "holdfast.schema";
  static constexpr const char* kPrunedKey = "holdfast.market_pruned_below";
  static constexpr const char* kSchema = "1";
  /// What precedes a snapshot's two parts in its value.
  struct SnapshotHead {
    std::uint64_t seq, epoch;
    std::uint32_t incarnation;
    std::int32_t state_version;
    Digest identity, digest;
    std::uint64_t state_bytes, outstanding_bytes;
  };

  StoreOptions options;
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  mutable std::mutex mutex;  ///< Guards what is below.
  std::map<std::string, std::vector<std::uint64_t>> snapshot_seqs;
  std::uint64_t pruned_below = 0;
  /// Frames read ahead of several readers, oldest run first: whoever folds history asks for one
  /// frame after the other, and opening iterators costs far more than a small frame.
  std::deque<std::vector<FramePtr>> ahead;

  ~Raw();
};

/// Sequence numbers as keys: big-endian, so that order on disk is order in time.
std::string seq_key(std::uint64_t seq);
std::uint64_t key_seq(const rocksdb::Slice& key);

inline rocksdb::Slice slice(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::byte> bytes(const rocksdb::Slice& s) {
  return {reinterpret_cast<const std::byte*>(s.data()), s.size()};
}

// Frames and snapshots as values, and back. Fails: StoreError{damaged}.
[[noreturn]] void damaged(const std::string& what);
std::string encode(const Snapshot& s);
Snapshot decode_snapshot(const std::string& actor, const rocksdb::Slice& value);
FrameHeader decode_header(const rocksdb::Slice& value, std::uint64_t seq);

/// Opens the database and its four column families and looks at nothing inside.
/// Fails: StoreError with one sentence.
std::unique_ptr<Store::Raw> open_raw(const StoreOptions& options);

/// Section by section: what one append-only writer on two cores wants. See the comments there.
rocksdb::DBOptions database_options(const StoreOptions& options, rocksdb::Env* env);
rocksdb::ColumnFamilyOptions family_options(int family, const StoreOptions& options);

}  // namespace holdfast
