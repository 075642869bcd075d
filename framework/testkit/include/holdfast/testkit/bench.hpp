#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <holdfast/sdk/actor.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::testkit {

/// A bench for one actor: events in, answers and facts out, virtual time, and a journal of its own
/// in memory. What the actor writes is heard by it at once, as in a running system.
///
/// Works with any test library. [one thread]
class Bench {
 public:
  using Make = std::function<std::shared_ptr<Actor>()>;
  struct Options {
    ActorId self{1};
    Time start{1'700'000'000'000'000'000};
    /// Replace the actor by a new one with the same state after every event it has heard.
    bool restart_after_every_event = false;
    /// At a restart, lose what the actor had emitted and nobody heard, as the journal does.
    bool lose_in_flight = false;
    /// Tell a quiet actor of the market in stretches, as a running system does.
    bool market_in_stretches = false;
    /// Let the actor act whenever everything was heard; otherwise only act() does.
    bool act_by_itself = true;
    /// Called whenever the actor asks to be called, on the thread it asks on.
    std::function<void()> on_wake = {};
  };
  /// The author of what tell() writes unless another is named.
  static constexpr ActorId kOther{99};

  Bench(Make make, Options options);
  explicit Bench(Make make) : Bench(std::move(make), Options{}) {}

  /// Somebody else's event: journaled now, heard with everything it causes.
  template <Payload E>
  void tell(const E& payload, std::string_view tail = {}, ActorId author = kOther) {
    queue(payload, tail, author);
    run();
  }
  /// Several events that are journaled before any answer to them: queue() each, then run(). `position` is where
  /// the event stands among its author's facts.
  template <Payload E>
  void queue(const E& payload, std::string_view tail = {}, ActorId author = kOther, std::uint64_t position = 0) {
    EventBuffer one;
    one.append(payload, author, position, true, now_, tail);
    push(one);
  }
  void run();
  /// Moves the clock, stopping for TimeAdvanced wherever the actor asked to be woken.
  void advance_to(Time time);
  void advance(Duration by) { advance_to(now_ + by); }
  /// Lets an edge act once, and hear what it wrote. Throws what the actor throws.
  Pace act();
  /// Has the actor been woken by itself since the last act()?
  bool woken() const { return *woken_; }
  /// A new actor with the state of the old one. Fails: std::runtime_error when the state does not
  /// read what it wrote, or writes something else afterwards.
  void restart();
  /// Lets an edge act once, and then it is gone, as by an exception or kill -9: what it has written is lost with it, what
  /// it has sent is not. Its successor begins with the state that it had before, once `between` has returned.
  void act_and_die(const std::function<void()>& between = {});

  Time now() const { return now_; }
  std::uint64_t head() const { return head_; }
  Actor& actor() { return *actor_; }
  std::vector<std::byte> state() const;

  /// All the actor has written of one type, in order.
  template <Payload E>
  std::vector<E> wrote() const {
    std::vector<E> found;
    for_each_own([&](const Event& e) {
      if (e.type() == E::kType) found.push_back(e.as<E>());
    });
    return found;
  }
  /// The text tails of those.
  template <Payload E>
  std::vector<std::string> words() const {
    std::vector<std::string> found;
    for_each_own([&](const Event& e) {
      if (e.type() == E::kType) found.emplace_back(e.tail<E>());
    });
    return found;
  }
  /// Types of all the actor has written: "OrderSent OrderAcknowledged OrderFilled".
  std::string story() const;
  /// Everything anybody has written, in order.
  const EventBuffer& journal() const { return journal_; }
  /// What the actor and its plugin have logged.
  const std::vector<std::string>& logs() const { return logs_; }

  // What an edge sees of the world; to be set by the test.
  std::size_t room = 1'000'000;
  bool durable = true;         ///< Everything journaled is durable at once…
  std::uint64_t released = 0;  ///< …otherwise what is at or below this.
  std::function<LatchLevel(ActorId, InstrumentId)> latch;

 private:
  class Hearing;
  class Acting;
  template <class F>
  void for_each_own(F&& f) const {
    for_each_event(journal_.bytes(), [&](const Event& e) {
      if (e.author() == options_.self) f(e);
    });
  }
  void push(const EventBuffer& events);
  bool hear_next();
  void hear_stretch();
  void forget_in_flight(std::uint64_t position);
  EventBuffer act_once(Pace& pace);
  void succeed(const std::vector<std::byte>& state);

  Make make_;
  Options options_;
  std::shared_ptr<Actor> actor_;
  bool opened_ = false;
  std::shared_ptr<std::atomic<bool>> woken_ = std::make_shared<std::atomic<bool>>(false);
  Time now_;
  std::uint64_t head_ = 0;
  EventBuffer journal_;
  std::deque<std::vector<std::byte>> queue_;
  EventBuffer stretch_;  ///< Market events that a quiet actor has not been told of.
  std::vector<std::string> logs_;
};

/// The first difference of two benches in what was journaled and in the state at the end, as in
/// "event 3 is Trade <got>, and <expected> OrderIntent or one with other contents". Empty when equal.
std::string difference(const Bench& expected_bench, const Bench& got_bench, const std::string& got,
                       const std::string& expected);

/// Plays `script` on a bench as it is and on one that restarts its actor after every event, and
/// compares all that was journaled and the state at the end. Empty when they are equal; otherwise
/// names the first difference: a member that state() forgets is found here.
std::string restart_difference(const Bench::Make& make, Bench::Options options,
                               const std::function<void(Bench&)>& script);

/// The same for a bench that tells a quiet actor of the market event by event, and one that does so in
/// stretches: what quiet() promises and hear() and hear_market() do differently is found here.
std::string stretch_difference(const Bench::Make& make, Bench::Options options, const std::function<void(Bench&)>& script);

}  // namespace holdfast::testkit
