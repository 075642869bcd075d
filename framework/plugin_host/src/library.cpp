#include "library.hpp"

#include <dlfcn.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

namespace holdfast::host {

namespace {

namespace fs = std::filesystem;

std::string base_name(const std::string& path) { return fs::path{path}.filename().string(); }

Refusal refusal(const std::string& path, std::string expected, std::string got, std::string mend) {
  Refusal r{"file", std::move(expected), std::move(got), "", std::move(mend)};
  r.what = base_name(path) + " is " + r.got + ", expected " + r.expected;
  return r;
}

Refusal unreadable(const std::string& path, int error) {
  return {"file", "a file this user can read", std::strerror(error),
          path + " cannot be read: " + std::strerror(error), "check its name and its permissions"};
}

/// The loader's own words, without the path it repeats, and what they mean.
Refusal explain(const std::string& path, std::string error) {
  const std::string label = base_name(path), prefix = path + ": ";
  if (error.compare(0, prefix.size(), prefix) == 0) error.erase(0, prefix.size());
  const auto missing = error.find(": cannot open shared object file");
  if (missing != std::string::npos)
    return {"library", error.substr(0, missing), "nothing",
            label + " needs " + error.substr(0, missing) + ", which cannot be found",
            "install the package that brings it"};
  if (const auto symbol = error.find("undefined symbol: "); symbol != std::string::npos)
    return {"symbol", error.substr(symbol + 18), "nothing",
            label + " needs the symbol " + error.substr(symbol + 18) + ", which nobody brings",
            "rebuild the plugin against this program's SDK and link what it uses"};
  if (error.find("file too short") != std::string::npos || error.find("ELF") != std::string::npos)
    return {"file", "a shared library", error, label + " is a damaged library: " + error, "build or copy it again"};
  return {"library", "", error, label + " cannot be loaded: " + error, ""};
}

bool everybody_writes(fs::perms perms) { return (perms & fs::perms::others_write) != fs::perms::none; }

bool is_elf(const std::string& path) {
  std::array<char, 4> magic{};
  std::ifstream{path, std::ios::binary}.read(magic.data(), magic.size());
  return std::memcmp(magic.data(), "\x7f" "ELF", 4) == 0;
}

}  // namespace

std::vector<Refusal> check_file(const std::string& path) {
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(path, error)) && !fs::exists(path, error))
    return {refusal(path, "a shared library", "a symbolic link to " + fs::read_symlink(path, error).string() +
                    ", which leads nowhere", "remove the link, or install what it points to")};
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return {unreadable(path, error ? error.value() : ENOENT)};
  if (fs::is_directory(status))
    return {refusal(path, "a shared library", "a folder", "remove it, or install the library in its place")};
  if (!fs::is_regular_file(status))
    return {refusal(path, "a shared library", "no regular file", "remove it, or install the library in its place")};
  if (std::ifstream in{path, std::ios::binary}; !in) return {unreadable(path, errno)};
  if (!is_elf(path))
    return {{"file", "a shared library", "something else", base_name(path) + " is not a shared library",
             "build the plugin with -shared, or remove the file"}};
  // Whoever can change the file, or put another in its place, runs code in this process.
  if (everybody_writes(status.permissions()))
    return {refusal(path, "one that only its owner can", "a file that everybody can write", "chmod o-w " + path)};
  for (const auto& file : {fs::absolute(path, error), fs::canonical(path, error)})
    if (everybody_writes(fs::status(file.parent_path(), error).permissions()))
      return {refusal(path, "one that only its owner can", "in a folder that everybody can write",
                      "chmod o-w " + file.parent_path().string() + ", or install it elsewhere")};
  return {};
}

std::string file_sha256(const std::string& path, std::vector<Refusal>& refused) {
  std::ifstream in{path, std::ios::binary};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<char, 65536> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (!in.eof() || in.bad() || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) {
    refused.push_back(unreadable(path, errno));
    return "";
  }
  static const char* kHex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) (text += kHex[digest[i] >> 4]) += kHex[digest[i] & 15];
  return text;
}

const PluginManifest* open_library(const std::string& path, std::vector<Refusal>& refused) {
  // NODELETE and no dlclose: code and types of a plugin may be in use anywhere, for ever.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* error = dlerror();
    refused.push_back(explain(path, error == nullptr ? "no reason given" : error));
    return nullptr;
  }
  void* const symbol = dlsym(library, kPluginSymbol);
  if (symbol == nullptr) {
    refused.push_back({"symbol", kPluginSymbol, "nothing", base_name(path) + " exports no " + kPluginSymbol,
                       "add HOLDFAST_PLUGIN at the end of the source"});
    return nullptr;
  }
  return reinterpret_cast<const PluginManifest* (*)()>(symbol)();
}

}  // namespace holdfast::host
