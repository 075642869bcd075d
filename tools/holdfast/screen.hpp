#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "guard.hpp"

namespace holdfast::cli {

/// Text on stdout that is shown again and again. On a terminal it has the screen to itself while it
/// lives and every picture is drawn over the last, so that nothing flickers; elsewhere pictures
/// follow each other.
class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  void show(const std::string& text);

 private:
  bool terminal_ = false;
};

struct RefreshOptions {
  double every_s = 1;
  std::uint64_t times = 0;  ///< 0: until interrupted.
};
/// Adds --every and --times.
std::vector<CLI::Option*> add_refresh_options(CLI::App& verb, RefreshOptions& options);

/// A screen and when to draw it again. REQUIRES: made before any thread.
class Refresh {
 public:
  explicit Refresh(const RefreshOptions& options) : options_{options} {}
  void show(const std::string& text) { screen_.show(text); }
  /// Waits for the next time; false when there is none, or somebody interrupts.
  bool again();

 private:
  RefreshOptions options_;
  Signals signals_;
  Screen screen_;
  std::uint64_t shown_ = 0;
};

}  // namespace holdfast::cli
