#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <holdfast/journal/signing_key.hpp>
#include <stdexcept>

namespace holdfast {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t kMaxPem = 4096;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw std::runtime_error{"the signing key " + path + " " + why};
}

Key read_key(const std::string& path, int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) fail(path, std::string{"cannot be read: "} + std::strerror(errno));
  if ((info.st_mode & 077) != 0) fail(path, "is readable by others: run chmod 600 on it, or make a new one");
  std::string pem(kMaxPem, '\0');
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

struct SigningKey::Impl {
  Key key{nullptr, &EVP_PKEY_free};
};

SigningKey::SigningKey(const std::string& path) : impl_{std::make_unique<Impl>()} {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno != ENOENT) fail(path, std::string{"cannot be read: "} + std::strerror(errno));
  if (fd < 0) {
    impl_->key = make_key(path);
    return;
  }
  const std::unique_ptr<const int, void (*)(const int*)> guard{&fd, [](const int* f) { ::close(*f); }};
  impl_->key = read_key(path, fd);
}

SigningKey::~SigningKey() = default;

Signature SigningKey::sign(std::string_view text) const {
  Signature signature{};
  std::size_t size = signature.size();
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(text), text.size()) != 1)
    throw std::runtime_error{"nothing can be signed: OpenSSL refused"};
  return signature;
}

PublicKey SigningKey::public_key() const {
  PublicKey raw{};
  std::size_t size = raw.size();
  EVP_PKEY_get_raw_public_key(impl_->key.get(), raw.data(), &size);
  return raw;
}

bool signed_by(const PublicKey& key, std::string_view text, std::string_view signature) {
  const Key whose{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), &EVP_PKEY_free};
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, whose.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

std::string to_pem(const PublicKey& key) {
  const Key whose{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), &EVP_PKEY_free};
  const Bio bio{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_PUBKEY(bio.get(), whose.get());
  return text_of(bio.get());
}

std::optional<PublicKey> public_key_in(const std::string& pem) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
  const Key key{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  PublicKey raw{};
  std::size_t size = raw.size();
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519 || EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) != 1) return std::nullopt;
  return raw;
}

}  // namespace holdfast
