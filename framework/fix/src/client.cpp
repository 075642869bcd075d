#include <holdfast/fix/client.hpp>

#include <filesystem>
#include <stdexcept>

namespace holdfast::fix {

namespace {

SessionOptions options_of(const ClientSettings& settings, const ClientSession& session) {
  if (!session.store_dir.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(session.store_dir, failed);
    if (failed) throw std::runtime_error{"cannot make the folder " + session.store_dir + ": " + failed.message()};
  }
  SessionOptions options;
  options.sender = settings.sender;
  options.target = settings.target;
  options.initiator = true;
  options.username = settings.username;
  options.password = settings.password.reveal();
  options.heartbeat = settings.heartbeat;
  options.store_dir = session.store_dir;
  options.hold_acknowledgement = session.hold_acknowledgement;
  options.reset_on_logon = session.store_dir.empty();
  return options;
}

}  // namespace

Client::Client(const ClientSettings& settings, const ClientSession& session, std::function<void()> wake)
    : wake_{std::move(wake)}, silence_{session.silence}, endpoint_{*this}, session_{endpoint_.add_session(options_of(settings, session))} {
  endpoint_.connect(session_, settings.host, static_cast<std::uint16_t>(settings.port),
                    {settings.reconnect_min, settings.reconnect_max});
  endpoint_.start();
  if (silence_ > Duration{}) watcher_ = std::thread{[this] { watch(); }};
}

Client::~Client() {
  {
    const std::lock_guard lock{mutex_};
    closing_ = true;
  }
  room_.notify_all();
  over_.notify_all();
  if (watcher_.joinable()) watcher_.join();
  endpoint_.stop();
}

std::optional<Heard> Client::take() {
  std::optional<Heard> heard;
  bool was_full = false;
  {
    const std::lock_guard lock{mutex_};
    if (queue_.empty()) return std::nullopt;
    was_full = queue_.size() >= kQueued;
    heard = std::move(queue_.front());
    queue_.pop_front();
  }
  if (was_full) room_.notify_one();
  return heard;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> Client::send(const Message& message) {
  return among([&] { return endpoint_.send(session_, message); });
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> Client::send(const Prepared& prepared, Time now) {
  return among([&] { return endpoint_.send(session_, prepared, now); });
}

template <class Send>
std::optional<std::pair<std::uint64_t, std::uint64_t>> Client::among(const Send& send) {
  const auto first = endpoint_.sequence(session_).next_sender;
  if (!send()) return std::nullopt;
  return std::pair{first, endpoint_.sequence(session_).next_sender};
}

void Client::push(Heard heard) {
  bool first = false;
  {
    std::unique_lock lock{mutex_};
    room_.wait(lock, [this] { return queue_.size() < kQueued || closing_; });
    first = queue_.empty();
    if (heard.kind != Heard::Kind::admin) ++spoken_;
    if (heard.kind == Heard::Kind::logon || heard.kind == Heard::Kind::logout) logged_on_ = heard.kind == Heard::Kind::logon;
    if (!closing_) queue_.push_back(std::move(heard));
  }
  if (first) wake_();
}

/// Heartbeats say that the session lives, not that anything is told by it.
void Client::watch() {
  std::unique_lock lock{mutex_};
  while (!closing_) {
    const std::uint64_t before = spoken_;
    if (over_.wait_for(lock, silence_, [this] { return closing_; })) return;
    if (!logged_on_ || spoken_ != before) continue;
    const bool first = queue_.empty();
    queue_.push_back({Heard::Kind::silence, "", Message{""}});
    if (!first) continue;
    lock.unlock();
    wake_();
    lock.lock();
  }
}

void Client::on_logon(SessionId) { push({Heard::Kind::logon, "", Message{""}}); }
void Client::on_logout(SessionId, std::string_view why) { push({Heard::Kind::logout, std::string{why}, Message{""}}); }
void Client::on_message(SessionId, const Message& message) { push({Heard::Kind::message, "", message}); }
void Client::on_admin(SessionId, const Message& message) { push({Heard::Kind::admin, "", message}); }

}  // namespace holdfast::fix
