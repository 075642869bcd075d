#include <algorithm>
#include <cstring>
#include <holdfast/testkit/bench.hpp>
#include <stdexcept>

namespace holdfast::testkit {

class Bench::Hearing final : public Stage {
 public:
  Hearing(Bench& bench, const Event& event) : bench_{bench}, event_{event} {}
  Time now() const override { return event_.time(); }
  bool muted() const override { return false; }
  void log(std::string_view text) override { bench_.logs_.emplace_back(text); }
  EventBuffer& answers() override { return answers_; }
  ActorId self() const override { return bench_.options_.self; }
  std::uint64_t heard_seq() const override { return event_.seq(); }

 private:
  Bench& bench_;
  const Event& event_;
  EventBuffer answers_;
};

class Bench::Acting final : public Outside {
 public:
  explicit Acting(Bench& bench) : bench_{bench} {}
  Time now() const override { return bench_.now_; }
  std::uint64_t release_seq() const override { return bench_.durable ? bench_.head_ : bench_.released; }
  LatchLevel latch(ActorId owner, InstrumentId instrument) const override {
    return bench_.latch ? bench_.latch(owner, instrument) : LatchLevel::active;
  }
  std::size_t halt(InstrumentId instrument, std::string_view why, std::uint64_t position) override {
    LatchEngaged engaged;
    engaged.scope = LatchScope::instrument;
    engaged.target = instrument.value;
    return facts_.append(engaged, self(), position, true, now(), "bench\n" + std::string{why});
  }
  std::size_t room() const override { return bench_.room; }
  EventBuffer& facts() override { return facts_; }
  ActorId self() const override { return bench_.options_.self; }
  void log(std::string_view text) override { bench_.logs_.emplace_back(text); }

 private:
  Bench& bench_;
  EventBuffer facts_;
};

Bench::Bench(Make make, Options options)
    : make_{std::move(make)}, options_{options}, actor_{make_()}, now_{options.start} {}

void Bench::push(const EventBuffer& events) {
  for_each_event(events.bytes(),
                 [&](const Event& e) { queue_.emplace_back(e.bytes().begin(), e.bytes().end()); });
}

void Bench::forget_in_flight(std::uint64_t position) {
  // One record's events are one batch: what follows the event just heard at its own position stays.
  std::erase_if(queue_, [&](const auto& bytes) {
    const Event e{bytes.data()};
    return e.author() == options_.self && e.spontaneous() && e.header().origin != position;
  });
}

bool Bench::hear_next() {
  if (queue_.empty()) return false;
  std::vector<std::byte> bytes = std::move(queue_.front());
  queue_.pop_front();
  EventHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  header.seq = ++head_;
  header.time = now_;
  std::memcpy(bytes.data(), &header, sizeof header);
  const Event event{bytes.data()};
  journal_.append(event);
  if (options_.market_in_stretches && stream_of(event.type()) == Stream::market && actor_->quiet()) {
    stretch_.append(event);
    return true;
  }
  hear_stretch();
  Hearing stage{*this, event};
  actor_->hear(event, stage);
  push(stage.answers());
  if (options_.restart_after_every_event) {
    if (options_.lose_in_flight) forget_in_flight(header.origin);
    restart();
  }
  return true;
}

void Bench::hear_stretch() {
  if (!stretch_.empty()) actor_->hear_market(stretch_.bytes());
  stretch_.clear();
}

void Bench::run() {
  do {
    while (hear_next()) {
    }
    hear_stretch();
    if (options_.act_by_itself) act();
  } while (!queue_.empty());
}

EventBuffer Bench::act_once(Pace& pace) {
  if (!opened_) {
    opened_ = true;
    actor_->open([woken = woken_, on_wake = options_.on_wake] {
      *woken = true;
      if (on_wake) on_wake();
    });
  }
  *woken_ = false;
  Acting outside{*this};
  pace = actor_->act(outside);
  return std::move(outside.facts());
}

Pace Bench::act() {
  Pace pace;
  push(act_once(pace));
  if (!options_.act_by_itself)
    while (hear_next()) {
    }
  hear_stretch();
  return pace;
}

void Bench::act_and_die(const std::function<void()>& between) {
  const auto before = state();
  Pace pace;
  act_once(pace);
  if (between) between();
  succeed(before);
}

void Bench::advance_to(Time time) {
  int same_instant = 0;
  for (Time wake = actor_->wake_at(); wake != Time{} && wake <= time; wake = actor_->wake_at()) {
    same_instant = wake > now_ ? 0 : same_instant + 1;
    if (same_instant > 1000) throw std::runtime_error{"the actor asks for one instant again and again"};
    now_ = std::max(now_, wake);
    tell(TimeAdvanced{}, {}, ActorId{});
  }
  now_ = std::max(now_, time);
}

std::vector<std::byte> Bench::state() const {
  Archive archive;
  actor_->state(archive);
  return archive.take();
}

void Bench::restart() {
  const auto before = state();
  succeed(before);
  if (state() != before) throw std::runtime_error{"state() writes something else after it was read"};
}

void Bench::succeed(const std::vector<std::byte>& state) {
  auto next = make_();
  Archive loading{state, actor_->state_version()};
  next->state(loading);
  if (!loading.at_end()) throw std::runtime_error{"state() does not read all it wrote"};
  actor_ = std::move(next);
  opened_ = false;
}

std::string Bench::story() const {
  std::string story;
  for_each_own([&](const Event& e) {
    if (!story.empty()) story += ' ';
    story += to_string(e.type());
  });
  return story;
}

namespace {

std::vector<Event> events_of(const Bench& bench) {
  std::vector<Event> events;
  for_each_event(bench.journal().bytes(), [&](const Event& e) { events.push_back(e); });
  return events;
}

}  // namespace

std::string difference(const Bench& expected_bench, const Bench& got_bench, const std::string& got,
                       const std::string& expected) {
  const auto wanted = events_of(expected_bench), seen = events_of(got_bench);
  for (std::size_t i = 0; i < std::min(wanted.size(), seen.size()); ++i)
    if (!std::ranges::equal(wanted[i].bytes(), seen[i].bytes()))
      return "event " + std::to_string(i + 1) + " is " + std::string{to_string(seen[i].type())} + " " + got + ", and " +
             expected + " " + std::string{to_string(wanted[i].type())} + " or one with other contents";
  if (wanted.size() != seen.size())
    return std::to_string(seen.size()) + " events were written " + got + ", " + std::to_string(wanted.size()) + " " + expected;
  if (expected_bench.state() != got_bench.state()) return "the state at the end is another one " + got;
  return "";
}

namespace {

/// Plays `script` without `way` and with it.
std::string difference_by(bool Bench::Options::*way, const Bench::Make& make, Bench::Options options,
                          const std::function<void(Bench&)>& script, const std::string& with, const std::string& without) {
  options.*way = false;
  Bench plain{make, options};
  script(plain);
  options.*way = true;
  Bench other{make, options};
  script(other);
  return difference(plain, other, with, without);
}

}  // namespace

std::string restart_difference(const Bench::Make& make, Bench::Options options, const std::function<void(Bench&)>& script) {
  return difference_by(&Bench::Options::restart_after_every_event, make, options, script, "after restarts", "without them");
}

std::string stretch_difference(const Bench::Make& make, Bench::Options options, const std::function<void(Bench&)>& script) {
  return difference_by(&Bench::Options::market_in_stretches, make, options, script, "in stretches", "event by event");
}

}  // namespace holdfast::testkit
