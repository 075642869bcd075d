#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include <holdfast/fix/endpoint.hpp>
#include <holdfast/fix/tags.hpp>

#include "tools/program.hpp"

/// A venue in a process of its own, and clients that speak FIX to it.
namespace holdfast::test {

using namespace std::chrono_literals;
namespace tag = fix::tag;

/// "8 New 0 11=a 0/5": what a test looks at in a message.
inline std::string words(const fix::Message& m) {
  std::string text = m.type();
  const auto add = [&](const char* name, int field) {
    if (const auto value = m.get(field)) text += std::string{" "} + name + "=" + std::string{*value};
  };
  if (m.type() == "8") {
    for (const auto& [name, field] : {std::pair{"150", tag::ExecType}, {"39", tag::OrdStatus}, {"11", tag::ClOrdID}, {"41", tag::OrigClOrdID},
                                      {"32", tag::LastQty}, {"31", tag::LastPx}, {"14", tag::CumQty}, {"151", tag::LeavesQty},
                                      {"103", tag::OrdRejReason}, {"19", tag::ExecRefID}})
      add(name, field);
  } else {
    for (const auto& [name, field] : {std::pair{"11", tag::ClOrdID}, {"102", tag::CxlRejReason}, {"434", tag::CxlRejResponseTo},
                                      {"533", tag::TotalAffectedOrders}, {"748", tag::TotNumTradeReports}, {"32", tag::LastQty},
                                      {"31", tag::LastPx}, {"728", tag::PosReqResult}, {"727", tag::TotalNumPosReports},
                                      {"730", tag::SettlPrice}, {"15", tag::Currency}, {"901", tag::CashOutstanding},
                                      {"326", tag::SecurityTradingStatus}, {"83", tag::RptSeq}, {"281", tag::MDReqRejReason}})
      add(name, field);
    for (const auto& entry : m.entries(tag::NoPositions)) {
      if (const auto quantity = fix::get(entry, tag::LongQty)) text += " long " + std::string{*quantity};
      if (const auto quantity = fix::get(entry, tag::ShortQty)) text += " short " + std::string{*quantity};
    }
    for (const auto& entry : m.entries(tag::NoMDEntries))
      text += " [" + fix::text(entry, tag::MDUpdateAction) + "/" + fix::text(entry, tag::MDEntryType) + " " +
              fix::text(entry, tag::MDEntrySize) + "@" + fix::text(entry, tag::MDEntryPx) + "]";
  }
  add("58", tag::Text);
  return text;
}

/// One session of a client; keeps what it hears until it is asked for.
class Client : public fix::Listener {
 public:
  explicit Client(const std::string& name, const std::string& password = "secret") {
    fix::SessionOptions options{.sender = name, .target = "VENUE", .initiator = true};
    options.password = password;
    session_ = endpoint_.add_session(options);
    endpoint_.start();
  }
  ~Client() override { endpoint_.stop(); }

  void connect(std::uint16_t port) { endpoint_.connect(session_, "127.0.0.1", port, {20ms, 200ms}); }
  void log_on(std::uint16_t port) {
    connect(port);
    BOOST_REQUIRE(wait([&] { return logons_ > 0; }));
  }
  bool wait_logons(int count) {
    return wait([&] { return logons_ >= count; });
  }
  /// How often it has logged on, and why it last was logged out.
  std::pair<int, std::string> logons() {
    const std::lock_guard lock{mutex_};
    return {logons_, last_logout_};
  }
  bool wait_logout(const std::string& why) {
    return wait([&] { return last_logout_.find(why) != std::string::npos; });
  }
  bool send(const fix::Message& message) { return endpoint_.send(session_, message); }
  /// How often it was asked to send something again.
  int resend_requests() {
    const std::lock_guard lock{mutex_};
    return resend_requests_;
  }
  /// The next message, as words().
  std::string hear() { return words(next()); }
  fix::Message next() {
    const auto message = next_within(20s);
    BOOST_REQUIRE_MESSAGE(message, "nothing more was heard");
    return *message;
  }
  /// What is heard before the answer to a question of our own, so that nothing can be still under way.
  std::string all() {
    std::string text;
    drain([&](const fix::Message& message) { text += (text.empty() ? "" : "; ") + words(message); });
    return text;
  }
  /// The same, one by one. Asks again: what is sent while a session finds its numbers after a crash may be lost.
  template <class F>
  void drain(const F& each) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      const std::string id = "end" + std::to_string(++asked_);
      send(fix::Message{"BB"}.set(tag::CollInquiryID, id));
      while (const auto message = next_within(1s)) {
        if (message->type() != "BA") each(*message);
        else if (fix::text(*message, tag::CollInquiryID) == id && fix::boolean(*message, tag::LastRptRequested) == true) return;
      }
    }
    BOOST_FAIL("the venue does not answer");
  }
 private:
  void on_logon(fix::SessionId) override { change([&] { ++logons_; }); }
  void on_logout(fix::SessionId, std::string_view why) override { change([&] { last_logout_ = why; }); }
  void on_admin(fix::SessionId, const fix::Message& message) override {
    change([&] { resend_requests_ += message.type() == "2" ? 1 : 0; });
  }
  void on_message(fix::SessionId, const fix::Message& message) override {
    change([&] { heard_.push_back(message); });
  }
  template <class F>
  void change(const F& what) {
    const std::lock_guard lock{mutex_};
    what();
    changed_.notify_all();
  }
  std::optional<fix::Message> next_within(Duration patience) {
    std::optional<fix::Message> message;
    wait([&] {
      if (heard_.empty()) return false;
      message = heard_.front();
      heard_.pop_front();
      return true;
    }, patience);
    return message;
  }
  template <class F>
  bool wait(const F& there, Duration patience = 20s) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, there);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<fix::Message> heard_;
  std::string last_logout_;
  int logons_ = 0, asked_ = 0, resend_requests_ = 0;
  fix::Endpoint endpoint_{*this};
  fix::SessionId session_;
};

