#include "server.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include <holdfast/config/plan.hpp>

namespace holdfast {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds kPatience = 5s, kWindow = 1s, kEmptying = 500ms;

[[noreturn]] void refuse(const std::string& address, const std::string& why, const std::string& mend) {
  throw std::runtime_error{"metrics.listen: cannot listen at " + address + ": " + why + "; " + mend};
}

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;
Addresses resolve(const std::string& address) {
  const auto parts = host_and_port(address);
  if (!parts) refuse(address, "it is no address and port", "write one such as 127.0.0.1:9464");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(parts->first.c_str(), parts->second.c_str(), &hints, &found);
  if (error != 0) refuse(address, ::gai_strerror(error), "write an address of this machine, such as 127.0.0.1");
  return {found, ::freeaddrinfo};
}

std::string name_of(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0 ||
      ::getnameinfo(reinterpret_cast<sockaddr*>(&bound), size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "";
  const bool six = bound.ss_family == AF_INET6;
  return (six ? "[" : "") + std::string{host} + (six ? "]:" : ":") + port;
}

}  // namespace

MetricsListener::Server::Server(const std::string& address) {
  const Addresses found = resolve(address);
  listener_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener_ < 0 || ::bind(listener_, found->ai_addr, found->ai_addrlen) != 0 || ::listen(listener_, 64) != 0 ||
      ::pipe2(stop_, O_CLOEXEC) != 0) {
    const int error = errno;
    if (listener_ >= 0) ::close(listener_);
    refuse(address, std::strerror(error), "choose another one, or port 0 for any that is free");
  }
  address_ = name_of(listener_);
}

MetricsListener::Server::~Server() {
  const char word = 'x';
  if (thread_.joinable() && ::write(stop_[1], &word, 1) == 1) thread_.join();
  for (const auto& connection : connections_) ::close(connection.fd);
  for (const int fd : {listener_, stop_[0], stop_[1]}) ::close(fd);
}

void MetricsListener::Server::serve(Answer answer) {
  answer_ = std::move(answer);
  thread_ = std::thread{[this] { run(); }};
}

bool MetricsListener::Server::accepting() const {
  return Clock::now() >= window_ + kWindow || (!full_ && taken_ < kPerSecond);
}

/// Milliseconds until a connection's time is up or a new second begins; -1: nothing to wait for.
int MetricsListener::Server::timeout() const {
  auto next = Clock::time_point::max();
  for (const auto& connection : connections_) next = std::min(next, connection.deadline);
  if (!accepting()) next = std::min(next, window_ + kWindow);
  if (next == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

void MetricsListener::Server::run() {
  std::vector<pollfd> waiting;
  while (true) {
    waiting.assign({{stop_[0], POLLIN, 0}, {accepting() ? listener_ : -1, POLLIN, 0}});
    for (const auto& connection : connections_)
      waiting.push_back({connection.fd, static_cast<short>(connection.answered && !connection.emptying ? POLLOUT : POLLIN), 0});
    if (::poll(waiting.data(), waiting.size(), timeout()) < 0 && errno != EINTR) return;
    if (waiting[0].revents != 0) return;
    const auto now = Clock::now();
    std::size_t place = 2;
    for (auto at = connections_.begin(); at != connections_.end(); ++place) {
      const bool on = now < at->deadline && (waiting[place].revents == 0 || work(*at));
      if (!on) ::close(at->fd);
      at = on ? std::next(at) : connections_.erase(at);
    }
    if (waiting[1].revents != 0) accept_some();
  }
}

void MetricsListener::Server::accept_some() {
  if (const auto now = Clock::now(); now >= window_ + kWindow) {
    window_ = now;
    taken_ = 0;
    full_ = false;
  }
  for (; taken_ < kPerSecond; ++taken_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
      full_ = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
      return;
    }
    if (connections_.size() >= kConnections) {
      ::close(connections_.front().fd);
      connections_.pop_front();
    }
    connections_.push_back({.fd = fd, .deadline = Clock::now() + kPatience, .in = {}, .out = {}});
  }
}

bool MetricsListener::Server::work(Connection& connection) {
  return connection.answered && !connection.emptying ? write(connection) : read(connection);
}

bool MetricsListener::Server::read(Connection& connection) {
  char buffer[4096];
  const auto n = ::recv(connection.fd, buffer, sizeof buffer, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n == 0) return false;
  if (connection.emptying) return true;
  connection.in.append(buffer, static_cast<std::size_t>(n));
  const auto parsed = metrics::parse_request(connection.in);
  if (!parsed.request && parsed.error == 0) return true;
  const bool head = parsed.request && parsed.request->method == "HEAD";
  const metrics::Response response =
      parsed.request ? answer_(*parsed.request)
                     : metrics::Response{.status = parsed.error, .body = "this is no request for a page\n"};
  connection.out = metrics::to_text(response, !head);
  connection.answered = true;
  return write(connection);
}

bool MetricsListener::Server::write(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const auto n = ::send(connection.fd, connection.out.data() + connection.sent, connection.out.size() - connection.sent,
                          MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    connection.sent += static_cast<std::size_t>(n);
  }
  // Closed with bytes unread, the kernel would reset the connection and the answer be lost.
  ::shutdown(connection.fd, SHUT_WR);
  connection.emptying = true;
  connection.deadline = std::min(connection.deadline, Clock::now() + kEmptying);
  return true;
}

}  // namespace holdfast
