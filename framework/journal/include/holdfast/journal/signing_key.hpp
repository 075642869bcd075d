#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

/// Ed25519 (RFC 8032). What is signed is the text itself, not a hash of it: `openssl pkeyutl -verify -rawin` checks it, too.
using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// A private key in a PEM file that only its owner may read. Any thread may use it.
class SigningKey {
 public:
  /// Made, with mode 0600, when there is no such file.
  /// Fails: std::runtime_error, one sentence, when the key cannot be read, made or is too open.
  explicit SigningKey(const std::string& path);
  ~SigningKey();
  Signature sign(std::string_view text) const;
  PublicKey public_key() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// False, too, when that is no key.
bool signed_by(const PublicKey& key, std::string_view text, std::string_view signature);

/// Public keys as they are passed on. Empty: it is not one of Ed25519.
std::string to_pem(const PublicKey& key);
std::optional<PublicKey> public_key_in(const std::string& pem);

}  // namespace holdfast
