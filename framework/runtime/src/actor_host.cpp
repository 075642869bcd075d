#include <holdfast/runtime/actor_host.hpp>

#include <algorithm>
#include <cstring>
#include <limits>

namespace holdfast {

ActorKind actor_kind(std::string_view library) {
  using enum ActorKind;
  if (library == "feed") return feed;
  if (library == "strategy") return strategy;
  if (library == "risk") return risk;
  if (library == "broker") return broker;
  if (library == "ledger") return ledger;
  if (library == "audit") return audit;
  if (library == "notifier") return notifier;
  return custom;
}

bool may_write(ActorKind kind, EventType type) {
  using T = EventType;
  switch (kind) {
    case ActorKind::system: return true;
    case ActorKind::feed: return static_cast<int>(type) <= static_cast<int>(T::bad_tick) || type == T::feed_ended;
    case ActorKind::strategy: return type == T::order_intent || type == T::cancel_intent || type == T::replace_intent;
    case ActorKind::risk:
      // OrderIntent: to close what a removed strategy has left.
      return type == T::order_intent || type == T::order_approved || type == T::order_denied || type == T::cancel_intent ||
             type == T::replace_approved || type == T::replace_denied;
    case ActorKind::broker:
      // LatchEngaged: of an instrument whose position nobody can explain.
      return (type >= T::order_sent && type <= T::order_rejected) || (type >= T::cancel_sent && type <= T::fill_busted) ||
             (type >= T::replace_sent && type <= T::position_adjusted) || type == T::latch_engaged ||
             (type >= T::link_changed && type <= T::difference_found) || type == T::instrument_changed;
    case ActorKind::ledger: return type == T::fill_booked || type == T::share_booked;
    case ActorKind::audit: return type == T::checkpoint_signed;
    case ActorKind::notifier: return type == T::alert_sent;
    case ActorKind::custom: return false;
  }
  return false;
}

bool ActorHost::HostStage::muted() const { return !host_.live_; }
void ActorHost::HostStage::log(std::string_view text) {
  if (host_.live_ && host_.options_.log) host_.options_.log(std::string{text});
}
ActorId ActorHost::HostStage::self() const { return host_.identity_.id; }
std::uint64_t ActorHost::HostStage::heard_seq() const { return host_.heard_seq_; }

ActorHost::ActorHost(Identity identity, std::shared_ptr<Actor> actor, Options options)
    : identity_{std::move(identity)}, actor_{std::move(actor)}, options_{std::move(options)}, stage_{*this} {}

std::uint64_t ActorHost::restore(const std::optional<Snapshot>& snapshot) {
  if (!snapshot) return 1;
  Archive archive{snapshot->state, snapshot->state_version};
  try {
    actor_->state(archive);
    if (!archive.at_end()) throw StateError{"there is more state than it reads"};
  } catch (const StateError& error) {
    const bool same = snapshot->identity == identity_.era;
    throw Divergence{"'" + identity_.name + "' cannot read its state saved at event " + std::to_string(snapshot->seq) +
                     ": " + error.what() +
                     (same ? "; its state() does not read what it wrote"
                           : "; its code or settings changed: make state() read the older version")};
  }
  if (snapshot->identity == identity_.era) {
    for_each_event(snapshot->outstanding, [&](const Event& e) {
      outstanding_.emplace_back(e.bytes().begin(), e.bytes().end());
    });
  }
  era_ = snapshot->identity;
  heard_seq_ = snapshot_seq_ = snapshot->seq;
  return snapshot->seq + 1;
}

void ActorHost::hear(const Frame& frame) {
  if (heard_seq_ >= frame.header.first_seq)
    return frame.for_each([&](const Event& e) {
      if (e.seq() > heard_seq_) hear(e);
    });
  const std::span<const std::byte> events{frame.events};
  bool quiet = actor_->quiet();
  const auto hear_stretch = [&](std::size_t from, std::size_t to) {
    const auto stretch = events.subspan(from, to - from);
    if (stretch.empty()) return;
    if (quiet) actor_->hear_market(stretch);
    else for_each_event(stretch, [this](const Event& e) { hear(e); });
  };
  std::size_t at = 0;
  for (const std::uint32_t business : frame.business) {
    hear_stretch(at, business);
    const Event event = frame.business_at(business);
    hear(event);
    quiet = actor_->quiet();
    at = business + event.header().size;
  }
  hear_stretch(at, events.size());
  heard(frame.header.last_seq(), frame.header.last_time);
}

bool ActorHost::attempt(const std::function<void()>& work) noexcept {
  try {
    work();
    return true;
  } catch (...) {
    return false;
  }
}

void ActorHost::hear_started(const Event& event) {
  enter_era(event);
  actor_->hear(event, stage_);
  if (!stage_.answers_.empty()) take_down();
  settle(event);
}

/// What the actor has answered to the event it is hearing.
void ActorHost::take_down() {
  check_rights(stage_.answers_.bytes());
  for_each_event(stage_.answers_.bytes(), [&](const Event& e) {
    outstanding_.emplace_back(e.bytes().begin(), e.bytes().end());
  });
  if (live_) outbox_.append(stage_.answers_);
  stage_.answers_.clear();
}

/// The journal says what this actor answered; it must be what this instance answered.
void ActorHost::compare(const Event& event) {
  if (era_ && *era_ != identity_.era) return;  // Another era's answers are its own affair.
  const auto differs = [&](const std::string& how) {
    throw Divergence{"'" + identity_.name + "' does not reproduce itself: event " + std::to_string(event.seq()) + " (" +
                     std::string{to_string(event.type())} + ", answering " + std::to_string(event.header().origin) +
                     ") " + how + "; it reads a clock, random numbers or addresses, or forgets a member in state()"};
  };
  if (outstanding_.empty()) differs("is in the journal, but this time it gave no such answer");
  const Event mine{outstanding_.front().data()};
  const EventHeader &a = mine.header(), &b = event.header();
  if (a.type != b.type) differs("was answered this time with " + std::string{to_string(a.type)});
  if (a.origin != b.origin) differs("answers event " + std::to_string(a.origin) + " this time");
  const auto payload = [](const Event& e) { return e.bytes().subspan(sizeof(EventHeader)); };
  if (a.size != b.size || a.tail != b.tail || !std::ranges::equal(payload(mine), payload(event)))
    differs("has other contents this time");
  outstanding_.pop_front();
}

/// Before it hears an ActorStarted of its own: an era may begin.
void ActorHost::enter_era(const Event& event) {
  const auto& started = event.as<ActorStarted>();
  if (started.actor != identity_.id || (era_ && *era_ == started.identity)) return;
  outstanding_.clear();  // What another era had in flight ended with it.
  if (era_) snapshot_seq_ = 0;
  era_ = started.identity;
}

/// After it has heard an ActorStarted of its own: for the newest the silence ends.
void ActorHost::settle(const Event& event) {
  const auto& started = event.as<ActorStarted>();
  if (started.actor != identity_.id) return;
  if (started.incarnation != identity_.incarnation || replaying_) return;
  live_ = true;
  for (const auto& bytes : outstanding_) outbox_.append(Event{bytes.data()});
}

EventBuffer ActorHost::take_answers() {
  EventBuffer out = std::move(outbox_);
  outbox_ = {};
  return out;
}

void ActorHost::open(std::function<void()> wake) { actor_->open(std::move(wake)); }

Pace ActorHost::act(Outside& outside) {
  const Pace pace = actor_->act(outside);
  if (!outside.facts().empty() && identity_.kind != ActorKind::feed) check_rights(outside.facts().bytes());
  return pace;
}

void ActorHost::check_rights(std::span<const std::byte> events) const {
  for_each_event(events, [&](const Event& e) {
    if (!may_write(identity_.kind, e.type()))
      throw std::runtime_error{"'" + identity_.name + "' may not write " + std::string{to_string(e.type())}};
  });
}

Snapshot ActorHost::snapshot() {
  Archive archive;
  actor_->state(archive);
  Snapshot s;
  s.actor = identity_.name;
  s.seq = snapshot_seq_ = heard_seq_;
  s.epoch = options_.epoch;
  s.incarnation = identity_.incarnation;
  s.state_version = actor_->state_version();
  s.identity = identity_.era;
  s.state = archive.take();
  s.digest = sha256(s.state);
  for (const auto& bytes : outstanding_) s.outstanding.insert(s.outstanding.end(), bytes.begin(), bytes.end());
  return s;
}

Digest ActorHost::digest() const {
  Archive archive;
  actor_->state(archive);
  return sha256(archive.bytes());
}

}  // namespace holdfast
