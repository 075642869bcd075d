#include <algorithm>
#include <chrono>
#include <deque>

#include "src/outside.hpp"

namespace holdfast {

namespace {

using Clock = std::chrono::steady_clock;

/// One thread, virtual time. Each tick and all its consequences are finished before the next one,
/// and a frame is sealed only between ticks: what a kill loses is whole ticks, so a resumed run
/// continues exactly where an uninterrupted one would have been.
class SimSystem final : public System {
 public:
  explicit SimSystem(std::unique_ptr<Core> core);

  void start() override;
  bool run_for(Duration budget) override;
  std::string stop(Duration deadline) override;
  SystemStatus status() const override;
  RunSummary summary() const override;
  std::string failure() const override { return failure_; }
  bool halt(const LatchFile::Latch& latch, Duration patience) override;
  bool resume(LatchScope scope, const std::string& target, const std::string& who, const std::string& why) override;
  void crash(const std::string& actor, const std::string& why) override;
  void set_failpoints(const std::string& text) override { core_->failpoints.set(text); }

 private:
  struct Cell {
    std::unique_ptr<ActorHost> host;
    std::unique_ptr<RuntimeOutside> outside;
    EventBuffer batch;            ///< Feeds: produced and not sequenced yet.
    std::size_t at = 0;           ///< Next event in the batch.
    Pace pace;
    bool opened = false, announced = false;
    std::string crash;            ///< Asked for from outside.
  };

  void settle();
  void deliver(Submission& submission);
  void hear(std::size_t index, const Event& event);
  void act(std::size_t index);
  void fail_actor(std::size_t index, const std::exception& error);
  void carry_out(Supervision::Commands commands);
  void start_actor(std::size_t index);
  void seal();
  bool tick();
  void refill(Cell& cell);
  std::optional<Time> next_wake() const;
  void say(EventBuffer events);
  Time now() const { return sequencer_->last_time(); }

