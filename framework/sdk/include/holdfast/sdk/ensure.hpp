#pragma once

#include <functional>

namespace holdfast {

/// Ends the process because the program itself is wrong; see HOLDFAST_ENSURE.
[[noreturn]] void ensure_failed(const char* condition, const char* what, const char* file, int line);

/// While it lives, a failed HOLDFAST_ENSURE on this thread first calls `last_words`.
///
/// The runtime uses it to engage the system latch before the process dies. [any-thread]
class EnsureScope {
 public:
  explicit EnsureScope(const std::function<void(const char* what)>& last_words);
  ~EnsureScope();
  EnsureScope(const EnsureScope&) = delete;
  EnsureScope& operator=(const EnsureScope&) = delete;

 private:
  const std::function<void(const char*)>* previous_;
};

}  // namespace holdfast

/// A check that stays on in release builds. When it fails the process aborts: start-up is
/// recovery, so dying is cheaper than going on with a broken invariant.
#define HOLDFAST_ENSURE(condition, what)                                          \
  (static_cast<bool>(condition) ? static_cast<void>(0)                            \
                                : ::holdfast::ensure_failed(#condition, what, __FILE__, __LINE__))
