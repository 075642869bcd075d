#include "caf/supervisor_actor.hpp"

#include <caf/all.hpp>

#include "caf/host_actor.hpp"

namespace holdfast::live {

SupervisorActor::SupervisorActor(caf::actor_config& config, Shared& shared)
    : caf::event_based_actor{config}, shared_{shared}, supervision_{shared.core->plan.tree, shared.core->plan.seed} {
  set_default_handler(caf::drop);
}

caf::behavior SupervisorActor::make_behavior() {
  // A host that dies without its own word (CAF itself ended it) is a crash all the same.
  set_down_handler([this](const caf::down_msg& down) {
    for (std::size_t i = 0; i < shared_.core->slots.size(); ++i) {
      Cell& cell = *shared_.cells[i];
      bool mine;
      {
        const std::lock_guard lock{cell.mutex};
        mine = cell.handle != nullptr && cell.handle->address() == down.source;
        if (mine) cell.handle = nullptr;
      }
      if (!mine) continue;
      cell.live = cell.busy = false;
      cell.crashed = steady_ns();
      cell.measures.failed(FailureCause::lost);
      carry_out(supervision_.exited(i, Exit::crash, shared_.wall()));
    }
  });
  return {[this](begin_atom) { carry_out(supervision_.start(shared_.wall())); },
          [this](started_atom, std::uint64_t slot, std::uint32_t incarnation) {
            if (incarnation == shared_.core->slots[slot]->incarnation)
              carry_out(supervision_.started(slot, shared_.wall()));
          },
          [this](exited_atom, std::uint64_t slot, std::uint32_t incarnation, std::uint32_t exit) {
            if (incarnation != shared_.core->slots[slot]->incarnation) return;
            {
              const std::lock_guard lock{shared_.cells[slot]->mutex};
              shared_.cells[slot]->handle = nullptr;
            }
            shared_.core->failpoints.hit("supervisor.exited", shared_.core->slots[slot]->plan->name);
            carry_out(supervision_.exited(slot, static_cast<Exit>(exit), shared_.wall()));
          },
          [this](tick_atom) {
            alarm_.reset();
            carry_out(supervision_.advance(shared_.wall()));
          },
          [this](stop_atom) { carry_out(supervision_.stop(shared_.wall())); }};
}

void SupervisorActor::carry_out(const Supervision::Commands& commands) {
  using Kind = Supervision::Command::Kind;
  if (const auto why = supervision_.escalation(); !why.empty() && !braked_) {
    braked_ = true;
    shared_.core->failpoints.hit("supervisor.escalate");
    shared_.brake(why);
  }
  for (const auto& command : commands) {
    Cell& cell = *shared_.cells[command.actor];
    switch (command.kind) {
      case Kind::start: start(command.actor); break;
      case Kind::stop: {
        const std::lock_guard lock{cell.mutex};
        if (cell.handle) caf::anon_send<caf::message_priority::high>(cell.handle, stop_atom::value);
        break;
      }
      case Kind::kill: {
        // A handler that hangs keeps its thread; the fence keeps whatever it still writes out.
        shared_.core->log({LogLine::Level::warning, shared_.core->slots[command.actor]->plan->name, command.why});
        {
          const std::lock_guard lock{cell.mutex};
          if (cell.handle) caf::anon_send_exit(cell.handle, caf::exit_reason::kill);
          cell.handle = nullptr;
        }
        cell.live = false;
        cell.measures.failed(FailureCause::hang);
        carry_out(supervision_.exited(command.actor, Exit::crash, shared_.wall()));
        break;
      }
      case Kind::stopped: {
        const std::lock_guard lock{shared_.mutex};
        shared_.down = true;
        shared_.changed.notify_all();
        break;
      }
      case Kind::give_up: {
        shared_.fail(command.why);
        const std::lock_guard lock{shared_.mutex};
        shared_.down = true;
        shared_.changed.notify_all();
        break;
      }
    }
  }
  settled();
}

void SupervisorActor::start(std::size_t index) {
  ActorSlot& slot = *shared_.core->slots[index];
  Cell& cell = *shared_.cells[index];
  if (slot.parked) return carry_out(supervision_.exited(index, Exit::parked, shared_.wall()));
  shared_.core->failpoints.hit("supervisor.start", slot.plan->name);
  const std::uint32_t incarnation = ++slot.incarnation;
  cell.live = false;
  cell.busy = false;
  cell.rung = false;
  EventBuffer events;
  events.append(ActorStarted{slot.id, 0, incarnation, slot.era}, ActorId{}, incarnation, true, shared_.wall());
  const auto handle = spawn<HostActor>(shared_, index, incarnation);
  monitor<caf::message_priority::high>(handle);
  {
    const std::lock_guard lock{cell.mutex};
    cell.handle = handle;
  }
  shared_.say(std::move(events));
  shared_.ring(index);
}

/// Publishes the states and sets the alarm for the next back-off or deadline.
void SupervisorActor::settled() {
  bool ready = true;
  for (std::size_t i = 0; i < shared_.core->slots.size(); ++i) {
    const auto state = supervision_.state(i);
    shared_.cells[i]->state = state;
    shared_.cells[i]->restarts = supervision_.restarts(i);
    ready &= state == Supervision::State::up || state == Supervision::State::parked || state == Supervision::State::finished;
  }
  if (ready) {
    const std::lock_guard lock{shared_.mutex};
    shared_.ready = true;
    shared_.changed.notify_all();
  }
  const auto next = supervision_.next_deadline();
  if (!next || (alarm_ && *alarm_ <= *next)) return;
  alarm_ = next;
  const auto in = std::max<std::int64_t>(0, (*next - shared_.wall()).count());
  delayed_send(this, std::chrono::nanoseconds{in}, tick_atom::value);
}

}  // namespace holdfast::live
