#pragma once

#include <map>

#include "fix/fixture.hpp"
#include "plugin_fixture.hpp"

/// A venue that answers by script, for plugins that speak FIX, and who waits for what they do.
namespace holdfast::test {

/// "37=5|11=HF-7-1": a message of those fields.
inline fix::Message message(const std::string& type, const std::string& fields) {
  fix::Message made{type};
  for (std::size_t at = 0; at < fields.size();) {
    const auto end = std::min(fields.find('|', at), fields.size());
    const auto field = fields.substr(at, end - at);
    const auto equals = field.find('=');
    made.set(std::stoi(field.substr(0, equals)), field.substr(equals + 1));
    at = end + 1;
  }
  return made;
}

/// An acceptor whose answers are looked up by the type of what was asked; what nobody wrote an answer for has none.
class ScriptedVenue {
 public:
  using Answers = std::vector<fix::Message>;
  using Script = std::function<Answers(const fix::Message&)>;

  explicit ScriptedVenue(const std::string& client = "ACME") : side_{venue_side(client)} {
    side_.heard.answer = [this](fix::SessionId session, const fix::Message& asked) {
      // Noted first: who waits for a question may count on it having been asked before it is answered.
      note(asked);
      for (const auto& answer : answers_to(asked)) side_.endpoint.send(session, answer);
    };
    side_.heard.refuse = [this](const fix::Logon& logon) -> std::optional<std::string> {
      const std::lock_guard lock{mutex_};
      logons_.push_back(logon.username + "/" + logon.password);
      return refusal_.empty() ? std::nullopt : std::optional{refusal_};
    };
    port = side_.endpoint.listen("127.0.0.1", 0);
    side_.endpoint.start();
  }

  std::uint16_t port = 0;
  std::function<void()> on_asked;  ///< Set before a client connects.

  void answer(const std::string& type, Script script) {
    const std::lock_guard lock{mutex_};
    scripts_[type] = std::move(script);
  }
  void refuse(const std::string& why) {
    const std::lock_guard lock{mutex_};
    refusal_ = why;
  }
  /// Unasked; the client is logged on.
  void say(const fix::Message& message) { BOOST_REQUIRE(side_.endpoint.send(side_.session, message)); }
  /// The `count`-th message of that type that came.
  fix::Message asked(const std::string& type, std::size_t count = 1) {
    std::unique_lock lock{mutex_};
    const auto there = [&] { return asked_[type].size() >= count; };
    BOOST_REQUIRE_MESSAGE(changed_.wait_for(lock, 10s, there), "only " << asked_[type].size() << " messages of type " << type);
    return asked_[type][count - 1];
  }
  /// How many of that type have come so far.
  std::size_t count(const std::string& type) {
    const std::lock_guard lock{mutex_};
    return asked_[type].size();
  }
  std::vector<std::string> logons() {
    const std::lock_guard lock{mutex_};
    return logons_;
  }
  fix::Endpoint& endpoint() { return side_.endpoint; }
  fix::SessionId session() const { return side_.session; }
  Recorder& heard() { return side_.heard; }

 private:
  Answers answers_to(const fix::Message& asked) {
    Script script;
    {
      const std::lock_guard lock{mutex_};
      const auto found = scripts_.find(asked.type());
      if (found == scripts_.end()) return {};
      script = found->second;
    }
    return script(asked);
  }

  void note(const fix::Message& asked) {
    const std::lock_guard lock{mutex_};
    asked_[asked.type()].push_back(asked);
    changed_.notify_all();
    if (on_asked) on_asked();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::vector<fix::Message>> asked_;
  std::map<std::string, Script> scripts_;
  std::string refusal_;
  std::vector<std::string> logons_;
  Side side_;
};

/// Wakes who waits for a plugin, and says when it has waited too long.
class Waker {
 public:
  std::function<void()> wake() {
    return [state = state_] {
      const std::lock_guard lock{state->mutex};
      state->woken = true;
      state->changed.notify_all();
    };
  }
  /// Calls `look` whenever there may be something new, until it returns true.
  template <class Look>
  bool until(Look look) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!look()) {
      std::unique_lock lock{state_->mutex};
      if (!state_->changed.wait_until(lock, deadline, [&] { return state_->woken; })) return false;
      state_->woken = false;
    }
    return true;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = false;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

inline Setting secret(const std::string& name) { return map({{"secret", name}}); }

}  // namespace holdfast::test
