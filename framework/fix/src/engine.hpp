#pragma once

#include <memory>
#include <string>

#include <holdfast/fix/content.hpp>

#include "store.hpp"

// The border to QuickFIX: its headers are C++14 and stay on the other side.
namespace holdfast {
namespace fix {

/// What a session asks of whoever runs it. Called inside the calls of Engine.
class Host {
 public:
  virtual ~Host() {}
  /// To the other side, now.
  virtual void transmit(const std::string& bytes) = 0;
  /// The session wants no connection any more.
  virtual void hang_up() = 0;
  virtual void established() = 0;
  virtual void received(Content message, const Head& head) = 0;
  /// ResendRequest, Reject or Logout.
  virtual void told(Content message, const Head& head) = 0;
  /// Of an acceptor; false refuses, and `why` is said.
  virtual bool may_log_on(const Content& logon, std::string& why) = 0;
  /// See Listener::on_sending().
  virtual bool sending(Content& message, const Head& head, bool admin) = 0;
};

/// The dialect, read once and shared by sessions.
class Dictionary {
 public:
  Dictionary();
  ~Dictionary();
  struct Impl;
  std::unique_ptr<Impl> impl;
};

struct EngineOptions {
  std::string sender, target, username, password;
  bool initiator = false, reset_on_logon = false;
  int heartbeat = 30, max_clock_difference = 120;  ///< Seconds.
};

/// The protocol of one session: everything but its bytes' way. One thread at a time. Fails: answers what is wrong
/// as FIX says; a store that fails ends the connection.
class Engine {
 public:
  /// All are outlived by the arguments.
  Engine(const Dictionary& dictionary, const EngineOptions& options, Store& store, Host& host);
  ~Engine();

  /// There is a connection; an initiator says Logon.
  void attach();
  /// There is none any more.
  void detach();
  /// Heartbeats and deadlines; about every 100 ms.
  void tick();
  /// One framed message.
  void receive(const std::string& message);
  /// False when it is not logged on, or the store failed.
  bool send(const Content& message, bool poss_resend);
  /// What send() would transmit but for MsgSeqNum and SendingTime; nothing is counted. Empty when it fails.
  std::string encode(const Content& message);
  /// What was encoded before, with the number that is next and sending_time(); otherwise as send().
  bool send_encoded(const std::string& bytes);
  std::string sending_time() const;
  /// Says goodbye.
  void log_out(const std::string& text);
  /// Logons are welcome again after log_out().
  void enable();
  void skew(long long nanoseconds);

  bool logged_on() const;
  /// What it said last of itself: why it hung up.
  const std::string& last_event() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fix
}  // namespace holdfast
