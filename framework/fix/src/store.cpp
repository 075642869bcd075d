#include "store.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace holdfast::fix {

namespace {

constexpr std::uint64_t kMagic = 0x3271657378696668;  // "hfixseq2"

/// FNV-1a over whole words: enough to notice half a block.
std::uint64_t checksum(const std::uint64_t* words, std::size_t count) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < count; ++i) sum = (sum ^ words[i]) * 0x100000001b3;
  return sum;
}

/// Before each message that is kept.
struct Head {
  std::uint64_t seq, size, sum;

  std::uint64_t right_sum() const { return checksum(&seq, 2); }
};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error{what + ": " + std::strerror(errno)}; }

int open_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) fail("cannot open " + path);
  return fd;
}

/// A file's first bytes as memory that the kernel keeps when the process dies, and no call is needed to write.
void* map_file(const std::string& path, std::size_t size) {
  const int fd = open_file(path);
  // Allocated now: a full disk must not be found out by touching memory.
  int why = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
  void* place = MAP_FAILED;
  if (why == 0) {
    place = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    why = errno;
  }
  ::close(fd);
  if (place != MAP_FAILED) return place;
  errno = why;
  fail("cannot use " + path);
}

void write_all(int fd, const void* data, std::size_t size, std::uint64_t offset) {
  if (::pwrite(fd, data, size, static_cast<off_t>(offset)) != static_cast<ssize_t>(size))
    fail("cannot write what a FIX session must not forget");
}

bool read_all(int fd, void* data, std::size_t size, std::uint64_t offset) {
  return ::pread(fd, data, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

}  // namespace

struct Store::Numbers {
  std::uint64_t magic, writes, next_sender, next_target, sum;

  std::uint64_t right_sum() const { return checksum(&magic, 4); }
  bool whole() const { return magic == kMagic && sum == right_sum(); }
};

Store::Store(const std::string& path, bool keep, bool hold) : keep_{keep}, hold_{hold} {
  if (path.empty()) return;
  numbers_ = static_cast<Numbers*>(map_file(path + ".seq", 2 * sizeof(Numbers)));
  try {
    lost_ = !read_numbers();
    if (!keep_) return;
    sent_ = open_file(path + ".sent");
    if (lost_) reset();
    else read_sent();
  } catch (const std::runtime_error&) {
    close_files();
    throw;
  }
}

Store::~Store() { close_files(); }

void Store::close_files() {
  if (numbers_ != nullptr) ::munmap(numbers_, 2 * sizeof(Numbers));
  if (sent_ >= 0) ::close(sent_);
}

/// The newer one that is whole; false when neither is.
bool Store::read_numbers() {
  const Numbers* newest = nullptr;
  for (const Numbers* one : {numbers_, numbers_ + 1})
    if (one->whole() && (newest == nullptr || one->writes > newest->writes)) newest = one;
  if (newest == nullptr) return false;
  writes_ = newest->writes;
  next_sender_ = newest->next_sender;
  next_target_ = newest->next_target;
  written_ = {next_sender_, next_target_};
  return true;
}

void Store::write_numbers() {
  if (numbers_ == nullptr) return;
  const auto target = unacknowledged_.empty() ? next_target_ : std::min(next_target_, *unacknowledged_.begin());
  // While acknowledgement is held back, what is received changes nothing on disk.
  const std::pair<std::uint64_t, std::uint64_t> now{next_sender_, target};
  if (written_ == now) return;
  Numbers numbers{kMagic, ++writes_, next_sender_, target, 0};
  numbers.sum = numbers.right_sum();
  numbers_[writes_ % 2] = numbers;
  written_ = now;
}

/// A last message that is not whole was never sent, and goes.
void Store::read_sent() {
  const auto size = static_cast<std::uint64_t>(::lseek(sent_, 0, SEEK_END));
  Head head{};
  while (end_ + sizeof head <= size && read_all(sent_, &head, sizeof head, end_) && head.sum == head.right_sum() &&
         head.size <= size - end_ - sizeof head) {
    places_[head.seq] = {end_ + sizeof head, head.size};
    end_ += sizeof head + head.size;
  }
  if (end_ < size && ::ftruncate(sent_, static_cast<off_t>(end_)) != 0) fail("cannot cut off half a FIX message");
}

void Store::set(std::uint64_t next_sender, std::uint64_t next_target) {
  unacknowledged_.clear();
  next_sender_ = next_sender;
  next_target_ = next_target;
  write_numbers();
}

void Store::next_sender(std::uint64_t seq) {
  next_sender_ = seq;
  write_numbers();
}

void Store::next_target(std::uint64_t seq) {
  next_target_ = seq;
  write_numbers();
}

void Store::received(std::uint64_t seq) {
  if (hold_) unacknowledged_.insert(seq);
}

void Store::acknowledge(std::uint64_t seq) {
  const bool first = !unacknowledged_.empty() && *unacknowledged_.begin() == seq;
  if (unacknowledged_.erase(seq) != 0 && first) write_numbers();
}

void Store::sent(std::uint64_t seq, const std::string& message) {
  if (!keep_) return;
  if (sent_ < 0) {
    in_memory_[seq] = message;
    return;
  }
  Head head{seq, message.size(), 0};
  head.sum = head.right_sum();
  std::string record{reinterpret_cast<const char*>(&head), sizeof head};
  record += message;
  write_all(sent_, record.data(), record.size(), end_);
  places_[seq] = {end_ + sizeof head, message.size()};
  end_ += record.size();
}

std::vector<std::string> Store::messages(std::uint64_t begin, std::uint64_t end) const {
  std::vector<std::string> found;
  for (auto at = in_memory_.lower_bound(begin); at != in_memory_.end() && at->first <= end; ++at)
    found.push_back(at->second);
  for (auto at = places_.lower_bound(begin); at != places_.end() && at->first <= end; ++at) {
    std::string message(at->second.size, '\0');
    if (!read_all(sent_, message.data(), message.size(), at->second.offset)) fail("cannot read a FIX message again");
    found.push_back(std::move(message));
  }
  return found;
}

void Store::reset() {
  in_memory_.clear();
  places_.clear();
  end_ = 0;
  if (sent_ >= 0 && ::ftruncate(sent_, 0) != 0) fail("cannot forget FIX messages");
  set(1, 1);
}

}  // namespace holdfast::fix
