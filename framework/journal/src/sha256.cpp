#include <holdfast/journal/sha256.hpp>

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <stdexcept>

namespace holdfast {

struct Sha256::Impl {
  // Fetched once: an implicit fetch at every init costs more than hashing a small frame.
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Impl() { EVP_DigestInit_ex2(context, algorithm, nullptr); }
  ~Impl() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(const_cast<EVP_MD*>(algorithm));
  }
};

Sha256::Sha256() : impl_{std::make_unique<Impl>()} {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::add(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size());
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  EVP_DigestFinal_ex(impl_->context, digest.data(), nullptr);
  EVP_DigestInit_ex2(impl_->context, impl_->algorithm, nullptr);
  return digest;
}

Digest sha256(std::span<const std::byte> bytes) {
  thread_local Sha256 sha;
  return sha.add(bytes).finish();
}

Digest sha256(std::string_view text) { return sha256(std::as_bytes(std::span{text})); }

Digest sha256_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + path};
  Sha256 sha;
  std::array<char, 65536> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0)
    sha.add(std::string_view{block.data(), static_cast<std::size_t>(file.gcount())});
  return sha.finish();
}

std::string hex(const Digest& digest) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const auto byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace holdfast
