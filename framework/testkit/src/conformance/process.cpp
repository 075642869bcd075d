// What a plugin does to the process it is in. How long an edge is waited for is measured here, and nowhere else.
#include <dirent.h>
#include <malloc.h>

#include <chrono>

#include "rig.hpp"

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

}  // namespace holdfast::testkit
