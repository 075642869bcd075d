#include <holdfast/runtime/restore.hpp>

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/journal/verify.hpp>
#include <holdfast/runtime/latch_file.hpp>
#include <holdfast/runtime/stopped.hpp>

namespace holdfast {

namespace {

namespace fs = std::filesystem;
using Kind = StoreError::Kind;

/// In a directory that is being built or removed: nothing of it counts.
constexpr const char* kIncomplete = "/incomplete";

[[noreturn]] void refuse(Kind kind, const std::string& why) { throw StoreError{kind, why}; }

std::string part_of(const std::string& path) { return path.substr(0, path.find('/')); }

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// Holds a data directory that may be damaged or not there at all.
class Hold {
 public:
  Hold(const std::string& path, const std::string& system) {
    if (!fs::exists(path)) return;
    if (!fs::is_directory(path)) refuse(Kind::foreign, path + " is not a directory: choose another data directory");
    const std::string there = system_name_of(path);
    if (there.empty() && !fs::is_empty(path)) refuse(Kind::foreign, path + " is not empty and no data directory of Holdfast: choose another one");
    if (!there.empty() && there != system)
      refuse(Kind::foreign, path + " belongs to the system '" + there + "', the backup is of '" + system + "': choose another data directory");
    lock_ = ::open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_ < 0) refuse(Kind::io, "cannot use " + path + ": " + std::strerror(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) refuse(Kind::in_use, path + " is in use by a running system: stop it first");
  }
  ~Hold() {
    if (lock_ >= 0) ::close(lock_);
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  int lock_ = -1;
};

void sync_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) refuse(Kind::io, "cannot sync " + path + ": " + std::strerror(error));
}

std::string parent_of(const std::string& path) { return fs::absolute(path).lexically_normal().parent_path().string(); }

/// The mark goes last: half of it is never taken for something whole.
void remove_incomplete(const std::string& path) {
  for (const auto& entry : fs::directory_iterator{path})
    if ("/" + entry.path().filename().string() != kIncomplete) fs::remove_all(entry.path());
  fs::remove_all(path);
}

std::string next_aside(const std::string& data_dir) {
  for (int n = 1;; ++n)
    if (const auto name = data_dir + ".before-" + std::to_string(n); !fs::exists(name)) return name;
}

/// What the last restore set aside, and a start could use.
std::string last_aside(const std::string& data_dir) {
  std::string last;
  for (int n = 1; fs::exists(data_dir + ".before-" + std::to_string(n)); ++n)
    if (const auto name = data_dir + ".before-" + std::to_string(n); !system_name_of(name).empty()) last = name;
  return last;
}

void exchange(const std::string& a, const std::string& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0)
    refuse(Kind::io, "cannot exchange " + a + " and " + b + ": " + std::strerror(errno));
}

/// An empty directory to build in. What an interrupted restore left there is removed, or, when it is complete, set aside.
std::string workshop(const std::string& data_dir) {
  const std::string beside = data_dir + ".restoring";
  if (fs::exists(beside)) {
    if (fs::exists(beside + kIncomplete) || fs::is_empty(beside)) remove_incomplete(beside);
    else fs::rename(beside, next_aside(data_dir));
  }
  fs::create_directory(beside);
  std::ofstream{beside + kIncomplete};
  return beside;
}

/// What no backup brings, and what was not asked for, is taken along.
void keep_present(const std::string& present, const std::string& beside, const std::function<bool(const std::string&)>& wanted) {
  std::vector<std::string> names{"signing.key", "kept"};
  for (const auto& part : backup_parts())
    if (!wanted(part)) names.push_back(part);
  for (const auto& name : names)
    if (fs::exists(present + "/" + name)) fs::copy(present + "/" + name, beside + "/" + name, fs::copy_options::recursive);
}

