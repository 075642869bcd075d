#include "venue/gateway.hpp"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <unordered_map>

#include <holdfast/fix/endpoint.hpp>
#include <holdfast/venue/log.hpp>

#include "desk.hpp"

namespace holdfast::venue {

/// The desk behind one lock; the file and the network outside of it, behind another. What the desk says is taken
/// together with what must be kept before, so that a sync serves all that has come in meanwhile.
class Gateway::Impl : public fix::Listener {
 public:
  Impl(const VenueOptions& options, const std::string& data_dir, std::function<Time()> clock)
      : options_{options}, clock_{std::move(clock)}, desk_{options}, log_{log_path(data_dir), [&](const Batch& batch) { desk_.replay(batch); }},
        endpoint_{*this} {
    desk_.begin(clock_());
    const std::string store = data_dir + "/fix";
    std::filesystem::create_directories(store);
    for (const auto& account : options.accounts)
      for (const auto& session : account.member.sessions) {
        fix::SessionOptions with{.sender = options.comp_id, .target = session, .store_dir = store};
        // What an account is told is sent again when it missed it; market data on a session of its own is not.
        with.keep_messages = session == account.member.sessions.front();
        with.hold_acknowledgement = true;
        const fix::SessionId id = endpoint_.add_session(with);
        ids_[session] = id;
        names_[id.value] = session;
      }
  }
  ~Impl() override { stop(); }

  std::uint16_t start() {
    flush();
    const auto port = endpoint_.listen(options_.host, options_.port);
    endpoint_.start();
    started_ = true;
    return port;
  }

  void stop() {
    if (!std::exchange(started_, false)) return;
    {
      const std::lock_guard lock{mutex_};
      desk_.closing();
    }
    endpoint_.stop();
  }

  void step(Duration patience) {
    {
      std::unique_lock lock{mutex_};
      const Time now = clock_();
      const auto next = desk_.next_due();
      if (next) patience = std::clamp(*next - now, Duration{}, patience);
      waits_until_ = now + patience;
      woken_.wait_for(lock, patience, [&] { return std::exchange(awake_, false); });
      if (failed_) std::rethrow_exception(failed_);
    }
    serve();
  }

  std::pair<bool, std::string> perform(const Trouble& trouble) {
    std::pair<bool, std::string> said;
    {
      const std::lock_guard lock{mutex_};
      said = desk_.perform(trouble, clock_());
    }
    // Whoever asked for it may rely on it as much as any client: it is durable before it is answered.
    if (const auto failed = serve_here()) std::rethrow_exception(failed);
    return said;
  }
  std::size_t logged_on() {
    const std::lock_guard lock{mutex_};
    return desk_.logged_on();
  }

 private:
  void on_logon(fix::SessionId session) override {
    const std::lock_guard lock{mutex_};
    desk_.logged_on(names_.at(session.value));
    wake();
  }
  void on_logout(fix::SessionId session, std::string_view) override {
    const std::lock_guard lock{mutex_};
    desk_.logged_out(names_.at(session.value), clock_());
    wake();
  }
  void on_message(fix::SessionId session, const fix::Message& message) override {
    const std::lock_guard lock{mutex_};
    desk_.message(names_.at(session.value), message, clock_());
    received_.emplace_back(session, message.seq);
  }
  /// What came in is answered on the thread that read it, so that nobody has to be woken first.
  void on_rest() override {
    {
      const std::lock_guard lock{mutex_};
      if (received_.empty() || failed_) return;
    }
    serve_here();
  }
  std::optional<std::string> refuse_logon(fix::SessionId, const fix::Logon& logon) override {
    return desk_.refuse_logon(logon.sender, logon.password);
  }

  void wake() {
    awake_ = true;
    woken_.notify_one();
  }

  /// On another thread than step()'s, which is told when that failed, or when it is to look again earlier.
  std::exception_ptr serve_here() {
    std::exception_ptr failed;
    try {
      serve();
    } catch (const std::exception&) {
      failed = std::current_exception();
    }
    const std::lock_guard lock{mutex_};
    if (failed) failed_ = failed;
    const auto next = desk_.next_due();
    if (failed_ || (next && *next < waits_until_)) wake();
    return failed;
  }

  void serve() {
    {
      const std::lock_guard lock{mutex_};
      desk_.tick(clock_());
    }
    flush();
  }

  void flush() {
    const std::lock_guard one_at_a_time{flushing_};
    std::vector<Batch> batches;
    std::vector<Outgoing> due;
    std::vector<SessionAct> acts;
    std::vector<std::pair<fix::SessionId, std::uint64_t>> received;
    {
      const std::lock_guard lock{mutex_};
      batches = desk_.take_batches();
      due = desk_.take_due(clock_());
      acts = desk_.take_acts(clock_());
      received.swap(received_);
    }
    for (const auto& batch : batches) log_.append(batch);
    log_.sync();
    for (auto& one : due) {
      if (endpoint_.send(ids_.at(one.session), one.message)) continue;
      const std::lock_guard lock{mutex_};
      desk_.unsent(std::move(one));
    }
    for (const auto& [session, seq] : received) endpoint_.acknowledge(session, seq);
    for (const auto& act : acts) carry_out(act);
  }

  void carry_out(const SessionAct& act) {
    const fix::SessionId id = ids_.at(act.session);
    fix::Sequence next = endpoint_.sequence(id);
    switch (act.what) {
      case Wrong::sequence_gap:
        next.next_sender += static_cast<std::uint64_t>(act.count);
        return endpoint_.set_sequence(id, next);
      case Wrong::sequence_reset: return endpoint_.set_sequence(id, {1, 1});
      case Wrong::disconnect: return endpoint_.disconnect(id, "cut on purpose");
      case Wrong::half_open: return endpoint_.pause(id, !act.over);
      case Wrong::clock_skew: return endpoint_.skew(id, act.by);
      default: return;
    }
  }

  VenueOptions options_;
  std::function<Time()> clock_;
  std::mutex flushing_;  ///< Taken before `mutex_`.
  std::mutex mutex_;
  std::condition_variable woken_;
  bool awake_ = false, started_ = false;
  Time waits_until_;           ///< When step() looks again by itself.
  std::exception_ptr failed_;  ///< On another thread than step()'s: nothing is answered any more, and step() says why.
  Desk desk_;
  Log log_;
  std::unordered_map<std::string, fix::SessionId> ids_;
  std::unordered_map<std::uint32_t, std::string> names_;
  std::vector<std::pair<fix::SessionId, std::uint64_t>> received_;  ///< Sequence numbers to acknowledge.
  fix::Endpoint endpoint_;
};

std::string Gateway::log_path(const std::string& data_dir) { return data_dir + "/venue.log"; }

Gateway::Gateway(const VenueOptions& options, const std::string& data_dir, std::function<Time()> clock)
    : impl_{std::make_unique<Impl>(options, data_dir, std::move(clock))} {}
Gateway::~Gateway() = default;
std::uint16_t Gateway::start() { return impl_->start(); }
void Gateway::step(Duration patience) { impl_->step(patience); }
void Gateway::stop() { impl_->stop(); }
std::pair<bool, std::string> Gateway::perform(const Trouble& trouble) { return impl_->perform(trouble); }
std::size_t Gateway::logged_on() const { return impl_->logged_on(); }

}  // namespace holdfast::venue
