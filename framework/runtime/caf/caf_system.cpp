#include <caf/all.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "caf/host_actor.hpp"
#include "caf/supervisor_actor.hpp"
#include "caf/worker_queue.hpp"

namespace holdfast {

namespace {

using live::Shared;

/// How long halt() waits for a broker in the middle of sending; one that hangs is not waited for.
constexpr auto kSending = std::chrono::milliseconds{250};

/// The settings of CAF we rely on; its default policy starves actors, and it would use more threads
/// than there are cores. Nothing is read from the working directory or the command line.
struct Config : caf::actor_system_config {
  explicit Config(int workers) {
    module_factories.push_back(
        [](caf::actor_system& system) { return new caf::scheduler::coordinator<live::WorkerQueue>{system}; });
    set("scheduler.max-threads", static_cast<std::size_t>(std::max(2, workers)));
    set("scheduler.max-throughput", static_cast<std::size_t>(64));
  }
};

/// Tries as many threads as CAF will want: when it cannot have one it waits for ever for the others.
/// Fails: std::system_error.
void require_threads(std::size_t count) {
  std::promise<void> done;
  std::vector<std::jthread> tried;
  struct AtEnd {
    std::promise<void>& done;
    ~AtEnd() { done.set_value(); }
  } const at_end{done};
  const auto until = done.get_future().share();
  for (; count > 0; --count) tried.emplace_back([until] { until.wait(); });
}

/// The live runtime: CAF workers, a supervisor thread, the journal's two threads.
class CafSystem final : public System {
 public:
  explicit CafSystem(std::unique_ptr<Core> core) : shared_{std::make_unique<Shared>(std::move(core))} {}
  ~CafSystem() override;

  void start() override;
  bool run_for(Duration budget) override;
  std::string stop(Duration deadline) override;
  SystemStatus status() const override;
  SystemMetrics metrics() const override;
  SystemRecord record() const override;
  std::uint64_t events(std::uint64_t from, const std::function<bool(const Event&)>& visit) const override;
  RunSummary summary() const override;
  std::string failure() const override;
  bool halt(const LatchFile::Latch& latch, Duration patience) override;
  bool resume(LatchScope scope, const std::string& target, const std::string& who, const std::string& why) override;
  bool instruct(const Instruction& instruction, Duration patience) override;
  void crash(const std::string& actor, const std::string& why) override;
  std::string checkpoint() override { return shared_->core->checkpoint(); }
  Failpoints& failpoints() override { return shared_->core->failpoints; }

 private:
  bool feeds_ended() const;
  bool await_quiet(std::chrono::steady_clock::time_point until);
  bool stop_tree(std::chrono::steady_clock::time_point until);
  void say_stopped(const std::string& why, std::chrono::steady_clock::time_point until);
  bool await_durable(std::uint64_t seq, Duration patience) const;
  void await_senders() const;
  std::uint64_t say_and_wait(EventBuffer events, Duration patience);

