#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <holdfast/journal/anchors.hpp>
#include <stdexcept>

// C2SP tlog-checkpoint over C2SP signed-note: the text is signed together with the newline that
// ends it; the signature line is "— name base64(key hash || signature)". The key's name is the
// origin, so the key hash binds the two together.

namespace holdfast {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view kDash = "\xe2\x80\x94 ";
constexpr std::size_t kSignatureBytes = 64, kKeyHashBytes = 4, kMaxText = 4096;

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
Bytes key_hash(const std::string& name, EVP_PKEY* key) {
  std::array<std::uint8_t, 32> raw{};
  std::size_t size = raw.size();
  EVP_PKEY_get_raw_public_key(key, raw.data(), &size);
  const auto digest = sha256(name + "\n\x01" + std::string{reinterpret_cast<const char*>(raw.data()), size});
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

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw std::runtime_error{"the signing key " + path + " " + why};
}

Key read_key(const std::string& path, int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) fail(path, std::string{"cannot be read: "} + std::strerror(errno));
  if ((info.st_mode & 077) != 0) fail(path, "is readable by others: run chmod 600 on it, or make a new one");
  std::string pem(kMaxText, '\0');
  const auto n = ::read(fd, pem.data(), pem.size());
  if (n < 0) fail(path, std::string{"cannot be read: "} + std::strerror(errno));
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(n)), &BIO_free};
  // The callback answers "no passphrase", so that OpenSSL never asks on the terminal.
  const auto none = [](char*, int, int, void*) { return -1; };
  Key key{PEM_read_bio_PrivateKey(bio.get(), nullptr, none, nullptr), &EVP_PKEY_free};
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) fail(path, "holds no Ed25519 key");
  return key;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(n)};
}

/// Written beside and linked into place: a crash leaves no half key, and a key is never replaced.
Key make_key(const std::string& path) {
  Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free};
  const Bio bio{BIO_new(BIO_s_mem()), &BIO_free};
  if (!key || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    fail(path, "cannot be made: OpenSSL refused");
  const std::string pem = text_of(bio.get());
  const std::string temporary = path + "." + std::to_string(::getpid()) + ".new";
  ::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) fail(path, std::string{"cannot be made: "} + std::strerror(errno));
  const bool written =
      ::write(fd, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) && ::fsync(fd) == 0;
  const bool placed = written && ::link(temporary.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::close(fd);
  ::unlink(temporary.c_str());
  if (!placed) fail(path, std::string{"cannot be made: "} + std::strerror(error));
  return key;
}

}  // namespace

struct Signer::Impl {
  Key key{nullptr, &EVP_PKEY_free};
};

Signer::Signer(const std::string& key_path) : impl_{std::make_unique<Impl>()} {
  const int fd = ::open(key_path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno != ENOENT) fail(key_path, std::string{"cannot be read: "} + std::strerror(errno));
  if (fd < 0) {
    impl_->key = make_key(key_path);
    return;
  }
  const std::unique_ptr<const int, void (*)(const int*)> guard{&fd, [](const int* f) { ::close(*f); }};
  impl_->key = read_key(key_path, fd);
}

Signer::~Signer() = default;

std::string Signer::sign(const Checkpoint& checkpoint) const {
  const std::string text = body(checkpoint);
  Bytes signature(kSignatureBytes);
  std::size_t size = signature.size();
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
    throw std::runtime_error{"a checkpoint cannot be signed: OpenSSL refused"};
  Bytes line = key_hash(checkpoint.origin, impl_->key.get());
  line.insert(line.end(), signature.begin(), signature.end());
  return text + "\n" + std::string{kDash} + checkpoint.origin + " " + base64(line) + "\n";
}

std::string Signer::public_key() const {
  const Bio bio{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_PUBKEY(bio.get(), impl_->key.get());
  return text_of(bio.get());
}

OpenedCheckpoint open_checkpoint(const std::string& text, const std::string& public_key_pem) {
  const Bio bio{BIO_new_mem_buf(public_key_pem.data(), static_cast<int>(public_key_pem.size())), &BIO_free};
  const Key key{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return {{}, "there is no Ed25519 public key to check it with"};
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
    if (!bytes || bytes->size() != kKeyHashBytes + kSignatureBytes) continue;
    const Bytes id = key_hash(checkpoint->origin, key.get());
    if (!std::equal(id.begin(), id.end(), bytes->begin())) continue;
    const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), bytes->data() + kKeyHashBytes, kSignatureBytes,
                         reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size()) == 1)
      return {checkpoint, ""};
    return {{}, "its signature does not fit its text"};
  }
  return {{}, "the key of audit.pub did not sign it"};
}

}  // namespace holdfast
