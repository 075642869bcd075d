#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/sdk/lifecycle.hpp>
#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// Brakes that work while the journal, the disk or an actor hangs: a small memory-mapped file,
/// read before every send and written by anyone who holds the data directory's path.
///
/// Scopes other than the system are by name. Reading is lock-free [any-thread, any process];
/// writing takes a lock, of the file too [any-thread].
class LatchFile {
 public:
  static constexpr std::size_t kNameBytes = 64, kWhyBytes = 160, kSlots = 256;
  struct Latch {
    LatchScope scope = LatchScope::system;
    LatchLevel level = LatchLevel::active;
    std::string target;  ///< Actor or instrument name; empty for the system.
    std::string who, why;
    Time since;
  };
  /// Maps `path`, making it when it does not exist. Fails: std::runtime_error, one sentence, also
  /// when the file is not a latch file: a brake that cannot be read must not be ignored.
  explicit LatchFile(const std::string& path);
  /// The same in memory, for a system without a data directory: nobody outside the process reaches it.
  LatchFile();
  ~LatchFile();
  LatchFile(const LatchFile&) = delete;
  LatchFile& operator=(const LatchFile&) = delete;

  /// The strictest latch over an order of `owner` in `instrument`. Never blocks.
  LatchLevel level(std::string_view owner, std::string_view instrument) const;
  /// Effective at once for every reader. Overwrites a latch of the same scope and target.
  /// Fails: std::runtime_error when all slots are taken.
  void engage(const Latch& latch);
  /// Returns false when there was none.
  bool release(LatchScope scope, std::string_view target);
  std::vector<Latch> engaged() const;

 private:
  struct Page;
  std::mutex mutex_;  ///< One thread writes; a file lock keeps out other processes only.
  /// Maps fd_; `name` is for messages.
  void map(const std::string& name);
  Page* page_ = nullptr;
  int fd_ = -1;
};

}  // namespace holdfast
