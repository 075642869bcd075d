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

std::string base_name(const std::string& path) { return std::filesystem::path{path}.filename().string(); }

/// The loader's own words, without the path it repeats, and what they mean.
Problem explain(const std::string& path, const Where& where, std::string error) {
  const std::string label = base_name(path), prefix = path + ": ";
  if (error.compare(0, prefix.size(), prefix) == 0) error.erase(0, prefix.size());
  const auto missing = error.find(": cannot open shared object file");
  if (missing != std::string::npos)
    return {where, label + " needs " + error.substr(0, missing) + ", which cannot be found",
            "install the package that brings it"};
  if (const auto symbol = error.find("undefined symbol: "); symbol != std::string::npos)
    return {where, label + " needs the symbol " + error.substr(symbol + 18) + ", which nobody brings",
            "rebuild the plugin against this program's SDK and link what it uses"};
  if (error.find("file too short") != std::string::npos || error.find("ELF") != std::string::npos)
    return {where, label + " is a damaged library: " + error, "build or copy it again"};
  return {where, label + " cannot be loaded: " + error, ""};
}

}  // namespace

std::string file_sha256(const std::string& path, const Where& where, Problems& problems) {
  std::ifstream in{path, std::ios::binary};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  if (!in || std::filesystem::is_directory(path)) {
    problems.push_back({where, path + " cannot be read: " + std::strerror(in ? EISDIR : errno), ""});
    return "";
  }
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<char, 65536> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (in.bad() || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) {
    problems.push_back({where, path + " cannot be read to its end", ""});
    return "";
  }
  static const char* kHex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) (text += kHex[digest[i] >> 4]) += kHex[digest[i] & 15];
  return text;
}

const PluginManifest* open_library(const std::string& path, const Where& where, Problems& problems) {
  const std::string label = base_name(path);
  std::array<char, 4> magic{};
  std::ifstream{path, std::ios::binary}.read(magic.data(), magic.size());
  if (std::memcmp(magic.data(),
                  "\x7f"
                  "ELF",
                  4) != 0) {
    problems.push_back(
        {where, label + " is not a shared library", "build the plugin with -shared, or remove the file"});
    return nullptr;
  }
  // NODELETE and no dlclose: code and types of a plugin may be in use anywhere, for ever.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* error = dlerror();
    problems.push_back(explain(path, where, error == nullptr ? "no reason given" : error));
    return nullptr;
  }
  void* const symbol = dlsym(library, kPluginSymbol);
  if (symbol == nullptr) {
    problems.push_back(
        {where, label + " exports no " + kPluginSymbol, "add HOLDFAST_PLUGIN at the end of the source"});
    return nullptr;
  }
  return reinterpret_cast<const PluginManifest* (*)()>(symbol)();
}

}  // namespace holdfast::host
