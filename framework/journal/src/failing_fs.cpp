#include "failing_fs.hpp"

#include <string>
#include <vector>

namespace holdfast {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

/// "log", "table", or "other": manifests and the like.
std::string kind_of(const std::string& name) { return name.ends_with(".log") ? "log" : name.ends_with(".sst") ? "table" : "other"; }

/// What a failpoint has to say about one call.
struct Verdict {
  IOStatus status = IOStatus::OK();
  bool left_out = false;
};
Verdict ask(Failpoints& failpoints, const char* place, const std::string& kind, std::span<std::byte> bytes = {}) {
  try {
    return {IOStatus::OK(), failpoints.hit(place, kind, bytes)};
  } catch (const FailpointError& error) {
    const std::string why = error.what();
    const bool full = why.find("No space left") != std::string::npos;
    return {full ? IOStatus::NoSpace(why) : IOStatus::IOError(why), false};
  }
}

class WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string kind, Failpoints& failpoints)
      : FSWritableFileOwnerWrapper{std::move(file)}, kind_{std::move(kind)}, failpoints_{failpoints} {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (!failpoints_.armed() && held_.empty()) return target()->Append(data, options, debug);
    std::string bytes = data.ToString();
    const auto verdict = ask(failpoints_, "fs.append", kind_, std::as_writable_bytes(std::span{bytes}));
    if (!verdict.status.ok()) return verdict.status;
    if (verdict.left_out) return IOStatus::OK();
    if (const auto torn = ask(failpoints_, "fs.tear", kind_); torn.left_out) {
      target()->Append(Slice{bytes.data(), bytes.size() / 2}, options, debug).PermitUncheckedError();
      return IOStatus::IOError("failpoint fs.tear: half of it is written");
    }
    if (ask(failpoints_, "fs.unsynced", kind_).left_out || !held_.empty()) {
      held_ += bytes;
      return IOStatus::OK();
    }
    return target()->Append(Slice{bytes}, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* debug) override {
    return held_.empty() ? target()->Flush(options, debug) : IOStatus::OK();
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return synced([&] { return target()->Sync(options, debug); }, options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return synced([&] { return target()->Fsync(options, debug); }, options, debug);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    if (const auto status = release(options, debug); !status.ok()) return status;
    return target()->Close(options, debug);
  }
  std::uint64_t GetFileSize(const IOOptions& options, IODebugContext* debug) override {
    return target()->GetFileSize(options, debug) + held_.size();
  }

 private:
  template <class Sync>
  IOStatus synced(const Sync& sync, const IOOptions& options, IODebugContext* debug) {
    const auto verdict = ask(failpoints_, "fs.sync", kind_);
    if (!verdict.status.ok() || verdict.left_out) return verdict.status;
    if (const auto status = release(options, debug); !status.ok()) return status;
    return sync();
  }
  IOStatus release(const IOOptions& options, IODebugContext* debug) {
    if (held_.empty()) return IOStatus::OK();
    const std::string bytes = std::exchange(held_, "");
    return target()->Append(Slice{bytes}, options, debug);
  }

  const std::string kind_;
  Failpoints& failpoints_;
  std::string held_;  ///< Appended and not synced: a kill loses it, as the machine's death would.
};

template <class Read>
IOStatus checked_read(Failpoints& failpoints, const std::string& kind, Slice* result, char* scratch, const Read& read) {
  const auto status = read();
  if (!status.ok() || !failpoints.armed()) return status;
  // Mapped files lie elsewhere than in the scratch memory, and must not be written to.
  if (result->data() != scratch) std::copy_n(result->data(), result->size(), scratch);
  *result = Slice{scratch, result->size()};
  return ask(failpoints, "fs.read", kind, std::as_writable_bytes(std::span{scratch, result->size()})).status;
}

class RandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file, std::string kind, Failpoints& failpoints)
      : FSRandomAccessFileOwnerWrapper{std::move(file)}, kind_{std::move(kind)}, failpoints_{failpoints} {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    return checked_read(failpoints_, kind_, result, scratch, [&] { return target()->Read(offset, n, options, result, scratch, debug); });
  }

 private:
  const std::string kind_;
  Failpoints& failpoints_;
};

class SequentialFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> file, std::string kind, Failpoints& failpoints)
      : FSSequentialFileOwnerWrapper{std::move(file)}, kind_{std::move(kind)}, failpoints_{failpoints} {}
  IOStatus Read(std::size_t n, const IOOptions& options, Slice* result, char* scratch, IODebugContext* debug) override {
    return checked_read(failpoints_, kind_, result, scratch, [&] { return target()->Read(n, options, result, scratch, debug); });
  }

 private:
  const std::string kind_;
  Failpoints& failpoints_;
};

class FailingFs final : public rocksdb::FileSystemWrapper {
 public:
  FailingFs(const std::shared_ptr<rocksdb::FileSystem>& base, Failpoints& failpoints) : FileSystemWrapper{base}, failpoints_{failpoints} {}
  const char* Name() const override { return "HoldfastFailingFs"; }

  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options, std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* debug) override {
    return opened<WritableFile>(name, result, [&](auto* file) { return target()->NewWritableFile(name, options, file, debug); });
  }
  IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result, IODebugContext* debug) override {
    return opened<RandomAccessFile>(name, result, [&](auto* file) { return target()->NewRandomAccessFile(name, options, file, debug); });
  }
  IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options, std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext* debug) override {
    return opened<SequentialFile>(name, result, [&](auto* file) { return target()->NewSequentialFile(name, options, file, debug); });
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options, IODebugContext* debug) override {
    const auto verdict = ask(failpoints_, "fs.rename", kind_of(from));
    return verdict.status.ok() ? target()->RenameFile(from, to, options, debug) : verdict.status;
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* debug) override {
    const auto verdict = ask(failpoints_, "fs.delete", kind_of(name));
    return verdict.status.ok() ? target()->DeleteFile(name, options, debug) : verdict.status;
  }

 private:
  template <class Wrapped, class File, class Open>
  IOStatus opened(const std::string& name, std::unique_ptr<File>* result, const Open& open) {
    const std::string kind = kind_of(name);
    if (const auto verdict = ask(failpoints_, "fs.open", kind); !verdict.status.ok()) return verdict.status;
    std::unique_ptr<File> file;
    const auto status = open(&file);
    if (status.ok()) result->reset(new Wrapped{std::move(file), kind, failpoints_});
    return status;
  }

  Failpoints& failpoints_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> failing_file_system(std::shared_ptr<rocksdb::FileSystem> base, Failpoints& failpoints) {
  return std::make_shared<FailingFs>(base, failpoints);
}

}  // namespace holdfast
