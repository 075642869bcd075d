// Preloaded into a program: a machine that lets it have FEW_THREADS threads and no more.
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#include <atomic>
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                                                     void* (*work)(void*), void* given) noexcept {
  static std::atomic<int> left{std::getenv("FEW_THREADS") != nullptr ? std::atoi(std::getenv("FEW_THREADS")) : 0};
  static const auto real = reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
  return --left < 0 ? EAGAIN : real(thread, attributes, work, given);
}
