#include "bench_fix.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <stdexcept>

#include <holdfast/fix/client.hpp>
#include <holdfast/fix/tags.hpp>

#include "bench_process.hpp"
#include "bench_tap.hpp"
#include "control.hpp"

namespace holdfast::cli {

namespace {

using namespace std::chrono_literals;
namespace tag = fix::tag;
using Clock = std::chrono::steady_clock;
double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }
double seconds(Duration d) { return std::chrono::duration<double>(d).count(); }
Time now() { return Time{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()}; }

constexpr auto kPatience = 60s;
/// Between two plain sends, as between two orders.
constexpr auto kPause = 10ms;
/// What the venue writes of an order that rests.
constexpr std::size_t kLogged = 222;

/// `holdfast venue` with one instrument that trades around 100.
class BenchVenue {
 public:
  BenchVenue() {
    const std::string& dir = scratch_.path();
    std::ofstream{dir + "/venue.yaml"}
        << "venue: 1\nport: 0\nseed: 7\ninstruments:\n"
           "  - { symbol: BTCUSDT, currency: USDT, tick: 0.01, lot: 0.001, session: 24x7, reference: 100 }\n"
           "accounts:\n  - { name: ACME, sessions: [ACME, ACME-LOAD], balances: {USDT: 1000000000} }\n"
           "crowd:\n  - { symbol: BTCUSDT, spread: 0.02, step: 0, depth: 1000, levels: 2, every: 1s, trade_every: 0s }\n";
    process_ = std::make_unique<Child>(std::vector<std::string>{"venue", dir + "/venue.yaml", "--data", data(), "--port-file", dir + "/port"});
    const auto deadline = Clock::now() + kPatience;
    while (!std::filesystem::exists(dir + "/port")) {
      if (Clock::now() > deadline) throw std::runtime_error{"`holdfast venue` does not listen"};
      process_->watch(1ms);
    }
    std::ifstream{dir + "/port"} >> port_;
  }
  std::uint16_t port() const { return port_; }
  void watch(std::chrono::milliseconds time) const { process_->watch(time); }
  void cut() const {
    const auto reply = ask(data(), {{"do", {"disconnect", "account=ACME"}}}, 2s);
    if (reply.kind != ControlReply::Kind::answered || !reply.body.contains("done")) throw std::runtime_error{"the venue does not cut"};
  }

 private:
  std::string data() const { return scratch_.path() + "/data"; }

  Scratch scratch_;
  std::unique_ptr<Child> process_;
  std::uint16_t port_ = 0;
};

std::string fix_broker(std::uint16_t port) {
  return "plugin: fix, host: 127.0.0.1, port: " + std::to_string(port) + ", sender: ACME";
}

/// A system at that venue, and how its link to it fared.
class Linked {
 public:
  Linked(PluginHost& plugins, const Workload& workload, const std::string& data_dir) {
    System::Options options;
    options.data_dir = data_dir;
    system_ = System::open(bench_plan(workload), plugins, options);
    system_->start();
  }
  System& system() { return *system_; }

  /// What a run before this one left in the record does not count.
  void await_armed() { await_armed(began_); }
  void await_armed(Time after) {
    const auto deadline = Clock::now() + kPatience;
    const auto armed = [&] {
      const auto record = system_->record();
      return !record.links().empty() && record.links().begin()->second.standing == LinkState::armed &&
             record.links().begin()->second.since > after;
    };
    while (!armed())
      if (!system_->run_for(1ms) || Clock::now() > deadline)
        throw std::runtime_error{"the measured system was not armed: " + system_->failure()};
  }
  Time armed_since() const { return system_->record().links().begin()->second.since; }

  /// Every way from down to armed that the journal knows.
  std::vector<Rearmed> ways() {
    std::vector<Rearmed> all;
    Time down, connected;
    system_->events(1, [&](const Event& e) {
      if (e.type() != EventType::link_changed) return true;
      switch (e.as<LinkChanged>().state) {
        case LinkState::down: down = e.time(); break;
        case LinkState::reconciling: connected = e.time(); break;
        case LinkState::armed: all.push_back({seconds(e.time() - down), seconds(e.time() - connected)}); break;
      }
      return true;
    });
    return all;
  }
  /// Also makes everything durable, so that it can be read.
  void stop() { system_->stop(10s); }

 private:
  std::unique_ptr<System> system_;
  const Time began_ = now();
};

/// A client that waits for answers.
class Caller {
 public:
  Caller(std::uint16_t port, const std::string& sender, const std::string& store_dir)
      : client_{settings(port, sender), {.store_dir = store_dir, .hold_acknowledgement = true}, [this] { wake(); }} {
    await(fix::Heard::Kind::logon);
  }
  void send(std::uint64_t number, Price price) {
    fix::Message order{"D"};
    order.set(tag::ClOrdID, "L-" + std::to_string(number)).set(tag::Symbol, "BTCUSDT").set(tag::Side, '2');
    order.set(tag::OrderQty, Quantity::of(1)).set(tag::OrdType, '2').set(tag::Price, price).set(tag::TimeInForce, '1');
    order.set(tag::TransactTime, now());
    if (!client_.send(order)) throw std::runtime_error{"the session to the venue was lost"};
  }
  /// Fails when the venue does not accept.
  void await_accepted() {
    const fix::Message report = await(fix::Heard::Kind::message);
    if (fix::character(report, tag::ExecType) != '0') throw std::runtime_error{"the venue did not accept an order: " + fix::text(report, tag::Text)};
    client_.acknowledge(report.seq);
  }

