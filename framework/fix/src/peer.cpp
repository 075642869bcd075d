#include "peer.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <holdfast/fix/tags.hpp>

namespace holdfast::fix {

namespace {

using namespace std::chrono_literals;
/// How late a heartbeat may be noticed.
constexpr auto kTick = 100ms;
/// Of one connection before others have their turn.
constexpr std::size_t kBytesAtOnce = 64 * 1024;
/// Messages that may wait for a gap to be filled.
constexpr int kUnfilled = 20'000;
/// As far as a session counts: what is beyond was never sent.
constexpr std::uint64_t kLastNumber = 2'000'000'000;

/// The name of its files; CompIDs may hold anything.
std::string store_path(const SessionOptions& options) {
  if (options.store_dir.empty()) return "";
  std::string name;
  for (const char c : options.sender + '\x01' + options.target) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\x01') name += "--";
    else if (std::isalnum(byte) != 0 || c == '_' || c == '.') name += c;
    else name += "%" + std::string{"0123456789ABCDEF"[byte / 16]} + "0123456789ABCDEF"[byte % 16];
  }
  return options.store_dir + "/" + name;
}

int seconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

EngineOptions engine_options(const SessionOptions& o) {
  return {o.sender, o.target, o.username, o.password, o.initiator, o.reset_on_logon,
          std::max(1, seconds(o.heartbeat)), seconds(o.max_clock_difference)};
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The number in a Logout such as "MsgSeqNum too low, expecting 12 but received 3"; 0: it says something else.
std::uint64_t expected_in(std::string_view text) {
  const auto low = text.find("too low"), expect = text.find("expect", low == std::string_view::npos ? text.size() : low);
  const auto digits = text.find_first_of("0123456789", std::min(expect, text.size()));
  return digits == std::string_view::npos ? 0 : number(text.substr(digits));
}

std::string closed(int error) {
  if (error == 0) return "the counterparty closed the connection";
  return std::string{"connection lost: "} + std::strerror(error);
}

}  // namespace

Peer::Peer(SessionId id, const SessionOptions& options, const Dictionary& dictionary, const Limits& limits,
           Listener& listener, std::function<void()> wake)
    : id_{id}, options_{options}, limits_{limits}, listener_{listener}, wake_{std::move(wake)},
      framer_{limits.message_bytes},
      store_{store_path(options), options.keep_messages, options.hold_acknowledgement},
      engine_{dictionary, engine_options(options), store_, *this},
      random_{std::hash<std::string>{}(options.sender + "/" + options.target)} {}

bool Peer::send(const Message& message) {
  const std::lock_guard lock{mutex_};
  if (!engine_.logged_on() || over_) return false;
  Message last = message;
  if (!listener_.on_sending(id_, last, false)) return true;
  return engine_.send(last.content(), last.poss_resend);
}

Prepared Peer::prepare(const Message& message) {
  const std::lock_guard lock{mutex_};
  const bool whole = !message.poss_resend && engine_.logged_on() && !over_;
  return {message, whole ? engine_.encode(message.content()) : std::string{}};
}

bool Peer::send(const Prepared& prepared, Time now) {
  if (!prepared.encoded()) return send(Message{prepared.message()}.set(tag::TransactTime, now));
  const std::lock_guard lock{mutex_};
  if (!engine_.logged_on() || over_) return false;
  return engine_.send_encoded(prepared.bytes(store_.next_sender(), engine_.sending_time(), timestamp(now)));
}

void Peer::acknowledge(std::uint64_t seq) {
  const std::lock_guard lock{mutex_};
  store_.acknowledge(seq);
}

void Peer::disconnect(const std::string& why) {
  const std::lock_guard lock{mutex_};
  if (state_ == State::none) return;
  over_ = why;
  cut_ = true;
  wake_();
}

void Peer::logout(const std::string& text) {
  const std::lock_guard lock{mutex_};
  leaving_ = true;
  address_.reset();
  const bool was_on = engine_.logged_on();
  engine_.log_out(text);
  if (!was_on && state_ != State::none) over_ = text;
  wake_();
}

void Peer::pause(bool paused) {
  const std::lock_guard lock{mutex_};
  paused_ = paused;
  wake_();
}

void Peer::set_sequence(const Sequence& next) {
  const std::lock_guard lock{mutex_};
  store_.set(next.next_sender, next.next_target);
  store_.agreed();
}

void Peer::skew(Duration ahead) {
  const std::lock_guard lock{mutex_};
  engine_.skew(ahead.count());
}

bool Peer::logged_on() const {
  const std::lock_guard lock{mutex_};
  return engine_.logged_on();
}

Sequence Peer::sequence() const {
  const std::lock_guard lock{mutex_};
  return {store_.next_sender(), store_.next_target()};
}

void Peer::connect(const Address& address, const Backoff& backoff) {
  const std::lock_guard lock{mutex_};
  address_ = address;
  backoff_ = backoff;
  delay_ = backoff.min;
  next_attempt_ = Clock::now();
  engine_.enable();
  wake_();
}

bool Peer::adopt(Socket& socket, Framer& framer, const std::string& logon) {
  {
    const std::lock_guard lock{mutex_};
    if (state_ != State::none) return false;
    socket_ = std::move(socket);
    framer_ = std::move(framer);
    state_ = State::open;
    engine_.enable();
    engine_.attach();
    next_tick_ = Clock::now() + kTick;
    process(logon);
    // QuickFIX would wait for another one.
    if (!engine_.logged_on() && !over_) over_ = engine_.last_event();
  }
  deliver();
  return true;
}

Peer::Interest Peer::interest() const {
  const std::lock_guard lock{mutex_};
  if (over_) return {.next = Clock::time_point::min()};
  switch (state_) {
    case State::none: return {.next = address_ ? next_attempt_ : Clock::time_point::max()};
    case State::connecting: return {.fd = socket_.fd(), .events = POLLOUT};
    case State::open: break;
  }
  // A descriptor that is not looked at cannot report its end either.
  if (paused_) return {};
  return {socket_.fd(), static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT), next_tick_};
}

