#include "bench_runs.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

#include <holdfast/config/load.hpp>
#include <holdfast/journal/store.hpp>

namespace holdfast::cli {

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

}  // namespace

Scratch::Scratch() {
  std::string path = (std::filesystem::temp_directory_path() / "holdfast-bench.XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error{"cannot make a directory like " + path};
  path_ = path;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Plan bench_plan(const Workload& w) {
  const std::string source = "{ plugin: synthetic, instruments: [BTCUSDT], start_price: 100, trade_every: 0, interval: 1ms, ticks: " +
                             std::to_string(w.ticks) + " }";
  const auto strategy = [&](const std::string& name) {
    return "    - { name: " + name + ", actor: strategy, settings: { strategy: { plugin: metronome, instrument: BTCUSDT, every: " +
           std::to_string(2 * w.order_every) + " } } }\n";
  };
  const std::string text =
      "holdfast: 1\n"
      "system: { name: bench, clock: " + std::string{w.live ? "wall" : "feed"} + ", seed: 7, workers: 2 }\n"
      "instruments:\n"
      "  - { symbol: BTCUSDT, tick: 0.01, lot: 0.001, currency: USDT, session: 24x7 }\n"
      "tree:\n"
      "  children:\n" + strategy("first") + strategy("second") +
      "    - { name: risk, actor: risk, settings: { rules: [ { plugin: fat_finger, max_quantity: 100, max_notional: 1000000 } ] } }\n"
      "    - { name: venue, actor: broker, settings: { broker: { plugin: paper } } }\n"
      "    - { name: ledger, actor: ledger }\n"
      "    - { name: market, actor: feed, settings: { speed: " + std::string{w.live ? "1" : "0"} + ", source: " + source + " } }\n";
  auto loaded = load_plan_text(text, "<bench>");
  if (!loaded.plan) throw PlanRefused{loaded.problems};
  return std::move(*loaded.plan);
}

double ticks_per_second(PluginHost& plugins, const Workload& workload) {
  const Scratch scratch;
  System::Options options;
  options.runtime = workload.runtime;
  options.data_dir = scratch.path() + "/data";
  const auto system = System::open(bench_plan(workload), plugins, options);
  system->start();
  const auto begin = Clock::now();
  while (system->run_for(std::chrono::seconds{1})) {}
  const double took = since(begin);
  system->stop(std::chrono::seconds{10});
  const auto summary = system->summary();
  if (summary.counts.ticks < workload.ticks || summary.counts.fills == 0)
    throw std::runtime_error{"the measured system did not do its work: " + system->failure()};
  return static_cast<double>(summary.counts.ticks) / took;
}

std::vector<double> release_seconds(PluginHost& plugins, const Workload& workload) {
  const Scratch scratch;
  System::Options options;
  options.data_dir = scratch.path() + "/data";
  {
    const auto system = System::open(bench_plan(workload), plugins, options);
    system->start();
    while (system->run_for(std::chrono::seconds{1})) {}
    system->stop(std::chrono::seconds{10});
  }
  StoreOptions store_options;
  store_options.path = options.data_dir + "/journal";
  store_options.read_only = true;
  std::map<std::uint64_t, Time> ticks, orders;
  std::vector<double> seconds;
  Store::open(store_options)->scan(1, [&](const FramePtr& frame) {
    frame->for_each([&](const Event& e) {
      if (e.type() == EventType::quote) ticks[e.seq()] = e.time();
      if (e.type() == EventType::order_intent) orders[e.as<OrderIntent>().terms.cl_ord_id.value] = ticks[e.header().origin];
      if (e.type() == EventType::order_sent) {
        const auto& sent = e.as<OrderSent>();
        seconds.push_back(std::chrono::duration<double>(sent.released - orders[sent.terms.cl_ord_id.value]).count());
      }
    });
    return true;
  });
  return seconds;
}

namespace {

/// A child process of this program and what it says on stdout.
class Child {
 public:
  Child(const std::string& data_dir, std::uint64_t events) {
    int pipes[2];
    if (::pipe2(pipes, O_CLOEXEC) != 0) throw std::runtime_error{"cannot make a pipe"};
    const std::string count = std::to_string(events);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(pipes[1], STDOUT_FILENO);
      ::execl("/proc/self/exe", "holdfast", "bench", "--child", data_dir.c_str(), "--events", count.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(pipes[1]);
    out_ = ::fdopen(pipes[0], "r");
  }
  ~Child() {
    kill();
    std::fclose(out_);
  }
  void await(const std::string& word) {
    char line[64];
    while (std::fgets(line, sizeof line, out_) != nullptr)
      if (word + "\n" == line) return;
    throw std::runtime_error{"the measured process ended before it was " + word};
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  std::FILE* out_ = nullptr;
};

}  // namespace

std::vector<double> kill_to_ready_seconds(std::uint64_t events, int samples,
                                          const std::function<void(const std::string&)>& progress) {
  const Scratch scratch;
  const std::string data = scratch.path() + "/data";
  progress("writing a journal of " + std::to_string(events) + " events");
  auto child = std::make_unique<Child>(data, events);
  child->await("full");
  std::vector<double> seconds;
  for (int i = 0; i < samples; ++i) {
    progress("kill " + std::to_string(i + 1) + " of " + std::to_string(samples));
    const auto begin = Clock::now();
    child.reset();
    // A hundred thousand events more each time, so that every kill finds it at work.
    child = std::make_unique<Child>(data, events + 100'000u * static_cast<unsigned>(i + 1));
    child->await("ready");
    seconds.push_back(since(begin));
    child->await("full");
  }
  return seconds;
}

int bench_child(PluginHost& plugins, const std::string& data_dir, std::uint64_t events) {
  System::Options options;
  options.data_dir = data_dir;
  const auto system = System::open(bench_plan({System::Runtime::caf, false, 0, 1000}), plugins, options);
  system->start();
  std::puts("ready");
  std::fflush(stdout);
  bool full = false;
  while (system->run_for(std::chrono::milliseconds{20})) {
    if (full || system->status().head_seq < events) continue;
    full = true;
    std::puts("full");
    std::fflush(stdout);
  }
  return 1;
}

}  // namespace holdfast::cli
