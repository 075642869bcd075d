#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <holdfast/sdk/time.hpp>

#include <holdfast/fix/message.hpp>
#include <holdfast/fix/prepared.hpp>

namespace holdfast::fix {

/// A session of one endpoint.
struct SessionId {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(SessionId, SessionId) = default;
};

/// What a counterparty wants to log on with.
struct Logon {
  std::string sender;              ///< Its SenderCompID (49).
  std::string username, password;  ///< 553 and 554; empty when they are missing.
  Duration heartbeat{};            ///< HeartBtInt (108).
  bool reset = false;              ///< ResetSeqNumFlag (141).
};

/// What happens on an endpoint's sessions. Called on the endpoint's thread with no lock held, so that every call
/// of Endpoint is allowed inside, except where said; must not throw. Outlives the endpoint.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Both directions are done.
  virtual void on_logon(SessionId session) {}
  /// It was logged on and is not any more, or an attempt to get there failed: refused by the network, by the
  /// counterparty's Logout, by `refuse_logon`. `why` is a sentence for people.
  virtual void on_logout(SessionId session, std::string_view why) {}
  /// A business message, in sequence, once; what the session layer answers itself is not among them.
  virtual void on_message(SessionId session, const Message& message) {}
  /// What the counterparty says to the session and is worth knowing: Reject (3), Logout (5), and ResendRequest (2):
  /// of a session that keeps nothing, what is asked for is lost, even what came already and waited for the gap.
  virtual void on_admin(SessionId session, const Message& message) {}
  /// All that had come in was told.
  virtual void on_rest() {}
  /// Acceptor: a text refuses; it is sent in a Logout. Must not call the endpoint.
  virtual std::optional<std::string> refuse_logon(SessionId session, const Logon& logon) { return std::nullopt; }
  /// A connection that came to no session: nobody's CompIDs, a session that is up, no Logon in time.
  virtual void on_refused(std::string_view why) {}
  /// The last look at what leaves, and a last change to it; false: it is lost without using a sequence number. On
  /// the thread that sends: of send() its caller's, of `admin` and of what is sent again the endpoint's. Must not
  /// call the endpoint.
  virtual bool on_sending(SessionId session, Message& message, bool admin) { return true; }
};

struct SessionOptions {
  std::string sender{}, target{};  ///< CompIDs as we send them (49, 56).
  bool initiator = false;          ///< Connects, see connect(); otherwise it is found by its CompIDs.
  std::string username{}, password{};  ///< Initiator: sent in the Logon (553, 554) unless empty.
  Duration heartbeat = std::chrono::seconds{30};  ///< Initiator: HeartBtInt (108), whole seconds, at least 1.
  /// Where its sequence numbers live (and what it keeps), in files named after the CompIDs; empty: in memory. One
  /// process at a time; the folder exists. Numbers that are not there, or were torn while they were written, are lost:
  /// an initiator then has both sides begin at 1 with its first logon (ResetSeqNumFlag).
  /// Numbers that are merely behind, of either side, are mended by the Logout that names what is expected.
  std::string store_dir{};
  /// Business messages are kept and sent again when the counterparty asks (ResendRequest). Otherwise the gap is
  /// filled: for those who send orders, which the session layer must never send twice.
  bool keep_messages = false;
  /// What is written down as received does not pass a business message until acknowledge() was called for it:
  /// a process that dies before is sent it again, marked PossDup.
  bool hold_acknowledgement = false;
  bool reset_on_logon = false;     ///< Both begin at 1 with each logon.
  Duration max_clock_difference = std::chrono::seconds{120};  ///< Of a SendingTime, else Reject and Logout; zero: any.
};

/// Attempts to connect: the first at once, then after `min`, doubling up to `max`; of each the second half is
/// chance. Begins anew after a logon.
struct Backoff {
  Duration min = std::chrono::milliseconds{50}, max = std::chrono::seconds{5};
};

/// What strangers and slow readers may cost.
struct Limits {
  Duration first_message = std::chrono::seconds{10};  ///< For a Logon to come after a connection.
  std::size_t message_bytes = 1 << 20;                ///< Longer ones end the connection.
  std::size_t unsent_bytes = 64 << 20;                ///< Of one session that does not read; more ends the connection.
  std::size_t strangers = 64;                         ///< Connections before their Logon; the oldest gives way.
};

/// The numbers that come next.
struct Sequence {
  std::uint64_t next_sender = 1, next_target = 1;
  friend constexpr auto operator<=>(const Sequence&, const Sequence&) = default;
};

/// FIX 4.4 sessions, accepting and connecting, on one thread of its own. Any number per process, also with the
/// same CompIDs. All calls from any thread unless said otherwise.
class Endpoint {
 public:
  explicit Endpoint(Listener& listener, const Limits& limits = {});
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// Before or after start(). Fails: std::runtime_error when its files cannot be used.
  SessionId add_session(const SessionOptions& options);
  /// Accepts connections for the sessions that are no initiators. Port 0: any. Returns the port.
  /// Fails: std::runtime_error.
  std::uint16_t listen(const std::string& host, std::uint16_t port);
  /// An initiator connects from now on, again and again. Fails: std::runtime_error when nobody knows `host`.
  void connect(SessionId session, const std::string& host, std::uint16_t port, const Backoff& backoff = {});

  /// Once. Before it nothing is accepted or connected.
  void start();
  /// Logs out what is logged on, waits for the answers, not long, and joins the thread; then no call comes any more.
  /// Not on the endpoint's thread.
  void stop();

  /// On the wire, or in the kernel's buffer, when it returns. False when the session is not logged on; nothing is
  /// queued then.
  bool send(SessionId session, const Message& message);
  /// Encodes it as far as can be now, so that it leaves quicker. Listener::on_sending() is not asked about it.
  Prepared prepare(SessionId session, const Message& message);
  /// As send(), with TransactTime set to `now`.
  bool send(SessionId session, const Prepared& prepared, Time now);
  /// See SessionOptions::hold_acknowledgement. `seq`: Message::seq.
  void acknowledge(SessionId session, std::uint64_t seq);

  /// Cuts the connection without a word. An initiator connects again.
  void disconnect(SessionId session, const std::string& why);
  /// Says goodbye; an initiator does not connect again until connect().
  void logout(SessionId session, const std::string& text);
  /// Half open: nothing is read or written, no timer runs; the socket stays. What is sent meanwhile waits.
  void pause(SessionId session, bool paused);
  /// What we send and expect next, whatever the counterparty thinks.
  void set_sequence(SessionId session, const Sequence& next);
  /// SendingTime is that much ahead of the clock.
  void skew(SessionId session, Duration ahead);

  bool logged_on(SessionId session) const;
  Sequence sequence(SessionId session) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::fix
