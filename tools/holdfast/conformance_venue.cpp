// The venue of the conformance suite that is a process: `holdfast venue`, and somebody to trade with there.
#include "conformance_venue.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <holdfast/fix/client.hpp>
#include <holdfast/fix/tags.hpp>
#include <holdfast/testkit/settings.hpp>
#include <holdfast/venue/log.hpp>
#include <holdfast/venue/records.hpp>
#include <mutex>
#include <sstream>

#include "control.hpp"
#include "venue/gateway.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using namespace std::chrono_literals;
using testkit::VenueTrouble;
namespace fs = std::filesystem;
namespace tag = fix::tag;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 10s;

/// The process. Killed with this.
class Process {
 public:
  Process(const VenueProcess& what, const std::string& dir) : what_{what}, dir_{dir} {}
  ~Process() { kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::string data() const { return dir_ + "/venue"; }
  int port() const { return port_; }

  /// At the port it had, or at any.
  void start() {
    const std::string file = dir_ + "/port", said = dir_ + "/venue_said", port = std::to_string(port_);
    fs::remove(file);
    const std::vector<std::string> words{"holdfast", "venue", what_.file,    "--data", data(),
                                         "--port",   port,    "--port-file", file};
    std::vector<char*> argv;
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw VenueTrouble{"the venue's process cannot be started"};
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int out = ::open(said.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      if (::getppid() != parent || out < 0 || ::dup2(out, STDOUT_FILENO) < 0 || ::dup2(out, STDERR_FILENO) < 0)
        ::_exit(kFailed);
      ::setenv("CONFORMANCE_KEY", what_.key.c_str(), 1);
      ::execv("/proc/self/exe", argv.data());
      ::_exit(kFailed);
    }
    wait_for_port(file, said);
  }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  void wait_for_port(const std::string& file, const std::string& said) {
    for (const auto deadline = Clock::now() + kPatience; !fs::exists(file);) {
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = -1;
        std::ostringstream text;
        text << std::ifstream{said}.rdbuf();
        throw VenueTrouble{"the venue has ended: " + text.str()};
      }
      if (Clock::now() > deadline) throw VenueTrouble{"the venue does not listen"};
      std::unique_lock lock{mutex_};
      never_.wait_for(lock, 5ms);
    }
    std::ifstream{file} >> port_;
  }

  const VenueProcess& what_;
  const std::string& dir_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable never_;  ///< Nobody tells us when a file is there.
};

/// Somebody else at the venue.
class Counterparty {
 public:
  /// `counter`: how many requests it has made before; a venue never forgets a ClOrdID.
  Counterparty(const std::string& name, int port, std::uint64_t& counter) : name_{name}, counter_{counter} {
    fix::ClientSettings settings;
    settings.host = "127.0.0.1";
    settings.port = port;
    settings.sender = name;
    settings.reconnect_max = 100ms;
    client_.emplace(settings, fix::ClientSession{}, [this] {
      const std::lock_guard lock{mutex_};
      woken_ = true;
      changed_.notify_all();
    });
  }

  void place(const std::string& symbol, Side side, Price price, Quantity quantity, bool rests) {
    const std::string id = name_ + std::to_string(++counter_);
    fix::Message order{"D"};
    order.set(tag::ClOrdID, id)
        .set(tag::Symbol, symbol)
        .set(tag::Side, side == Side::buy ? '1' : '2')
        .set(tag::OrderQty, quantity);
    order.set(tag::OrdType, '2')
        .set(tag::TimeInForce, rests ? '1' : '3')
        .set(tag::Price, price)
        .set(tag::TransactTime, now());
    talk(order, [&](const fix::Message& m) {
      if (m.type() != "8" || fix::text(m, tag::ClOrdID) != id) return false;
      const char status = fix::character(m, tag::OrdStatus).value_or('?');
      if (status == '8') throw VenueTrouble{"the venue rejects the suite's own order: " + fix::text(m, tag::Text)};
      return rests || status == '2' || status == '4' || status == 'C';
    });
  }

  void cancel_all() {
    fix::Message all{"q"};
    all.set(tag::ClOrdID, name_ + std::to_string(++counter_))
        .set(tag::MassCancelRequestType, '7')
        .set(tag::TransactTime, now());
    talk(all, [](const fix::Message& m) { return m.type() == "r"; });
  }

  /// A question and its answer: what the venue had been told before is done.
  void ask() {
    const std::string id = name_ + std::to_string(++counter_);
    fix::Message question{"H"};
    question.set(tag::OrdStatusReqID, id).set(tag::ClOrdID, id).set(tag::Symbol, "?").set(tag::Side, '1');
    talk(question, [&](const fix::Message& m) { return m.type() == "8" && fix::text(m, tag::OrdStatusReqID) == id; });
  }

 private:
  static Time now() {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
  }

