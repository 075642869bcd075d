#include <holdfast/runtime/latch_file.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace holdfast {

namespace {

/// At most N - 1 bytes, filled up with zeros. In atomic words, as others read while one writes: what
/// they get is of the old text and the new.
template <std::size_t N>
class Text {
 public:
  void set(std::string_view text) {
    char bytes[N] = {};
    std::memcpy(bytes, text.data(), std::min(text.size(), N - 1));
    for (std::size_t i = 0; i < kWords; ++i) {
      std::uint64_t word;
      std::memcpy(&word, bytes + i * sizeof word, sizeof word);
      words_[i].store(word, std::memory_order_release);
    }
  }
  bool operator==(std::string_view other) const {
    char bytes[N];
    return get(bytes) == other;
  }
  std::string str() const {
    char bytes[N];
    return std::string{get(bytes)};
  }

 private:
  static constexpr std::size_t kWords = N / sizeof(std::uint64_t);
  static_assert(N % sizeof(std::uint64_t) == 0);
  std::string_view get(char (&bytes)[N]) const {
    for (std::size_t i = 0; i < kWords; ++i) {
      const std::uint64_t word = words_[i].load(std::memory_order_acquire);
      std::memcpy(bytes + i * sizeof word, &word, sizeof word);
    }
    return {bytes, ::strnlen(bytes, N)};
  }
  std::atomic<std::uint64_t> words_[kWords];
};

}  // namespace

struct LatchFile::Page {
  static constexpr std::uint64_t kMagic = 0x316863746c6448ULL;  // "Hdltch1"
  struct Slot {
    std::atomic<std::uint32_t> level;  ///< 0: free. Written last, so a reader sees a whole slot.
    std::atomic<std::uint32_t> scope;
    std::atomic<std::int64_t> since;
    Text<kNameBytes> target, who;
    Text<kWhyBytes> why;
  };
  std::atomic<std::uint64_t> magic;
  std::atomic<std::uint32_t> used;  ///< Slots ever used; readers look no further.
  std::atomic<std::uint32_t> version;  ///< Odd while somebody writes, or for good when that one died.
  Slot slots[kSlots];
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

namespace {

/// Closes the file when a constructor is left by an exception.
struct CloseUnlessKept {
  int fd;
  bool kept = false;
  ~CloseUnlessKept() {
    if (!kept) ::close(fd);
  }
};

struct FileLock {
  explicit FileLock(int fd) : fd{fd} { ::flock(fd, LOCK_EX); }
  ~FileLock() { ::flock(fd, LOCK_UN); }
  int fd;
};

/// REQUIRES: both locks are held.
struct Writing {
  explicit Writing(std::atomic<std::uint32_t>& v) : version{v}, odd{v.load() | 1} { version = odd; }
  ~Writing() { version.store(odd + 1, std::memory_order_release); }
  std::atomic<std::uint32_t>& version;
  const std::uint32_t odd;
};

/// How long engaged() waits for somebody who writes: it may be one that died while it did.
constexpr auto kPatience = std::chrono::milliseconds{200};

}  // namespace

LatchFile::LatchFile(const std::string& path) : fd_{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)} {
  map(path);
}

LatchFile::LatchFile() : fd_{::memfd_create("latches", MFD_CLOEXEC)} { map("in memory"); }

void LatchFile::map(const std::string& name) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error{"the latch file " + name + " " + why}; };
  if (fd_ < 0) fail(std::string{"cannot be opened: "} + std::strerror(errno));
  CloseUnlessKept unlocked_last{fd_};
  const FileLock lock{fd_};
  struct stat info {};
  ::fstat(fd_, &info);
  const bool fresh = info.st_size == 0;
  if (!fresh && info.st_size != sizeof(Page)) fail("is not a latch file: restore it or remove it knowingly");
  // With room on the disk for every slot: a latch must engage when the disk is full, too.
  if (const int error = ::posix_fallocate(fd_, 0, sizeof(Page)); error != 0) {
    if (fresh) (void)::ftruncate(fd_, 0);
    fail(std::string{"cannot be made: "} + std::strerror(error));
  }
  void* memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (memory == MAP_FAILED) fail(std::string{"cannot be mapped: "} + std::strerror(errno));
  page_ = static_cast<Page*>(memory);
  if (page_->magic == 0 && page_->used == 0) page_->magic = Page::kMagic;
  if (page_->magic != Page::kMagic) {
    ::munmap(memory, sizeof(Page));
    fail("is not a latch file: restore it or remove it knowingly");
  }
  unlocked_last.kept = true;
}