Socket Peer::work(short events, Clock::time_point now) {
  std::unique_lock lock{mutex_};
  if (!over_ && state_ == State::none && address_ && now >= next_attempt_) begin_connecting(now);
  else if (!over_ && state_ == State::connecting && events != 0) finish_connecting();
  else if (!over_ && state_ == State::open && !paused_) {
    if ((events & POLLOUT) != 0) flush();
    lock.unlock();
    if ((events & ~POLLOUT) != 0) read();
    lock.lock();
    if (!over_ && now >= next_tick_) {
      engine_.tick();
      next_tick_ = now + kTick;
    }
  }
  Socket rest;
  if (over_) rest = close(now);
  lock.unlock();
  deliver();
  return rest;
}

void Peer::retire() {
  const std::lock_guard lock{mutex_};
  leaving_ = true;
  address_.reset();
  if (engine_.logged_on() && !paused_) engine_.log_out("");
  else if (state_ != State::none) over_ = "stopped";
}

bool Peer::idle() const {
  const std::lock_guard lock{mutex_};
  return state_ == State::none && events_.empty();
}

void Peer::transmit(const std::string& bytes) {
  if (state_ != State::open || over_) return;
  std::size_t written = 0;
  if (out_.empty() && !paused_) {
    const long n = write_some(socket_, bytes);
    if (n < 0) return fail(closed(errno));
    written = static_cast<std::size_t>(n);
  }
  if (written == bytes.size()) return;
  if (out_.size() - out_at_ + bytes.size() - written > limits_.unsent_bytes)
    return fail("the counterparty does not read what it is sent");
  const bool first = out_.empty();
  out_.append(bytes, written, std::string::npos);
  if (first) wake_();
}

void Peer::flush() {
  const long n = write_some(socket_, std::string_view{out_}.substr(out_at_));
  if (n < 0) return fail(closed(errno));
  out_at_ += static_cast<std::size_t>(n);
  if (out_at_ < out_.size() && out_at_ < kBytesAtOnce) return;
  out_.erase(0, out_at_);
  out_at_ = 0;
}

void Peer::fail(std::string why) {
  if (!over_) over_ = std::move(why);
  wake_();
}

std::string Peer::why_hung_up() const {
  if (farewell_ && !leaving_) return "the counterparty logged out" + (farewell_->empty() ? "" : ": " + *farewell_);
  return leaving_ ? "logged out" : engine_.last_event();
}

/// The counterparty left because our numbers are behind: an old copy of our file, or theirs is intact and ours is not.
/// The number that it names is taken, rather than begun anew with a reset, which would make it forget what it has to
/// send us again: so both sides keep all they can, and it needs no leave to reset.
void Peer::catch_up(std::string_view farewell) {
  const auto expected = expected_in(farewell);
  if (expected <= store_.next_sender() || expected > kLastNumber) return;
  store_.next_sender(expected);
  store_.agreed();
}

void Peer::hang_up() {
  if (!detaching_) fail(why_hung_up());
}

void Peer::established() {
  delay_ = backoff_.min;
  events_.push_back({Event::Kind::logon, "", std::nullopt});
}

void Peer::received(Content message, const Head& head) {
  events_.push_back({Event::Kind::message, "", Message{std::move(message), head}});
}

