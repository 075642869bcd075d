#include <holdfast/journal/backup.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "durable_file.hpp"

namespace holdfast {

namespace {

namespace fs = std::filesystem;
using Kind = StoreError::Kind;
using File = BackupManifest::File;

constexpr const char* kMarker = "holdfast.backups";

[[noreturn]] void refuse(Kind kind, const std::string& why) { throw StoreError{kind, why}; }

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string name_of(std::uint64_t id) {
  const std::string digits = std::to_string(id);
  return digits.size() < 6 ? std::string(6 - digits.size(), '0') + digits : digits;
}

std::optional<std::uint64_t> id_of(const std::string& name) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  return error == std::errc{} && end == name.data() + name.size() && id > 0 ? std::optional{id} : std::nullopt;
}

/// "schema 1\nsystem NAME\n"
std::string system_in(const std::string& path) {
  const std::string text = text_of(path + "/" + kMarker), head = "schema 1\nsystem ";
  if (!text.starts_with("schema ") || !text.ends_with('\n')) refuse(Kind::foreign, path + " holds no backups of Holdfast: check the path");
  if (!text.starts_with(head)) refuse(Kind::newer, path + " was made by a newer Holdfast: use that one");
  return text.substr(head.size(), text.size() - head.size() - 1);
}

void make(const std::string& path, const std::string& system) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) refuse(Kind::io, "cannot make " + path + ": " + error.message());
  for (const auto& entry : fs::directory_iterator{path, error})
    // What a first attempt that did not get far may leave.
    if (const auto name = entry.path().filename().string(); name != "files" && name != "backups" && name != "lock" && name != "holdfast.backups.new")
      refuse(Kind::foreign, path + " is not empty and holds no backups (it holds " + name + "): choose another directory");
  for (const char* below : {"/files", "/backups"}) fs::create_directories(path + below, error);
  if (error) refuse(Kind::io, "cannot use " + path + ": " + error.message());
  write_durably(path + "/" + kMarker, "schema 1\nsystem " + system + "\n");
}

File looked_at(const std::string& name, const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) refuse(Kind::io, "cannot read " + path + ": " + std::strerror(errno));
  return {name, static_cast<std::uint64_t>(info.st_size), info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec, {}};
}

/// RocksDB never changes a table once it is written.
bool unchanged(const File& now, const File& before) {
  return now.path.ends_with(".sst") && now.bytes == before.bytes && now.changed == before.changed;
}

}  // namespace

