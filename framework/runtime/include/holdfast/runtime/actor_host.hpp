#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <holdfast/journal/store.hpp>
#include <holdfast/sdk/actor.hpp>

namespace holdfast {

/// What an author may write is a property of its kind; decided by its actor library's name.
enum class ActorKind : std::uint64_t { custom = 0, system, feed, strategy, risk, broker, ledger, audit, notifier };
ActorKind actor_kind(std::string_view library);
bool may_write(ActorKind kind, EventType type);

/// An actor did not reproduce its own answers: what() names the first differing event.
struct Divergence : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One incarnation of one actor, on whichever runtime: hears, folds, answers.
///
/// Until it hears its own ActorStarted it is muted: answers are compared with those in the journal.
/// From there on it speaks, first of all what its predecessor had answered and nobody heard.
/// One thread at a time. Whatever an actor throws leaves through these calls; the runtime's border
/// catches it.
class ActorHost {
 public:
  struct Identity {
    std::string name;
    ActorId id;
    ActorKind kind = ActorKind::custom;
    std::uint32_t incarnation = 0;
    Digest era{};  ///< Hash of plugin code, settings and framework version.
    bool edge = false;
  };
  static constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};
  struct Options {
    std::uint64_t snapshot_every = 500'000;
    std::uint64_t epoch = 0;
    std::function<void(const std::string&)> log;  ///< May be empty.
  };
  ActorHost(Identity identity, std::shared_ptr<Actor> actor, Options options);
  ActorHost(const ActorHost&) = delete;

  /// Loads the state to begin from; empty: from nothing. Returns the first sequence number to hear.
  std::uint64_t restore(const std::optional<Snapshot>& snapshot);
  /// REQUIRES: event.seq() is the one after the last heard. Fails: Divergence, or what the actor throws.
  void hear(const Event& event) {
    heard_seq_ = event.seq();
    stage_.now_ = event.time();
    if (!event.spontaneous() && event.author() == identity_.id) [[unlikely]] compare(event);
    if (event.type() == EventType::actor_started) [[unlikely]] return hear_started(event);
    actor_->hear(event, stage_);
    if (!stage_.answers_.empty()) [[unlikely]] take_down();
  }
  /// The same for all it has not heard of `frame`. A quiet actor is told of the market in stretches.
  void hear(const Frame& frame);
  /// Whether Actor::quiet() holds since the last event that was not of the market.
  bool quiet() const { return actor_->quiet(); }
  /// REQUIRES: quiet(), and hear() of each event of `stretch` would be allowed.
  void hear_market(std::span<const std::byte> stretch) { actor_->hear_market(stretch); }
  /// Where it stands after hear_market(): the last event's number and time.
  void heard(std::uint64_t seq, Time time) {
    heard_seq_ = seq;
    stage_.now_ = time;
  }
  /// Does `work`, which calls the above. False when it threw, whatever it was; nothing more may
  /// then be asked of this but to go.
  bool attempt(const std::function<void()>& work) noexcept;
  bool live() const { return live_; }
  /// Speaks from now on, without having heard an ActorStarted: replay and tests.
  void keep_muted() { replaying_ = true; }

  /// What it has answered since the last call; empty while muted.
  EventBuffer take_answers();
  bool has_answers() const { return !outbox_.empty(); }
  /// Answers not heard back yet.
  std::size_t in_flight() const { return outstanding_.size(); }

  /// Edges: called once when live.
  void open(std::function<void()> wake);
  /// Edges: lets the actor act; facts are appended to `outside.facts()`. Checks what it wrote.
  Pace act(Outside& outside);

  /// See Actor::wake_at(); the largest time is never.
  Time wake_at() const {
    const Time at = actor_->wake_at();
    return at == Time{} ? kNever : at;
  }
  std::uint64_t heard_seq() const { return heard_seq_; }
  /// Time of the last event heard.
  Time heard_time() const { return stage_.now_; }
  const Identity& identity() const { return identity_; }

  /// Something worth keeping was heard since the last snapshot, and it is time.
  bool snapshot_due() const { return (live_ || replaying_) && heard_seq_ - snapshot_seq_ >= options_.snapshot_every; }
  Snapshot snapshot();
  /// SHA-256 of the state alone.
  Digest digest() const;

 private:
  class HostStage final : public Stage {
   public:
    explicit HostStage(ActorHost& host) : host_{host} {}
    Time now() const override { return now_; }
    bool muted() const override;
    void log(std::string_view text) override;
    EventBuffer& answers() override { return answers_; }
    ActorId self() const override;
    std::uint64_t heard_seq() const override;

    ActorHost& host_;
    Time now_;
    EventBuffer answers_;
  };
  void hear_started(const Event& event);
  void take_down();
  void compare(const Event& event);
  void enter_era(const Event& event);
  void settle(const Event& event);
  void check_rights(std::span<const std::byte> events) const;

  Identity identity_;
  std::shared_ptr<Actor> actor_;
  Options options_;
  HostStage stage_;
  EventBuffer outbox_;
  std::deque<std::vector<std::byte>> outstanding_;
  std::optional<Digest> era_;  ///< Of the history being heard; unknown before its first ActorStarted.
  bool live_ = false, replaying_ = false;
  std::uint64_t heard_seq_ = 0, snapshot_seq_ = 0;
};

}  // namespace holdfast
