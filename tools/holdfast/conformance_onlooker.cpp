// What a plugin asks its process for, in a process into which libholdfast_watch.so was preloaded.
#include "conformance_onlooker.hpp"

#include <sstream>

// Of libholdfast_watch.so.
extern "C" [[gnu::weak]] void holdfast_watch_begin();
extern "C" [[gnu::weak]] void holdfast_watch_end();
extern "C" [[gnu::weak]] const char* holdfast_watch_take();

namespace holdfast::cli {

namespace {

class Preloaded final : public testkit::Onlooker {
 public:
  void begin() override { holdfast_watch_begin(); }
  void end() override { holdfast_watch_end(); }
  std::vector<std::string> take() override {
    std::vector<std::string> all;
    std::istringstream lines{holdfast_watch_take()};
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
  }
};

}  // namespace

testkit::Onlooker* preloaded_onlooker() {
  static Preloaded onlooker;
  return holdfast_watch_take != nullptr ? &onlooker : nullptr;
}

}  // namespace holdfast::cli