  std::unique_ptr<Shared> shared_;
  std::unique_ptr<Config> config_;
  std::unique_ptr<caf::actor_system> actors_;
  bool stopped_ = false, abandoned_ = false;
  std::atomic<const char*> state_{"starting"};
  std::atomic<bool> open_{false};  ///< The journal is there; status() may be asked before.
};

CafSystem::~CafSystem() {
  if (actors_ && !stopped_) stop(std::chrono::seconds{10});
  if (abandoned_) shared_.release();
}

void CafSystem::start() {
  Shared& s = *shared_;
  Core& core = *s.core;
  const bool feed_clock = core.plan.clock == Plan::Clock::feed;
  const auto wall = [&s] { return s.wall(); };
  Journal::Options options;
  options.wall = wall;
  options.feed_clock = feed_clock;
  options.frame_bytes = core.plan.journal.frame_bytes;
  options.sync_interval = core.plan.journal.sync_interval;
  options.failpoints = &core.failpoints;
  options.ring_bytes = core.plan.journal.ring_bytes;
  options.prune_below = [&core](std::uint64_t head) { return core.prune_below(head); };
  Journal::Listener listener{[&s](const Frame& frame) {
                               if ((frame.cargo & static_cast<std::uint8_t>(Cargo::verdicts)) != 0)
                                 s.verdicts.store(frame.header.last_seq(), std::memory_order_release);
                               s.ring_interested(frame.cargo);
                               s.ring_all();
                             },
                             [&s] { s.let_feeds_go(); }, [&s] { s.ring_edges(); },
                             [&s](const std::string& why) { s.fail(why); }};
  s.journal = std::make_unique<Journal>(*core.store, core.make_sequencer(feed_clock ? std::function<Time()>{} : wall),
                                        std::move(options), std::move(listener));
  open_ = true;
  core.header_at = [&s](std::uint64_t seq) { return s.journal->written_header(seq); };
  config_ = std::make_unique<Config>(core.plan.workers);
  // Beside its workers the clock, two for input and output, and the supervisor of our own.
  require_threads(static_cast<std::size_t>(core.plan.workers) + 4);
  actors_ = std::make_unique<caf::actor_system>(*config_);
  s.cells.back()->cursor = s.record_host->heard_seq();
  s.cells.back()->handle = actors_->spawn<live::RecordActor>(std::ref(s));
  s.supervisor = actors_->spawn<live::SupervisorActor, caf::detached>(std::ref(s));
  core.failpoints.hit("system.opening");
  s.journal->submit(core.opening(feed_clock ? Time{} : s.wall()));
  caf::anon_send(s.supervisor, live::begin_atom::value);
  std::unique_lock lock{s.mutex};
  s.changed.wait(lock, [&] { return s.ready || s.failed; });
  if (s.failed) throw std::runtime_error{s.failure};
  lock.unlock();
  if (!core.restored_from().empty() && await_durable(s.journal->head(), std::chrono::seconds{10})) core.restored_is_known();
  core.failpoints.hit("system.ready");
  state_ = "ready";
}

bool CafSystem::feeds_ended() const {
  const std::lock_guard lock{shared_->record_mutex};
  const auto& ended = shared_->core->record()->ended_feeds();
  bool any = false;
  for (std::size_t i = 0; i < shared_->core->slots.size(); ++i) {
    const auto& slot = *shared_->core->slots[i];
    if (slot.kind != ActorKind::feed) continue;
    any = true;
    if (!ended.contains(slot.id.value) && !slot.parked) return false;
  }
  return any;
}

bool CafSystem::await_quiet(std::chrono::steady_clock::time_point until) {
  // Looked at twice: a bell may be rung between the look at its cell and the end of the first.
  while (true) {
    if (shared_->quiescent() && shared_->quiescent()) return true;
    std::unique_lock lock{shared_->mutex};
    if (shared_->failed || std::chrono::steady_clock::now() >= until) return false;
    shared_->changed.wait_for(lock, std::chrono::milliseconds{1});
  }
}

bool CafSystem::run_for(Duration budget) {
  Shared& s = *shared_;
  const auto until = std::chrono::steady_clock::now() + budget;
  while (true) {
    std::uint64_t seen;
    {
      const std::lock_guard lock{s.mutex};
      if (s.failed) return false;
      seen = s.ends;
    }
    if (feeds_ended()) return !await_quiet(until);
    std::unique_lock lock{s.mutex};
    if (!s.changed.wait_until(lock, until, [&] { return s.failed || s.ends != seen; })) return true;
  }
}

std::string CafSystem::stop(Duration deadline) {
  if (stopped_ || !actors_) return "";
  stopped_ = true;
  state_ = "stopping";
  Shared& s = *shared_;
  s.core->failpoints.hit("system.stopping");
  const auto begin = std::chrono::steady_clock::now();
  const auto until = begin + deadline;
  std::string left;
  const auto leave = [&](const std::string& what) { left += (left.empty() ? "" : "; ") + what; };
  s.draining = true;
  // Each step leaves time for those after it: what hangs in one may not in the next.
  if (!await_quiet(begin + deadline / 2) && failure().empty()) leave("events were still under way");
  const bool down = stop_tree(begin + deadline * 3 / 4);
  if (!down) {
    for (std::size_t i = 0; i < s.core->slots.size(); ++i)
      if (s.cells[i]->live) leave(s.core->slots[i]->plan->name + " did not stop");
  }
  const std::string why = failure();
  s.core->failpoints.hit("system.stopped");
  say_stopped(why.empty() ? "asked to" : why, until);
  const bool synced = s.journal->stop(until);
  if (!synced)
    leave("the disk did not answer: nothing after event " + std::to_string(s.journal->release_seq()) + " is durable");
  {
    const std::lock_guard lock{s.cells.back()->mutex};
    caf::anon_send_exit(s.cells.back()->handle, caf::exit_reason::user_shutdown);
    s.cells.back()->handle = nullptr;
  }
  caf::anon_send_exit(s.supervisor, caf::exit_reason::user_shutdown);
  s.supervisor = nullptr;
  state_ = why.empty() ? "stopped" : "failed";
  // A handler that never returns, or a disk that never answers, keeps its thread and everything it
  // looks at: let go of all rather than wait for ever. Whoever embeds us was told what was left.
  abandoned_ = !down || !synced;
  if (!left.empty()) s.core->log({LogLine::Level::warning, "", "left behind: " + left});
  if (abandoned_) {
    actors_.release();
    config_.release();
    return left;
  }
  actors_->await_all_actors_done();
  actors_.reset();
  return left;
}

bool CafSystem::stop_tree(std::chrono::steady_clock::time_point until) {
  Shared& s = *shared_;
  caf::anon_send<caf::message_priority::high>(s.supervisor, live::stop_atom::value);
  std::unique_lock lock{s.mutex};
  return s.changed.wait_until(lock, until, [&] { return s.down; });
}

/// The last that the journal hears: an orderly end, and the record's state at it.
void CafSystem::say_stopped(const std::string& why, std::chrono::steady_clock::time_point until) {
  Shared& s = *shared_;
  EventBuffer events;
  events.append(SystemStopped{s.core->epoch}, ActorId{}, s.core->epoch, true, s.wall(), why);
  s.say(std::move(events));
  await_quiet(std::min(until, std::chrono::steady_clock::now() + std::chrono::seconds{1}));
  const std::lock_guard lock{s.record_mutex};
  Submission last;
  last.snapshots.push_back(s.record_host->snapshot());
  s.journal->submit(std::move(last));
}

SystemStatus CafSystem::status() const {
  const Shared& s = *shared_;
  const std::uint64_t head = open_ ? s.journal->head() : 0;
  const std::string why = failure();
  const std::lock_guard lock{s.record_mutex};
  SystemStatus out = status_of(*s.core, head);
  out.failure = why;
  out.state = why.empty() ? state_.load() : "failed";
  out.release_seq = open_ ? s.journal->release_seq() : 0;
  for (std::size_t i = 0; i < out.actors.size(); ++i) {
    const std::uint64_t cursor = s.cells[i]->cursor;
    out.actors[i].state = s.cells[i]->state;
    out.actors[i].restarts = s.cells[i]->restarts;
    out.actors[i].recovery = Duration{s.cells[i]->recovery};
    out.actors[i].lag = head > cursor ? head - cursor : 0;
  }
  return out;
}

SystemMetrics CafSystem::metrics() const {
  const Shared& s = *shared_;
  SystemMetrics out;
  out.status = status();
  for (std::size_t i = 0; i < out.status.actors.size(); ++i) out.actors.push_back(s.cells[i]->measures.read());
  out.trade_loop = s.trade_loop.durations().read();
  if (open_) {
    const JournalMeasures& journal = s.journal->measures();
    out.journal = {journal.frames.get(), journal.bytes.get(), s.journal->queued_bytes(), journal.write.read(),
                   journal.sync.read()};
  }
  const std::lock_guard lock{s.record_mutex};
  out.open_orders = open_orders(*s.core->record());
  return out;
}

SystemRecord CafSystem::record() const {
  const std::lock_guard lock{shared_->record_mutex};
  return *shared_->core->record();
}

std::uint64_t CafSystem::events(std::uint64_t from, const std::function<bool(const Event&)>& visit) const {
  // Nothing that record() does not know the names of yet.
  const std::uint64_t known = shared_->cells.back()->cursor;
  return shared_->core->events(from, std::min(known, shared_->journal->release_seq()), visit);
}

RunSummary CafSystem::summary() const {
  const std::lock_guard lock{shared_->record_mutex};
  return summary_of(*shared_->core);
}

std::string CafSystem::failure() const {
  const std::lock_guard lock{shared_->mutex};
  return shared_->failure;
}

bool CafSystem::await_durable(std::uint64_t seq, Duration patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (shared_->journal->release_seq() < seq) {
    std::unique_lock lock{shared_->mutex};
    if (std::chrono::steady_clock::now() >= until) return false;
    shared_->changed.wait_for(lock, std::chrono::milliseconds{1});
  }
  return true;
}

bool CafSystem::halt(const LatchFile::Latch& asked, Duration patience) {
  LatchFile::Latch latch = asked;
  if (latch.since == Time{}) latch.since = shared_->wall();
  EventBuffer events;
  {
    const std::lock_guard lock{shared_->record_mutex};
    events = latch_event(latch, *shared_->core->record(), false, shared_->wall());
  }
  shared_->core->failpoints.hit("halt.before_latch");
  shared_->core->latches->engage(latch);
  shared_->core->failpoints.hit("halt.after_latch");
  await_senders();
  return say_and_wait(std::move(events), patience) != 0;
}

/// A broker that had looked at the latches just before may still be sending: what it writes then
/// comes before the halt in the journal, and nothing leaves after halt() has returned.
void CafSystem::await_senders() const {
  const auto until = std::chrono::steady_clock::now() + kSending;
  for (std::size_t i = 0; i < shared_->core->slots.size(); ++i) {
    if (shared_->core->slots[i]->kind != ActorKind::broker) continue;
    const live::Cell& cell = *shared_->cells[i];
    const auto turn = cell.turns.load();
    while (cell.busy.load() && cell.turns.load() == turn && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
  }
}

/// Submits and waits until it is durable; 0 when patience ran out.
std::uint64_t CafSystem::say_and_wait(EventBuffer events, Duration patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  shared_->core->failpoints.hit("operator.before_write");
  const std::uint64_t number = shared_->say(std::move(events));
  shared_->core->failpoints.hit("operator.after_write");
  while (shared_->journal->done() < number) {
    std::unique_lock lock{shared_->mutex};
    if (std::chrono::steady_clock::now() >= until) return 0;
    shared_->changed.wait_for(lock, std::chrono::microseconds{200});
  }
  const std::uint64_t seq = shared_->journal->head();
  return await_durable(seq, until - std::chrono::steady_clock::now()) ? seq : 0;
}

bool CafSystem::resume(LatchScope scope, const std::string& target, const std::string& who, const std::string& why) {
  EventBuffer events;
  {
    const std::lock_guard lock{shared_->record_mutex};
    events = latch_event({scope, LatchLevel::active, target, who, why, shared_->wall()}, *shared_->core->record(), true,
                         shared_->wall());
  }
  if (say_and_wait(std::move(events), std::chrono::seconds{10}) == 0) return false;
  return shared_->core->latches->release(scope, target);
}

bool CafSystem::instruct(const Instruction& instruction, Duration patience) {
  EventBuffer events;
  {
    const std::lock_guard lock{shared_->record_mutex};
    events = instruction_event(instruction, *shared_->core->record(), shared_->wall());
  }
  return say_and_wait(std::move(events), patience) != 0;
}

void CafSystem::crash(const std::string& actor, const std::string& why) {
  for (std::size_t i = 0; i < shared_->core->slots.size(); ++i) {
    if (shared_->core->slots[i]->plan->name != actor) continue;
    const std::lock_guard lock{shared_->cells[i]->mutex};
    if (shared_->cells[i]->handle) caf::anon_send(shared_->cells[i]->handle, live::crash_atom::value, why);
  }
}

}  // namespace

std::unique_ptr<System> make_caf_system(std::unique_ptr<Core> core) {
  return std::make_unique<CafSystem>(std::move(core));
}

}  // namespace holdfast
