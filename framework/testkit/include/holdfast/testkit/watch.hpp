#pragma once

#include <memory>
#include <string>
#include <vector>

namespace holdfast::testkit {

/// While it lives, what this thread asks the process for beyond its arguments is noted: clocks,
/// environment variables, chance. Its questions are answered all the same. Linking this file
/// replaces those functions of the C library for the whole program. [one thread, may be nested]
class Watch {
 public:
  Watch();
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// What this thread has asked for since the last call, each once: "a clock (clock_gettime)".
  static std::vector<std::string> take();
};

class Onlooker;
/// Looks on for the conformance suites, with a Watch.
std::unique_ptr<Onlooker> watching_onlooker();

}  // namespace holdfast::testkit