LatchFile::~LatchFile() {
  if (page_ != nullptr) ::munmap(page_, sizeof(Page));
  if (fd_ >= 0) ::close(fd_);
}

LatchLevel LatchFile::level(std::string_view owner, std::string_view instrument) const {
  std::uint32_t strictest = 0;
  const std::uint32_t used = std::min<std::uint32_t>(page_->used.load(std::memory_order_acquire), kSlots);
  for (std::uint32_t i = 0; i < used; ++i) {
    const auto& slot = page_->slots[i];
    const std::uint32_t level = slot.level.load(std::memory_order_acquire);
    if (level <= strictest) continue;
    const auto scope = static_cast<LatchScope>(slot.scope.load());
    if (scope == LatchScope::system || (scope == LatchScope::strategy && slot.target == owner) ||
        (scope == LatchScope::instrument && slot.target == instrument))
      strictest = level;
  }
  return static_cast<LatchLevel>(std::min<std::uint32_t>(strictest, 2));
}

void LatchFile::engage(const Latch& latch) {
  const std::lock_guard others{mutex_};
  const FileLock lock{fd_};
  std::uint32_t used = page_->used, at = used;
  for (std::uint32_t i = 0; i < used; ++i) {
    const auto& slot = page_->slots[i];
    const bool same = static_cast<LatchScope>(slot.scope.load()) == latch.scope && slot.target == latch.target;
    if (slot.level != 0 && same) {
      at = i;
      break;
    }
    if (slot.level == 0 && at == used) at = i;
  }
  if (at == kSlots) throw std::runtime_error{"all latches are in use: release one, or halt the whole system"};
  auto& slot = page_->slots[at];
  const Writing writing{page_->version};
  // A latch that only changes keeps its place and is never seen off in between.
  if (slot.level == 0) {
    slot.scope = static_cast<std::uint32_t>(latch.scope);
    slot.target.set(latch.target);
  }
  slot.since = latch.since.ns;
  slot.who.set(latch.who);
  slot.why.set(latch.why);
  slot.level.store(static_cast<std::uint32_t>(latch.level), std::memory_order_release);
  if (at == used) page_->used.store(used + 1, std::memory_order_release);
  ::msync(page_, sizeof(Page), MS_ASYNC);
}

bool LatchFile::release(LatchScope scope, std::string_view target) {
  const std::lock_guard others{mutex_};
  const FileLock lock{fd_};
  for (std::uint32_t i = 0; i < page_->used; ++i) {
    auto& slot = page_->slots[i];
    if (slot.level == 0 || static_cast<LatchScope>(slot.scope.load()) != scope || slot.target != target) continue;
    {
      const Writing writing{page_->version};
      slot.level.store(0, std::memory_order_release);
    }
    ::msync(page_, sizeof(Page), MS_SYNC);
    return true;
  }
  return false;
}

std::vector<LatchFile::Latch> LatchFile::engaged() const {
  std::vector<Latch> latches;
  for (const auto until = std::chrono::steady_clock::now() + kPatience;; std::this_thread::yield()) {
    const std::uint32_t version = page_->version.load(std::memory_order_acquire);
    latches.clear();
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(page_->used, kSlots); ++i) {
      const auto& slot = page_->slots[i];
      const std::uint32_t level = slot.level.load(std::memory_order_acquire);
      if (level == 0) continue;
      latches.push_back({static_cast<LatchScope>(slot.scope.load()),
                         static_cast<LatchLevel>(std::min<std::uint32_t>(level, 2)), slot.target.str(), slot.who.str(),
                         slot.why.str(), Time{slot.since}});
    }
    const bool whole = version % 2 == 0 && page_->version == version;
    if (whole || std::chrono::steady_clock::now() >= until) return latches;
  }
}

}  // namespace holdfast
