#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <holdfast/journal/sha256.hpp>
#include <holdfast/journal/store.hpp>
#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// What a system was at one moment, file by file.
struct BackupManifest {
  struct File {
    std::string path;            ///< In the backup, relative: "journal/000012.sst", "latches", "kept/venue/numbers".
    std::uint64_t bytes = 0;
    std::int64_t changed = 0;    ///< Nanoseconds since 1970, of the original.
    Digest sha256{};
  };
  std::uint64_t id = 0;          ///< Counted from 1 in its directory; never given twice.
  std::string system, program;   ///< Whose state it is, and the version of the program that made it.
  int schema = 0;                ///< Of the data directory.
  Time made;
  std::uint64_t head_seq = 0, epoch = 0;
  Digest head_hash{};            ///< Of the newest frame.
  std::vector<File> files;       ///< By path.

  std::uint64_t bytes() const;
};
/// Lines of words, the last with the SHA-256 of those before it.
std::string to_text(const BackupManifest& manifest);
/// Fails: StoreError{damaged}, or newer.
BackupManifest manifest_in(const std::string& text);

/// A directory of backups of one system. Every content is kept once, under its SHA-256; a backup is there when its
/// manifest is, which comes last. One process at a time adds or removes.
///
///   holdfast.backups      what this directory is: schema and system name
///   files/ab/abcd…        contents
///   backups/000001        manifests
///   lock                  held while somebody uses it
class BackupDir {
 public:
  enum class Use { reading, writing };
  using Progress = std::function<void(double done)>;

  /// `system`: makes the directory when there is none, and refuses one of another system; empty: any, which must be there.
  /// Fails: StoreError with one sentence.
  static BackupDir open(const std::string& path, Use use, const std::string& system = "");
  ~BackupDir();
  BackupDir(BackupDir&& other) noexcept;
  BackupDir& operator=(BackupDir&&) = delete;

  /// A manifest that can be read, or why not.
  struct Entry {
    std::uint64_t id = 0;
    std::optional<BackupManifest> manifest;
    std::string why;
  };
  /// By id.
  std::vector<Entry> list() const;
  /// The one of this id; 0: the newest that can be read. Fails: StoreError{missing} or {damaged}.
  BackupManifest get(std::uint64_t id) const;

  struct Added {
    BackupManifest manifest;
    std::uint64_t copied_files = 0, copied_bytes = 0;  ///< The others were here.
  };
  /// Copies `files`, pairs of the path in the backup and on disk, and adds the manifest; its id and files are filled in.
  /// A table file that has not changed since the newest backup is not read again. REQUIRES: Use::writing.
  /// Fails: StoreError or FailpointError; older backups are as they were.
  Added add(BackupManifest manifest, std::vector<std::pair<std::string, std::string>> files, Failpoints* failpoints,
            const Progress& progress = {});

  /// One sentence for each file that is missing or is not what the manifest says. Reads every byte.
  std::vector<std::string> check(const BackupManifest& manifest, const Progress& progress = {}) const;
  /// Puts the files that `wanted` into the directory `to`, each checked while it is copied, all synced. `linked`: as
  /// links to the contents, which nobody may write to then, unsynced. Fails: StoreError or FailpointError.
  void take_out(const BackupManifest& manifest, const std::string& to, const std::function<bool(const std::string&)>& wanted,
                bool linked, Failpoints* failpoints, const Progress& progress = {}) const;

  /// Removes backups that are neither among the `newest` nor made at or after `since`, and contents that nobody
  /// needs any more; the newest always stays. Returns what was removed. REQUIRES: Use::writing.
  std::vector<std::uint64_t> prune(std::size_t newest, Time since);

  const std::string& path() const { return path_; }
  const std::string& system() const { return system_; }

 private:
  BackupDir() = default;
  std::string content(const Digest& sha256) const;
  void sweep();

  std::string path_, system_;
  int lock_ = -1;
};

}  // namespace holdfast
