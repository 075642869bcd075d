#include "caf/live.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace holdfast::live {

namespace {

/// Events between the feed and the slowest listener before the feed waits.
constexpr std::uint64_t kWindow = 1 << 16;
/// How long working orders may take to be cancelled before the tree comes down anyway.
constexpr Duration kBrake = std::chrono::milliseconds{500};

/// What the next step of an order's life needs each kind of actor for. Everybody hears everything;
/// this only decides who is woken before the frame is written instead of after.
constexpr std::uint8_t interest(ActorKind kind) {
  const auto any = [](auto... cargo) { return static_cast<std::uint8_t>((static_cast<int>(cargo) | ...)); };
  switch (kind) {
    case ActorKind::strategy: return any(Cargo::market, Cargo::reports);
    case ActorKind::risk: return any(Cargo::intents);
    case ActorKind::broker: return any(Cargo::intents, Cargo::verdicts);
    case ActorKind::ledger: return any(Cargo::reports);
    default: return 0;
  }
}

}  // namespace

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

ActorMetrics CellMeasures::read() const {
  ActorMetrics out{events.get(), handling.read(), recovery.read(), {}, {}};
  for (std::size_t i = 0; i < failures.size(); ++i) out.failures[i] = failures[i].get();
  if (const int cause = last_failure; cause >= 0) out.last_failure = static_cast<FailureCause>(cause);
  return out;
}

Shared::Shared(std::unique_ptr<Core> c) : core{std::move(c)} {
  record_host = core->take_record_host();
  for (std::size_t i = 0; i <= core->slots.size(); ++i) cells.push_back(std::make_unique<Cell>());
}

void Shared::ring(std::size_t index) {
  Cell& cell = *cells[index];
  if (cell.rung.exchange(true)) return;
  const std::lock_guard lock{cell.mutex};
  if (cell.handle) caf::anon_send(cell.handle, doorbell_atom::value);
  else cell.rung.store(false);
}

void Shared::ring_all() {
  for (std::size_t i = 0; i < cells.size(); ++i) ring(i);
}

void Shared::ring_interested(std::uint8_t cargo) {
  for (std::size_t i = 0; i < core->slots.size(); ++i)
    if ((interest(core->slots[i]->kind) & cargo) != 0) ring(i);
}

void Shared::ring_edges() {
  for (std::size_t i = 0; i < core->slots.size(); ++i)
    if (core->slots[i]->edge) ring(i);
}

std::size_t Shared::room() const {
  const std::uint64_t head = journal->head();
  std::uint64_t slowest = head;
  const std::int64_t now = steady_ns();
  for (const auto& cell : cells) {
    const bool counts = cell == cells.back() || cell->live.load(std::memory_order_relaxed);
    if (!counts) continue;
    const std::uint64_t cursor = cell->cursor.load(std::memory_order_acquire);
    if (cursor < slowest && now - cell->progress.load(std::memory_order_relaxed) < kStuck.count()) slowest = cursor;
  }
  // What is submitted and not sequenced yet counts at about eighty bytes an event.
  const std::uint64_t behind = head - slowest + journal->queued_bytes() / 80;
  // A recording can wait: what an order meets is then the market it was meant for.
  if (in_step() && verdicts.load(std::memory_order_acquire) > journal->release_seq()) return 0;
  return behind >= window() ? 0 : window() - behind;
}

bool Shared::in_step() const { return core->plan.clock == Plan::Clock::feed && core->plan.in_step > 0; }

std::uint64_t Shared::window() const { return in_step() ? static_cast<std::uint64_t>(core->plan.in_step) : kWindow; }

void Shared::let_feeds_go() {
  if (!feed_waits.load() || !roomy() || !feed_waits.exchange(false)) return;
  for (std::size_t i = 0; i < core->slots.size(); ++i)
    if (core->slots[i]->kind == ActorKind::feed) ring(i);
}

bool Shared::quiescent() const {
  const std::uint64_t head = journal->head();
  if (journal->queued() != 0) return false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = *cells[i];
    const bool gone = i != record_cell() && !cell.live.load();
    if (gone && (cell.state == Supervision::State::parked || cell.state == Supervision::State::finished ||
                 cell.state == Supervision::State::down))
      continue;
    if (gone || cell.rung.load() || cell.busy.load() || cell.cursor.load() != head) return false;
  }
  return journal->queued() == 0 && journal->head() == head && journal->release_seq() == head;
}

void Shared::fail(const std::string& why) {
  {
    const std::lock_guard lock{mutex};
    if (std::exchange(failing, true)) return;
  }
  // The brake first: whoever is told of the failure finds it engaged.
  try {
    core->last_words(why, wall());
  } catch (const std::runtime_error& error) {
    core->log({LogLine::Level::error, "", std::string{"no latch could be engaged: "} + error.what()});
  }
  const std::lock_guard lock{mutex};
  failed = true;
  failure = why;
  changed.notify_all();
}

void Shared::one_ended() {
  const std::lock_guard lock{mutex};
  ++ends;
  changed.notify_all();
}

void Shared::brake(const std::string& why) {
  core->last_words(why, wall());
  draining = true;
  LatchFile::Latch latch{LatchScope::system, LatchLevel::halted, "", "holdfast", why, wall()};
  {
    const std::lock_guard lock{record_mutex};
    say(latch_event(latch, *core->record(), false, wall()));
  }
  const auto until = std::chrono::steady_clock::now() + kBrake;
  while (!(quiescent() && quiescent())) {
    std::unique_lock lock{mutex};
    if (failed || std::chrono::steady_clock::now() >= until) return;
    changed.wait_for(lock, std::chrono::milliseconds{1});
  }
}

std::uint64_t Shared::say(EventBuffer events) {
  // Where feeds are the clock, what the system itself says happens at the time they have reached.
  const auto bytes = core->plan.clock == Plan::Clock::feed ? events.bytes() : std::span<std::byte>{};
  for (std::size_t at = 0; at < bytes.size();) {
    auto& header = *reinterpret_cast<EventHeader*>(bytes.data() + at);
    header.time = {};
    at += header.size;
  }
  Submission s;
  s.events = std::move(events);
  return journal->submit(std::move(s));
}

}  // namespace holdfast::live
