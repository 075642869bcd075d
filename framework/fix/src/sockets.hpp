#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::fix {

/// A descriptor with one owner.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_{fd} {}
  Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket();
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// Asks for the name once. Fails: std::runtime_error.
Address resolve(const std::string& host, std::uint16_t port);
/// Non-blocking. Fails: std::runtime_error.
Socket listen_at(const Address& address);
std::uint16_t port_of(const Socket& socket);
/// Begins; a socket that becomes writable is connected or has failed, see failure_of(). None: failed at once.
Socket connect_to(const Address& address);
/// 0, or errno of what happened to it.
int failure_of(const Socket& socket);
/// The next connection; none when there is none, or no descriptor for it (`exhausted`).
Socket accept_from(const Socket& listener, bool& exhausted);

/// Bytes read or written; 0: not now; -1: the connection is over, errno says why, 0 that it ended well.
long read_some(const Socket& socket, char* buffer, std::size_t size);
long write_some(const Socket& socket, std::string_view bytes);

}  // namespace holdfast::fix