void Peer::told(Content message, const Head& head) {
  Message known{std::move(message), head};
  if (known.type() == "5") farewell_ = text(known, tag::Text);
  events_.push_back({Event::Kind::admin, "", std::move(known)});
}

bool Peer::may_log_on(const Content& logon, std::string& why) {
  const Message message{logon};
  const auto refusal = listener_.refuse_logon(
      id_, {.sender = options_.target,
            .username = text(message, tag::Username),
            .password = text(message, tag::Password),
            .heartbeat = std::chrono::seconds{integer(message, tag::HeartBtInt).value_or(0)},
            .reset = boolean(message, tag::ResetSeqNumFlag).value_or(false)});
  if (refusal) why = *refusal;
  return !refusal;
}

bool Peer::sending(Content& content, const Head& head, bool admin) {
  Message message{std::move(content), head};
  const bool goes = listener_.on_sending(id_, message, admin);
  content = message.content();
  return goes;
}

void Peer::begin_connecting(Clock::time_point now) {
  socket_ = connect_to(*address_);
  state_ = State::connecting;
  if (!socket_) fail(std::string{"cannot connect: "} + std::strerror(errno));
}

void Peer::finish_connecting() {
  const int error = failure_of(socket_);
  if (error != 0) return fail(std::string{"cannot connect: "} + std::strerror(error));
  state_ = State::open;
  next_tick_ = Clock::now() + kTick;
  engine_.attach();
}

void Peer::read() {
  std::array<char, kBytesAtOnce> buffer;
  long n = 0;
  {
    const std::lock_guard lock{mutex_};
    n = over_ ? 0 : read_some(socket_, buffer.data(), buffer.size());
    if (n < 0) return fail(closed(errno));
  }
  framer_.add({buffer.data(), static_cast<std::size_t>(n)});
  for (auto message = framer_.next(); !message.empty(); message = framer_.next()) {
    {
      const std::lock_guard lock{mutex_};
      if (over_) return;
      process(std::string{message});
    }
    deliver();
  }
  const std::lock_guard lock{mutex_};
  if (framer_.lost()) fail("what the counterparty sends is no FIX, or a message is too long");
}

void Peer::process(const std::string& message) {
  const auto expected = store_.next_target();
  const auto seq = raw_field(message, tag::MsgSeqNum);
  if (seq.empty()) {
    engine_.log_out("MsgSeqNum (34) is missing");
    return fail("the counterparty sent a message without MsgSeqNum");
  }
  engine_.receive(message);
  // QuickFIX counts these as the next message whatever their number: one before them would never be asked for.
  const auto type = raw_field(message, tag::MsgType);
  if ((type == "3" || type == "5") && number(seq) > expected) store_.next_target(expected);
  const bool waits = number(seq) > expected && store_.next_target() == expected;
  unfilled_ = waits ? unfilled_ + 1 : 0;
  if (unfilled_ > kUnfilled) fail("the counterparty does not fill the gap in its messages");
}

Socket Peer::close(Clock::time_point now) {
  detaching_ = true;
  engine_.detach();
  detaching_ = false;
  if (farewell_) catch_up(*farewell_);
  if (!out_.empty() && !cut_ && !paused_) write_some(socket_, std::string_view{out_}.substr(out_at_));
  Socket rest = cut_ || state_ == State::connecting ? Socket{} : std::move(socket_);
  socket_ = Socket{};
  framer_ = Framer{limits_.message_bytes};
  out_.clear();
  out_at_ = 0;
  state_ = State::none;
  cut_ = leaving_ = false;
  unfilled_ = 0;
  farewell_.reset();
  events_.push_back({Event::Kind::logout, std::move(*over_), std::nullopt});
  over_.reset();
  retry_later(now);
  return rest;
}

void Peer::retry_later(Clock::time_point now) {
  const auto half = static_cast<std::uint64_t>(delay_.count() / 2);
  next_attempt_ = now + delay_ / 2 + Duration{static_cast<std::int64_t>(random_.below(half + 1))};
  delay_ = std::min(delay_ * 2, backoff_.max);
}

void Peer::deliver() {
  std::vector<Event> events;
  {
    const std::lock_guard lock{mutex_};
    events.swap(events_);
  }
  for (const auto& event : events) {
    switch (event.kind) {
      case Event::Kind::logon: listener_.on_logon(id_); break;
      case Event::Kind::logout: listener_.on_logout(id_, event.why); break;
      case Event::Kind::message: listener_.on_message(id_, *event.message); break;
      case Event::Kind::admin: listener_.on_admin(id_, *event.message); break;
    }
  }
}

}  // namespace holdfast::fix