inline fix::Message order(const std::string& id, char side, const char* quantity, const char* price) {
  fix::Message m{"D"};
  m.set(tag::ClOrdID, id).set(tag::Symbol, "BTCUSDT").set(tag::Side, side).set(tag::OrdType, '2').set(tag::TimeInForce, '1');
  return m.set(tag::OrderQty, quantity).set(tag::Price, price).set(tag::TransactTime, Time{1'700'000'000'000'000'000});
}
inline fix::Message buy(const std::string& id, const char* quantity, const char* price) { return order(id, '1', quantity, price); }
inline fix::Message sell(const std::string& id, const char* quantity, const char* price) { return order(id, '2', quantity, price); }
inline fix::Message cancel(const std::string& id, const std::string& orig, char side = '1') {
  fix::Message m{"F"};
  m.set(tag::ClOrdID, id).set(tag::OrigClOrdID, orig).set(tag::Symbol, "BTCUSDT").set(tag::Side, side);
  return m.set(tag::TransactTime, Time{1'700'000'000'000'000'000});
}
inline fix::Message replace(const std::string& id, const std::string& orig, char side, const char* quantity, const char* price) {
  fix::Message m{"G"};
  const fix::Message like = order(id, side, quantity, price);
  for (const auto& field : like.content().fields) m.set(field.tag, field.value);
  return m.set(tag::OrigClOrdID, orig);
}

class VenueProcess {
 public:
  explicit VenueProcess(const std::string& scenario = "[]", const std::string& crowd = "[]") {
    std::ofstream{scratch_ / "venue.yaml"} << R"(venue: 1
instruments:
  - { symbol: BTCUSDT, currency: USDT, base: BTC, tick: 0.01, lot: 0.001, min_qty: 0.001, max_qty: 100,
      taker_fee: 0.002, maker_fee: -0.001, reference: 100 }
accounts:
  - { name: ACME, sessions: [ACME, ACME-MD], password: secret, balances: {USDT: 1000000} }
  - { name: BOLT, sessions: [BOLT], balances: {USDT: 1000000}, cancel_on_disconnect: true }
  - { name: SLOW, sessions: [SLOW], throttle: 2 }
scenario: )" << scenario << "\ncrowd: " << crowd << "\n";
    start();
  }
  void start() {
    std::filesystem::remove(scratch_ / "port");
    process_ = std::make_unique<Program>(scratch_, std::vector<std::string>{"venue", scratch_ / "venue.yaml", "--data", data(), "--port",
                                                                            std::to_string(port_), "--port-file", scratch_ / "port"});
    BOOST_REQUIRE(wait_until([&] { return std::filesystem::exists(scratch_ / "port"); }));
    port_ = static_cast<std::uint16_t>(std::stoi(text_of_file(scratch_ / "port")));
  }
  void kill() {
    process_->signal(SIGKILL);
    process_->wait();
  }
  Ended stop() {
    process_->signal(SIGTERM);
    return process_->wait();
  }
  /// Returns what it says.
  std::string do_wrong(std::vector<std::string> what) const {
    what.insert(what.begin(), {"venue", "do", data()});
    const Ended ended = holdfast(what);
    return ended.out + ended.err;
  }
  /// What is true.
  nlohmann::json book() const { return holdfast({"venue", "book", data(), "--json"}).json(); }
  std::string data() const { return scratch_ / "data"; }
  std::uint16_t port() const { return port_; }

 private:
  ScratchDir scratch_;
  std::unique_ptr<Program> process_;
  std::uint16_t port_ = 0;
};

/// A venue with two clients logged on.
struct Trading {
  VenueProcess venue;
  Client acme{"ACME"}, bolt{"BOLT"};
  explicit Trading(const std::string& scenario = "[]") : venue{scenario} {
    acme.log_on(venue.port());
    bolt.log_on(venue.port());
  }
};

}  // namespace holdfast::test
