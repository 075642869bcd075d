#pragma once

#include <rocksdb/file_system.h>

#include <condition_variable>
#include <functional>
#include <holdfast/sdk/random.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace holdfast::test {

/// What a power cut leaves of the bytes that were never synced.
enum class CrashMode {
  drop,     ///< Nothing: files end at their last sync, directories are as last synced.
  torn,     ///< A random prefix of each file's bytes and of the directory's changes.
  reorder,  ///< Sectors, files and directory changes each for themselves, kept, lost or spoilt.
};
std::ostream& operator<<(std::ostream& out, CrashMode mode);

/// A file system on top of the real one that remembers what was made durable and forgets the rest.
///
/// Bytes of a file are durable after its sync; creating, renaming and deleting are durable after
/// the sync of the directory. The real disk is never synced: durability is book-keeping here.
/// Life of a test: open a store on it, write, freeze(), close the store, crash(), open again.
/// [any-thread] up to freeze(); crash() REQUIRES that nothing is open.
class FaultFs : public rocksdb::FileSystemWrapper {
 public:
  FaultFs();
  ~FaultFs() override;
  const char* Name() const override { return "FaultFs"; }

  /// The power goes: from here on every change fails and nothing becomes durable.
  void freeze();
  /// The power is back: files are what `mode` and `seed` leave of them.
  void crash(std::uint64_t seed, CrashMode mode);

  /// Syncs of files whose name ends in `suffix` claim success and do nothing.
  void ignore_syncs(const std::string& suffix);
  enum class Op { append, sync, read };
  /// EIO from the n-th such operation on a log file on (0: the next one).
  void fail(Op op, int after = 0);
  /// ENOSPC once `bytes` more bytes were appended to log files.
  void fill_up_after(std::uint64_t bytes);
  /// Whether an error asked for was returned.
  bool failed();
  /// The disk is well again.
  void heal();
  /// Syncs of log files wait until hang(false).
  void hang(bool on);
  void wait_until_hanging();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override;

 private:
  friend class FaultFile;
  friend class FaultReader;
  friend class FaultDirectory;
  /// A file apart from its names.
  struct Inode {
    std::string spare;  ///< A second link, so that deleting can be taken back.
    std::uint64_t size = 0, synced = 0;
    bool log = false;
  };
  using InodePtr = std::shared_ptr<Inode>;
  /// What one call changed in a directory; null: the name went.
  using Change = std::vector<std::pair<std::string, InodePtr>>;
  struct Directory {
    std::map<std::string, InodePtr> durable, now;
    std::vector<Change> changes;  ///< From durable to now.
  };

  Directory& directory_of(const std::string& name);
  void change(const std::string& name, Change change);
  InodePtr make_inode(const std::string& name);
  rocksdb::IOStatus appending(Inode& inode, std::size_t bytes);
  rocksdb::IOStatus syncing(Inode& inode, const std::string& name);
  rocksdb::IOStatus reading(const std::string& name);
  void directory_synced(const std::string& path);
  bool due(Op op);
  static void cut(Inode& inode, CrashMode mode, Random& random);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Directory> directories_;
  std::string spares_;  ///< Where the second links live.
  std::uint64_t next_spare_ = 0;
  bool frozen_ = false, hang_ = false, failed_ = false;
  int hanging_ = 0;
  std::optional<std::string> ignored_;
  std::map<Op, int> faults_;  ///< Operations until they fail.
  std::uint64_t room_ = UINT64_MAX;
};

}  // namespace holdfast::test
