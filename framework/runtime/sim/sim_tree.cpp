#include "sim/sim_system.hpp"

/// What the simulated runtime does to its tree: start, stop, and give up on actors.
namespace holdfast {

void SimSystem::fail_actor(std::size_t index, const std::exception& error) {
  Cell& cell = cells_[index];
  const bool diverged = dynamic_cast<const Divergence*>(&error) != nullptr;
  const auto& identity = cell.host->identity();
  const std::string why = core_->redacted(error.what());
  EventBuffer events;
  if (diverged) events.append(ActorParked{identity.id, 0, identity.incarnation}, ActorId{}, 0, true, now(), why);
  else events.append(ActorFailed{identity.id, 0, identity.incarnation}, ActorId{}, 0, true, now(), why);
  core_->log({LogLine::Level::error, identity.name, (diverged ? "is parked: " : "failed: ") + why});
  core_->slots[index]->parked = diverged;
  cell.host.reset();
  cell.at = cell.batch.size();
  cell.outside->take_facts();
  say(std::move(events));
  ended_by_crash(index, diverged ? Exit::parked : Exit::crash, why);
}

void SimSystem::ended_by_crash(std::size_t index, Exit exit, const std::string& why) {
  if (!writer_)
    return give_up("'" + core_->slots[index]->plan->name + "' failed and, as journal is off, has no history to start again from: " + why);
  for (auto& c : supervision_.exited(index, exit, now())) commands_.push_back(std::move(c));
  deadline_ = supervision_.next_deadline();  // A restart that waits is no command yet.
}

void SimSystem::give_up(const std::string& why) {
  failure_ = why;
  core_->last_words(why, now());
}

void SimSystem::carry_out(Supervision::Commands commands) {
  catch_up(sequencer_->open_events().size());
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
          keep_state(*cell.host);
          queue_.push_back(std::move(s));
          cell.host.reset();
        }
        for (auto& c : supervision_.exited(command.actor, Exit::normal, now())) commands_.push_back(std::move(c));
        break;
      }
      case Kind::kill: break;  // Nothing hangs on one thread.
      case Kind::stopped: stopped_ = true; break;
      case Kind::give_up: give_up(command.why); break;
    }
  }
}

/// Whoever starts hears all that was before, from where it has heard up to already.
void SimSystem::fold_history(ActorHost& host) {
  if (!writer_)  // Everybody starts before the first tick, and nothing is forgotten until then.
    return for_each_event(sequencer_->open_events(), [&](const Event& e) { host.hear(e); });
  seal();
  writer_->flush();  // History is read from the store.
  const auto& name = host.identity().name;
  core_->failpoints.hit("actor.restore", name);
  const auto from = host.heard_seq() > 0 ? host.heard_seq() + 1 : host.restore(core_->store->snapshot(name));
  core_->store->scan(from, [&](const FramePtr& frame) {
    core_->failpoints.hit("actor.fold", name);
    host.hear(*frame);
    return true;
  });
}

/// Of an actor that stops: what its next incarnation begins with, or at least what it came to.
void SimSystem::keep_state(ActorHost& host) {
  if (!writer_) {
    digests_[host.identity().name] = host.digest();
    return;
  }
  writer_->flush();
  core_->store->write(std::vector<Snapshot>{host.snapshot()});
}

void SimSystem::start_actor(std::size_t index) {
  Cell& cell = cells_[index];
  ActorSlot& slot = *core_->slots[index];
  if (slot.parked) {
    for (auto& c : supervision_.exited(index, Exit::parked, now())) commands_.push_back(std::move(c));
    return;
  }
  const std::uint32_t incarnation = ++slot.incarnation;
  cell.opened = cell.announced = false;
  cell.pace = {};
  try {
    cell.host = core_->take_folded(index, incarnation);
    if (!cell.host) cell.host = core_->make_host(index, incarnation);
    fold_history(*cell.host);
  } catch (const std::exception& error) {
    if (cell.host) return fail_actor(index, error);
    const std::string why = core_->redacted(error.what());
    core_->log({LogLine::Level::error, slot.plan->name, "failed: " + why});
    EventBuffer events;
    events.append(ActorFailed{slot.id, 0, incarnation}, ActorId{}, 0, true, now(), why);
    say(std::move(events));
    return ended_by_crash(index, Exit::crash, why);
  }
  EventBuffer events;
  events.append(ActorStarted{slot.id, 0, incarnation, slot.era}, ActorId{}, incarnation, true, now());
  say(std::move(events));
}

}  // namespace holdfast
