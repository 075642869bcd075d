#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <holdfast/journal/failpoints.hpp>
#include <holdfast/journal/frame.hpp>

namespace rocksdb {
class FileSystem;
class Iterator;
}

namespace holdfast {

/// The store cannot be used; one sentence says why and what to do.
struct StoreError : std::runtime_error {
  enum class Kind { in_use, foreign, newer, damaged, missing, io };
  StoreError(Kind kind, const std::string& what) : std::runtime_error{what}, kind{kind} {}
  Kind kind;
};

/// An actor's state after the event `seq`, with what it had answered and not yet heard back.
struct Snapshot {
  std::string actor;
  std::uint64_t seq = 0;
  std::uint64_t epoch = 0;
  std::uint32_t incarnation = 0;
  std::int32_t state_version = 1;
  Digest identity{};                  ///< The era: plugin code, settings, framework.
  Digest digest{};                    ///< SHA-256 of `state`.
  std::vector<std::byte> state;
  std::vector<std::byte> outstanding; ///< Unsequenced events.
};

struct StoreOptions {
  std::string path;
  bool create = false;                ///< Make a new store where there is none.
  bool read_only = false;
  std::uint64_t wal_cap = 128u << 20; ///< Bytes of log to replay at the worst; bounds recovery.
  int snapshots_kept = 3;             ///< Per actor.
  Failpoints* failpoints = nullptr;   ///< Not owned; may be null.
  /// Tests put a file system here that forgets, tears and fails. Null: the real one.
  std::shared_ptr<rocksdb::FileSystem> file_system;
};

/// One frame as it is stored, not looked into yet.
struct StoredFrame {
  std::uint64_t seq = 0;
  std::string business;               ///< Header and events.
  std::optional<std::string> market;  ///< Packed events; empty where there are none, or none any more.
};

/// Frames on their way out of a store that outlives this. One thread at a time.
class StoredFrames {
 public:
  StoredFrames(std::unique_ptr<rocksdb::Iterator> business, std::unique_ptr<rocksdb::Iterator> market, std::uint64_t from);
  StoredFrames(StoredFrames&&) noexcept;
  ~StoredFrames();
  /// Empty after the last. Fails: StoreError.
  std::optional<StoredFrame> next();

 private:
  std::unique_ptr<rocksdb::Iterator> business_, market_;
  std::uint64_t from_;
};

/// Frames, snapshots and a few named texts on disk. Writes come from one thread; sync() and
/// reading may come from any. Every failed write or sync throws StoreError: fail-stop, no retry.
class Store {
 public:
  static std::unique_ptr<Store> open(const StoreOptions& options);
  ~Store();

  /// One atomic, unsynced write. Snapshots cover sequence numbers at or below the frame's last.
  void write(const Frame& frame, const std::vector<Snapshot>& snapshots);
  /// Snapshots alone, covering at most the head. Atomic, unsynced.
  void write(const std::vector<Snapshot>& snapshots);
  /// Everything written before the call is on stable storage when it returns.
  void sync();

  /// Makes a store of its own in the directory `to`, which must not be there: all that is written by now, in links and
  /// copies. On the same file system. [any-thread]
  void checkpoint(const std::string& to) const;

  /// Header of the newest frame; empty for a new store.
  std::optional<FrameHeader> head() const;
  /// The frame that holds `seq`; null beyond the head. Fails: StoreError{damaged}.
  FramePtr read(std::uint64_t seq) const;
  /// Calls `visit` for frames from the one that holds `from` on, until it returns false.
  void scan(std::uint64_t from, const std::function<bool(FramePtr)>& visit) const;
  /// The same frames before they are decoded.
  StoredFrames stored(std::uint64_t from) const;
  /// `frame` may have been another one; its memory is used again.
  void decode(const StoredFrame& stored, Frame& frame) const;
  /// As scan(), but business events only: fast over a long market history.
  void scan_business(std::uint64_t from, const std::function<bool(const FrameHeader&, std::span<const std::byte>)>& visit) const;

  /// The newest snapshot of `actor` at or below `seq`.
  std::optional<Snapshot> snapshot(const std::string& actor, std::uint64_t seq = UINT64_MAX) const;
  /// Sequence numbers of all stored snapshots by actor, ascending.
  std::map<std::string, std::vector<std::uint64_t>> snapshots() const;

  /// Small texts kept beside the journal (plans by hash). Synced.
  void put_text(const std::string& key, const std::string& text);
  std::optional<std::string> text(const std::string& key) const;

  /// Forgets market events of frames that end below `seq`. Digests stay.
  void prune_market(std::uint64_t seq);
  std::uint64_t market_pruned_below() const;

  struct Raw;
  /// For verification and tests, which must see what read() would refuse.
  Raw& raw() const { return *raw_; }

 private:
  explicit Store(std::unique_ptr<Raw> raw);
  std::unique_ptr<Raw> raw_;
};

}  // namespace holdfast
