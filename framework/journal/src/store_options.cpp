#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include "store_raw.hpp"

namespace holdfast {

namespace {

/// RocksDB's own log file would be one more thing that a full disk breaks: in this version its writer
/// then ends the process before anybody is told why.
class Silent final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

/// Nothing is retried. On a full disk RocksDB would otherwise wait for room behind our back, and
/// closing would wait with it.
class NoRecovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* automatic) override {
    *automatic = false;
  }
};

}  // namespace

rocksdb::DBOptions database_options(const StoreOptions& options, rocksdb::Env* env) {
  rocksdb::DBOptions o;
  o.create_if_missing = options.create;
  if (env != nullptr) o.env = env;
  // One writer: the group-commit machinery of many writers only costs.
  o.allow_concurrent_memtable_write = false;
  o.enable_pipelined_write = false;
  o.two_write_queues = false;
  o.enable_write_thread_adaptive_yield = false;
  // A torn tail ends the store there; anything damaged before it is refused.
  o.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // What was recovered goes to a table before anything is appended, so that the torn log is never
  // read again: what is appended then survives the second and third restart too.
  o.avoid_flush_during_recovery = false;
  o.avoid_flush_during_shutdown = true;
  // Bounds how much log a recovery replays. Log verification in the manifest stays off: with
  // SyncWAL it reports logs missing that are not (fixed in 7.10); our own chain checks more.
  o.max_total_wal_size = options.wal_cap;
  o.track_and_verify_wals_in_manifest = false;
  o.wal_compression = rocksdb::kNoCompression;
  o.manual_wal_flush = false;
  o.paranoid_checks = true;
  // Two cores: background work must not own the one that trades.
  o.max_background_jobs = 2;
  o.max_open_files = 512;
  // There are few files, and where no thread can be had its helpers end the process without a word.
  o.max_file_opening_threads = 1;
  o.info_log = std::make_shared<Silent>();
  o.listeners.push_back(std::make_shared<NoRecovery>());
  o.max_bgerror_resume_count = 0;
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  return o;
}

rocksdb::ColumnFamilyOptions family_options(int family, const StoreOptions& options) {
  rocksdb::ColumnFamilyOptions o;
  o.compression = rocksdb::kNoCompression;
  // Memory: one is filled while the one before is written to a table, for each stream.
  o.write_buffer_size = std::min<std::uint64_t>(options.wal_cap / 2, 16u << 20);
  // A disk that pauses must not stall who writes before a quarter of a gigabyte waits.
  o.max_write_buffer_number = 16;
  // Keys only grow: files move between levels without being rewritten, and a stall would stop
  // trading (and can hang in this version), so the triggers are generous.
  o.level0_file_num_compaction_trigger = 8;
  o.level0_slowdown_writes_trigger = 1000;
  o.level0_stop_writes_trigger = 2000;
  o.soft_pending_compaction_bytes_limit = 0;
  o.hard_pending_compaction_bytes_limit = 0;
  o.max_bytes_for_level_base = 64ull << 30;
  o.target_file_size_base = 64u << 20;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = family == Store::Raw::market ? 64 << 10 : 16 << 10;
  table.format_version = 5;
  // A scan of history must not hold on to it.
  table.block_cache = nullptr;
  table.no_block_cache = true;
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

}  // namespace holdfast
