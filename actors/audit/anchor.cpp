#include "anchor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace holdfast::audit {

namespace {

[[noreturn]] void refuse(const std::string& doing, const std::string& path, int error) {
  throw std::runtime_error{"the anchor directory cannot be used: " + doing + " " + path + ": " +
                           std::strerror(error) + "; make it writable or name another in `anchors`"};
}

class File {
 public:
  File(const std::string& path, int flags) : path_{path}, fd_{::open(path.c_str(), flags | O_CLOEXEC, 0644)} {
    if (fd_ < 0) refuse("opening", path_, errno);
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t n = ::write(fd_, text.data() + done, text.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) refuse("writing", path_, errno);
      done += static_cast<std::size_t>(n);
    }
  }
  void sync() {
    if (::fsync(fd_) != 0) refuse("syncing", path_, errno);
  }

 private:
  std::string path_;
  int fd_;
};

}  // namespace

void write_anchor(const std::string& dir, const std::string& name, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) refuse("making", dir, error.value());
  const std::string path = dir + "/" + name, draft = path + ".tmp";
  {
    File file{draft, O_WRONLY | O_CREAT | O_TRUNC};
    file.write(text);
    file.sync();
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) refuse("renaming to", path, errno);
  File{dir, O_RDONLY | O_DIRECTORY}.sync();
}

void add_key(const std::string& dir, const std::string& pem) {
  std::stringstream keys;
  if (std::ifstream file{dir + "/audit.pub"}; file) keys << file.rdbuf();
  if (keys.str().find(pem) == std::string::npos) write_anchor(dir, "audit.pub", keys.str() + pem);
}

}  // namespace holdfast::audit
