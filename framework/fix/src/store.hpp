#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

// Also read by the one part that is compiled as C++14: nothing newer here.
namespace holdfast {
namespace fix {

/// What must survive a session's process: the two sequence numbers, and what was sent when it is kept.
///
/// The numbers are in `path`.seq, twice, each with its checksum: written in turn, before anything is sent, so that one
/// is whole at any instant. What was sent is appended to `path`.sent. Both are the kernel's at once, so the death of the
/// process loses nothing; that of the machine may lose the last ones. Numbers that are missing or torn are lost: they are never guessed, and what is
/// kept is no use without them. One thread at a time. Fails: std::runtime_error.
class Store {
 public:
  /// An empty path: nothing survives.
  Store(const std::string& path, bool keep, bool hold);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  std::uint64_t next_sender() const { return next_sender_; }
  std::uint64_t next_target() const { return next_target_; }
  /// Nothing was known when it was opened, and no number was agreed on since.
  bool lost() const { return lost_; }
  /// Both sides have agreed.
  void agreed() { lost_ = false; }
  /// Forgets what waits for its acknowledgement, too.
  void set(std::uint64_t next_sender, std::uint64_t next_target);
  void next_sender(std::uint64_t seq);
  void next_target(std::uint64_t seq);

  /// A business message came: with `hold`, the file does not pass it until acknowledge().
  void received(std::uint64_t seq);
  void acknowledge(std::uint64_t seq);

  void sent(std::uint64_t seq, const std::string& message);
  /// What is kept of [begin, end], in order.
  std::vector<std::string> messages(std::uint64_t begin, std::uint64_t end) const;
  /// Both begin at 1; nothing is kept any more.
  void reset();

 private:
  struct Place {
    std::uint64_t offset, size;
  };
  struct Numbers;
  void write_numbers();
  bool read_numbers();
  void close_files();
  void read_sent();

  bool keep_, hold_, lost_ = true;
  Numbers* numbers_ = nullptr;  ///< Two, in the file.
  int sent_ = -1;
  std::uint64_t next_sender_ = 1, next_target_ = 1;
  std::uint64_t writes_ = 0;    ///< Of numbers: which of the two is next.
  std::pair<std::uint64_t, std::uint64_t> written_;  ///< What the file holds, 0 when that is not known.
  std::set<std::uint64_t> unacknowledged_;
  std::map<std::uint64_t, Place> places_;         ///< In the file.
  std::map<std::uint64_t, std::string> in_memory_;  ///< Instead of a file.
  std::uint64_t end_ = 0;                         ///< Of the file.
};

}  // namespace fix
}  // namespace holdfast
