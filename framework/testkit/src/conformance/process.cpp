// What a plugin does to the process it is in. How long an edge is waited for is measured here, and nowhere else.
#include <dirent.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "feed_rig.hpp"

namespace holdfast::testkit {

namespace {

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  if (DIR* dir = ::opendir(folder)) {
    while (::readdir(dir) != nullptr) ++count;
    ::closedir(dir);
  }
  return count;
}

}  // namespace

Held held() { return {entries("/proc/self/fd"), entries("/proc/self/task"), ::mallinfo2().uordblks}; }

Time wall_time() {
  return Time{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

Duration real_time() {
  static const auto first = std::chrono::steady_clock::now();
  return std::chrono::steady_clock::now() - first;
}

struct Waker::Inside {
  std::mutex mutex;
  std::condition_variable changed;
  bool woken = false;
};

std::shared_ptr<Waker::Inside> Waker::made() { return std::make_shared<Inside>(); }

void Waker::wake() const {
  const std::lock_guard lock{inside_->mutex};
  inside_->woken = true;
  inside_->changed.notify_all();
}

void Waker::wait(Duration patience) {
  std::unique_lock lock{inside_->mutex};
  inside_->changed.wait_for(lock, patience, [this] { return inside_->woken; });
  inside_->woken = false;
}

Knocks::Knocks(int port) : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(listener_, 64) == 0) return;
  ::close(listener_);
  throw VenueTrouble{"the venue's port cannot be listened at"};
}

Knocks::~Knocks() { ::close(listener_); }

int Knocks::count(Duration within) {
  int seen = 0;
  for (const Duration end = real_time() + within; real_time() < end;) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, 20) <= 0) continue;
    if (const int knock = ::accept(listener_, nullptr, nullptr); knock >= 0) {
      ::close(knock);
      ++seen;
    }
  }
  return seen;
}

}  // namespace holdfast::testkit
