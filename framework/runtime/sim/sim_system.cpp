#include "sim/sim_system.hpp"

#include <algorithm>
#include <chrono>

#include <holdfast/runtime/metrics.hpp>

namespace holdfast {

using Clock = std::chrono::steady_clock;

/// Events a feed may be ahead: few enough to be still in the nearest cache when they are heard.
constexpr std::size_t kFeedRoom = 256;
/// Bytes of events that are kept with `journal: off`: few enough for the same.
constexpr std::size_t kForgetBytes = 16 << 10;

SimSystem::SimSystem(std::unique_ptr<Core> core)
    : core_{std::move(core)}, supervision_{core_->plan.tree, core_->plan.seed}, cells_(core_->slots.size()),
      frame_bytes_{core_->store ? core_->plan.journal.frame_bytes : kForgetBytes} {
  sequencer_ = std::make_unique<Sequencer>(core_->make_sequencer(nullptr));
  record_host_ = core_->take_record_host();
  if (core_->store) {
    writer_.emplace(*core_->store);
    core_->header_at = [this](std::uint64_t) { return writer_->head(); };
  }
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    cells_[i].outside = std::make_unique<RuntimeOutside>(*core_, i);
    if (core_->slots[i]->kind == ActorKind::feed) feeds_.push_back(i);
  }
}

void SimSystem::start() {
  for (const auto& slot : core_->slots)
    if (!writer_ && slot->kind == ActorKind::audit)
      core_->log({LogLine::Level::warning, slot->plan->name, "signs nothing: journal is off"});
  core_->failpoints.hit("system.opening");
  queue_.push_back(core_->opening(now()));
  carry_out(supervision_.start(now()));
  settle();
  seal();
  if (!failure_.empty()) throw std::runtime_error{failure_};
  if (!core_->restored_from().empty()) {
    writer_->flush();
    core_->store->sync();
    core_->restored_is_known();
  }
  core_->failpoints.hit("system.ready");
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
    if (crash_asked_) [[unlikely]] crash_those_asked();
    if (commands_.empty() && queue_.empty()) return;
    deadline_ = supervision_.next_deadline();
    if (const auto why = supervision_.escalation(); !why.empty() && !braked_) {
      braked_ = true;
      core_->last_words(why, now());
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

void SimSystem::crash_those_asked() {
  crash_asked_ = false;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (cells_[i].crash.empty()) continue;
    if (!cells_[i].host) {
      crash_asked_ = true;  // As soon as it lives again.
      continue;
    }
    const std::runtime_error why{std::exchange(cells_[i].crash, "")};
    fail_actor(i, why);
  }
}

/// To supervision, when what was heard made it live.
void SimSystem::announce(Cell& cell) {
  if (!cell.host->live() || cell.announced) return;
  cell.announced = true;
  for (auto& c : supervision_.started(index_of(cell), now())) commands_.push_back(std::move(c));
}

void SimSystem::submit(const ActorHost& author, EventBuffer events) {
  Submission s;
  s.author = author.identity().id;
  s.incarnation = author.identity().incarnation;
  s.events = std::move(events);
  queue_.push_back(std::move(s));
}

void SimSystem::act(std::size_t index) {
  Cell& cell = cells_[index];
  if (!cell.host || !cell.host->live()) return;
  try {
    const auto& name = cell.host->identity().name;
    if (!cell.opened) {
      cell.opened = true;
      core_->failpoints.hit("actor.open", name);
      cell.host->open([] {});
    }
    if (core_->failpoints.hit("actor.act", name)) return;
    const bool feed = core_->slots[index]->kind == ActorKind::feed;
    cell.outside->set(now(), sequencer_->next_seq() - 1, feed ? kFeedRoom : 1 << 16);
    cell.pace = cell.host->act(*cell.outside);
    if (cell.outside->facts().empty()) return;
    if (feed) {
      std::swap(cell.batch, cell.outside->facts());  // Both keep their memory.
      cell.at = 0;
      return;
    }
    submit(*cell.host, cell.outside->take_facts());
  } catch (const std::exception& error) {
    fail_actor(index, error);
  }
}

/// REQUIRES: nothing is under way.
void SimSystem::seal() {
  if (sequencer_->empty()) return;
  catch_up(sequencer_->open_events().size());
  heard_ = 0;
  if (!writer_) return sequencer_->forget();
  const auto frame = sequencer_->cut();
  const std::uint64_t head = frame->header.last_seq();
  std::vector<Snapshot> snapshots;
  for (auto& cell : cells_)
    if (cell.host && cell.host->snapshot_due()) snapshots.push_back(cell.host->snapshot());
  if (record_host_->snapshot_due()) snapshots.push_back(record_host_->snapshot());
  const bool due = !snapshots.empty();
  writer_->push(frame, std::move(snapshots));
  if (due) prune(head);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (core_->slots[i]->kind == ActorKind::audit) act(i);
}

void SimSystem::prune(std::uint64_t head) {
  writer_->flush();  // The snapshots that make older data needless are in the store.
  const std::uint64_t before = core_->store->market_pruned_below();
  core_->store->prune_market(core_->prune_below(head));
  const std::uint64_t below = core_->store->market_pruned_below();
  if (below == before) return;
  EventBuffer events;
  events.append(MarketPruned{below}, ActorId{}, below, true, now());
  say(std::move(events));
}

Time SimSystem::next_wake() const {
  Time next = deadline_ ? std::min(*deadline_, quiet_wake_) : quiet_wake_;
  for (const Cell* cell : listeners_)
    if (cell->host) next = std::min(next, cell->host->wake_at());
  return next;
}

void SimSystem::refill(Cell& cell) {
  if (cell.at < cell.batch.size()) return;
  cell.batch.clear();
  cell.at = 0;
  act(index_of(cell));
}

/// Events of one feed, or one timer before them. False when no feed has anything more.
bool SimSystem::tick() {
  Cell* next = nullptr;
  Time when = ActorHost::kNever, before = ActorHost::kNever;
  std::optional<Time> paced;
  for (const std::size_t i : feeds_) {
    if (!cells_[i].host) continue;
    refill(cells_[i]);
    if (!cells_[i].host) continue;
    if (cells_[i].at >= cells_[i].batch.size()) {
      if (cells_[i].pace.at && (!paced || *cells_[i].pace.at < *paced)) paced = cells_[i].pace.at;
      continue;
    }
    const Time t = cells_[i].batch.at(cells_[i].at).header().time;
    if (next == nullptr || t < when) {
      before = when;  // Where times are equal the first feed comes first.
      next = &cells_[i];
      when = t;
    } else {
      before = std::min(before, t + Duration{1});
    }
  }
  // A timer that is due before the next record comes first; after the last record none does.
  if (const Time wake = next_wake(); next != nullptr && wake > now() && wake < when) {
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
    take_from(*next, before);
  }
  if (const Time reached = std::max(now(), paced.value_or(Time{})); deadline_ && *deadline_ <= reached) {
    for (auto& c : supervision_.advance(reached)) commands_.push_back(std::move(c));
    deadline_ = supervision_.next_deadline();
  }
  return true;
}

bool SimSystem::run_for(Duration budget) {
  try {
    return work(budget);
  } catch (const StoreError& error) {
    broke(error.what());
    return false;
  }
}

/// The disk failed: what is not written by now never will be, and nothing more is tried.
void SimSystem::broke(const std::string& why) {
  broken_ = true;
  if (!failure_.empty()) return;
  failure_ = why;
  core_->last_words(why, now());
}

bool SimSystem::work(Duration budget) {
  const auto end = Clock::now() + budget;
  while (failure_.empty()) {
    if (!tick()) return false;
    settle();
    if (sequencer_->open_events().size() >= frame_bytes_) {
      seal();
      settle();
    }
    // Only where nobody lags: where they catch up must not depend on how long a run takes.
    if (heard_ >= sequencer_->open_events().size() && Clock::now() >= end) return true;
  }
  return false;
}

std::string SimSystem::stop(Duration) {
  try {
    if (!broken_) wind_down();
  } catch (const StoreError& error) {
    broke(error.what());
  }
  return broken_ ? "the journal ends before what happened last" : "";
}

void SimSystem::wind_down() {
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
  if (!writer_) return;
  writer_->flush();
  core_->store->write(std::vector<Snapshot>{record_host_->snapshot()});
  core_->store->sync();
}

SystemMetrics SimSystem::metrics() const {
  SystemMetrics out;
  out.status = status();
  out.actors.resize(out.status.actors.size());
  out.open_orders = open_orders(*core_->record());
  return out;
}

SystemStatus SimSystem::status() const {
  SystemStatus s = status_of(*core_, sequencer_->next_seq() - 1);
  s.state = !failure_.empty() ? "failed" : stopped_ ? "stopped" : "ready";
  s.failure = failure_;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    s.actors[i].state = supervision_.state(i);
    s.actors[i].restarts = supervision_.restarts(i);
  }
  return s;
}

