#pragma once

#include <optional>
#include <string>

#include <holdfast/journal/frame.hpp>
#include <holdfast/journal/signing_key.hpp>

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

/// The text of a checkpoint, signed. The public half of the key, as PEM, lies in the anchor directory as `audit.pub`.
std::string sign(const SigningKey& key, const Checkpoint& checkpoint);

/// The checkpoint in `text` when one of the keys signed it, else why not.
struct OpenedCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::string why;
};
OpenedCheckpoint open_checkpoint(const std::string& text, const std::string& public_key_pem);

}  // namespace holdfast
