#include "sim/sim_system.hpp"

#include <algorithm>

/// How the simulated runtime lets everybody hear what happens: at once, or in stretches whom that cannot concern.
namespace holdfast {

// Every tick of a backtest passes through the next two; calls would cost as much as what they do.
[[gnu::always_inline]] inline void SimSystem::hear(Cell& cell, const Event& event) {
  try {
    core_->failpoints.hit("actor.hear", cell.host->identity().name);
    cell.host->hear(event);
    if (cell.host->has_answers()) [[unlikely]] submit(*cell.host, cell.host->take_answers());
    if (event.type() == EventType::actor_started) [[unlikely]] announce(cell);
  } catch (const std::exception& error) {
    fail_actor(index_of(cell), error);
  }
}

[[gnu::always_inline]] inline void SimSystem::hear_market(const Event& event) {
  Time wake = quiet_wake_;
  for (Cell* cell : listeners_) {
    if (!cell->host) continue;
    hear(*cell, event);
    if (cell->host) [[likely]] wake = std::min(wake, cell->host->wake_at());
  }
  wake_ = wake;
}

void SimSystem::deliver(Submission& submission) {
  const std::size_t before = sequencer_->open_events().size();
  if (!sequencer_->add(submission)) return;
  hear_from(before);
  catch_up(sequencer_->open_events().size());
}

/// Everybody hears what was sequenced from `before` on.
void SimSystem::hear_from(std::size_t before) {
  const auto events = sequencer_->open_events();
  for (std::size_t at = before; at < events.size();) {
    const Event event{events.data() + at};
    core_->failpoints.hit("sim.event");
    if (stream_of(event.type()) == Stream::market) hear_market(event);
    else hear_business(event, at);
    at += event.header().size;
  }
}

void SimSystem::hear_business(const Event& event, std::size_t at) {
  catch_up(at);
  heard_ = at + event.header().size;
  for (Cell& cell : cells_)
    if (cell.host) hear(cell, event);
  record_host_->hear(event);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (core_->slots[i]->edge && core_->slots[i]->kind != ActorKind::feed) act(i);
  ask_who_listens();
}

/// Those that are quiet hear what the others have heard, up to `end` of the open events: late, which
/// nobody can tell, as they answer nothing of it.
void SimSystem::catch_up(std::size_t end) {
  if (heard_ >= end) return;
  const auto events = sequencer_->open_events();
  const auto stretch = events.subspan(heard_, end - heard_);
  heard_ = end;
  hear_stretch(stretch, (end < events.size() ? Event{events.data() + end}.seq() : sequencer_->next_seq()) - 1);
}

void SimSystem::hear_stretch(std::span<const std::byte> stretch, std::uint64_t last_seq) {
  for (Cell* cell : quiet_) {
    if (!cell->host) continue;
    try {
      cell->host->hear_market(stretch);
      cell->host->heard(last_seq, now());
    } catch (const std::exception& error) {
      fail_actor(index_of(*cell), error);
    }
  }
  record_host_->hear_market(stretch);
}

void SimSystem::ask_who_listens() {
  listeners_.clear();
  quiet_.clear();
  quiet_wake_ = ActorHost::kNever;
  for (Cell& cell : cells_) {
    if (!cell.host) continue;
    (cell.host->quiet() ? quiet_ : listeners_).push_back(&cell);
    if (cell.host->quiet()) quiet_wake_ = std::min(quiet_wake_, cell.host->wake_at());
  }
}

/// Events of a feed's batch, as long as nothing comes between them. Where none are kept they are heard
/// where they lie.
void SimSystem::take_from(Cell& feed, Time before) {
  const std::span<std::byte> batch = feed.batch.bytes();
  const std::size_t begin = feed.at;
  do {
    const Event event{batch.data() + feed.at};
    if (stream_of(event.type()) == Stream::business) break;
    core_->failpoints.hit("sim.event");
    if (!writer_) sequencer_->stamp(batch.data() + feed.at);
    feed.at += event.header().size;
    hear_market(writer_ ? sequencer_->add(event) : event);
  } while (feed.at < batch.size() && goes_on(feed, before));
  if (feed.at == begin) {
    const Event event{batch.data() + feed.at};
    feed.at += event.header().size;
    const std::size_t at = sequencer_->open_events().size();
    sequencer_->add(event);
    hear_from(at);
  } else if (!writer_) {
    hear_stretch(batch.subspan(begin, feed.at - begin), sequencer_->next_seq() - 1);
  }
  if (feed.at >= batch.size()) catch_up(sequencer_->open_events().size());
}

/// What comes between: all that follows from an event, another feed's at `before`, a timer, a frame's end.
bool SimSystem::goes_on(const Cell& feed, Time before) const {
  if (!queue_.empty() || !commands_.empty() || crash_asked_) return false;
  const Time next = feed.batch.at(feed.at).header().time;
  if (next >= before || sequencer_->open_events().size() >= frame_bytes_) return false;
  if (deadline_ && *deadline_ <= now()) return false;
  return wake_ <= now() || wake_ >= next;
}

}  // namespace holdfast
