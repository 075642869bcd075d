#pragma once

#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Collectable;
}

namespace holdfast {

class System;

/// Answers GET /metrics, /healthz, /livez and /readyz on an address of its own, from one thread of
/// its own. Nothing it is sent can make it use more than a fixed number of connections, bytes and
/// requests a second, and no actor ever waits for it.
class MetricsListener {
 public:
  /// Takes `address` ("127.0.0.1:9464", "[::1]:0"); whoever connects waits until serve().
  /// Fails: std::runtime_error, one sentence that says what to change.
  explicit MetricsListener(const std::string& address);
  ~MetricsListener();
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;

  /// Begins to answer, also with the series of `more`, such as the host's own registry. `system`
  /// need not be started, and must outlive this. Once.
  void serve(const System& system, std::vector<std::shared_ptr<prometheus::Collectable>> more = {});
  /// Where it listens, with the port that the kernel chose for 0.
  const std::string& address() const;

 private:
  class Pages;
  class Server;
  std::unique_ptr<Pages> pages_;
  std::unique_ptr<Server> server_;
};

}  // namespace holdfast
