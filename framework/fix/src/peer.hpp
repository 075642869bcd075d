#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/fix/endpoint.hpp>
#include <holdfast/sdk/random.hpp>

#include "engine.hpp"
#include "framer.hpp"
#include "sockets.hpp"

namespace holdfast::fix {

using Clock = std::chrono::steady_clock;

/// One session with its connection, if it has one. What is not said to be for the endpoint's thread is for any.
class Peer final : private Host {
 public:
  /// `wake` makes the endpoint's thread look again.
  Peer(SessionId id, const SessionOptions& options, const Dictionary& dictionary, const Limits& limits,
       Listener& listener, std::function<void()> wake);

  bool send(const Message& message);
  Prepared prepare(const Message& message);
  bool send(const Prepared& prepared, Time now);
  void acknowledge(std::uint64_t seq);
  void disconnect(const std::string& why);
  void logout(const std::string& text);
  void pause(bool paused);
  void set_sequence(const Sequence& next);
  void skew(Duration ahead);
  bool logged_on() const;
  Sequence sequence() const;
  void connect(const Address& address, const Backoff& backoff);

  const SessionOptions& options() const { return options_; }

  // The endpoint's thread:

  /// Takes a connection over together with its Logon; false when there is one already.
  bool adopt(Socket& socket, Framer& framer, const std::string& logon);
  struct Interest {
    int fd = -1;
    short events = 0;
    Clock::time_point next = Clock::time_point::max();  ///< When there is something to do anyway.
  };
  Interest interest() const;
  /// Does what can be done; `events` is poll()'s word. What is left of a connection that has ended.
  Socket work(short events, Clock::time_point now);
  /// Logs out and never connects again.
  void retire();
  bool idle() const;

 private:
  struct Event {
    enum class Kind : std::uint8_t { logon, logout, message, admin } kind;
    std::string why;
    std::optional<Message> message;
  };
  enum class State : std::uint8_t { none, connecting, open };

  void transmit(const std::string& bytes) override;
  void hang_up() override;
  void established() override;
  void received(Content message, const Head& head) override;
  void told(Content message, const Head& head) override;
  bool may_log_on(const Content& logon, std::string& why) override;
  bool sending(Content& message, const Head& head, bool admin) override;

  void begin_connecting(Clock::time_point now);
  void finish_connecting();
  void flush();
  void read();
  void process(const std::string& message);
  void fail(std::string why);
  std::string why_hung_up() const;
  void catch_up(std::string_view farewell);
  Socket close(Clock::time_point now);
  void retry_later(Clock::time_point now);
  void deliver();

  const SessionId id_;
  const SessionOptions options_;
  const Limits limits_;
  Listener& listener_;
  const std::function<void()> wake_;
  Framer framer_;  ///< The endpoint's thread.

  mutable std::mutex mutex_;  ///< Of everything below.
  Store store_;
  Engine engine_;
  State state_ = State::none;
  Socket socket_;
  std::string out_;
  std::size_t out_at_ = 0;
  bool paused_ = false, leaving_ = false, detaching_ = false;
  bool cut_ = false;                      ///< No goodbye: the socket is closed at once.
  std::optional<std::string> over_;       ///< The connection is to end, and why.
  std::optional<std::string> farewell_;   ///< Text of the counterparty's Logout.
  std::vector<Event> events_;
  int unfilled_ = 0;                      ///< Messages since the expected number last moved.
  Clock::time_point next_tick_{};

  std::optional<Address> address_;        ///< Where an initiator connects.
  Backoff backoff_;
  Duration delay_{};
  Clock::time_point next_attempt_{};
  Random random_;
};

}  // namespace holdfast::fix
