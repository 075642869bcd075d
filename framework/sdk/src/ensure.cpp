#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <holdfast/sdk/ensure.hpp>

namespace holdfast {

namespace {
thread_local const std::function<void(const char*)>* innermost = nullptr;
}  // namespace

EnsureScope::EnsureScope(const std::function<void(const char* what)>& last_words) : previous_{innermost} {
  innermost = &last_words;
}

EnsureScope::~EnsureScope() { innermost = previous_; }

void ensure_failed(const char* condition, const char* what, const char* file, int line) {
  if (const auto* last_words = innermost; last_words != nullptr) {
    innermost = nullptr;  // A check that fails inside the last words must not call them again.
    try {
      (*last_words)(what);
    } catch (...) {  // The process ends either way, and its line below must still be written.
    }
  }
  const char* slash = std::strrchr(file, '/');
  char text[512];
  // On the stack and by write(2): the heap or a stdio lock may be what is broken.
  const int wanted = std::snprintf(text, sizeof text - 1, "holdfast: internal error: %s [%s, %s:%d]", what,
                                   condition, slash != nullptr ? slash + 1 : file, line);
  std::size_t length = wanted < 0 ? 0 : static_cast<std::size_t>(wanted);
  if (length > sizeof text - 2) length = sizeof text - 2;
  text[length++] = '\n';
  if (::write(STDERR_FILENO, text, length) < 0) std::abort();
  std::abort();
}

}  // namespace holdfast
