#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/fix/endpoint.hpp>
#include <holdfast/fix/tags.hpp>

namespace holdfast::test {

using namespace std::chrono_literals;

/// Hears everything and keeps it; what a test wants to decide, it does in the functions.
class Recorder : public fix::Listener {
 public:
  struct Heard {
    fix::SessionId session;
    std::string what;  ///< "logon", "logout", "message", "admin", "refused".
    std::string why;
    fix::Message message{""};
  };

  std::function<std::optional<std::string>(const fix::Logon&)> refuse;
  std::function<bool(fix::Message&, bool)> sending;
  std::function<void(fix::SessionId, const fix::Message&)> answer;

  void on_logon(fix::SessionId session) override { keep({session, "logon", ""}); }
  void on_logout(fix::SessionId session, std::string_view why) override { keep({session, "logout", std::string{why}}); }
  void on_message(fix::SessionId session, const fix::Message& message) override {
    if (answer) answer(session, message);
    keep({session, "message", "", message});
  }
  void on_admin(fix::SessionId session, const fix::Message& message) override { keep({session, "admin", "", message}); }
  void on_refused(std::string_view why) override { keep({{}, "refused", std::string{why}}); }
  std::optional<std::string> refuse_logon(fix::SessionId, const fix::Logon& logon) override {
    return refuse ? refuse(logon) : std::nullopt;
  }
  bool on_sending(fix::SessionId, fix::Message& message, bool admin) override {
    return !sending || sending(message, admin);
  }

  /// The `count`-th that is `what`, waited for.
  Heard wait(const std::string& what, std::size_t count = 1) {
    std::unique_lock lock{mutex_};
    const Heard* found = nullptr;
    const auto there = [&] { return (found = find(what, count)) != nullptr; };
    BOOST_REQUIRE_MESSAGE(changed_.wait_for(lock, 10s, there), "no " << what << " number " << count << all());
    return *found;
  }
  std::size_t count(const std::string& what) {
    const std::lock_guard lock{mutex_};
    std::size_t n = 0;
    for (const auto& heard : heard_) n += heard.what == what ? 1 : 0;
    return n;
  }

 private:
  void keep(Heard heard) {
    const std::lock_guard lock{mutex_};
    heard_.push_back(std::move(heard));
    changed_.notify_all();
  }
  const Heard* find(const std::string& what, std::size_t count) const {
    for (const auto& heard : heard_)
      if (heard.what == what && --count == 0) return &heard;
    return nullptr;
  }
  std::string all() const {
    std::string text;
    for (const auto& heard : heard_) text += "; " + heard.what + " " + heard.why + heard.message.type();
    return text;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Heard> heard_;
};

inline fix::SessionOptions venue_side(const std::string& client = "ACME") {
  return {.sender = "VENUE", .target = client, .keep_messages = true};
}
inline fix::SessionOptions client_side(const std::string& client = "ACME") {
  return {.sender = client, .target = "VENUE", .initiator = true, .username = "joe",
          .password = "secret", .heartbeat = 30s};
}

/// An endpoint and who hears it.
struct Side {
  Recorder heard;
  fix::Endpoint endpoint;
  fix::SessionId session;
  explicit Side(const fix::SessionOptions& options, const fix::Limits& limits = {})
      : endpoint{heard, limits}, session{endpoint.add_session(options)} {}
};

/// A new order of the dialect.
inline fix::Message order(const std::string& id) {
  fix::Message message{"D"};
  message.set(fix::tag::ClOrdID, id).set(fix::tag::Symbol, "AAPL").set(fix::tag::Side, '1').set(fix::tag::OrdType, '2');
  message.set(fix::tag::OrderQty, Quantity::of(100)).set(fix::tag::Price, *Price::parse("187.25"));
  return message.set(fix::tag::TransactTime, Time{1'700'000'000'123'456'000});
}

/// A report without surprises.
inline fix::Message report(const std::string& id) {
  fix::Message message{"8"};
  message.set(fix::tag::OrderID, "1").set(fix::tag::ExecID, id).set(fix::tag::ExecType, '0');
  message.set(fix::tag::OrdStatus, '0');
  message.set(fix::tag::Symbol, "AAPL").set(fix::tag::Side, '1').set(fix::tag::LeavesQty, 1).set(fix::tag::CumQty, 0);
  return message.set(fix::tag::AvgPx, 0);
}

}  // namespace holdfast::test
