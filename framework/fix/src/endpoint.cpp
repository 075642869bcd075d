#include <holdfast/fix/endpoint.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <holdfast/fix/tags.hpp>

#include "peer.hpp"

namespace holdfast::fix {

namespace {

using namespace std::chrono_literals;
/// For a last word to be read.
constexpr auto kGoodbye = 500ms;
/// Until a descriptor may be free again.
constexpr auto kExhausted = 100ms;

/// Milliseconds for poll(); -1: as long as it takes.
int timeout_until(Clock::time_point next) {
  if (next == Clock::time_point::max()) return -1;
  const auto now = Clock::now();
  if (next <= now) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
  return static_cast<int>(std::min<std::int64_t>(left, 60'000));
}

}  // namespace

class Endpoint::Impl {
 public:
  Impl(Listener& listener, const Limits& limits)
      : listener_{listener}, limits_{limits}, wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    if (!wake_) throw std::runtime_error{"no descriptor is left for FIX sessions"};
  }
  ~Impl() { stop(); }

  SessionId add_session(const SessionOptions& options);
  std::uint16_t listen(const std::string& host, std::uint16_t port);
  void start();
  void stop();
  Peer& peer(SessionId id) const;

 private:
  struct Stranger {
    Socket socket;
    Framer framer;
    Clock::time_point deadline;
  };
  /// A connection that has ended for us; what its other side still says is thrown away, so that it reads our last word.
  struct Leaving {
    Socket socket;
    Clock::time_point deadline;
  };

  void wake() const;
  void run();
  bool finished(Clock::time_point now);
  Clock::time_point gather();
  void look(Clock::time_point now);
  void accept_all(const Socket& listener, Clock::time_point now);
  /// False: it is gone, or is a session's now.
  bool greet(Stranger& stranger);
  bool drain(const Leaving& leaving);
  void leave(Socket socket, Clock::time_point now);

  Listener& listener_;
  const Limits limits_;
  const Dictionary dictionary_;
  const Socket wake_;

  mutable std::mutex mutex_;  ///< Of what grows from outside: both only grow, and keep their places.
  std::list<Peer> peers_;
  std::list<Socket> listeners_;
  std::vector<Peer*> by_id_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;

  // The thread's own:
  std::vector<pollfd> waiting_;
  std::vector<Peer*> seen_peers_;
  std::vector<const Socket*> seen_listeners_;
  std::list<Stranger> strangers_;  ///< Oldest first.
  std::list<Leaving> leaving_;
  Clock::time_point accept_again_{}, last_moment_ = Clock::time_point::max();
};

SessionId Endpoint::Impl::add_session(const SessionOptions& options) {
  const std::lock_guard lock{mutex_};
  const SessionId id{static_cast<std::uint32_t>(by_id_.size())};
  peers_.emplace_back(id, options, dictionary_, limits_, listener_, [this] { wake(); });
  by_id_.push_back(&peers_.back());
  return id;
}

std::uint16_t Endpoint::Impl::listen(const std::string& host, std::uint16_t port) {
  Socket socket = listen_at(resolve(host, port));
  const auto bound = port_of(socket);
  const std::lock_guard lock{mutex_};
  listeners_.push_back(std::move(socket));
  wake();
  return bound;
}

void Endpoint::Impl::start() {
  thread_ = std::thread{[this] { run(); }};
}

void Endpoint::Impl::stop() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

Peer& Endpoint::Impl::peer(SessionId id) const {
  const std::lock_guard lock{mutex_};
  return *by_id_.at(id.value);
}

void Endpoint::Impl::wake() const {
  const std::uint64_t one = 1;
  // A counter that is full wakes as well.
  [[maybe_unused]] const auto written = ::write(wake_.fd(), &one, sizeof one);
}

void Endpoint::Impl::run() {
  while (true) {
    const auto next = gather();
    if (::poll(waiting_.data(), waiting_.size(), timeout_until(next)) < 0) continue;
    const auto now = Clock::now();
    look(now);
    listener_.on_rest();
    if (stopping_ && finished(now)) return;
  }
}

/// What to wait for, and until when.
Clock::time_point Endpoint::Impl::gather() {
  {
    const std::lock_guard lock{mutex_};
    seen_peers_ = by_id_;
    seen_listeners_.clear();
    for (const auto& listener : listeners_) seen_listeners_.push_back(&listener);
  }
  const bool accepting = !stopping_ && Clock::now() >= accept_again_;
  auto next = accepting ? Clock::time_point::max() : std::max(accept_again_, Clock::now() + kExhausted);
  next = std::min(next, last_moment_);
  waiting_.assign({{wake_.fd(), POLLIN, 0}});
  for (const auto* listener : seen_listeners_) waiting_.push_back({accepting ? listener->fd() : -1, POLLIN, 0});
  for (const auto* peer : seen_peers_) {
    const auto interest = peer->interest();
    waiting_.push_back({interest.fd, interest.events, 0});
    next = std::min(next, interest.next);
  }
  for (const auto& stranger : strangers_) {
    waiting_.push_back({stranger.socket.fd(), POLLIN, 0});
    next = std::min(next, stranger.deadline);
  }
  for (const auto& leaving : leaving_) {
    waiting_.push_back({leaving.socket.fd(), POLLIN, 0});
    next = std::min(next, leaving.deadline);
  }
  return next;
}

void Endpoint::Impl::look(Clock::time_point now) {
  std::size_t place = 0;
  std::uint64_t count = 0;
  [[maybe_unused]] const auto woken = ::read(wake_.fd(), &count, sizeof count);
  const auto first_listener = ++place;
  place += seen_listeners_.size();
  for (auto* peer : seen_peers_) leave(peer->work(waiting_[place++].revents, now), now);
  for (auto at = strangers_.begin(); at != strangers_.end(); ++place) {
    const bool late = now >= at->deadline;
    if (late) listener_.on_refused("no Logon came in time");
    at = !late && (waiting_[place].revents == 0 || greet(*at)) ? std::next(at) : strangers_.erase(at);
  }
  // What has just begun to leave is not among those that were waited for.
  for (auto at = leaving_.begin(); at != leaving_.end() && place < waiting_.size(); ++place)
    at = now < at->deadline && (waiting_[place].revents == 0 || drain(*at)) ? std::next(at) : leaving_.erase(at);
  for (std::size_t i = 0; i < seen_listeners_.size(); ++i)
    if (waiting_[first_listener + i].revents != 0) accept_all(*seen_listeners_[i], now);
}

void Endpoint::Impl::accept_all(const Socket& listener, Clock::time_point now) {
  for (std::size_t n = 0; n < limits_.strangers; ++n) {
    bool exhausted = false;
    Socket socket = accept_from(listener, exhausted);
    if (exhausted) accept_again_ = now + kExhausted;
    if (!socket) return;
    if (strangers_.size() >= limits_.strangers) {
      strangers_.pop_front();
      listener_.on_refused("too many connections without a Logon");
    }
    strangers_.push_back({std::move(socket), Framer{limits_.message_bytes}, now + limits_.first_message});
  }
}

bool Endpoint::Impl::greet(Stranger& stranger) {
  std::array<char, 4096> buffer;
  const long n = read_some(stranger.socket, buffer.data(), buffer.size());
  if (n < 0) return false;
  stranger.framer.add({buffer.data(), static_cast<std::size_t>(n)});
  const std::string message{stranger.framer.next()};
  const auto refuse = [&](const std::string& why) {
    listener_.on_refused(why);
    return false;
  };
  if (stranger.framer.lost()) return refuse("what somebody sends is no FIX");
  if (message.empty()) return true;
  if (raw_field(message, tag::MsgType) != "A") return refuse("the first message is no Logon");
  const auto from = raw_field(message, tag::SenderCompID), to = raw_field(message, tag::TargetCompID);
  const std::string names = std::string{from} + " to " + std::string{to};
  if (raw_field(message, tag::BeginString) != "FIX.4.4") return refuse("a Logon from " + names + " is not FIX.4.4");
  for (auto* peer : seen_peers_) {
    const auto& options = peer->options();
    if (options.initiator || options.target != from || options.sender != to) continue;
    if (peer->adopt(stranger.socket, stranger.framer, message)) return false;
    return refuse("a second Logon from " + names + " while its session is up");
  }
  return refuse("a Logon from " + names + ", which is no session");
}

bool Endpoint::Impl::drain(const Leaving& leaving) {
  std::array<char, 4096> buffer;
  return read_some(leaving.socket, buffer.data(), buffer.size()) >= 0;
}

void Endpoint::Impl::leave(Socket socket, Clock::time_point now) {
  if (!socket) return;
  ::shutdown(socket.fd(), SHUT_WR);
  leaving_.push_back({std::move(socket), now + kGoodbye});
}

/// Everybody has said goodbye, or had the time to.
bool Endpoint::Impl::finished(Clock::time_point now) {
  if (last_moment_ == Clock::time_point::max()) {
    last_moment_ = now + kGoodbye;
    for (auto* peer : seen_peers_) peer->retire();
  }
  const bool idle = std::all_of(seen_peers_.begin(), seen_peers_.end(), [](const Peer* peer) { return peer->idle(); });
  if (!idle && now < last_moment_) return false;
  for (auto* peer : seen_peers_) {
    peer->disconnect("stopped");
    peer->work(0, now);
  }
  return true;
}

Endpoint::Endpoint(Listener& listener, const Limits& limits) : impl_{std::make_unique<Impl>(listener, limits)} {}
Endpoint::~Endpoint() = default;

SessionId Endpoint::add_session(const SessionOptions& options) { return impl_->add_session(options); }
std::uint16_t Endpoint::listen(const std::string& host, std::uint16_t port) { return impl_->listen(host, port); }
void Endpoint::connect(SessionId session, const std::string& host, std::uint16_t port, const Backoff& backoff) {
  impl_->peer(session).connect(resolve(host, port), backoff);
}
void Endpoint::start() { impl_->start(); }
void Endpoint::stop() { impl_->stop(); }
bool Endpoint::send(SessionId session, const Message& message) { return impl_->peer(session).send(message); }
Prepared Endpoint::prepare(SessionId session, const Message& message) { return impl_->peer(session).prepare(message); }
bool Endpoint::send(SessionId session, const Prepared& prepared, Time now) { return impl_->peer(session).send(prepared, now); }
void Endpoint::acknowledge(SessionId session, std::uint64_t seq) { impl_->peer(session).acknowledge(seq); }
void Endpoint::disconnect(SessionId session, const std::string& why) { impl_->peer(session).disconnect(why); }
void Endpoint::logout(SessionId session, const std::string& text) { impl_->peer(session).logout(text); }
void Endpoint::pause(SessionId session, bool paused) { impl_->peer(session).pause(paused); }
void Endpoint::set_sequence(SessionId session, const Sequence& next) { impl_->peer(session).set_sequence(next); }
void Endpoint::skew(SessionId session, Duration ahead) { impl_->peer(session).skew(ahead); }
bool Endpoint::logged_on(SessionId session) const { return impl_->peer(session).logged_on(); }
Sequence Endpoint::sequence(SessionId session) const { return impl_->peer(session).sequence(); }

}  // namespace holdfast::fix
