#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct archive;
struct archive_entry;

namespace holdfast::replay {

/// The lines of one text file: plain, gzipped, or the one csv in a zip. Streamed; what is in
/// memory is one block and the longest line.
class LineReader {
 public:
  /// Fails: throws std::runtime_error with one sentence when there is no such readable file.
  explicit LineReader(std::string path);

  /// The next line without its end; valid until the next call, followed by kPadding readable
  /// bytes. False at the end. Fails: throws when the compressed data are damaged.
  bool next(std::string_view& line);

  const std::string& path() const { return path_; }
  /// The number of the line last read, from 1.
  std::uint64_t line() const { return line_; }
  /// Throws std::runtime_error: "file:line: what; remedy", without a line before the first.
  [[noreturn]] void fail(const std::string& what, const std::string& remedy) const;

  static constexpr std::size_t kPadding = 64;

 private:
  struct Close {
    void operator()(archive* a) const;
  };

  void open();
  bool next_entry(archive_entry*& entry);
  void find_csv();
  bool fill();
  std::string reason() const;

  std::string path_;
  std::unique_ptr<archive, Close> archive_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  std::uint64_t line_ = 0;
};

}  // namespace holdfast::replay
