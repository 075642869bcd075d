#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/event.hpp>

namespace holdfast {

/// What an actor may do while it hears one event: answer it. [actor-thread]
///
/// All answers to one event enter the journal as one atomic batch. While history is folded the
/// stage is muted: answers are compared with the journal instead of written.
class Stage {
 public:
  virtual ~Stage() = default;
  /// The event's time.
  virtual Time now() const = 0;
  /// True while history is folded; for logging only, never for a decision.
  virtual bool muted() const = 0;
  virtual void log(std::string_view text) = 0;
  /// Where answers go; use answer().
  virtual EventBuffer& answers() = 0;
  virtual ActorId self() const = 0;
  virtual std::uint64_t heard_seq() const = 0;

  template <Payload E>
  void answer(const E& payload, std::string_view tail = {}) {
    answers().append(payload, self(), heard_seq(), false, now(), tail);
  }
};

/// What an edge may do of its own accord, lent to act(). [actor-thread]
class Outside {
 public:
  virtual ~Outside() = default;
  /// The system's clock: wall time when live, virtual in the sim runtime.
  virtual Time now() const = 0;
  /// Everything at or below is durable; what leaves the process must not be above.
  virtual std::uint64_t release_seq() const = 0;
  /// The strictest latch over an order of `owner` in `instrument`, read from the latch file now.
  virtual LatchLevel latch(ActorId owner, InstrumentId instrument) const = 0;
  /// Halts one instrument at once, in the latch file and as a fact, until a named operator releases it.
  /// Returns where among the facts it is.
  virtual std::size_t halt(InstrumentId instrument, std::string_view why, std::uint64_t position) = 0;
  /// How many events may be written now; beyond it, return and be called again.
  virtual std::size_t room() const = 0;
  virtual EventBuffer& facts() = 0;
  virtual ActorId self() const = 0;
  virtual void log(std::string_view text) = 0;

  /// Writes a fact that answers nothing. `position` makes it unique among this actor's facts.
  template <Payload E>
  void emit(const E& payload, std::uint64_t position, Time time = {}, std::string_view tail = {}) {
    facts().append(payload, self(), position, true, time, tail);
  }
};

/// What act() wants next.
struct Pace {
  bool again = false;                 ///< Call again as soon as there is room.
  std::optional<Time> at;             ///< Call again at this time of Outside::now().
};

/// A supervised part of the system: its state is a fold over the events it hears.
///
/// Loaded by name as a plugin of kind "actor". One call at a time; different incarnations never
/// overlap. An exception out of any call ends the incarnation.
class Actor {
 public:
  static constexpr std::string_view kKind = "actor";
  virtual ~Actor();
  /// Changes state by one event and may answer it. Called for every event, own ones included.
  virtual void hear(const Event& event, Stage& stage) = 0;
  /// True while nothing of the market stream, passing time included, can make it answer or change
  /// wake_at() or this; asked after every other event. Such an actor is told of the market in stretches.
  virtual bool quiet() const { return false; }
  /// REQUIRES: quiet(). Changes state by market events, one after another in `stretch`, as hear() of each
  /// would: as a quiet actor may not look at the market at all, nothing is done unless overridden.
  virtual void hear_market(std::span<const std::byte> stretch) { (void)stretch; }
  /// When TimeAdvanced is wanted if nothing else happens; zero means never. A value, as it is read
  /// after every event.
  Time wake_at() const { return wake_at_; }
  /// Everything that must survive, and nothing else: sequence numbers have no place in it.
  virtual void state(Archive& archive) = 0;
  /// Version of what state() writes; raise it when that changes.
  virtual int state_version() const { return 1; }

  /// Edges only: called once before the first act(), after history was folded. `wake` [any-thread]
  /// asks for another act().
  virtual void open(std::function<void()> wake) { (void)wake; }
  /// Edges only: side effects and facts from outside. Called after heard frames, after
  /// release_seq moved, when asked for through Pace, and when woken.
  virtual Pace act(Outside& outside) { (void)outside; return {}; }

 protected:
  /// For the derived class, wherever it changes: in hear(), in act(), and in state() when it loads.
  void wake_at(Time when) { wake_at_ = when; }

 private:
  Time wake_at_;
};

}  // namespace holdfast
