#pragma once

#include <holdfast/journal/verify.hpp>

namespace holdfast {

/// Breaks as they are found; a journal that is wrong everywhere does not fill the memory.
class Findings {
 public:
  static constexpr std::size_t kMost = 1000;
  void add(const char* kind, std::uint64_t seq, const std::string& what) {
    if (breaks_.size() < kMost) breaks_.push_back({kind, seq, what});
    else ++omitted_;
  }
  /// A break of the chain of hashes itself, not of what the frames hold.
  void add_to_chain(const char* kind, std::uint64_t seq, const std::string& what) {
    chain_.push_back(seq);
    add(kind, seq, what);
  }
  bool chain_broken_in(std::uint64_t from, std::uint64_t to) const;
  /// By sequence number.
  std::vector<Break> take();

 private:
  std::vector<Break> breaks_;
  std::vector<std::uint64_t> chain_;
  std::uint64_t omitted_ = 0;
};

}  // namespace holdfast
