#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/journal/frame.hpp>

namespace holdfast {

/// What a signed checkpoint says: the chain up to `seq` ends in `hash`.
///
/// Text in the form of C2SP tlog-checkpoint: origin, size, base64 hash, an extension line with the
/// epoch, a blank line, a signature line. A file of its own, outside the store, so that a truncated
/// or replaced journal cannot take its witness along.
struct Checkpoint {
  std::string origin;        ///< "holdfast/<system name>"
  std::uint64_t seq = 0;     ///< Last event covered; the text's size line is seq itself.
  Digest hash{};             ///< FrameHeader::hash of the frame that ends there.
  std::uint64_t epoch = 0;
};

/// Signs with Ed25519 (RFC 8032). The key file is made with mode 0600 when it does not exist.
class Signer {
 public:
  /// Fails: std::runtime_error, one sentence, when the key cannot be read, made or is too open.
  explicit Signer(const std::string& key_path);
  ~Signer();
  std::string sign(const Checkpoint& checkpoint) const;
  /// PEM; goes into the anchor directory as `audit.pub`.
  std::string public_key() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The checkpoint in `text` when one of the keys signed it, else why not.
struct OpenedCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::string why;
};
OpenedCheckpoint open_checkpoint(const std::string& text, const std::string& public_key_pem);

}  // namespace holdfast
