#include <holdfast/journal/data_dir.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <holdfast/journal/store.hpp>

namespace fs = std::filesystem;

namespace holdfast {

namespace {

struct Marker {
  int schema = 0;
  std::string system;
};

Marker read_marker(const std::string& path) {
  std::ifstream file{path + "/holdfast.store"};
  Marker marker;
  std::string word;
  if (file >> word >> marker.schema && word == "schema") {
    file >> word;
    std::getline(file >> std::ws, marker.system);
  }
  return marker;
}

[[noreturn]] void refuse(StoreError::Kind kind, const std::string& sentence) { throw StoreError{kind, sentence}; }

/// What cannot be looked at must not be taken for missing.
bool there(const std::string& path) {
  std::error_code error;
  const bool found = fs::exists(path, error);
  if (error) refuse(StoreError::Kind::io, "cannot use " + path + ": " + error.message());
  return found;
}

void check_contents(const std::string& path, const std::string& system, bool create) {
  using Kind = StoreError::Kind;
  const bool marked = there(path + "/holdfast.store"), journal = there(path + "/journal/CURRENT");
  if (marked) {
    const Marker marker = read_marker(path);
    if (marker.schema > DataDir::kSchema)
      refuse(Kind::newer, path + " was written by a newer Holdfast (schema " + std::to_string(marker.schema) +
                              ", this one knows " + std::to_string(DataDir::kSchema) + "): use that version or newer");
    if (marker.schema < 1) refuse(Kind::damaged, path + "/holdfast.store is damaged: restore a backup");
    if (!journal)
      refuse(Kind::damaged, path + " had a journal, but " + path +
                                "/journal is missing or incomplete: restore a backup; nothing was started");
    if (!system.empty() && marker.system != system)
      refuse(Kind::foreign, path + " belongs to the system '" + marker.system + "', not to '" + system +
                                "': choose another data directory");
    return;
  }
  std::error_code error;
  const fs::directory_iterator entries{path, error};
  if (error) refuse(Kind::io, "cannot use " + path + ": " + error.message());
  for (const auto& entry : entries) {
    const auto name = entry.path().filename();
    // What a start that did not get as far as a journal may leave.
    static constexpr std::string_view kOurs[] = {"journal", "lock", "lock.new", "latches", "signing.key",
                                                 "control.sock", "guard", "guard.new"};
    if (std::find(std::begin(kOurs), std::end(kOurs), name.string()) == std::end(kOurs))
      refuse(Kind::foreign, path + " is not a Holdfast data directory and is not empty (it holds " +
                                name.string() + "): choose another directory");
  }
  if (!create) refuse(Kind::missing, path + " holds no Holdfast journal: check the path");
}

}  // namespace

DataDir DataDir::open(const std::string& path, const std::string& system, bool create) {
  std::error_code error;
  if (!there(path)) {
    if (!create) refuse(StoreError::Kind::missing, path + " does not exist: check the path");
    fs::create_directories(path, error);
    if (error)
      refuse(StoreError::Kind::io, "cannot create the data directory " + path + ": " + error.message());
  }
  if (!fs::is_directory(path, error))
    refuse(StoreError::Kind::foreign, path + " is not a directory: choose another data directory");
  check_contents(path, system, create);
  DataDir dir;
  dir.path_ = path;
  dir.fresh_ = !there(path + "/holdfast.store");
  dir.lock_ = ::open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (dir.lock_ < 0)
    refuse(StoreError::Kind::io, "cannot use the data directory " + path + ": " + std::strerror(errno));
  if (::flock(dir.lock_, LOCK_EX | LOCK_NB) != 0)
    refuse(StoreError::Kind::in_use,
           path + " is in use by another process: stop it first, or choose another data directory");
  return dir;
}

void DataDir::mark_created(const std::string& system) {
  if (fresh_) mark(path_, system);
  fresh_ = false;
}

void DataDir::mark(const std::string& path, const std::string& system) {
  const std::string marker = path + "/holdfast.store", temporary = path + "/lock.new";
  const std::string text = "schema " + std::to_string(kSchema) + "\nsystem " + system + "\n";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool good = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good || ::rename(temporary.c_str(), marker.c_str()) != 0)
    refuse(StoreError::Kind::io, "cannot write " + marker + ": " + std::strerror(errno));
  const int dir = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    ::fsync(dir);
    ::close(dir);
  }
}

DataDir::DataDir(DataDir&& other) noexcept : path_{std::move(other.path_)}, lock_{other.lock_}, fresh_{other.fresh_} {
  other.lock_ = -1;
}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

std::string system_name_of(const std::string& path) { return read_marker(path).system; }

}  // namespace holdfast
