#pragma once

#include <holdfast.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "embed/json.hpp"

/// What stands behind the handles of the C interface, and the border that no exception crosses.
struct holdfast_options {
  holdfast::System::Options system;
};

struct holdfast_system {
  holdfast_system(std::unique_ptr<holdfast::System> opened, bool sim) : system{std::move(opened)}, backtest{sim} {}

  const std::unique_ptr<holdfast::System> system;
  const bool backtest;
  std::mutex turn;  ///< Held by whoever starts or stops; for a backtest, by whoever calls.
  std::atomic<bool> started{false}, stopped{false};
};

namespace holdfast::c {

/// For holdfast_error(), on this thread.
void remember(const char* why) noexcept;

/// A copy for the caller to free.
char* give(const std::string& text);
inline char* give(const Json& json) { return give(dump(json)); }

/// `argument`, which must be there. Fails: std::invalid_argument.
template <class T>
T* given(T* argument, const char* name) {
  if (argument == nullptr) throw std::invalid_argument{std::string{name} + " must not be NULL"};
  return argument;
}

/// What `work` returns; `failed`, with the reason remembered, when it throws.
template <class T, class F>
T guarded(T failed, F&& work) noexcept {
  try {
    return work();
  } catch (const Json::exception&) {
    remember("the command is not JSON of the expected shape");
  } catch (const std::exception& error) {
    remember(error.what());
  } catch (...) {
    remember("something was thrown that is no std::exception");
  }
  return failed;
}

}  // namespace holdfast::c
