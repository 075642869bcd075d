#include "bench_runs.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>

#include <holdfast/config/load.hpp>
#include <holdfast/journal/journal.hpp>
#include <holdfast/sdk/random.hpp>

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

std::string bench_text(const Workload& w) {
  const bool live = w.interval != Duration{};
  const std::string interval = live ? std::to_string(w.interval.count()) + "ns" : "1ms";
  const std::string source = "{ plugin: synthetic, instruments: [BTCUSDT], start_price: 100, trade_every: 0, interval: " + interval +
                             ", ticks: " + std::to_string(w.ticks) + " }";
  const auto strategy = [&](const std::string& name) {
    return "    - { name: " + name + ", actor: strategy, settings: { strategy: { plugin: metronome, instrument: BTCUSDT, every: " +
           std::to_string(w.strategies * w.order_every) + " } } }\n";
  };
  // Restarts are never waited for nor counted: what they cost is measured, not how often they may be.
  return "holdfast: 1\n"
         "system: { name: bench, clock: " + std::string{live ? "wall" : "feed"} + ", seed: 7, workers: 2 }\n"
         "journal: " + w.journal + "\n"
         "instruments:\n"
         "  - { symbol: BTCUSDT, tick: 0.01, lot: 0.001, currency: USDT, session: 24x7 }\n"
         "tree:\n"
         "  period: 1ms\n"
         "  backoff: { reset_after: 0s }\n"
         "  children:\n" + strategy("first") + (w.strategies > 1 ? strategy("second") : "") +
         "    - { name: risk, actor: risk, settings: { rules: [ { plugin: fat_finger, max_quantity: 100, max_notional: 1000000 } ] } }\n"
         "    - { name: venue, actor: broker, settings: { broker: { " + w.broker + " } } }\n"
         "    - { name: ledger, actor: ledger }\n"
         "    - { name: market, actor: feed, settings: { speed: " + std::string{live ? "1" : "0"} + ", source: " + source + " } }\n";
}

Plan bench_plan(const Workload& w) {
  auto loaded = load_plan_text(bench_text(w), "<bench>");
  if (!loaded.plan) throw PlanRefused{loaded.problems};
  return std::move(*loaded.plan);
}

double ticks_per_second(PluginHost& plugins, const Workload& workload) {
  const Scratch scratch;
  Plan plan = bench_plan(workload);
  System::Options options;
  options.runtime = workload.runtime;
  if (!plan.journal.off) options.data_dir = scratch.path() + "/data";
  const auto system = System::open(std::move(plan), plugins, options);
  system->start();
  const auto begin = Clock::now();
  while (system->run_for(std::chrono::seconds{1})) {}
  const double took = since(begin);
  system->stop(std::chrono::seconds{10});
  const auto summary = system->summary();
  if (summary.counts.ticks < workload.ticks || (summary.counts.fills == 0 && workload.ticks > 10'000))
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
  const auto store = Store::open(store_options);
  std::vector<Time> ticks(store->head() ? store->head()->last_seq() + 1 : 0);
  std::map<std::uint64_t, Time> orders;
  std::vector<double> seconds;
  store->scan(1, [&](const FramePtr& frame) {
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

FillLoad fill_load(std::uint64_t bytes) {
  constexpr int kBatches = 8;
  const std::size_t frame_bytes = JournalPlan{}.frame_bytes;
  FillLoad load;
  Random random{7};
  std::int64_t bid = 10'000, position = 0;
  for (int i = 0; i < kBatches; ++i) {
    EventBuffer& batch = load.batches.emplace_back();
    while (batch.size() < frame_bytes) {
      bid += static_cast<std::int64_t>(random.below(5)) - 2;
      Quote quote;
      quote.instrument = InstrumentId{1};
      quote.bid = Price::from_raw(bid * 1'000'000);
      quote.ask = Price::from_raw((bid + 2) * 1'000'000);
      quote.bid_size = Quantity::from_raw(static_cast<std::int64_t>(random.below(10'000) + 1) * 100'000);
      quote.ask_size = Quantity::from_raw(static_cast<std::int64_t>(random.below(10'000) + 1) * 100'000);
      quote.venue_time = Time{++position * 1'000'000};
      batch.append(quote, ActorId{1}, static_cast<std::uint64_t>(position), true, quote.venue_time);
    }
  }
  for (; load.bytes < bytes; ++load.count) load.bytes += load.batches[load.count % kBatches].size();
  return load;
}

double journal_seconds(const FillLoad& load) {
  constexpr std::size_t kQueued = 16u << 20;
  const Scratch scratch;
  StoreOptions store_options;
  store_options.path = scratch.path() + "/journal";
  store_options.create = true;
  const auto store = Store::open(store_options);
  std::mutex mutex;
  std::condition_variable changed;
  std::string failure;
  const auto notify = [&] {
    const std::lock_guard lock{mutex};
    changed.notify_all();
  };
  Journal::Options options;
  options.wall = [] { return Time{Clock::now().time_since_epoch().count()}; };
  options.feed_clock = true;
  Journal::Listener listener{[](const Frame&) {}, notify, notify, [&](const std::string& why) {
                               const std::lock_guard lock{mutex};
                               failure = why;
                               changed.notify_all();
                             }};
  Journal journal{*store, Sequencer{std::nullopt, 1, {}}, std::move(options), std::move(listener)};
  const auto wait = [&](const auto& until) {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return until() || !failure.empty(); });
    if (!failure.empty()) throw std::runtime_error{failure};
  };
  const auto begin = Clock::now();
  std::uint64_t number = 0;
  for (std::uint64_t i = 0; i < load.count; ++i) {
    Submission s;
    s.author = ActorId{1};
    s.events = load.batches[i % load.batches.size()];
    number = journal.submit(std::move(s));
    if (journal.queued_bytes() > kQueued) wait([&] { return journal.queued_bytes() <= kQueued; });
  }
  wait([&] { return journal.done() >= number && journal.release_seq() == journal.head(); });
  const double took = since(begin);
  journal.stop();
  return took;
}

std::vector<double> restart_seconds(PluginHost& plugins, const RestartLoad& load, int count,
                                    const std::function<void(int)>& progress) {
  using namespace std::chrono_literals;
  const Scratch scratch;
  System::Options options;
  options.data_dir = scratch.path() + "/data";
  Workload workload;
  workload.interval = load.tick;
  workload.journal = "{ snapshot_every: " + std::to_string(load.snapshot_every) + " }";
  const auto system = System::open(bench_plan(workload), plugins, options);
  system->start();
  const auto first = [&] { return system->status().actors.front(); };
  std::vector<double> seconds;
  // Once through the oldest snapshot there can be, so that no restart folds from nothing.
  while (system->status().head_seq < 2 * load.snapshot_every && system->run_for(1ms)) {}
  while (seconds.size() < static_cast<std::size_t>(count)) {
    progress(static_cast<int>(seconds.size()));
    const auto before = first().restarts;
    system->crash("first", "as asked");
    const auto deadline = Clock::now() + 10s;
    const auto again = [&] {
      const auto line = first();
      return line.restarts > before && line.state == Supervision::State::up;
    };
    while (!again())
      if (!system->run_for(1ms) || Clock::now() > deadline)
        throw std::runtime_error{"the crashed strategy did not come back: " + system->failure()};
    seconds.push_back(std::chrono::duration<double>(first().recovery).count());
    system->run_for(load.tick * load.ticks_per_crash);
  }
  system->stop(10s);
  return seconds;
}

}  // namespace holdfast::cli
