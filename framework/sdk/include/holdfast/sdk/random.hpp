#pragma once

#include <cstdint>

#include <holdfast/sdk/archive.hpp>

namespace holdfast {

/// SplitMix64 (Steele, Lea, Flood 2014): seeded, eight bytes of state, the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed = 0) : state_{seed} {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Uniform enough in [0, n); REQUIRES: n > 0.
  std::uint64_t below(std::uint64_t n) {
    __extension__ using Product = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Product>(next()) * n) >> 64);
  }
  void state(Archive& a) { a(state_); }

 private:
  std::uint64_t state_;
};

}  // namespace holdfast
