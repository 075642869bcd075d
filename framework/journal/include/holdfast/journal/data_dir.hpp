#pragma once

#include <string>

namespace holdfast {

/// A system's data directory, held by one process at a time.
///
///   holdfast.store   what this directory is: schema and system name
///   journal/         the RocksDB store
///   latches          the latch file
///   kept/<actor>     what an edge keeps of its connection
///   lock             held while a process uses the directory
class DataDir {
 public:
  static constexpr int kSchema = 1;
  /// Makes or takes the directory and its lock. Fails: StoreError with one sentence (in use,
  /// foreign, newer schema, marker without journal, another system's).
  static DataDir open(const std::string& path, const std::string& system, bool create);
  ~DataDir();
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;

  /// Makes the directory `path`, which holds a journal, one of `system`; durable. Fails: StoreError{io}.
  static void mark(const std::string& path, const std::string& system);
  /// After the store was created: from now on a missing journal is damage, not a new start.
  void mark_created(const std::string& system);
  bool fresh() const { return fresh_; }
  std::string journal_path() const { return path_ + "/journal"; }
  const std::string& path() const { return path_; }

 private:
  DataDir() = default;
  std::string path_;
  int lock_ = -1;
  bool fresh_ = false;
};

/// The name in the marker; empty when `path` is no data directory.
std::string system_name_of(const std::string& path);

}  // namespace holdfast
