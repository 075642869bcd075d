#include <holdfast/runtime/latch_file.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace holdfast {

struct LatchFile::Page {
  static constexpr std::uint64_t kMagic = 0x316863746c6448ULL;  // "Hdltch1"
  struct Slot {
    std::atomic<std::uint32_t> level;  ///< 0: free. Written last, so a reader sees a whole slot.
    std::uint32_t scope;
    std::int64_t since;
    char target[kNameBytes], who[kNameBytes], why[kWhyBytes];
  };
  std::atomic<std::uint64_t> magic;
  std::atomic<std::uint32_t> used;  ///< Slots ever used; readers look no further.
  std::uint32_t reserved;
  Slot slots[kSlots];
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

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

template <std::size_t N>
void copy_text(char (&to)[N], std::string_view text) {
  std::memset(to, 0, N);
  std::memcpy(to, text.data(), std::min(text.size(), N - 1));
}
template <std::size_t N>
std::string_view text_of(const char (&from)[N]) {
  return {from, ::strnlen(from, N)};
}

}  // namespace

LatchFile::LatchFile(const std::string& path) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error{"the latch file " + path + " " + why}; };
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
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
    const auto scope = static_cast<LatchScope>(slot.scope);
    const auto target = text_of(slot.target);
    if (scope == LatchScope::system || (scope == LatchScope::strategy && target == owner) ||
        (scope == LatchScope::instrument && target == instrument))
      strictest = level;
  }
  return static_cast<LatchLevel>(std::min<std::uint32_t>(strictest, 2));
}

void LatchFile::engage(const Latch& latch) {
  const FileLock lock{fd_};
  std::uint32_t used = page_->used, at = used;
  for (std::uint32_t i = 0; i < used; ++i) {
    const auto& slot = page_->slots[i];
    const bool same = static_cast<LatchScope>(slot.scope) == latch.scope && text_of(slot.target) == latch.target;
    if (slot.level != 0 && same) {
      at = i;
      break;
    }
    if (slot.level == 0 && at == used) at = i;
  }
  if (at == kSlots) throw std::runtime_error{"all latches are in use: release one, or halt the whole system"};
  auto& slot = page_->slots[at];
  // A latch that only changes keeps its place and is never seen off in between.
  if (slot.level == 0) {
    slot.scope = static_cast<std::uint32_t>(latch.scope);
    copy_text(slot.target, latch.target);
  }
  slot.since = latch.since.ns;
  copy_text(slot.who, latch.who);
  copy_text(slot.why, latch.why);
  slot.level.store(static_cast<std::uint32_t>(latch.level), std::memory_order_release);
  if (at == used) page_->used.store(used + 1, std::memory_order_release);
  ::msync(page_, sizeof(Page), MS_ASYNC);
}

bool LatchFile::release(LatchScope scope, std::string_view target) {
  const FileLock lock{fd_};
  for (std::uint32_t i = 0; i < page_->used; ++i) {
    auto& slot = page_->slots[i];
    if (slot.level == 0 || static_cast<LatchScope>(slot.scope) != scope || text_of(slot.target) != target) continue;
    slot.level.store(0, std::memory_order_release);
    ::msync(page_, sizeof(Page), MS_SYNC);
    return true;
  }
  return false;
}

std::vector<LatchFile::Latch> LatchFile::engaged() const {
  std::vector<Latch> latches;
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(page_->used, kSlots); ++i) {
    const auto& slot = page_->slots[i];
    const std::uint32_t level = slot.level.load(std::memory_order_acquire);
    if (level == 0) continue;
    latches.push_back({static_cast<LatchScope>(slot.scope), static_cast<LatchLevel>(std::min<std::uint32_t>(level, 2)),
                       std::string{text_of(slot.target)}, std::string{text_of(slot.who)},
                       std::string{text_of(slot.why)}, Time{slot.since}});
  }
  return latches;
}

}  // namespace holdfast
