#include "caf/host_actor.hpp"

#include <caf/all.hpp>

#include <thread>
#include <utility>

#include "caf/worker_queue.hpp"

namespace holdfast::live {

namespace {

/// Bytes heard in one activation before others get the worker.
constexpr std::size_t kTurn = 256u << 10;
constexpr std::int64_t kReleaseNs = 500'000;
/// Bytes that a feed at full speed says at once.
constexpr std::size_t kSaid = 64u << 10;

}  // namespace

HostActor::HostActor(caf::actor_config& config, Shared& shared, std::size_t slot, std::uint32_t incarnation)
    : caf::event_based_actor{config}, shared_{shared}, cell_{*shared.cells[slot]}, slot_{*shared.core->slots[slot]},
      index_{slot}, incarnation_{incarnation}, outside_{*shared.core, slot} {
  set_default_handler(caf::drop);
}

caf::behavior HostActor::make_behavior() {
  return {[this](doorbell_atom) {
            cell_.rung.store(false);
            guarded([this] { activate(); });
          },
          [this](stop_atom) {
            guarded([this] {
              hit("actor.stop");
              keep_snapshot();
            });
            if (!gone_) leave(Exit::normal, "asked to");
          },
          [this](crash_atom, const std::string& why) { guarded([&] { throw std::runtime_error{why}; }); }};
}

template <class F>
void HostActor::guarded(F&& work) {
  if (gone_) return;
  const std::function<void(const char*)> last_words = [this](const char* what) { shared_.core->last_words(what, shared_.wall()); };
  const EnsureScope scope{last_words};
  cell_.busy.exchange(true);  // Before any latch is read: see CafSystem::await_senders().
  const std::int64_t begin = steady_ns();
  try {
    work();
  } catch (const Divergence& error) {
    leave(Exit::parked, error.what());
  } catch (const std::exception& error) {
    leave(Exit::crash, error.what());
  } catch (...) {
    leave(Exit::crash, "an exception that is no std::exception");
  }
  if (replaced()) return;  // The cell is its successor's.
  const std::int64_t end = steady_ns();
  cell_.measures.handling.add(Duration{end - begin - std::exchange(lingered_, 0)});
  cell_.progress.store(end, std::memory_order_relaxed);
  cell_.turns.fetch_add(1);
  cell_.busy.store(false);
  shared_.let_feeds_go();
}

void HostActor::begin() {
  host_ = shared_.core->take_folded(index_, incarnation_);
  if (host_) {
    next_ = host_->heard_seq() + 1;
    return;
  }
  host_ = shared_.core->make_host(index_, incarnation_);
  hit("actor.restore");
  next_ = host_->restore(shared_.core->store->snapshot(slot_.plan->name));
}

void HostActor::activate() {
  if (!host_) begin();
  const bool more = catch_up();
  if (replaced()) return leave(Exit::normal, "");
  if (slot_.edge || host_->snapshot_due()) WorkerQueue::let_others_in();
  if (host_->live() && slot_.edge) act();
  if (slot_.kind == ActorKind::broker && host_->live() && linger_for_release()) act();
  if (host_->snapshot_due()) keep_snapshot();
  if (const auto wake = host_->wake_at(); wake != wake_) {
    wake_ = wake;
    shared_.journal->wake_at(slot_.id, wake == ActorHost::kNever ? std::nullopt : std::optional{wake});
  }
  if (more) shared_.ring(index_);
}

/// Waking a parked worker costs a good part of an order's way through the system, so the broker looks
/// out a little for the sync that an approval waits for. Bounded, and only after work.
bool HostActor::linger_for_release() {
  const std::uint64_t wanted = shared_.verdicts.load(std::memory_order_acquire);
  if (wanted >= next_ || shared_.journal->release_seq() >= wanted) return false;
  const std::int64_t begin = steady_ns();
  std::int64_t now = begin;
  for (; shared_.journal->release_seq() < wanted && now < begin + kReleaseNs; now = steady_ns())
    std::this_thread::yield();
  lingered_ += now - begin;
  return shared_.journal->release_seq() >= wanted;
}

/// Hears what there is, up to a turn's worth, or until it has an answer: those that the answer concerns
/// come first. True when there is more.
bool HostActor::catch_up() {
  std::size_t heard = 0;
  while (next_ <= shared_.journal->head()) {
    if (replaced()) return false;
    if (heard >= kTurn) return true;
    const auto frames = shared_.journal->read_run(next_);
    if (frames.empty()) return false;
    for (const FramePtr& frame : frames) {
      if (replaced()) return false;
      heard += frame->events.size() + 64;
      if (hear_frame(*frame)) return next_ <= shared_.journal->head();
    }
    // Out of the store: what was decoded is kept a little while, so all who fold history stay together.
    const bool stored = frames.front()->cargo == 0;
    if (stored && heard >= Journal::kRunBytes) return next_ <= shared_.journal->head();
  }
  return false;
}

/// True when it was answered.
bool HostActor::hear_frame(const Frame& frame) {
  hit(host_->live() ? "actor.hear" : "actor.fold");
  host_->hear(frame);
  const std::uint64_t heard = frame.header.last_seq() + 1 - std::exchange(next_, frame.header.last_seq() + 1);
  if (!replaced()) {
    cell_.measures.events.add(heard);
    cell_.cursor.store(next_ - 1, std::memory_order_release);
  }
  // What one that was replaced submits, the journal refuses.
  const bool answers = host_->has_answers();
  if (answers) answer();
  if (host_->live() && !announced_ && !replaced()) became_live();
  return answers;
}

void HostActor::became_live() {
  announced_ = true;
  hit("actor.live");
  if (slot_.edge) hit("actor.open");
  if (slot_.edge) host_->open([this] { shared_.ring(index_); });
  cell_.live.store(true);
  if (const std::int64_t crashed = cell_.crashed.exchange(0); crashed != 0) {
    cell_.recovery = steady_ns() - crashed;
    cell_.measures.recovery.add(Duration{cell_.recovery});
  }
  caf::anon_send(shared_.supervisor, started_atom::value, static_cast<std::uint64_t>(index_), incarnation_);
}

void HostActor::answer() {
  hit("actor.answer");
  Submission s;
  s.author = slot_.id;
  s.incarnation = incarnation_;
  s.events = host_->take_answers();
  shared_.journal->submit(std::move(s));
}

void HostActor::act() {
  const bool feed = slot_.kind == ActorKind::feed;
  if (feed && shared_.draining.load()) return;
  if (hit("actor.act")) return;
  const std::size_t room = feed ? shared_.room() : 1 << 16;
  // Where feeds are the clock, only they look at the wall: to keep their pace.
  const bool by_feeds = shared_.core->plan.clock == Plan::Clock::feed && !feed;
  const Time now = by_feeds ? host_->heard_time() : shared_.wall();
  Pace pace;
  std::size_t had;
  do {  // A feed that could go on does until it has enough to say: each submission costs the same.
    had = outside_.facts().size();
    outside_.set(now, shared_.journal->release_seq(), room - outside_.facts().count());
    pace = host_->act(outside_);
  } while (feed && pace.again && outside_.facts().size() > had && outside_.facts().size() < kSaid &&
           outside_.facts().count() < room);
  if (!outside_.facts().empty()) {
    Submission s;
    s.author = slot_.id;
    s.incarnation = incarnation_;
    s.events = outside_.take_facts();
    // What was sent has left and is not written down yet; then it is, and may not be durable.
    if (feed) hit("feed.before_write");
    if (slot_.kind == ActorKind::broker) hit("broker.before_write");
    shared_.journal->submit(std::move(s));
    if (feed) hit("feed.after_write");
    if (slot_.kind == ActorKind::broker) hit("broker.after_write");
  }
  if (pace.again) {
    if (!feed || shared_.room() > 0) {
      shared_.ring(index_);
    } else {
      shared_.feed_waits.store(true);
      if (shared_.roomy()) shared_.ring(index_);  // The slowest moved in between.
      // When nobody moves any more, because one is stuck, nobody wakes us either.
      wake_later({false, shared_.wall() + Shared::kStuck});
    }
  }
  if (!by_feeds) wake_later(pace);
}

void HostActor::wake_later(const Pace& pace) {
  if (!pace.at) return;
  const Time now = shared_.wall();
  if (alarm_ && *alarm_ > now && *alarm_ <= *pace.at) return;  // An earlier one is under way.
  alarm_ = *pace.at;
  const auto in = std::max<std::int64_t>(0, (*pace.at - now).count());
  delayed_send(this, std::chrono::nanoseconds{in}, doorbell_atom::value);
}

void HostActor::keep_snapshot() {
  if (!host_ || !host_->live()) return;
  hit("actor.snapshot");
  Submission s;
  s.author = slot_.id;
  s.incarnation = incarnation_;
  s.snapshots.push_back(host_->snapshot());
  shared_.journal->submit(std::move(s));
}

void HostActor::leave(Exit exit, const std::string& words) {
  const std::string why = shared_.core->redacted(words);
  gone_ = true;
  if (replaced()) return quit();
  cell_.live.store(false);
  if (exit == Exit::crash) cell_.crashed = steady_ns();
  if (exit != Exit::normal)
    cell_.measures.failed(exit == Exit::parked ? FailureCause::divergence : FailureCause::exception);
  EventBuffer events;
  const Time now = shared_.wall();
  if (exit == Exit::parked) {
    slot_.parked = true;
    events.append(ActorParked{slot_.id, 0, incarnation_}, ActorId{}, 0, true, now, why);
  } else if (exit == Exit::crash) {
    events.append(ActorFailed{slot_.id, 0, incarnation_}, ActorId{}, 0, true, now, why);
  } else {
    events.append(ActorStopped{slot_.id, 0, incarnation_}, ActorId{}, 0, true, now, why);
  }
  shared_.say(std::move(events));
  if (exit != Exit::normal)
    shared_.core->log({LogLine::Level::error, slot_.plan->name, (exit == Exit::parked ? "is parked: " : "failed: ") + why});
  host_.reset();
  shared_.journal->wake_at(slot_.id, std::nullopt);
  caf::anon_send<caf::message_priority::high>(shared_.supervisor, exited_atom::value,
                                              static_cast<std::uint64_t>(index_), incarnation_,
                                              static_cast<std::uint32_t>(exit));
  quit();
}

RecordActor::RecordActor(caf::actor_config& config, Shared& shared)
    : caf::event_based_actor{config}, shared_{shared} {
  set_default_handler(caf::drop);
}

caf::behavior RecordActor::make_behavior() {
  return {[this](doorbell_atom) {
    Cell& cell = *shared_.cells[shared_.record_cell()];
    cell.rung.store(false);
    cell.busy.exchange(true);  // Takes over what the last activation left, maybe on another thread.
    ActorHost& host = *shared_.record_host;
    try {
      std::size_t heard = 0;
      while (host.heard_seq() < shared_.journal->head() && heard < kTurn) {
        const auto frames = shared_.journal->read_run(host.heard_seq() + 1);
        if (frames.empty()) break;
        for (const FramePtr& frame : frames) {
          heard += frame->events.size() + 64;
          bool ended = false;
          std::unique_lock lock{shared_.record_mutex};
          const bool live = frame->sealed != std::chrono::steady_clock::time_point{};
          host.hear(*frame);
          for (const std::uint32_t at : frame->business) {
            const Event e = frame->business_at(at);
            if (live) shared_.trade_loop.hear(e, *frame, *shared_.journal);
            ended |= e.type() == EventType::feed_ended || e.type() == EventType::actor_parked;
          }
          cell.cursor.store(host.heard_seq(), std::memory_order_release);
          lock.unlock();
          if (ended) shared_.one_ended();
        }
      }
      Submission s;
      {
        const std::lock_guard lock{shared_.record_mutex};  // Whoever stops the system takes one, too.
        if (host.snapshot_due()) s.snapshots.push_back(host.snapshot());
      }
      if (!s.snapshots.empty()) shared_.journal->submit(std::move(s));
      if (host.heard_seq() < shared_.journal->head()) shared_.ring(shared_.record_cell());
    } catch (const std::exception& error) {
      shared_.fail(error.what());
    }
    cell.progress.store(steady_ns(), std::memory_order_relaxed);
    cell.busy.store(false);
    shared_.let_feeds_go();
  }};
}

}  // namespace holdfast::live
