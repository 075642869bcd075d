#include <holdfast/venue/log.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace holdfast::venue {

namespace {

constexpr std::string_view kHead = R"({"schema":"holdfast.venue-log/1"})";

[[noreturn]] void refuse_file(const std::string& path, const char* what) {
  throw LogError{std::string{what} + " " + path + ": " + std::strerror(errno)};
}

/// The name of a new file is durable only once its folder is.
void sync_folder(const std::string& path) {
  const std::string folder = std::filesystem::path{path}.parent_path().string();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) refuse_file(path, "cannot sync the folder of");
  ::close(fd);
}

}  // namespace

std::size_t read_log(const std::string& path, const std::function<void(const Batch&)>& each) {
  std::ifstream in{path, std::ios::binary};
  if (!in) refuse_file(path, "cannot read");
  std::size_t counted = 0, number = 0;
  for (std::string line; std::getline(in, line);) {
    if (in.eof()) break;  // No end of line.
    ++number;
    try {
      if (number > 1) each(batch_of(line));
      else if (line != kHead) throw LogError{"this is no venue's file"};
    } catch (const std::runtime_error& error) {
      throw LogError{path + ":" + std::to_string(number) + ": " + error.what()};
    }
    counted += line.size() + 1;
  }
  if (in.bad()) refuse_file(path, "cannot read");
  return counted;
}

Log::Log(const std::string& path, const std::function<void(const Batch&)>& each) : path_{path} {
  const bool known = std::filesystem::exists(path);
  const std::size_t size = known ? read_log(path, each) : 0;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) refuse_file(path, "cannot write");
  if (::ftruncate(file_, static_cast<off_t>(size)) != 0) refuse_file(path, "cannot write");
  if (size == 0) pending_ = std::string{kHead} + "\n";
  sync();
  if (!known) sync_folder(path);
}

Log::~Log() {
  if (file_ >= 0) ::close(file_);
}

void Log::append(const Batch& batch) {
  if (!batch.facts.empty()) pending_ += line_of(batch) + "\n";
}

void Log::sync() {
  if (failed_) throw LogError{"cannot write " + path_ + " any more: what it holds is not known"};
  if (pending_.empty()) return;
  failed_ = true;
  for (std::string_view rest = pending_; !rest.empty();) {
    const ssize_t wrote = ::write(file_, rest.data(), rest.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) refuse_file(path_, "cannot write");
    rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (::fdatasync(file_) != 0) refuse_file(path_, "cannot sync");
  failed_ = false;
  pending_.clear();
}

}  // namespace holdfast::venue
