#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace holdfast::cli {

/// A child process of this program and what it says on stdout; killed with this. All fail with
/// std::runtime_error when it cannot be made, or ends before it was asked to.
class Child {
 public:
  explicit Child(std::vector<std::string> words, const std::string& preload = "");
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads up to the line that begins with `word`; the numbers after it.
  std::vector<double> await(const std::string& word);
  /// Lets it work for so long.
  void watch(std::chrono::milliseconds time) const;
  /// Processor time it took so far.
  double cpu_seconds() const;

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
  std::FILE* out_ = nullptr;
};

}  // namespace holdfast::cli
