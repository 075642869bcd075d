#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <holdfast/metrics/listener.hpp>
#include <map>
#include <stdexcept>
#include <string>

#include "system_fixture.hpp"

/// Asking a listener over a real socket.
namespace holdfast::test {

/// A connection to 127.0.0.1 that waits at most ten seconds for anything.
class Connection {
 public:
  enum class Kind { patient, hasty };
  /// A hasty one does not wait until it is let in.
  explicit Connection(const std::string& address, Kind kind = Kind::patient)
      : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (kind == Kind::hasty ? SOCK_NONBLOCK : 0), 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && kind == Kind::patient)
      throw std::runtime_error{"nobody listens at " + address};
  }
  Connection(Connection&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  /// False when the other side has hung up.
  bool send(const std::string& text) const {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// Everything until the other side ends it.
  std::string rest() const {
    std::string all;
    char buffer[4096];
    for (ssize_t n; (n = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    return all;
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

struct Answered {
  int status = 0;
  std::string head, body;
};

inline Answered sent(const std::string& address, const std::string& text) {
  const Connection connection{address};
  connection.send(text);
  const std::string all = connection.rest();
  const auto end = all.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {std::stoi(all.substr(9, 3)), all.substr(0, end + 2), all.substr(end + 4)};
}

inline Answered asked(const std::string& address, const std::string& path, const std::string& method = "GET") {
  return sent(address, method + " " + path + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n");
}

/// Name and labels, as exposed, with the value.
inline std::map<std::string, double> series_of(const std::string& text) {
  std::map<std::string, double> series;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#') series[line.substr(0, line.rfind(' '))] = std::stod(line.substr(line.rfind(' ')));
  return series;
}

/// Looks until `done` says yes; false after thirty seconds.
inline bool wait_for(System& system, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    system.run_for(std::chrono::milliseconds{10});
  }
  return true;
}

/// A market that goes on, and somebody who trades on it.
inline std::string trading_system(std::uint64_t ticks, int speed = 0) {
  Setup setup;
  setup.ticks = ticks;
  setup.speed = speed;
  setup.strategies = {{"beat", "plugin: metronome, every: 100"}};
  return setup.text();
}

}  // namespace holdfast::test
