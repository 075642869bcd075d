#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <holdfast/sdk/schema.hpp>

#include <holdfast/fix/endpoint.hpp>

namespace holdfast::fix {

/// Where a venue is and who logs on there: what every plugin that speaks FIX is told.
struct ClientSettings {
  std::string host;
  int port = 0;
  std::string sender;
  std::string target = "VENUE";
  std::string username;
  Secret password;
  Duration heartbeat = std::chrono::seconds{30};
  Duration reconnect_min = std::chrono::milliseconds{100};
  Duration reconnect_max = std::chrono::seconds{5};
};

/// The schema of those settings; `Config` derives from ClientSettings, and may add its own.
template <class Config>
Schema<Config> client_schema() {
  const auto of = []<class T>(T ClientSettings::*member) -> T Config::* { return member; };
  const auto some = Limit<std::string>{"not empty", [](const std::string& text) { return !text.empty(); }};
  static constexpr Duration kHour = std::chrono::hours{1};
  return Schema<Config>{}
      .required("host", of(&Config::host), "Name or address of the venue.", some)
      .required("port", of(&Config::port), "Its TCP port.", between(1, 65535))
      .required("sender", of(&Config::sender), "Our SenderCompID (49); one session at a time may have it.", some)
      .field("target", of(&Config::target), "The venue's CompID (56).", some)
      .field("username", of(&Config::username), "Username (553) of the Logon; none when empty.")
      .field("password", of(&Config::password), "Password (554) of the Logon, as {secret: name}.")
      .field("heartbeat", of(&Config::heartbeat), "HeartBtInt (108): silence longer than this is asked about.",
             between(Duration{std::chrono::seconds{1}}, kHour),
             Limit<Duration>{"whole seconds", [](Duration d) { return d % std::chrono::seconds{1} == Duration{}; }})
      .field("reconnect_min", of(&Config::reconnect_min), "Wait before a second attempt to connect; doubles with each.",
             between(Duration{std::chrono::milliseconds{1}}, kHour))
      .field("reconnect_max", of(&Config::reconnect_max), "Longest wait between two attempts.",
             between(Duration{std::chrono::milliseconds{1}}, kHour))
      .check("reconnect_min is longer than reconnect_max", [](const Config& c) { return c.reconnect_min <= c.reconnect_max; });
}

/// What a session has said, in its order.
struct Heard {
  enum class Kind : std::uint8_t {
    logon, logout, message, admin,
    silence,  ///< Logged on, and no business message for as long as was set.
  };
  Kind kind = Kind::message;
  std::string why;      ///< logout: for people.
  Message message{""};  ///< message, admin.
};

/// How a client keeps its session.
struct ClientSession {
  std::string store_dir{};            ///< Made when it is not there. Empty: both sides begin at 1 with each logon.
  bool hold_acknowledgement = false;  ///< See SessionOptions.
  Duration silence{};                 ///< Told again and again; zero: never.
};

/// One session that connects, for a plugin: the endpoint's thread queues what it hears, the plugin's thread fetches
/// it. A queue that is full stops the reading, until the venue feels it; what we send leaves all the same.
class Client final : private Listener {
 public:
  static constexpr std::size_t kQueued = 65'536;

  /// Opens the session's files and connects, again and again. `wake`: there is something to take; called on the
  /// endpoint's thread. Fails: std::runtime_error, when the files cannot be used or nobody knows the host.
  Client(const ClientSettings& settings, const ClientSession& session, std::function<void()> wake);
  /// Logs out, if there is time to.
  ~Client() override;

  // The plugin's thread:

  /// The next thing heard, or nothing. Calls `wake` no more for what was there already: take all.
  std::optional<Heard> take();
  /// The sequence numbers among which the message is, first and one past the last; heartbeats may take some of
  /// them, no other send() does. Empty: the session is not logged on, and nothing is sent.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> send(const Message& message);
  /// See Endpoint::prepare().
  Prepared prepare(const Message& message) { return endpoint_.prepare(session_, message); }
  std::optional<std::pair<std::uint64_t, std::uint64_t>> send(const Prepared& prepared, Time now);
  void acknowledge(std::uint64_t seq) { endpoint_.acknowledge(session_, seq); }
  /// Cuts the connection; it is made again.
  void disconnect(const std::string& why) { endpoint_.disconnect(session_, why); }

 private:
  void on_logon(SessionId session) override;
  void on_logout(SessionId session, std::string_view why) override;
  void on_message(SessionId session, const Message& message) override;
  void on_admin(SessionId session, const Message& message) override;
  template <class Send>
  std::optional<std::pair<std::uint64_t, std::uint64_t>> among(const Send& send);
  void push(Heard heard);
  void watch();

  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<Heard> queue_;
  bool closing_ = false, logged_on_ = false;
  std::uint64_t spoken_ = 0;  ///< Counts what ends a silence.
  const Duration silence_;
  std::condition_variable over_;
  Endpoint endpoint_;  ///< Its thread uses what stands above.
  SessionId session_;
  std::thread watcher_;
};

}  // namespace holdfast::fix
