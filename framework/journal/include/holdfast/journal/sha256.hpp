#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <holdfast/sdk/lifecycle.hpp>

namespace holdfast {

/// SHA-256 (FIPS 180-4), reusable: finish() starts anew. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256& add(std::span<const std::byte> bytes);
  Sha256& add(std::string_view text) { return add(std::as_bytes(std::span{text})); }
  Digest finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Digest sha256(std::span<const std::byte> bytes);
Digest sha256(std::string_view text);
/// Fails: std::runtime_error when the file cannot be read.
Digest sha256_file(const std::string& path);
std::string hex(const Digest& digest);

}  // namespace holdfast
