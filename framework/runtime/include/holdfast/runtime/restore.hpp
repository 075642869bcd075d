#pragma once

#include <holdfast/journal/backup.hpp>
#include <string>
#include <vector>

/// From a data directory into a backup, and back.
namespace holdfast {

/// The parts of a backup, by the first word of their paths: journal, latches, config (the newest run's plan, as text)
/// and audit (the anchors). Secrets are in none: not the signing key, and what edges keep of their connections is of no
/// use in another life.
const std::vector<std::string>& backup_parts();

struct BackupSource {
  std::string data_dir;
  std::string journal;   ///< Where the store's files are: a checkpoint, or, of a stopped system, its own.
  std::string program;   ///< Version.
  Time now;
  Failpoints* failpoints = nullptr;
  BackupDir::Progress progress = {};
};
/// Adds a backup of `source`. REQUIRES: nobody writes to source.journal. Fails: StoreError or FailpointError.
BackupDir::Added back_up(const BackupSource& source, BackupDir& into);

/// What is wrong with a backup beyond its files' hashes, one sentence each: its store does not open, or does not
/// verify. Empty: nothing. Makes links in the backup's directory while it looks.
std::vector<std::string> check_backed_up_store(const BackupDir& dir, const BackupManifest& manifest,
                                               const BackupDir::Progress& progress = {});

struct RestoreOptions {
  std::string to;                 ///< Data directory; need not be there.
  std::vector<std::string> only;  ///< Some of backup_parts(); the others stay as they are. Empty: all.
  bool dry_run = false;           ///< Everything is checked, nothing is written.
  Failpoints* failpoints = nullptr;
  BackupDir::Progress progress = {};
};
struct Restored {
  std::string set_aside;  ///< What was there before, whole, for roll_back(); empty: nothing was.
};
/// Checks every byte of the backup, builds a data directory of it beside, verifies that, and puts it in place in one
/// step: at any instant there is the old one or the new. Latches that are engaged now stay engaged. The system then
/// starts as after a crash, and gives no order id that it may have given after the backup was made.
/// Fails: StoreError: in use, of another system, newer, damaged.
Restored restore(const BackupDir& from, const BackupManifest& manifest, const RestoreOptions& options);
/// Exchanges the data directory and what restore() set aside last. Returns where the other one is now. Fails: StoreError.
std::string roll_back(const std::string& data_dir);

}  // namespace holdfast
