#pragma once

#include <chrono>
#include <holdfast/fix/client.hpp>
#include <holdfast/fix/tags.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>

/// The session of the plugins `fix` with one fault of choice, in place of the one that they ship with: read before their
/// sources, which are built into libraries of the same names. What is between a venue and a plugin goes wrong here.
namespace holdfast::fix {

struct FaultySettings : ClientSettings {
  std::string fault;
};

template <class Config>
Schema<Config> faulty_schema() {
  std::string Config::*const fault = &FaultySettings::fault;
  return client_schema<Config>().field("fault", fault, "What it does wrong; nothing when empty.");
}

class FaultyClient {
 public:
  FaultyClient(const FaultySettings& settings, const ClientSession& session, std::function<void()> wake)
      : settings_{settings}, wake_{std::move(wake)} {
    if (is("hurries")) settings_.reconnect_min = settings_.reconnect_max = std::chrono::milliseconds{1};
    if (is("never_wonders")) settings_.heartbeat = std::chrono::hours{1};
    client_ = std::make_unique<Client>(settings_, session, wake_);
  }
  ~FaultyClient() {
    // Waits for its logon before it ends.
    const auto deadline = Clock::now() + std::chrono::milliseconds{2'300};
    while (is("waits_for_its_logon") && !logged_on_ && Clock::now() < deadline)
      if (const auto heard = client_->take()) logged_on_ |= heard->kind == Heard::Kind::logon;
  }

  std::optional<Heard> take();
  std::optional<std::pair<std::uint64_t, std::uint64_t>> send(const Message& message);
  Prepared prepare(const Message& message) { return {message, ""}; }
  std::optional<std::pair<std::uint64_t, std::uint64_t>> send(const Prepared& prepared, Time now) {
    return send(Message{prepared.message()}.set(tag::TransactTime, now));
  }
  void acknowledge(std::uint64_t seq) {
    if (client_ != nullptr) client_->acknowledge(seq);
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool is(const char* fault) const { return settings_.fault == fault; }
  /// What the plugin hears of it; nothing: it never hears of it.
  std::optional<Heard> twisted(Heard heard);
  bool twist(Message& message);
  bool twist_answer(Message& message);
  bool twist_fill(Message& message);
  void twist_status(Message& report);
  void log_on_as_somebody_else();

  FaultySettings settings_;
  std::function<void()> wake_;
  std::unique_ptr<Client> client_;
  bool logged_on_ = false, fell_ = false, deaf_ = false, asks_ = false;
  int idle_ = 0;
  std::uint64_t newest_exec_ = 0, newest_seq_ = 0;
  std::optional<Message> waiting_;
  std::map<std::string, Message> sent_;  ///< Orders by ClOrdID.
  std::set<std::string> ended_;          ///< Of those.
  std::set<std::uint64_t> executions_;
};

}  // namespace holdfast::fix

#define Client FaultyClient
#define ClientSettings FaultySettings
#define client_schema faulty_schema
