#pragma once

#include <functional>
#include <string>
#include <thread>

#include "summary.hpp"

/// How the program talks to a running system: a Unix socket in its data directory, one JSON line
/// asked, one answered.
namespace holdfast::cli {

/// Serves `<data dir>/control.sock`, for this user only, on a thread of its own.
///
/// One request per connection, at most kMaxRequest bytes, and nobody keeps it waiting longer than
/// a second. REQUIRES: the data directory's lock is held, so that an old socket may be removed.
class ControlServer {
 public:
  static constexpr std::size_t kMaxRequest = 4096;
  using Handler = std::function<Json(const Json& request)>;
  /// `handler` is called on the server's thread; what it throws becomes {"error": …}.
  /// Fails: std::runtime_error, one sentence.
  ControlServer(const std::string& data_dir, Handler handler);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  void serve();
  void answer(int peer);

  Handler handler_;
  std::string path_;
  int listener_ = -1, stop_[2] = {-1, -1};
  std::thread thread_;
};

/// What asking a data directory's process came to.
struct ControlReply {
  enum class Kind { nobody, silent, answered };
  Kind kind = Kind::nobody;
  Json body;
};
/// Nobody: no process serves the directory. Silent: one does, but did not answer in time.
ControlReply ask(const std::string& data_dir, const Json& request, std::chrono::milliseconds patience);

}  // namespace holdfast::cli
