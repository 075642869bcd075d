#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include <holdfast/journal/sha256.hpp>

/// Files that are whole and on the disk, or not there.
namespace holdfast {

struct Copied {
  std::uint64_t bytes = 0;
  Digest sha256{};  ///< Of what was read; `through` may change what is written.
};
/// Copies a file and syncs it; `through` sees each block. Fails: StoreError{io} with one sentence, leaving no file.
Copied copy_durably(const std::string& from, const std::string& to, const std::function<void(std::span<std::byte>)>& through);
/// Writes a file beside, syncs it, and puts it in place of another. Fails: StoreError{io}.
void write_durably(const std::string& path, const std::string& text);
/// What a crash must not forget of names in a directory. Fails: StoreError{io}.
void sync_directory(const std::string& path);

}  // namespace holdfast
