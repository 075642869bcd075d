#include "fault_fs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace holdfast::test {

namespace {

constexpr std::uint64_t kSector = 512;

bool is_log(const std::string& name) { return name.ends_with(".log"); }
/// Only these are durable state; the rest (LOCK, LOG) is left alone.
bool is_state(const std::string& name) {
  const std::string file = fs::path{name}.filename();
  return is_log(file) || file.ends_with(".sst") || file.ends_with(".dbtmp") ||
         file.starts_with("MANIFEST-") || file.starts_with("OPTIONS-") || file == "CURRENT" ||
         file == "IDENTITY";
}
IOStatus power_is_off() { return IOStatus::IOError("the power is off"); }

}  // namespace

std::ostream& operator<<(std::ostream& out, CrashMode mode) {
  return out << (mode == CrashMode::drop ? "drop" : mode == CrashMode::torn ? "torn" : "reorder");
}

/// Reports what is written and synced before the real file hears of it.
class FaultFile : public rocksdb::FSWritableFileWrapper {
 public:
  FaultFile(FaultFs& fs, FaultFs::InodePtr inode, std::string name,
            std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileWrapper{file.get()},
        fs_{fs},
        inode_{std::move(inode)},
        name_{std::move(name)},
        file_{std::move(file)} {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const auto status = fs_.appending(*inode_, data.size());
    return status.ok() ? file_->Append(data, options, debug) : status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return fs_.syncing(*inode_, name_); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return fs_.syncing(*inode_, name_); }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  IOStatus Allocate(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  void PrepareWrite(std::size_t, std::size_t, const IOOptions&, IODebugContext*) override {}
  bool IsSyncThreadSafe() const override { return true; }

 private:
  FaultFs& fs_;
  FaultFs::InodePtr inode_;
  std::string name_;
  std::unique_ptr<rocksdb::FSWritableFile> file_;
};

class FaultReader : public rocksdb::FSRandomAccessFileWrapper {
 public:
  FaultReader(FaultFs& fs, std::string name, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileWrapper{file.get()}, fs_{fs}, name_{std::move(name)}, file_{std::move(file)} {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    const auto status = fs_.reading(name_);
    return status.ok() ? file_->Read(offset, n, options, result, scratch, debug) : status;
  }

 private:
  FaultFs& fs_;
  std::string name_;
  std::unique_ptr<rocksdb::FSRandomAccessFile> file_;
};

class FaultDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FaultDirectory(FaultFs& fs, std::string path, std::unique_ptr<rocksdb::FSDirectory> directory)
      : FSDirectoryWrapper{std::move(directory)}, fs_{fs}, path_{std::move(path)} {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return sync(); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*, const rocksdb::DirFsyncOptions&) override {
    return sync();
  }

 private:
  IOStatus sync() {
    fs_.directory_synced(path_);
    return IOStatus::OK();
  }
  FaultFs& fs_;
  std::string path_;
};

FaultFs::FaultFs() : FileSystemWrapper{rocksdb::FileSystem::Default()} {
  std::string name = fs::temp_directory_path() / "holdfast-spares-XXXXXX";
  spares_ = ::mkdtemp(name.data());
}

FaultFs::~FaultFs() { fs::remove_all(spares_); }

FaultFs::Directory& FaultFs::directory_of(const std::string& name) {
  return directories_[fs::path{name}.parent_path().lexically_normal()];
}

void FaultFs::change(const std::string& name, Change change) {
  Directory& directory = directory_of(name);
  for (const auto& [entry, inode] : change) {
    if (inode) directory.now[entry] = inode;
    else directory.now.erase(entry);
  }
  directory.changes.push_back(std::move(change));
}

FaultFs::InodePtr FaultFs::make_inode(const std::string& name) {
  auto inode = std::make_shared<Inode>();
  inode->spare = spares_ + "/" + std::to_string(next_spare_++);
  inode->log = is_log(name);
  fs::create_hard_link(name, inode->spare);
  return inode;
}

void FaultFs::freeze() {
  const std::lock_guard lock{mutex_};
  frozen_ = true;
  hang_ = false;
  changed_.notify_all();
}

void FaultFs::ignore_syncs(const std::string& suffix) {
  const std::lock_guard lock{mutex_};
  ignored_ = suffix;
}

void FaultFs::fail(Op op, int after) {
  const std::lock_guard lock{mutex_};
  faults_[op] = after;
}

void FaultFs::fill_up_after(std::uint64_t bytes) {
  const std::lock_guard lock{mutex_};
  room_ = bytes;
}

bool FaultFs::failed() {
  const std::lock_guard lock{mutex_};
  return failed_;
}

void FaultFs::heal() {
  const std::lock_guard lock{mutex_};
  faults_.clear();
  room_ = UINT64_MAX;
}

void FaultFs::hang(bool on) {
  const std::lock_guard lock{mutex_};
  hang_ = on;
  changed_.notify_all();
}

void FaultFs::wait_until_hanging() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return hanging_ > 0; });
}

bool FaultFs::due(Op op) {
  const auto at = faults_.find(op);
  const bool now = at != faults_.end() && at->second-- <= 0;
  failed_ |= now;
  return now;
}

IOStatus FaultFs::appending(Inode& inode, std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  if (frozen_) return power_is_off();
  if (inode.log) {
    if (due(Op::append)) return IOStatus::IOError("Input/output error");
    if (bytes > room_) {
      failed_ = true;
      return IOStatus::NoSpace("No space left on device");
    }
    if (room_ != UINT64_MAX) room_ -= bytes;
  }
  inode.size += bytes;
  return IOStatus::OK();
}

