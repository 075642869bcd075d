// Counts what a process asks of its heap. `holdfast bench` preloads this library into the processes
// whose allocations it reports; no other program loads it, and the measured one is as shipped.
#include <atomic>
#include <cstddef>

extern "C" {

// The C library's own, under the names it keeps for whoever replaces the usual ones.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

static std::atomic<unsigned long long> allocated{0};

unsigned long long holdfast_allocations() { return allocated.load(std::memory_order_relaxed); }

void* malloc(std::size_t size) {
  allocated.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  allocated.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
  allocated.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(block, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  allocated.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  constexpr int kOutOfMemory = 12;  // ENOMEM
  *out = memalign(alignment, size);
  return *out == nullptr ? kOutOfMemory : 0;
}
}
