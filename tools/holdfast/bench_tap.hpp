#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <holdfast/sdk/time.hpp>

namespace holdfast::cli {

/// Stands between a FIX client and its venue on this machine, hands on what both say, and notes when the kernel
/// had each new order.
class WireTap {
 public:
  /// Of a venue at 127.0.0.1. Fails: std::runtime_error.
  explicit WireTap(std::uint16_t venue);
  ~WireTap();
  WireTap(const WireTap&) = delete;
  WireTap& operator=(const WireTap&) = delete;

  std::uint16_t port() const { return port_; }
  /// Seconds from handing the kernel `count` orders of about the same size to its own time stamp of each: what can be
  /// had without FIX. `pause` is called before each.
  static std::vector<double> plain_sends(int count, const std::function<void()>& pause);

  /// ClOrdID (11) of every NewOrderSingle so far, and when it came. Any thread.
  std::map<std::string, Time> orders() const;

 private:
  void serve();
  void pass_on(int client, int venue);
  bool hand_over(int from, int to, bool listen);
  void note(std::string_view bytes, Time at);

  int listener_ = -1, stop_[2] = {-1, -1};
  std::uint16_t port_ = 0, venue_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, Time> orders_;
  std::thread thread_;
};

}  // namespace holdfast::cli
