#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <holdfast/config/secrets.hpp>
#include <sstream>
#include <stdexcept>

namespace holdfast {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostBytes = 64 << 10;

/// Parts of letters, digits, '_', '-' and '.', with '/' between them: below a folder, never above.
bool is_secret_name(const std::string& name) {
  static constexpr std::string_view kFit =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  std::istringstream in{name};
  for (std::string part; std::getline(in, part, '/');)
    if (part.empty() || part[0] == '.' || part.find_first_not_of(kFit) != std::string::npos) return false;
  return !name.empty() && name.size() <= 128 && name.back() != '/';
}

std::string fingerprint(const std::string& value) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(value.data()), value.size(), digest.data());
  static const char* kHex = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) (text += kHex[digest[i] >> 4]) += kHex[digest[i] & 15];
  return text;
}

/// "HOLDFAST_SECRET_ACME_API_KEY" for "acme/api-key".
std::string variable_of(const std::string& name) {
  std::string variable = "HOLDFAST_SECRET_";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    variable += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return variable;
}

/// `guarded`: somebody else, such as systemd, has seen to who may read the folder.
std::optional<std::string> from_folder(const std::string& folder, const std::string& name, bool guarded) {
  const std::string file = folder + "/" + name;
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status)) return std::nullopt;
  if (fs::is_directory(status)) throw std::runtime_error{file + " is a folder"};
  if (!guarded && (status.permissions() & fs::perms::others_read) != fs::perms::none)
    throw std::runtime_error{file + " can be read by everybody: chmod 600 it"};
  std::ifstream in{file, std::ios::binary};
  if (!in) throw std::runtime_error{file + " cannot be read by this user"};
  std::string text(kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMostBytes) throw std::runtime_error{file + " is larger than 64 KiB"};
  // Editors and `echo` end a file with a line end, which belongs to no key.
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

SecretReader secret_reader(SecretSource source) {
  if (!source) return {};
  return [source = std::move(source)](const std::string& name, Problem& why_not) -> std::optional<Secret> {
    if (!is_secret_name(name)) {
      why_not.what = "'" + name + "' is not the name of a secret";
      why_not.mend = "write letters, digits, '_', '-', '.', and '/' between parts, such as acme/api_key";
      return std::nullopt;
    }
    why_not.what = "there is no secret '" + name + "'";
    why_not.mend.clear();
    try {
      const auto value = source(name, why_not.mend);
      if (value && !value->empty()) return Secret{name, *value, fingerprint(*value)};
      if (value) why_not.what = "the secret '" + name + "' is empty";
    } catch (const std::exception& error) {
      why_not.what = "the secret '" + name + "' cannot be used: " + error.what();
    }
    return std::nullopt;
  };
}

SecretSource process_secrets(Environment environment) {
  return [environment = std::move(environment)](const std::string& name, std::string& mend) {
    std::optional<std::string> value;
    for (const char* folder : {"CREDENTIALS_DIRECTORY", "HOLDFAST_SECRETS"})
      if (const auto path = environment(folder); !value && path && !path->empty())
        value = from_folder(*path, name, std::string_view{folder} == "CREDENTIALS_DIRECTORY");
    if (!value) value = environment(variable_of(name));
    if (!value)
      mend = "put it into the file " + name + " in $CREDENTIALS_DIRECTORY or $HOLDFAST_SECRETS, or into " +
             variable_of(name);
    return value;
  };
}

SecretReader no_secrets_needed() {
  return [](const std::string& name, Problem&) { return std::optional{Secret{name, "", ""}}; };
}

}  // namespace holdfast
