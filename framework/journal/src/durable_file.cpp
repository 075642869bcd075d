#include "durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <holdfast/journal/store.hpp>
#include <vector>

namespace holdfast {

namespace {

constexpr std::size_t kBlock = 1 << 20;

[[noreturn]] void fail(const std::string& doing, const std::string& path) {
  throw StoreError{StoreError::Kind::io, "cannot " + doing + " " + path + ": " + std::strerror(errno)};
}

struct File {
  int fd;
  std::string path;
  bool made = false;  ///< Removed, unless done().
  File(const std::string& p, int flags) : fd{::open(p.c_str(), flags | O_CLOEXEC, 0600)}, path{p} {
    if (fd < 0) fail((flags & O_CREAT) != 0 ? "write" : "read", path);
    made = (flags & O_CREAT) != 0;
  }
  ~File() {
    ::close(fd);
    if (made) ::unlink(path.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  void write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const auto n = ::write(fd, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("write", path);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }
  void sync() const {
    if (::fsync(fd) != 0) fail("sync", path);
  }
  void done() { made = false; }
};

}  // namespace

Copied copy_durably(const std::string& from, const std::string& to, const std::function<void(std::span<std::byte>)>& through) {
  const File in{from, O_RDONLY};
  File out{to, O_WRONLY | O_CREAT | O_TRUNC};
  std::vector<std::byte> block(kBlock);
  Sha256 sha;
  Copied copied;
  while (true) {
    const auto n = ::read(in.fd, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read", from);
    if (n == 0) break;
    const std::span<std::byte> some{block.data(), static_cast<std::size_t>(n)};
    sha.add(some);
    copied.bytes += some.size();
    if (through) through(some);
    out.write(some);
  }
  out.sync();
  out.done();
  copied.sha256 = sha.finish();
  return copied;
}

void write_durably(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  {
    File out{beside, O_WRONLY | O_CREAT | O_TRUNC};
    out.write(std::as_bytes(std::span{text}));
    out.sync();
    out.done();
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) fail("write", path);
  sync_directory(path.substr(0, path.find_last_of('/')));
}

void sync_directory(const std::string& path) {
  const File directory{path, O_RDONLY | O_DIRECTORY};
  directory.sync();
}

}  // namespace holdfast
