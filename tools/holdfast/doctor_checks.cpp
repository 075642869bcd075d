// What `holdfast doctor` looks at.
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/sdk/plugin.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "chart.hpp"
#include "doctor.hpp"
#include "output.hpp"

namespace holdfast::cli {

namespace {

namespace fs = std::filesystem;
using Level = Finding::Level;
constexpr double kGiB = 1024.0 * 1024 * 1024;
constexpr int kSyncs = 25;
constexpr double kSlowSync = 0.010;
constexpr rlim_t kFewDescriptors = 1024;

std::string first_line(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  return line;
}

/// The nearest folder above `path` that exists.
std::string existing(const std::string& path) {
  std::error_code ignored;
  fs::path at = fs::absolute(path, ignored).lexically_normal();
  while (!fs::is_directory(at, ignored) && at.has_relative_path()) at = at.parent_path();
  return at.string();
}

/// A file without a name, gone when it is closed.
struct Scratch {
  int fd = -1;
  explicit Scratch(const std::string& folder) {
    fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return;
    std::string name = folder + "/.doctor-XXXXXX";
    fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
  }
  ~Scratch() {
    if (fd >= 0) ::close(fd);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

/// Seconds of each of some appends that are made durable, ascending; empty when one failed.
std::vector<double> sync_times(int fd) {
  std::vector<double> out;
  const std::string block(4096, 'x');
  for (int i = 0; i < kSyncs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (::write(fd, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || ::fdatasync(fd) != 0)
      return {};
    out.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::ranges::sort(out);
  return out;
}

Finding check_sync(const std::string& folder) {
  const Scratch file{folder};
  const auto times = file.fd < 0 ? std::vector<double>{} : sync_times(file.fd);
  if (times.empty())
    return {"disk.sync", Level::failure, "cannot write and sync in " + folder + ": " + std::strerror(errno),
            "give this user a folder that can be written, on a disk with room"};
  const double half = quantile(times, 0.5);
  const std::string found = "4 KiB durable in " + short_time(half) + " (median), " + short_time(times.back()) +
                            " (longest of " + std::to_string(kSyncs) + ")";
  if (half > kSlowSync)
    return {"disk.sync", Level::warning, found,
            "orders wait for the disk: put the data directory on an SSD with power-loss protection"};
  return {"disk.sync", Level::ok, found, ""};
}

Finding check_kind(const std::string& folder) {
  struct Kind {
    std::uint32_t magic;
    const char *name, *remedy;
  };
  static constexpr const char* kNetwork = "locks and syncs over a network are not to be trusted: use a local disk";
  static constexpr Kind kKinds[] = {
      {0xEF53, "ext4", ""},
      {0x58465342, "xfs", ""},
      {0x9123683E, "btrfs", ""},
      {0x2FC12FC1, "zfs", ""},
      {0xF2F52010, "f2fs", ""},
      {0x01021994, "tmpfs", "it is memory and gone after a restart of the machine: use a disk"},
      {0x858458F6, "ramfs", "it is memory and gone after a restart of the machine: use a disk"},
      {0x794C7630, "overlayfs", "it goes with its container: mount a volume for the data directory"},
      {0x6969, "nfs", kNetwork},
      {0xFF534D42, "cifs", kNetwork},
      {0xFE534D42, "smb2", kNetwork},
      {0x65735546, "fuse", "what a sync means there depends on who serves it: use a local disk"}};
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0)
    return {"disk.kind", Level::failure, std::strerror(errno), "check the path"};
  const auto magic = static_cast<std::uint32_t>(info.f_type);
  for (const auto& kind : kKinds)
    if (kind.magic == magic)
      return {"disk.kind", *kind.remedy == 0 ? Level::ok : Level::warning, kind.name, kind.remedy};
  std::ostringstream text;
  text << "unknown kind 0x" << std::hex << magic;
  return {"disk.kind", Level::warning, text.str(), "tried with ext4, xfs, btrfs, zfs and f2fs"};
}

Finding check_space(const std::string& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0)
    return {"disk.space", Level::failure, std::strerror(errno), "check the path"};
  const double free = static_cast<double>(info.f_bavail) * static_cast<double>(info.f_bsize),
               whole = static_cast<double>(info.f_blocks) * static_cast<double>(info.f_bsize);
  const std::string found = decimal(free / kGiB, 1) + " GiB free of " + decimal(whole / kGiB, 1) + " GiB at " + folder;
  const std::string remedy = "make room, or keep fewer market events (journal.retention): a full disk ends a run";
  if (free < 0.25 * kGiB) return {"disk.space", Level::failure, found, remedy};
  return {"disk.space", free < 2 * kGiB ? Level::warning : Level::ok, found, free < 2 * kGiB ? remedy : ""};
}

std::string who_owns(const struct stat& info) {
  return "user " + std::to_string(info.st_uid) + ", mode " + [&] {
    std::ostringstream mode;
    mode << std::oct << (info.st_mode & 07777);
    return mode.str();
  }();
}

}  // namespace

Findings check_clock() {
  Findings out;
  timex state{};
  const int told = ::adjtimex(&state);
  const std::string error = "off by at most " + short_time(static_cast<double>(state.maxerror) / 1e6);
  if (told < 0)
    out.push_back({"clock.sync", Level::warning, std::string{"the kernel does not say: "} + std::strerror(errno),
                   "make sure that something keeps the clock"});
  else if (told == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
    out.push_back({"clock.sync", Level::warning, "nothing keeps this machine's clock",
                   "run chrony or systemd-timesyncd: event times are only as good as the clock"});
  else out.push_back({"clock.sync", Level::ok, "kept, " + error, ""});
  timespec resolution{};
  ::clock_getres(CLOCK_REALTIME, &resolution);
  const double step = static_cast<double>(resolution.tv_sec) + static_cast<double>(resolution.tv_nsec) / 1e9;
  const std::string source = first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  const bool slow = source == "hpet" || source == "acpi_pm" || source == "jiffies";
  const std::string found = "steps of " + short_time(step) + (source.empty() ? "" : ", source " + source);
  out.push_back({"clock.resolution", step > 1e-6 || slow ? Level::warning : Level::ok, found,
                 step > 1e-6 || slow
                     ? "boot with clocksource=tsc if the processor has a constant one: every event asks for the time"
                     : ""});
  return out;
}

Findings check_disk(const std::string& data_dir) {
  const std::string folder = existing(data_dir);
  return {check_space(folder), check_kind(folder), check_sync(folder)};
}

Findings check_permissions(const std::string& data_dir) {
  struct stat info {};
  if (::stat(data_dir.c_str(), &info) != 0)
    return {{"permissions", Level::ok, data_dir + " does not exist yet; the first run makes it", ""}};
  Findings out;
  const bool mine = info.st_uid == ::geteuid() || ::geteuid() == 0, open = (info.st_mode & 022) != 0;
  out.push_back({"permissions",
                 !mine  ? Level::failure
                 : open ? Level::warning
                        : Level::ok,
                 data_dir + ": " + who_owns(info),
                 !mine  ? "run as the user who owns it"
                 : open ? "others may write there and stop or forge a journal: chmod go-w " + data_dir
                        : ""});
  const std::string key = data_dir + "/signing.key";
  if (::stat(key.c_str(), &info) == 0) {
    const bool secret = (info.st_mode & 077) == 0;
    out.push_back({"permissions.key", secret ? Level::ok : Level::failure, key + ": " + who_owns(info),
                   secret ? "" : "others may read the key that signs checkpoints: chmod 600 " + key});
  }
  const std::string system = system_name_of(data_dir);
  if (system.empty()) out.push_back({"journal", Level::ok, "no journal there yet", ""});
  else out.push_back({"journal", Level::ok, "of system " + system, ""});
  return out;
}

Findings check_limits() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const bool few = limit.rlim_cur < kFewDescriptors;
  Findings out{{"descriptors", few ? Level::warning : Level::ok,
                "at most " + grouped(limit.rlim_cur) + " open files (hard limit " + grouped(limit.rlim_max) + ")",
                few ? "raise it: ulimit -n 4096, or LimitNOFILE= of the service" : ""}};
  std::ifstream memory{"/proc/meminfo"};
  std::uint64_t kib = 0;
  for (std::string name, unit; memory >> name >> kib && std::getline(memory, unit) && name != "MemAvailable:";) kib = 0;
  const bool little = kib < 512 * 1024;
  out.push_back({"memory", little ? Level::warning : Level::ok,
                 decimal(static_cast<double>(kib) / 1024 / 1024, 1) + " GiB available",
                 little ? "leave at least half a GiB to a system" : ""});
  return out;
}

Findings check_processor() {
  std::ifstream file{"/proc/cpuinfo"};
  std::set<std::string> flags;
  std::string model;
  for (std::string line; flags.empty() && std::getline(file, line);) {
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
    if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
    std::istringstream words{line.substr(line.find(':') + 1)};
    for (std::string flag; words >> flag;) flags.insert(flag);
  }
  const unsigned cores = std::thread::hardware_concurrency();
  Findings out{{"cpu.cores", cores < 2 ? Level::warning : Level::ok,
                std::to_string(cores) + (model.empty() ? "" : ", " + model),
                cores < 2 ? "give it two: the disk thread and the actors take turns on one" : ""}};
  const auto has = [&](const char* name, const char* x86, const char* arm, const char* remedy) {
    const bool there = flags.contains(x86) || flags.contains(arm);
    out.push_back(
        {name, there ? Level::ok : Level::warning, there ? "in hardware" : "not in hardware", there ? "" : remedy});
  };
  has("cpu.sha256", "sha_ni", "sha2", "the journal's hash chain is several times slower without sha_ni");
  has("cpu.crc32", "sse4_2", "crc32", "the store's checksums are slower without sse4.2");
  return out;
}

Findings check_versions() {
  utsname system{};
  ::uname(&system);
  Findings out{
      {"version.holdfast", Level::ok,
       HOLDFAST_VERSION ", SDK " + std::to_string(kSdkVersion) + ", journal schema " + std::to_string(DataDir::kSchema),
       ""},
      {"version.system", Level::ok,
       std::string{system.sysname} + " " + system.release + " " + system.machine + ", libc " + ::gnu_get_libc_version(),
       ""}};
  // A loaded library's file name ends with its version.
  std::set<std::string> libraries;
  std::ifstream maps{"/proc/self/maps"};
  for (std::string line; std::getline(maps, line);) {
    const std::string file = line.substr(line.find_last_of('/') + 1);
    for (const char* name : {"librocksdb.so.", "libcaf_core.so.", "libyaml-cpp.so.", "libcrypto.so."})
      if (file.starts_with(name))
        libraries.insert(std::string{name}.substr(3, std::strlen(name) - 7) + " " + file.substr(std::strlen(name)));
  }
  std::string all;
  for (const auto& library : libraries) all += (all.empty() ? "" : ", ") + library;
  out.push_back({"version.libraries", Level::ok, all.empty() ? "linked into the program" : all, ""});
  return out;
}

}  // namespace holdfast::cli