/// Virtual time waits for no disk: what is sealed counts as durable.
std::uint64_t SimSystem::events(std::uint64_t from, const std::function<bool(const Event&)>& visit) const {
  if (!writer_) throw std::logic_error{"no events are kept to be read: the system runs with journal: off"};
  const auto head = writer_->head();
  return core_->events(from, head ? head->last_seq() : 0, visit);
}

std::string SimSystem::checkpoint() {
  if (!writer_) throw std::logic_error{"there is nothing to back up: the system runs with journal: off"};
  writer_->flush();
  return core_->checkpoint();
}

RunSummary SimSystem::summary() const {
  if (writer_) return summary_of(*core_);
  RunSummary s = summarize(*core_->record());
  s.head_seq = sequencer_->next_seq() - 1;
  s.state_digest = state_digest(digests_);
  return s;
}

bool SimSystem::halt(const LatchFile::Latch& asked, Duration) {
  LatchFile::Latch latch = asked;
  if (latch.since == Time{}) latch.since = now();
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

bool SimSystem::instruct(const Instruction& instruction, Duration) {
  say(instruction_event(instruction, *core_->record(), now()));
  settle();
  return true;
}

void SimSystem::crash(const std::string& actor, const std::string& why) {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (core_->slots[i]->plan->name == actor) {
      cells_[i].crash = why;
      crash_asked_ = true;
    }
}

std::unique_ptr<System> make_sim_system(std::unique_ptr<Core> core) {
  return std::make_unique<SimSystem>(std::move(core));
}

}  // namespace holdfast