IOStatus FaultFs::syncing(Inode& inode, const std::string& name) {
  std::unique_lock lock{mutex_};
  const std::uint64_t size = inode.size;
  if (inode.log && hang_) {
    ++hanging_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !hang_; });
    --hanging_;
  }
  if (frozen_) return power_is_off();
  if (inode.log && due(Op::sync)) return IOStatus::IOError("Input/output error");
  if (!ignored_ || !name.ends_with(*ignored_)) inode.synced = std::max(inode.synced, size);
  return IOStatus::OK();
}

IOStatus FaultFs::reading(const std::string& name) {
  const std::lock_guard lock{mutex_};
  return due(Op::read) ? IOStatus::IOError("Input/output error: " + name) : IOStatus::OK();
}

void FaultFs::directory_synced(const std::string& path) {
  const std::lock_guard lock{mutex_};
  if (frozen_) return;
  Directory& directory = directories_[fs::path{path}.lexically_normal()];
  directory.durable = directory.now;
  directory.changes.clear();
}

IOStatus FaultFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  if (!is_state(name)) return target()->NewWritableFile(name, options, result, debug);
  const std::lock_guard lock{mutex_};
  if (frozen_) return power_is_off();
  fs::remove(name);  // A new file, not the old one made empty: that one may come back.
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const auto status = target()->NewWritableFile(name, options, &file, debug);
  if (!status.ok()) return status;
  const auto inode = make_inode(name);
  change(name, {{fs::path{name}.filename(), inode}});
  result->reset(new FaultFile{*this, inode, name, std::move(file)});
  return status;
}

IOStatus FaultFs::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                      IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  const auto status = target()->NewRandomAccessFile(name, options, &file, debug);
  if (status.ok()) result->reset(new FaultReader{*this, name, std::move(file)});
  return status;
}

IOStatus FaultFs::NewDirectory(const std::string& name, const IOOptions& options,
                               std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  const auto status = target()->NewDirectory(name, options, &directory, debug);
  if (status.ok()) result->reset(new FaultDirectory{*this, name, std::move(directory)});
  return status;
}

IOStatus FaultFs::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* debug) {
  if (!is_state(name)) return target()->DeleteFile(name, options, debug);
  const std::lock_guard lock{mutex_};
  if (frozen_) return power_is_off();
  const auto status = target()->DeleteFile(name, options, debug);
  if (status.ok()) change(name, {{fs::path{name}.filename(), nullptr}});
  return status;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                             IODebugContext* debug) {
  if (!is_state(from)) return target()->RenameFile(from, to, options, debug);
  const std::lock_guard lock{mutex_};
  if (frozen_) return power_is_off();
  const auto status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const auto inode = directory_of(from).now.at(fs::path{from}.filename());
  change(from, {{fs::path{from}.filename(), nullptr}, {fs::path{to}.filename(), inode}});
  return status;
}

/// A log loses sectors in any order. Other files are appended to and synced in small steps, and a
/// file system that orders data before size leaves them a prefix: RocksDB relies on it too.
void FaultFs::cut(Inode& inode, CrashMode mode, Random& random) {
  const std::uint64_t loose = inode.size - inode.synced;
  std::uint64_t kept = inode.synced;
  if (mode == CrashMode::torn) kept += random.below(loose + 1);
  if (mode == CrashMode::reorder && loose > 0) kept += random.below(2) == 0 ? loose : random.below(loose + 1);
  fs::resize_file(inode.spare, kept);
  if (mode == CrashMode::reorder && inode.log && kept > inode.synced) {
    std::fstream file{inode.spare, std::ios::in | std::ios::out | std::ios::binary};
    for (std::uint64_t at = inode.synced; at < kept;) {
      const std::uint64_t end = std::min(kept, (at / kSector + 1) * kSector);
      const auto fate = random.below(4);
      std::string sector(end - at, '\0');
      if (fate == 1)
        std::generate(sector.begin(), sector.end(), [&] { return static_cast<char>(random.next()); });
      if (fate <= 1)
        file.seekp(static_cast<std::streamoff>(at))
            .write(sector.data(), static_cast<std::streamsize>(sector.size()));
      at = end;
    }
  }
  inode.size = inode.synced = kept;
}

void FaultFs::crash(std::uint64_t seed, CrashMode mode) {
  const std::lock_guard lock{mutex_};
  Random random{seed};
  for (auto& [path, directory] : directories_) {
    const std::size_t prefix = random.below(directory.changes.size() + 1);
    for (std::size_t i = 0; i < directory.changes.size(); ++i) {
      const bool kept =
          mode == CrashMode::torn ? i < prefix : mode == CrashMode::reorder && random.below(2) == 0;
      if (!kept) continue;
      for (const auto& [name, inode] : directory.changes[i]) {
        if (inode) directory.durable[name] = inode;
        else directory.durable.erase(name);
      }
    }
    for (const auto& [name, inode] : directory.now) fs::remove(fs::path{path} / name);
    std::set<Inode*> done;
    for (const auto& [name, inode] : directory.durable) {
      if (done.insert(inode.get()).second) cut(*inode, mode, random);
      fs::create_hard_link(inode->spare, fs::path{path} / name);
    }
    directory.now = directory.durable;
    directory.changes.clear();
  }
  frozen_ = false;
  faults_.clear();
  room_ = UINT64_MAX;
}

}  // namespace holdfast::test