 private:
  static fix::ClientSettings settings(std::uint16_t port, const std::string& sender) {
    fix::ClientSettings s;
    s.host = "127.0.0.1";
    s.port = port;
    s.sender = sender;
    return s;
  }
  void wake() {
    const std::lock_guard lock{mutex_};
    woken_ = true;
    changed_.notify_one();
  }
  fix::Message await(fix::Heard::Kind kind) {
    const auto deadline = Clock::now() + kPatience;
    while (true) {
      while (auto heard = client_.take())
        if (heard->kind == kind) return heard->message;
      std::unique_lock lock{mutex_};
      if (!changed_.wait_until(lock, deadline, [&] { return woken_; })) throw std::runtime_error{"the venue does not answer"};
      woken_ = false;
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  fix::Client client_;
};

/// A write and its sync, as the venue does before it answers.
class SyncedFile {
 public:
  explicit SyncedFile(const std::string& path) : file_{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)} {}
  ~SyncedFile() { ::close(file_); }
  SyncedFile(const SyncedFile&) = delete;
  SyncedFile& operator=(const SyncedFile&) = delete;

  double append(std::size_t bytes) {
    const std::string line(bytes, 'x');
    const auto begin = Clock::now();
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || ::fdatasync(file_) != 0)
      throw std::runtime_error{"cannot write what is to be synced"};
    return since(begin);
  }

 private:
  int file_;
};

}  // namespace

WireTimes wire_times(PluginHost& plugins, Workload workload) {
  const Scratch scratch;
  const BenchVenue venue;
  const WireTap tap{venue.port()};
  workload.broker = fix_broker(tap.port());
  Linked linked{plugins, workload, scratch.path() + "/data"};
  while (linked.system().run_for(1s)) {}
  WireTimes times;
  std::size_t released = 0;
  const auto on_wire = tap.orders();
  linked.system().events(1, [&](const Event& e) {
    if (e.type() != EventType::order_sent) return true;
    ++released;
    const auto& sent = e.as<OrderSent>();
    const ClOrdId id = sent.terms.cl_ord_id;
    const auto at = on_wire.find("HF-" + std::to_string(id.owner().value) + "-" + std::to_string(id.counter()));
    if (at != on_wire.end()) times.orders.push_back(seconds(at->second - sent.released));
    return true;
  });
  linked.stop();
  if (released == 0 || times.orders.size() != released)
    throw std::runtime_error{"of " + std::to_string(released) + " orders " + std::to_string(times.orders.size()) + " were seen on the wire"};
  times.plain = WireTap::plain_sends(static_cast<int>(released), [&] { venue.watch(kPause); });
  return times;
}

RoundTrips fix_round_trips(int count) {
  const Scratch scratch;
  const BenchVenue venue;
  Caller caller{venue.port(), "ACME", scratch.path() + "/kept"};
  SyncedFile file{scratch.path() + "/synced"};
  RoundTrips trips;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    caller.send(static_cast<std::uint64_t>(i), Price::of(200));
    caller.await_accepted();
    trips.orders.push_back(since(begin));
    // By a thread that was just woken, after a rest of the disk, as the venue's is: in a loop of its own it is quicker.
    trips.syncs.push_back(file.append(kLogged));
  }
  return trips;
}

std::vector<Rearmed> rearmed(PluginHost& plugins, int cuts, const Progress& progress) {
  const Scratch scratch;
  const BenchVenue venue;
  Workload workload;
  workload.interval = 1ms;
  workload.broker = fix_broker(venue.port());
  Linked linked{plugins, workload, scratch.path() + "/data"};
  linked.await_armed();
  for (int i = 0; i < cuts; ++i) {
    progress("cut " + std::to_string(i + 1) + " of " + std::to_string(cuts));
    const Time before = linked.armed_since();
    venue.cut();
    linked.await_armed(before);
  }
  linked.system().run_for(100ms);
  auto ways = linked.ways();
  linked.stop();
  // The first one is the start.
  if (ways.size() < static_cast<std::size_t>(cuts) + 1) throw std::runtime_error{"a connection that was cut was not made again"};
  ways.erase(ways.begin());
  return ways;
}

ReconcileTimes reconcile_seconds(PluginHost& plugins, std::uint64_t orders, const Progress& progress) {
  const Scratch scratch;
  const BenchVenue venue;
  {
    progress("placing " + std::to_string(orders) + " orders");
    constexpr std::uint64_t kAhead = 500;
    Caller caller{venue.port(), "ACME-LOAD", scratch.path() + "/kept"};
    for (std::uint64_t i = 0; i < orders + kAhead; ++i) {
      if (i < orders) caller.send(i, Price::of(200 + static_cast<std::int64_t>(i)));
      if (i >= kAhead) caller.await_accepted();
    }
  }
  Workload workload;
  workload.interval = 1h;
  workload.broker = fix_broker(venue.port());
  const auto run = [&](const char* what) {
    progress(what);
    Linked linked{plugins, workload, scratch.path() + "/data"};
    linked.await_armed();
    linked.system().run_for(100ms);
    const auto ways = linked.ways();
    const auto open = linked.system().record().orders().open().size();
    linked.stop();
    if (ways.empty() || open != orders) throw std::runtime_error{"of " + std::to_string(orders) + " orders " + std::to_string(open) + " were found"};
    return ways.back().connected;
  };
  const double strangers = run("orders nobody here knows");
  return {strangers, run("the same, known")};
}

}  // namespace holdfast::cli
