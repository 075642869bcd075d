#include "control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace holdfast::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPeerPatience = std::chrono::milliseconds{1000};
constexpr std::size_t kMaxReply = 16u << 20;

struct File {
  int fd = -1;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

/// The socket's address through an open directory: a path of any length fits into sun_path so.
sockaddr_un address_in(int directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(directory) + "/control.sock";
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// Waits until `fd` can be read or written. False at the deadline.
bool wait_for(int fd, short what, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{fd, what, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool send_line(int fd, std::string text, Clock::time_point deadline) {
  text += '\n';
  for (std::size_t sent = 0; sent < text.size();) {
    if (!wait_for(fd, POLLOUT, deadline)) return false;
    const auto n = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) sent += static_cast<std::size_t>(n);
    else if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
  }
  return true;
}

/// A line, or empty when none came whole.
std::string receive_line(int fd, std::size_t most, Clock::time_point deadline) {
  std::string line;
  char buffer[4096];
  while (line.size() <= most && wait_for(fd, POLLIN, deadline)) {
    const auto n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return "";
    line.append(buffer, static_cast<std::size_t>(n));
    const auto end = line.find('\n');
    if (end != std::string::npos) return end > most ? "" : line.substr(0, end);
  }
  return "";
}

/// Only the same user or root may ask or be asked.
bool trusted(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == ::geteuid() || peer.uid == 0);
}

}  // namespace

ControlServer::ControlServer(const std::string& data_dir, Handler handler)
    : handler_{std::move(handler)}, path_{data_dir + "/control.sock"} {
  const auto fail = [&] {
    throw std::runtime_error{"cannot serve the control socket " + path_ + ": " + std::strerror(errno)};
  };
  const File directory{::open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (directory.fd < 0 || listener_ < 0 || ::pipe2(stop_, O_CLOEXEC) != 0) fail();
  ::unlink(path_.c_str());
  const sockaddr_un address = address_in(directory.fd);
  // The mode is set before the name exists, so that nobody can slip in between.
  if (::fchmod(listener_, 0600) != 0 ||
      ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 8) != 0)
    fail();
  thread_ = std::thread{[this] { serve(); }};
}

ControlServer::~ControlServer() {
  const char word = 'x';
  const bool told = ::write(stop_[1], &word, 1) == 1;
  if (told && thread_.joinable()) thread_.join();
  ::unlink(path_.c_str());
  for (const int fd : {listener_, stop_[0], stop_[1]}) ::close(fd);
}

void ControlServer::serve() {
  while (true) {
    pollfd waiting[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    const File peer{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)};
    if (peer.fd >= 0 && trusted(peer.fd)) answer(peer.fd);
    // Without a descriptor left whoever asks stays at the door, and asking again at once is of no use.
    if (peer.fd < 0 && errno != EINTR) ::poll(&waiting[1], 1, 100);
  }
}

void ControlServer::answer(int peer) {
  const std::string line = receive_line(peer, kMaxRequest, Clock::now() + kPeerPatience);
  Json reply;
  try {
    if (line.empty()) throw std::invalid_argument{"expected one line of JSON of at most 4096 bytes"};
    reply = handler_(Json::parse(line));
  } catch (const Json::exception&) {
    reply = {{"error", "the request is not JSON of the expected shape"}};
  } catch (const std::exception& error) {
    reply = {{"error", error.what()}};
  }
  send_line(peer, dump(reply), Clock::now() + kPeerPatience);
}

ControlReply ask(const std::string& data_dir, const Json& request, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  const File directory{::open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  const File socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (directory.fd < 0 || socket.fd < 0) return {};
  const sockaddr_un address = address_in(directory.fd);
  if (::connect(socket.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return {errno == EAGAIN ? ControlReply::Kind::silent : ControlReply::Kind::nobody, {}};
  if (!trusted(socket.fd)) return {};
  const bool sent = send_line(socket.fd, dump(request), deadline);
  const std::string line = sent ? receive_line(socket.fd, kMaxReply, deadline) : "";
  // A process that dies while it is asked leaves nobody; one that says nothing is there and hangs.
  if (line.empty())
    return {Clock::now() < deadline ? ControlReply::Kind::nobody : ControlReply::Kind::silent, {}};
  const Json body = Json::parse(line, nullptr, false);
  if (body.is_discarded()) return {ControlReply::Kind::silent, {}};
  return {ControlReply::Kind::answered, body};
}

}  // namespace holdfast::cli