BackupDir BackupDir::open(const std::string& path, Use use, const std::string& system) {
  std::error_code error;
  if (!fs::exists(path + "/" + kMarker, error)) {
    if (system.empty()) refuse(Kind::missing, path + " holds no backups of Holdfast: check the path");
    make(path, system);
  }
  BackupDir dir;
  dir.path_ = path;
  dir.system_ = system_in(path);
  if (!system.empty() && dir.system_ != system)
    refuse(Kind::foreign, path + " holds backups of the system '" + dir.system_ + "', not of '" + system + "': choose another directory");
  const bool writes = use == Use::writing;
  dir.lock_ = ::open((path + "/lock").c_str(), (writes ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0644);
  if (dir.lock_ < 0 && (writes || errno != ENOENT)) refuse(Kind::io, "cannot use " + path + ": " + std::strerror(errno));
  if (dir.lock_ >= 0 && ::flock(dir.lock_, (writes ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
    refuse(Kind::in_use, path + " is in use by another process: wait for it");
  return dir;
}

BackupDir::BackupDir(BackupDir&& other) noexcept
    : path_{std::move(other.path_)}, system_{std::move(other.system_)}, lock_{std::exchange(other.lock_, -1)} {}

BackupDir::~BackupDir() {
  if (lock_ >= 0) ::close(lock_);
}

std::string BackupDir::content(const Digest& sha256) const {
  const std::string name = hex(sha256);
  return path_ + "/files/" + name.substr(0, 2) + "/" + name;
}

std::vector<BackupDir::Entry> BackupDir::list() const {
  std::vector<Entry> entries;
  std::error_code error;
  for (const auto& file : fs::directory_iterator{path_ + "/backups", error}) {
    const auto id = id_of(file.path().filename().string());
    if (!id) continue;
    Entry& entry = entries.emplace_back(Entry{*id, std::nullopt, ""});
    try {
      entry.manifest = manifest_in(text_of(file.path().string()));
      if (entry.manifest->id != *id) refuse(Kind::damaged, "it is the manifest of backup " + std::to_string(entry.manifest->id));
    } catch (const StoreError& wrong) {
      entry.manifest.reset();
      entry.why = wrong.what();
    }
  }
  if (error) refuse(Kind::io, "cannot read " + path_ + "/backups: " + error.message());
  std::ranges::sort(entries, {}, &Entry::id);
  return entries;
}

BackupManifest BackupDir::get(std::uint64_t id) const {
  const auto entries = list();
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    if (id == 0 ? !at->manifest : at->id != id) continue;
    if (!at->manifest) refuse(Kind::damaged, "backup " + std::to_string(id) + " cannot be used: " + at->why);
    return *at->manifest;
  }
  refuse(Kind::missing, id == 0 ? path_ + " holds no backup yet" : "there is no backup " + std::to_string(id) + " in " + path_);
}

BackupDir::Added BackupDir::add(BackupManifest manifest, std::vector<std::pair<std::string, std::string>> files, Failpoints* failpoints,
                                const Progress& progress) {
  sweep();
  const auto entries = list();
  std::map<std::string, File> before;
  for (const Entry& entry : entries)
    if (entry.manifest)
      for (const File& file : entry.manifest->files) before[file.path] = file;
  manifest.id = entries.empty() ? 1 : entries.back().id + 1;
  manifest.system = system_;
  manifest.files.clear();
  std::ranges::sort(files);
  std::uint64_t total = 0, done = 0;
  for (const auto& [name, path] : files) total += looked_at(name, path).bytes;
  Added added;
  std::set<std::string> touched;
  for (const auto& [name, path] : files) {
    File file = looked_at(name, path);
    done += file.bytes;
    const auto known = before.find(name);
    if (known != before.end() && unchanged(file, known->second) && fs::exists(content(known->second.sha256))) {
      file.sha256 = known->second.sha256;
    } else {
      if (failpoints != nullptr) failpoints->hit("backup.copy");
      const std::string beside = path_ + "/files/new";
      const Copied copied = copy_durably(path, beside, [&](std::span<std::byte> bytes) {
        if (failpoints != nullptr) failpoints->hit("backup.bytes", bytes);
      });
      file.sha256 = copied.sha256;
      file.bytes = copied.bytes;
      const std::string place = content(file.sha256), folder = fs::path{place}.parent_path();
      if (!fs::exists(place)) {
        ++added.copied_files;
        added.copied_bytes += copied.bytes;
      }
      fs::create_directories(folder);
      fs::rename(beside, place);  // Also over one that is there: it may be damaged.
      touched.insert(folder);
    }
    manifest.files.push_back(std::move(file));
    if (progress) progress(total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total));
  }
  for (const auto& folder : touched) sync_directory(folder);
  sync_directory(path_ + "/files");
  if (failpoints != nullptr) failpoints->hit("backup.manifest");
  write_durably(path_ + "/backups/" + name_of(manifest.id), to_text(manifest));
  if (failpoints != nullptr) failpoints->hit("backup.done");
  added.manifest = std::move(manifest);
  return added;
}

std::vector<std::string> BackupDir::check(const BackupManifest& manifest, const Progress& progress) const {
  std::vector<std::string> wrong;
  std::map<std::string, std::string> known;  // What was wrong with a content, as several files may share it.
  const std::uint64_t total = std::max<std::uint64_t>(1, manifest.bytes());
  std::uint64_t done = 0;
  for (const File& file : manifest.files) {
    const std::string path = content(file.sha256);
    const auto [at, first] = known.try_emplace(path);
    if (first) {
      std::error_code error;
      if (!fs::exists(path, error)) at->second = "is missing";
      else if (fs::file_size(path, error) != file.bytes) at->second = "has another length";
      else if (sha256_file(path) != file.sha256) at->second = "has other contents";
    }
    if (!at->second.empty()) wrong.push_back(file.path + " " + at->second + " (" + path + ")");
    done += file.bytes;
    if (progress) progress(static_cast<double>(done) / static_cast<double>(total));
  }
  return wrong;
}

void BackupDir::take_out(const BackupManifest& manifest, const std::string& to, const std::function<bool(const std::string&)>& wanted,
                         bool linked, Failpoints* failpoints, const Progress& progress) const {
  std::set<std::string> folders{to};
  const std::uint64_t total = std::max<std::uint64_t>(1, manifest.bytes());
  std::uint64_t done = 0;
  for (const File& file : manifest.files) {
    done += file.bytes;
    if (!wanted(file.path)) continue;
    const std::string place = to + "/" + file.path, from = content(file.sha256);
    for (fs::path folder = fs::path{place}.parent_path(); folder != fs::path{to}; folder = folder.parent_path()) folders.insert(folder);
    fs::create_directories(fs::path{place}.parent_path());
    if (failpoints != nullptr) failpoints->hit("restore.copy");
    if (linked) {
      fs::create_hard_link(from, place);
    } else if (copy_durably(from, place, {}).sha256 != file.sha256) {
      refuse(Kind::damaged, "the backup is damaged: " + file.path + " has other contents (" + from + ")");
    }
    if (progress) progress(static_cast<double>(done) / static_cast<double>(total));
  }
  if (linked) return;
  for (const auto& folder : folders) sync_directory(folder);
}

std::vector<std::uint64_t> BackupDir::prune(std::size_t newest, Time since) {
  const auto entries = list();
  std::vector<std::uint64_t> removed;
  const std::size_t kept = std::max<std::size_t>(1, newest);
  for (std::size_t i = 0; i + kept < entries.size(); ++i) {
    if (!entries[i].manifest || entries[i].manifest->made >= since) continue;
    fs::remove(path_ + "/backups/" + name_of(entries[i].id));
    removed.push_back(entries[i].id);
  }
  if (!removed.empty()) sync_directory(path_ + "/backups");
  sweep();
  return removed;
}

/// Contents that no manifest names. While one of them cannot be read nobody knows what it names.
void BackupDir::sweep() {
  std::set<std::string> needed;
  for (const Entry& entry : list()) {
    if (!entry.manifest) return;
    for (const File& file : entry.manifest->files) needed.insert(hex(file.sha256));
  }
  std::vector<fs::path> loose;
  for (const auto& file : fs::recursive_directory_iterator{path_ + "/files"})
    if (file.is_regular_file() && !needed.contains(file.path().filename().string())) loose.push_back(file.path());
  for (const auto& path : loose) fs::remove(path);
}

}  // namespace holdfast