  std::unique_ptr<Core> core_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<ActorHost> record_host_;
  Supervision supervision_;
  std::vector<Cell> cells_;
  std::deque<Submission> queue_;
  Submission scratch_;          ///< One tick at a time, without an allocation.
  std::optional<Time> deadline_; ///< supervision_.next_deadline(), kept while nothing happens to the tree.
  std::deque<Supervision::Command> commands_;
  std::optional<FrameHeader> last_frame_;
  bool stopped_ = false, braked_ = false;
  std::string failure_;
};

SimSystem::SimSystem(std::unique_ptr<Core> core)
    : core_{std::move(core)}, supervision_{core_->plan.tree, core_->plan.seed}, cells_(core_->slots.size()) {
  sequencer_ = std::make_unique<Sequencer>(core_->make_sequencer(nullptr));
  record_host_ = core_->take_record_host();
  last_frame_ = core_->store->head();
  core_->header_at = [this](std::uint64_t) { return last_frame_; };
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].outside = std::make_unique<RuntimeOutside>(*core_, i);
}

void SimSystem::start() {
  queue_.push_back(core_->opening(now()));
  carry_out(supervision_.start(now()));
  settle();
  seal();
  if (!failure_.empty()) throw std::runtime_error{failure_};
}

void SimSystem::say(EventBuffer events) {
  Submission s;
  s.events = std::move(events);
  queue_.push_back(std::move(s));
}

/// Everything that follows from what happened, until nothing does.
void SimSystem::settle() {
  while (true) {
    while (!queue_.empty()) {
      Submission s = std::move(queue_.front());
      queue_.pop_front();
      deliver(s);
    }
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (!cells_[i].crash.empty() && cells_[i].host) {
        const std::runtime_error why{std::exchange(cells_[i].crash, "")};
        fail_actor(i, why);
      }
    if (commands_.empty() && queue_.empty()) return;
    deadline_ = supervision_.next_deadline();
    if (const auto why = supervision_.escalation(); !why.empty() && !braked_) {
      braked_ = true;
      core_->last_words(why);
      say(latch_event({LatchScope::system, LatchLevel::halted, "", "holdfast", why, now()}, *core_->record(), false, now()));
      continue;  // Cancels first; then the tree comes down.
    }
    while (!commands_.empty()) {
      const auto command = commands_.front();
      commands_.pop_front();
      carry_out({command});
      deadline_ = supervision_.next_deadline();
      if (!queue_.empty()) break;
    }
  }
}

void SimSystem::deliver(Submission& submission) {
  const std::size_t before = sequencer_->open_events().size();
  if (!sequencer_->add(submission)) return;
  const auto events = sequencer_->open_events();
  for (std::size_t at = before; at < events.size();) {
    const Event event{events.data() + at};
    at += event.header().size;
    core_->failpoints.hit("sim.event");
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (cells_[i].host) hear(i, event);
    record_host_->hear(event);
    if (stream_of(event.type()) == Stream::business)
      for (std::size_t i = 0; i < cells_.size(); ++i)
        if (core_->slots[i]->edge && core_->slots[i]->kind != ActorKind::feed) act(i);
  }
}

void SimSystem::hear(std::size_t index, const Event& event) {
  ActorHost& host = *cells_[index].host;
  try {
    host.hear(event);
    if (host.has_answers()) [[unlikely]] {
      Submission s;
      s.author = host.identity().id;
      s.incarnation = host.identity().incarnation;
      s.events = host.take_answers();
      queue_.push_back(std::move(s));
    }
    if (event.type() == EventType::actor_started) [[unlikely]] {
      if (host.live() && !cells_[index].announced) {
        cells_[index].announced = true;
        for (auto& c : supervision_.started(index, now())) commands_.push_back(std::move(c));
      }
    }
  } catch (const std::exception& error) {
    fail_actor(index, error);
  }
}

void SimSystem::act(std::size_t index) {
  Cell& cell = cells_[index];
  if (!cell.host || !cell.host->live()) return;
  try {
    if (!cell.opened) {
      cell.opened = true;
      cell.host->open([] {});
    }
    const bool feed = core_->slots[index]->kind == ActorKind::feed;
    cell.outside->set(now(), sequencer_->next_seq() - 1, feed ? 1024 : 1 << 16);
    cell.pace = cell.host->act(*cell.outside);
    if (cell.outside->facts().empty()) return;
    if (feed) {
      cell.batch = cell.outside->take_facts();
      cell.at = 0;
      return;
    }
    Submission s;
    s.author = cell.host->identity().id;
    s.incarnation = cell.host->identity().incarnation;
    s.events = cell.outside->take_facts();
    queue_.push_back(std::move(s));
  } catch (const std::exception& error) {
    fail_actor(index, error);
  }
}

void SimSystem::fail_actor(std::size_t index, const std::exception& error) {
  Cell& cell = cells_[index];
  const bool diverged = dynamic_cast<const Divergence*>(&error) != nullptr;
  const auto& identity = cell.host->identity();
  EventBuffer events;
  if (diverged) events.append(ActorParked{identity.id, 0, identity.incarnation}, ActorId{}, 0, true, now(), error.what());
  else events.append(ActorFailed{identity.id, 0, identity.incarnation}, ActorId{}, 0, true, now(), error.what());
  core_->log({LogLine::Level::error, identity.name, (diverged ? "is parked: " : "failed: ") + std::string{error.what()}});
  core_->slots[index]->parked = diverged;
  cell.host.reset();
  cell.batch.clear();
  cell.at = 0;
  cell.outside->take_facts();
  say(std::move(events));
  for (auto& c : supervision_.exited(index, diverged ? Exit::parked : Exit::crash, now())) commands_.push_back(std::move(c));
  deadline_ = supervision_.next_deadline();  // A restart that waits is no command yet.
}

void SimSystem::carry_out(Supervision::Commands commands) {
  using Kind = Supervision::Command::Kind;
  for (auto& command : commands) {
    switch (command.kind) {
      case Kind::start: start_actor(command.actor); break;
      case Kind::stop: {
        Cell& cell = cells_[command.actor];
        if (cell.host) {
          Submission s;
          s.events.append(ActorStopped{cell.host->identity().id, 0, cell.host->identity().incarnation}, ActorId{}, 0,
                          true, now(), "asked to");
          s.snapshots.push_back(cell.host->snapshot());
          core_->store->write(s.snapshots);
          queue_.push_back(std::move(s));
          cell.host.reset();
        }
        for (auto& c : supervision_.exited(command.actor, Exit::normal, now())) commands_.push_back(std::move(c));
        break;
      }
      case Kind::kill: break;  // Nothing hangs on one thread.
      case Kind::stopped: stopped_ = true; break;
      case Kind::give_up:
        failure_ = command.why;
        core_->last_words(command.why);
        break;
    }
  }
}

void SimSystem::start_actor(std::size_t index) {
  Cell& cell = cells_[index];
  ActorSlot& slot = *core_->slots[index];
  if (slot.parked) {
    for (auto& c : supervision_.exited(index, Exit::parked, now())) commands_.push_back(std::move(c));
    return;
  }
  seal();
  const std::uint32_t incarnation = ++slot.incarnation;
  cell.opened = cell.announced = false;
  cell.pace = {};
  try {
    cell.host = core_->make_host(index, incarnation);
    const auto from = cell.host->restore(core_->store->snapshot(slot.plan->name));
    core_->store->scan(from, [&](const FramePtr& frame) {
      frame->for_each([&](const Event& e) {
        if (e.seq() >= from) cell.host->hear(e);
      });
      return true;
    });
  } catch (const std::exception& error) {
    if (cell.host) return fail_actor(index, error);
    core_->log({LogLine::Level::error, slot.plan->name, "failed: " + std::string{error.what()}});
    EventBuffer events;
    events.append(ActorFailed{slot.id, 0, incarnation}, ActorId{}, 0, true, now(), error.what());
    say(std::move(events));
    for (auto& c : supervision_.exited(index, Exit::crash, now())) commands_.push_back(std::move(c));
    return;
  }
  EventBuffer events;
  events.append(ActorStarted{slot.id, 0, incarnation, slot.era}, ActorId{}, incarnation, true, now());
  say(std::move(events));
}

/// REQUIRES: nothing is under way.
void SimSystem::seal() {
  if (sequencer_->empty()) return;
  const FramePtr frame = sequencer_->seal();
  std::vector<Snapshot> snapshots;
  for (auto& cell : cells_)
    if (cell.host && cell.host->snapshot_due()) snapshots.push_back(cell.host->snapshot());
  if (record_host_->snapshot_due()) snapshots.push_back(record_host_->snapshot());
  core_->store->write(*frame, snapshots);
  if (!snapshots.empty()) {
    const std::uint64_t before = core_->store->market_pruned_below();
    core_->store->prune_market(core_->prune_below(frame->header.last_seq()));
    if (const std::uint64_t below = core_->store->market_pruned_below(); below != before) {
      EventBuffer events;
      events.append(MarketPruned{below}, ActorId{}, below, true, now());
      say(std::move(events));
    }
  }
  last_frame_ = frame->header;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (core_->slots[i]->kind == ActorKind::audit) act(i);
}

std::optional<Time> SimSystem::next_wake() const {
  std::optional<Time> next = deadline_;
  for (const auto& cell : cells_) {
    if (!cell.host) continue;
    const auto wake = cell.host->wake_at();
    if (wake && (!next || *wake < *next)) next = wake;
  }
  return next;
}

void SimSystem::refill(Cell& cell) {
  if (cell.at < cell.batch.size()) return;
  cell.batch.clear();
  cell.at = 0;
  act(static_cast<std::size_t>(&cell - cells_.data()));
}

/// One feed event, or one timer before it. False when no feed has anything more.
bool SimSystem::tick() {
  Cell* next = nullptr;
  Time when{};
  std::optional<Time> paced;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (core_->slots[i]->kind != ActorKind::feed || !cells_[i].host) continue;
    refill(cells_[i]);
    if (!cells_[i].host) continue;
    if (cells_[i].at >= cells_[i].batch.size()) {
      if (cells_[i].pace.at && (!paced || *cells_[i].pace.at < *paced)) paced = cells_[i].pace.at;
      continue;
    }
    const Time t = cells_[i].batch.at(cells_[i].at).header().time;
    if (next == nullptr || t < when) {
      next = &cells_[i];
      when = t;
    }
  }
  // A timer that is due before the next record comes first; after the last record none does.
  if (const auto wake = next_wake(); next != nullptr && wake && *wake > now() && *wake < when) {
    paced = wake;
    next = nullptr;
  } else if (next == nullptr && !paced) {
    paced = deadline_;
  }
  if (next == nullptr && !paced) return !queue_.empty() || !commands_.empty();
  if (next == nullptr) {
    EventBuffer events;
    events.append(TimeAdvanced{}, ActorId{}, 0, true, *paced);
    say(std::move(events));
  } else {
    scratch_.author = next->host->identity().id;
    scratch_.incarnation = next->host->identity().incarnation;
    const Event event = next->batch.at(next->at);
    next->at += event.header().size;
    scratch_.events.clear();
    scratch_.events.append(event);
    deliver(scratch_);
  }
  if (const Time reached = std::max(now(), paced.value_or(Time{})); deadline_ && *deadline_ <= reached) {
    for (auto& c : supervision_.advance(reached)) commands_.push_back(std::move(c));
    deadline_ = supervision_.next_deadline();
  }
  return true;
}

