// The testkit's watch for processes that this library is preloaded into: those of conformance cases. The program itself
// is as shipped, and asks the C library.
#include <holdfast/testkit/watch.hpp>
#include <memory>

using holdfast::testkit::Watch;

static thread_local std::vector<std::unique_ptr<Watch>> watches;

extern "C" __attribute__((visibility("default"))) void holdfast_watch_begin() { watches.push_back(std::make_unique<Watch>()); }
extern "C" __attribute__((visibility("default"))) void holdfast_watch_end() { watches.pop_back(); }
/// Lines, until the next call.
extern "C" __attribute__((visibility("default"))) const char* holdfast_watch_take() {
  static thread_local std::string text;
  text.clear();
  for (const auto& line : Watch::take()) text += line + "\n";
  return text.c_str();
}
