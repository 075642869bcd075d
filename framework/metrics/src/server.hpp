#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <string>
#include <thread>

#include <holdfast/metrics/listener.hpp>

#include "http.hpp"

namespace holdfast {

/// One thread, one poll(): connections of any number of clients at once, each with a deadline for
/// the whole of it, so that a slow one keeps nobody waiting. At most kConnections are open, the
/// oldest gives way to the newest, and at most kPerSecond are taken up a second.
class MetricsListener::Server {
 public:
  static constexpr std::size_t kConnections = 64;
  static constexpr int kPerSecond = 250;

  using Answer = std::function<metrics::Response(const metrics::Request&)>;
  /// Binds and listens. Fails: std::runtime_error.
  explicit Server(const std::string& address);
  ~Server();

  void serve(Answer answer);
  const std::string& address() const { return address_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    int fd = -1;
    Clock::time_point deadline;
    std::string in, out;
    std::size_t sent = 0;
    bool answered = false, emptying = false;  ///< Emptying: all is said, and what still comes is thrown away.
  };
  void run();
  int timeout() const;
  void accept_some();
  bool accepting() const;
  /// False: it is over.
  bool work(Connection& connection);
  bool read(Connection& connection);
  bool write(Connection& connection);

  std::string address_;
  int listener_ = -1, stop_[2] = {-1, -1};
  Answer answer_;
  std::list<Connection> connections_;  ///< Oldest first.
  Clock::time_point window_;           ///< Begin of the second that `taken_` counts.
  int taken_ = 0;
  bool full_ = false;                  ///< No descriptor was left; tried again in the next second.
  std::thread thread_;
};

}  // namespace holdfast