/// The stricter of both wins. What cannot be read might have held everything.
void keep_latches(const std::string& present, LatchFile& restored, Time now) {
  if (!fs::exists(present + "/latches")) return;
  try {
    for (const auto& latch : LatchFile{present + "/latches"}.engaged()) {
      const auto known = restored.engaged();
      const bool stricter = std::ranges::none_of(known, [&](const auto& other) {
        return other.scope == latch.scope && other.target == latch.target && other.level >= latch.level;
      });
      if (stricter) restored.engage(latch);
    }
  } catch (const std::runtime_error& error) {
    restored.engage({LatchScope::system, LatchLevel::halted, "", "holdfast restore", "the latches before cannot be read", now});
  }
}

void require_head(const std::string& data_dir, const BackupManifest& manifest) {
  const auto head = open_for_reading(data_dir)->head();
  const bool same = manifest.head_seq == 0 ? !head : head && head->last_seq() == manifest.head_seq && head->hash == manifest.head_hash;
  if (!same) refuse(Kind::damaged, "the restored journal ends elsewhere than the backup says: nothing was changed");
}

void require_intact(const std::string& data_dir, const BackupDir::Progress& progress) {
  const VerifyReport report = verify_journal(data_dir, "", progress);
  if (!report.unreadable.empty()) refuse(Kind::damaged, report.unreadable);
  if (!report.breaks.empty())
    refuse(Kind::damaged, "the journal in the backup is broken at event " + std::to_string(report.breaks[0].seq) + ": " +
                              report.breaks[0].what + "; choose an older backup");
}

}  // namespace

Restored restore(const BackupDir& from, const BackupManifest& manifest, const RestoreOptions& options) {
  if (manifest.schema > DataDir::kSchema) refuse(Kind::newer, "the backup is of a newer Holdfast: use that one");
  for (const auto& part : options.only)
    if (std::ranges::find(backup_parts(), part) == backup_parts().end())
      throw std::invalid_argument{"there is no part '" + part + "' of a backup: journal, latches, config, audit"};
  const auto wanted = [&](const std::string& path) {
    return options.only.empty() || std::ranges::find(options.only, part_of(path)) != options.only.end();
  };
  const std::string to = without_slash(options.to);
  const Hold hold{to, manifest.system};
  if (const auto wrong = from.check(manifest, options.progress); !wrong.empty())
    refuse(Kind::damaged, "the backup is damaged: " + wrong.front() + (wrong.size() > 1 ? ", and " + std::to_string(wrong.size() - 1) + " more" : "") +
                              "; choose another one");
  if (options.dry_run) return {};
  const auto hit = [&](const char* place) {
    if (options.failpoints != nullptr) options.failpoints->hit(place);
  };
  fs::create_directories(parent_of(to));
  const std::string beside = workshop(to);
  from.take_out(manifest, beside, wanted, false, options.failpoints, options.progress);
  keep_present(to, beside, wanted);
  DataDir::mark(beside, manifest.system);
  {
    LatchFile latches{beside + "/latches"};
    keep_latches(to, latches, manifest.made);
  }
  if (wanted("journal")) {
    require_head(beside, manifest);
    require_intact(beside, options.progress);
    std::ofstream{beside + "/restored"} << "backup " << manifest.id << " head " << manifest.head_seq << '\n';
  }
  ::sync();  // What was kept of the present was not copied by us.
  hit("restore.swap");
  fs::remove(beside + kIncomplete);
  sync_folder(beside);
  if (!fs::exists(to)) {
    fs::rename(beside, to);
    sync_folder(parent_of(to));
    return {};
  }
  exchange(to, beside);
  sync_folder(parent_of(to));
  hit("restore.swapped");
  const std::string aside = next_aside(to);
  fs::rename(beside, aside);
  sync_folder(parent_of(to));
  hit("restore.done");
  return {aside};
}

std::string roll_back(const std::string& data_dir) {
  const std::string to = without_slash(data_dir), system = system_name_of(to), aside = last_aside(to);
  if (aside.empty()) refuse(Kind::missing, "nothing was set aside when " + to + " was restored");
  const Hold hold{to, system_name_of(aside)};
  if (fs::exists(to)) exchange(to, aside);
  else fs::rename(aside, to);
  sync_folder(parent_of(to));
  return aside;
}

}  // namespace holdfast
