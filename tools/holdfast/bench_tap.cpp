#include "bench_tap.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <tuple>

namespace holdfast::cli {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int tcp_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

std::pair<int, std::uint16_t> listen_anywhere() {
  const int listener = tcp_socket();
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (listener < 0 || ::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 4) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error{"cannot listen between a client and its venue"};
  return {listener, ntohs(address.sin_port)};
}

bool connect_to(int socket, std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Time time_of(const timespec& t) { return Time{t.tv_sec * 1'000'000'000LL + t.tv_nsec}; }

Time real_time() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return time_of(now);
}

/// When the last byte arrived, whenever this thread came to read it.
Time arrival(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
      timespec at{};
      std::memcpy(&at, CMSG_DATA(part), sizeof at);
      return time_of(at);
    }
  return real_time();
}

void at_once(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
}

}  // namespace

WireTap::WireTap(std::uint16_t venue) : venue_{venue} {
  std::tie(listener_, port_) = listen_anywhere();
  if (::pipe2(stop_, O_CLOEXEC) != 0) throw std::runtime_error{"cannot make a pipe"};
  thread_ = std::thread{[this] { serve(); }};
}

WireTap::~WireTap() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
  ::close(listener_);
}

std::vector<double> WireTap::plain_sends(int count, const std::function<void()>& pause) {
  const auto [sink, port] = listen_anywhere();
  const int client = tcp_socket();
  std::vector<double> seconds;
  {
    WireTap tap{port};
    at_once(client);
    if (!connect_to(client, tap.port())) throw std::runtime_error{"cannot connect to a socket of our own"};
    const int drain = ::accept4(sink, nullptr, nullptr, SOCK_CLOEXEC);
    const auto name = [](int i) { return "plain-" + std::to_string(i); };
    std::array<char, 512> bytes;
    for (int i = 0; i < count; ++i) {
      const std::string order = std::string(120, ' ') + "\x01" "35=D\x01" "11=" + name(i) + "\x01";
      pause();
      const Time begin = real_time();
      ::send(client, order.data(), order.size(), MSG_NOSIGNAL);
      // Once it has passed the tap, the tap has noted it or is about to.
      for (std::size_t got = 0; got < order.size();) {
        const ssize_t n = ::recv(drain, bytes.data(), bytes.size(), 0);
        if (n <= 0) throw std::runtime_error{"a socket of our own was closed"};
        got += static_cast<std::size_t>(n);
      }
      std::map<std::string, Time>::const_iterator at;
      auto seen = tap.orders();
      while ((at = seen.find(name(i))) == seen.end()) seen = tap.orders();
      seconds.push_back(std::chrono::duration<double>(at->second - begin).count());
    }
    ::close(client);
    ::close(drain);
  }
  ::close(sink);
  return seconds;
}

std::map<std::string, Time> WireTap::orders() const {
  const std::lock_guard lock{mutex_};
  return orders_;
}

void WireTap::serve() {
  while (true) {
    pollfd waits[]{{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    ::poll(waits, 2, -1);
    if (waits[1].revents != 0) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int venue = tcp_socket();
    at_once(client);
    at_once(venue);
    if (connect_to(venue, venue_)) pass_on(client, venue);
    ::close(client);
    ::close(venue);
  }
}

void WireTap::pass_on(int client, int venue) {
  while (true) {
    pollfd waits[]{{client, POLLIN, 0}, {venue, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    ::poll(waits, 3, -1);
    if (waits[2].revents != 0) return;
    if (waits[0].revents != 0 && !hand_over(client, venue, true)) return;
    if (waits[1].revents != 0 && !hand_over(venue, client, false)) return;
  }
}

bool WireTap::hand_over(int from, int to, bool listen) {
  std::array<char, 65'536> bytes;
  std::array<char, 256> beside;
  iovec place{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = beside.data();
  message.msg_controllen = beside.size();
  const ssize_t n = ::recvmsg(from, &message, 0);
  if (n <= 0) return false;
  const std::string_view all{bytes.data(), static_cast<std::size_t>(n)};
  for (std::size_t sent = 0; sent < all.size();) {
    const ssize_t written = ::send(to, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
    if (written <= 0) return false;
    sent += static_cast<std::size_t>(written);
  }
  if (listen) note(all, arrival(message));
  return true;
}

/// An order is short and leaves in one piece.
void WireTap::note(std::string_view bytes, Time at) {
  constexpr std::string_view kOrder = "\x01" "35=D\x01", kName = "\x01" "11=";
  for (auto begin = bytes.find(kOrder); begin != std::string_view::npos; begin = bytes.find(kOrder, begin + 1)) {
    const auto name = bytes.find(kName, begin);
    if (name == std::string_view::npos) return;
    const auto from = name + kName.size();
    const std::lock_guard lock{mutex_};
    orders_.emplace(bytes.substr(from, bytes.find('\x01', from) - from), at);
  }
}

}  // namespace holdfast::cli
