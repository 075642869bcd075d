#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <holdfast/venue/facts.hpp>

namespace holdfast::venue {

/// A file that is no venue's, or is broken before its end, or cannot be read or written: one sentence, with
/// the line where there is one.
class LogError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One line of the file, without its end.
std::string line_of(const Batch& batch);
/// Fails: LogError.
Batch batch_of(std::string_view line);

/// Hands every batch in the file at `path` to `each`, without changing it; what `each` throws as
/// std::runtime_error counts as a fault of its line. A last line without an end was never answered, and is
/// left out. Returns how many bytes counted. Fails: LogError.
std::size_t read_log(const std::string& path, const std::function<void(const Batch&)>& each);

/// The venue's file: a line per batch, only ever appended to. One thread at a time.
class Log {
 public:
  /// Reads the file as read_log does, makes it if there is none, and cuts a last line without an end.
  /// REQUIRES: no other process has it open. Fails: LogError.
  Log(const std::string& path, const std::function<void(const Batch&)>& each);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// An empty batch is left out. Nothing is written yet.
  void append(const Batch& batch);
  /// Returns when everything appended is on the disk. Fails: LogError, now and from then on: what the disk
  /// holds is not known any more.
  void sync();

 private:
  std::string path_, pending_;
  int file_ = -1;
  bool failed_ = false;
};

}  // namespace holdfast::venue