bool SimSystem::run_for(Duration budget) {
  const auto end = Clock::now() + budget;
  const std::size_t frame_bytes = core_->plan.journal.frame_bytes;
  for (std::uint64_t n = 1; failure_.empty(); ++n) {
    if (!tick()) return false;
    settle();
    if (sequencer_->open_events().size() >= frame_bytes) {
      seal();
      settle();
    }
    if (n % 256 == 0 && Clock::now() >= end) return true;
  }
  return false;
}

std::string SimSystem::stop(Duration) {
  settle();
  seal();
  settle();
  carry_out(supervision_.stop(now()));
  settle();
  EventBuffer events;
  events.append(SystemStopped{core_->epoch}, ActorId{}, core_->epoch, true, now(), failure_.empty() ? "asked to" : failure_);
  say(std::move(events));
  settle();
  seal();
  core_->store->write(std::vector<Snapshot>{record_host_->snapshot()});
  core_->store->sync();
  return "";
}

SystemStatus SimSystem::status() const {
  SystemStatus s;
  s.name = core_->plan.name;
  s.state = !failure_.empty() ? "failed" : stopped_ ? "stopped" : "ready";
  s.failure = failure_;
  s.epoch = core_->epoch;
  s.head_seq = s.release_seq = sequencer_->next_seq() - 1;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto* entry = core_->record()->find(core_->slots[i]->plan->name);
    s.actors.push_back({core_->slots[i]->plan->name, core_->slots[i]->plan->actor, supervision_.state(i),
                        core_->slots[i]->incarnation, supervision_.restarts(i), 0, entry ? entry->last_failure : ""});
  }
  s.latches = core_->latches->engaged();
  s.summary = summarize(*core_->record());
  s.summary.head_seq = s.head_seq;
  return s;
}

RunSummary SimSystem::summary() const {
  RunSummary s = summarize(*core_->record());
  if (const auto head = core_->store->head()) {
    s.head_seq = head->last_seq();
    s.head_hash = head->hash;
  }
  s.state_digest = state_digest(*core_->store, *core_);
  return s;
}

bool SimSystem::halt(const LatchFile::Latch& latch, Duration) {
  auto events = latch_event(latch, *core_->record(), false, now());
  core_->latches->engage(latch);
  say(std::move(events));
  settle();
  return true;
}

bool SimSystem::resume(LatchScope scope, const std::string& target, const std::string& who, const std::string& why) {
  say(latch_event({scope, LatchLevel::active, target, who, why, now()}, *core_->record(), true, now()));
  settle();
  return core_->latches->release(scope, target);
}

void SimSystem::crash(const std::string& actor, const std::string& why) {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (core_->slots[i]->plan->name == actor) cells_[i].crash = why;
}

}  // namespace

std::unique_ptr<System> make_sim_system(std::unique_ptr<Core> core) {
  return std::make_unique<SimSystem>(std::move(core));
}

}  // namespace holdfast
