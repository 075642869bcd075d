#include <openssl/evp.h>

#include <charconv>
#include <holdfast/journal/anchors.hpp>

// C2SP tlog-checkpoint over C2SP signed-note: the text is signed together with the newline that
// ends it; the signature line is "— name base64(key hash || signature)". The key's name is the
// origin, so the key hash binds the two together.

namespace holdfast {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view kDash = "\xe2\x80\x94 ";
constexpr std::size_t kKeyHashBytes = 4, kMaxText = 4096;

std::string base64(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(n));
  return text;
}

/// Empty when `text` is not the one base64 text of its bytes.
std::optional<Bytes> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > kMaxText) return std::nullopt;
  Bytes bytes(text.size() / 4 * 3);
  const int n = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (n < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(n) - padding);
  if (base64(bytes) != text) return std::nullopt;
  return bytes;
}

/// First four bytes of SHA-256(name, newline, algorithm 1 = Ed25519, public key).
Bytes key_hash(const std::string& name, const PublicKey& key) {
  const auto digest = sha256(name + "\n\x01" + std::string{key.begin(), key.end()});
  return {digest.begin(), digest.begin() + kKeyHashBytes};
}

std::string body(const Checkpoint& c) {
  return c.origin + "\n" + std::to_string(c.seq) + "\n" + base64(c.hash) + "\nepoch " +
         std::to_string(c.epoch) + "\n";
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(value) != text)
    return std::nullopt;
  return value;
}

/// Cuts the first line off `text`; empty optional when there is no whole one.
std::optional<std::string_view> line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto first = text.substr(0, end);
  text.remove_prefix(end + 1);
  return first;
}

std::optional<Checkpoint> parse_body(std::string_view text) {
  const auto origin = line(text), size = line(text), hash = line(text), epoch = line(text);
  if (!epoch || !text.empty() || origin->empty() || !epoch->starts_with("epoch ")) return std::nullopt;
  const auto seq = number(*size), run = number(epoch->substr(6));
  const auto bytes = from_base64(*hash);
  Checkpoint c;
  if (!seq || !run || !bytes || bytes->size() != c.hash.size()) return std::nullopt;
  c.origin = *origin;
  c.seq = *seq;
  c.epoch = *run;
  std::copy(bytes->begin(), bytes->end(), c.hash.begin());
  return c;
}

}  // namespace

std::string sign(const SigningKey& key, const Checkpoint& checkpoint) {
  const std::string text = body(checkpoint);
  const auto signature = key.sign(text);
  Bytes line = key_hash(checkpoint.origin, key.public_key());
  line.insert(line.end(), signature.begin(), signature.end());
  return text + "\n" + std::string{kDash} + checkpoint.origin + " " + base64(line) + "\n";
}

OpenedCheckpoint open_checkpoint(const std::string& text, const std::string& public_key_pem) {
  const auto key = public_key_in(public_key_pem);
  if (!key) return {{}, "there is no Ed25519 public key to check it with"};
  if (text.size() > kMaxText) return {{}, "it is too long for a checkpoint"};
  const auto blank = text.find("\n\n");
  if (blank == std::string::npos) return {{}, "it is not a checkpoint"};
  const std::string signed_text = text.substr(0, blank + 1);
  const auto checkpoint = parse_body(signed_text);
  if (!checkpoint) return {{}, "it is not a checkpoint"};
  // Other people's signatures (witnesses) may stand beside ours; ours must be among them.
  const std::string ours = std::string{kDash} + checkpoint->origin + " ";
  std::string_view rest = std::string_view{text}.substr(blank + 2);
  while (const auto next = line(rest)) {
    if (!next->starts_with(ours)) continue;
    const auto bytes = from_base64(next->substr(ours.size()));
    if (!bytes || bytes->size() != kKeyHashBytes + Signature{}.size()) continue;
    const Bytes id = key_hash(checkpoint->origin, *key);
    if (!std::equal(id.begin(), id.end(), bytes->begin())) continue;
    const std::string signature{bytes->begin() + kKeyHashBytes, bytes->end()};
    if (signed_by(*key, signed_text, signature)) return {checkpoint, ""};
    return {{}, "its signature does not fit its text"};
  }
  return {{}, "the key of audit.pub did not sign it"};
}

}  // namespace holdfast
