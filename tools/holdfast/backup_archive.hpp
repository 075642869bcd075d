#pragma once

#include <holdfast/journal/backup.hpp>
#include <string>

namespace holdfast::cli {

/// Writes a backup as a tar file compressed by zstd, with its manifest and a SHA256SUMS that `sha256sum -c` reads.
/// Fails: OutputError, StoreError.
void write_archive(const BackupDir& dir, const BackupManifest& manifest, const std::string& file);

}  // namespace holdfast::cli