  /// Sends it and waits for the answer.
  void talk(const fix::Message& message, const std::function<bool(const fix::Message&)>& answers) {
    bool sent = false;
    for (const auto deadline = Clock::now() + kPatience; Clock::now() < deadline;) {
      if (!sent) sent = client_->send(message).has_value();
      while (auto heard = client_->take()) {
        if (heard->kind == fix::Heard::Kind::logout && sent)
          throw VenueTrouble{"the suite's own session at the venue was ended: " + heard->why};
        if (heard->kind == fix::Heard::Kind::message && answers(heard->message)) return;
      }
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, 100ms, [this] { return woken_; });
      woken_ = false;
    }
    throw VenueTrouble{"the venue does not answer the suite's own session"};
  }

  std::string name_;
  std::uint64_t& counter_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  std::optional<fix::Client> client_;
};

class ProcessVenue final : public testkit::VenueUnderTest {
 public:
  ProcessVenue(const VenueProcess& what, const std::string& dir, std::shared_ptr<const Instruments> instruments)
      : what_{what}, dir_{dir}, instruments_{std::move(instruments)}, process_{what_, dir_} {
    process_.start();
  }

  Setting settings(const Setting& written) const override {
    return testkit::with(written, {{"host", "127.0.0.1"}, {"port", std::to_string(process_.port())}});
  }
  void attach(testkit::Bench&) override {}

  void quote(InstrumentId instrument, Price bid, Price ask, Quantity size) override {
    const std::string symbol = instruments_->find(instrument)->symbol;
    somebody().cancel_all();
    somebody().place(symbol, Side::buy, bid, size, true);
    somebody().place(symbol, Side::sell, ask, size, true);
  }
  void trade_with(const OrderTerms& resting, Quantity quantity) override {
    somebody().cancel_all();
    somebody().place(instruments_->find(resting.instrument)->symbol, opposite(resting.side), resting.price, quantity,
                     false);
  }

  std::optional<VenueStatement> oracle() override {
    venue::Records records;
    venue::read_log(venue::Gateway::log_path(process_.data()), [&](const venue::Batch& batch) {
      for (const auto& fact : batch.facts) records.apply(batch.time, fact);
    });
    return statement(records);
  }

  bool inject(std::string_view pathology) override {
    std::vector<std::string> words;
    std::istringstream in{std::string{pathology}};
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty()) return true;
    if (pathology.find("account=") == std::string_view::npos && takes_account(words.front()))
      words.push_back("account=" + what_.account);
    const auto reply = ask(process_.data(), {{"do", words}}, 5000ms);
    if (reply.kind != ControlReply::Kind::answered) throw VenueTrouble{"the venue cannot be asked to do wrong"};
    if (reply.body.contains("error")) return false;
    somebody().ask();
    return true;
  }
  void kill() override {
    somebody_.reset();
    process_.kill();
  }
  void restart() override { process_.start(); }

 private:
  static bool takes_account(const std::string& what) { return what != "halt" && what != "resume"; }

  Counterparty& somebody() {
    if (!somebody_) somebody_ = std::make_unique<Counterparty>(what_.counterparty, process_.port(), requests_);
    return *somebody_;
  }

  VenueStatement statement(const venue::Records& records) const {
    VenueStatement all;
    all.open.emplace();
    all.fills.emplace();
    all.positions.emplace();
    for (const auto& [id, order] : records.orders())
      if (order.account == what_.account) {
        VenueOrder one;
        one.state = order.open() ? VenueOrder::State::working : VenueOrder::State::filled;
        one.venue_cl_ord_id = order.cl_ord_id;
        one.venue_order_id = id;
        one.cum_qty = order.cum_qty;
        one.leaves_qty = order.leaves_qty;
        if (order.open()) all.open->push_back(one);
        all.asked.push_back(one);
      }
    const auto* account = records.account(what_.account);
    if (account == nullptr) return all;
    for (const auto exec : account->fills) {
      const auto* fill = records.fill(exec);
      VenueFill one;
      one.exec_id = exec;
      one.last_px = fill->price;
      one.last_qty = fill->quantity;
      one.fee = fill->fee;
      if (fill->taken_back == 0) all.fills->push_back(one);
    }
    for (const auto& [symbol, position] : account->positions)
      if (const Instrument* known = instruments_->find(symbol))
        all.positions->push_back({known->id, position.quantity()});
    return all;
  }

  VenueProcess what_;
  std::string dir_;
  std::shared_ptr<const Instruments> instruments_;
  Process process_;
  std::uint64_t requests_ = 0;
  std::unique_ptr<Counterparty> somebody_;
};

}  // namespace

std::unique_ptr<testkit::VenueUnderTest> process_venue(const VenueProcess& what, const std::string& dir,
                                                       std::shared_ptr<const Instruments> instruments) {
  return std::make_unique<ProcessVenue>(what, dir, std::move(instruments));
}

}  // namespace holdfast::cli
