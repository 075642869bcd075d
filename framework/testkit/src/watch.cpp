// Definitions in the program win over those in shared libraries, also for calls out of libraries
// that were loaded later. What a plugin reaches through the C++ library comes by here too.
#include <holdfast/testkit/watch.hpp>

#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <set>

namespace holdfast::testkit {

namespace {

thread_local int watching = 0;
thread_local std::set<std::string> asked;

void note(const char* what) {
  if (watching == 0) return;
  const int before = watching;
  watching = 0;  // What noting itself asks for is nobody's question.
  asked.insert(what);
  watching = before;
}

}  // namespace

Watch::Watch() { ++watching; }
Watch::~Watch() { --watching; }

std::vector<std::string> Watch::take() {
  std::vector<std::string> all{asked.begin(), asked.end()};
  asked.clear();
  return all;
}

}  // namespace holdfast::testkit

using holdfast::testkit::note;
#define HOLDFAST_REPLACES extern "C" __attribute__((visibility("default")))

HOLDFAST_REPLACES int clock_gettime(clockid_t id, timespec* out) noexcept {
  note("a clock (clock_gettime)");
  return static_cast<int>(::syscall(SYS_clock_gettime, id, out));
}

HOLDFAST_REPLACES int gettimeofday(timeval* __restrict out, void* __restrict) noexcept {
  note("a clock (gettimeofday)");
  timespec now{};
  ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

HOLDFAST_REPLACES time_t time(time_t* out) noexcept {
  note("a clock (time)");
  timespec now{};
  ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

HOLDFAST_REPLACES char* getenv(const char* name) noexcept {
  note("the environment (getenv)");
  const std::size_t length = std::strlen(name);
  for (char** at = environ; at != nullptr && *at != nullptr; ++at)
    if (std::strncmp(*at, name, length) == 0 && (*at)[length] == '=') return *at + length + 1;
  return nullptr;
}

HOLDFAST_REPLACES ssize_t getrandom(void* buffer, size_t length, unsigned flags) {
  note("chance (getrandom)");
  return ::syscall(SYS_getrandom, buffer, length, flags);
}

HOLDFAST_REPLACES int getentropy(void* buffer, size_t length) {
  note("chance (getentropy)");
  return ::syscall(SYS_getrandom, buffer, length, 0) == static_cast<long>(length) ? 0 : -1;
}

HOLDFAST_REPLACES int rand() noexcept {
  note("chance (rand)");
  unsigned value = 0;
  ::syscall(SYS_getrandom, &value, sizeof value, 0);
  return static_cast<int>(value >> 1);
}

/// std::random_device::_M_getval(): it asks the processor, where nobody could listen.
HOLDFAST_REPLACES unsigned holdfast_random_device(void*) __asm__("_ZNSt13random_device9_M_getvalEv");
unsigned holdfast_random_device(void*) {
  note("chance (std::random_device)");
  unsigned value = 0;
  ::syscall(SYS_getrandom, &value, sizeof value, 0);
  return value;
}
