#pragma once

#include <deque>

#include <holdfast/journal/frame_writer.hpp>

#include "src/outside.hpp"

namespace holdfast {

/// One thread decides everything, in virtual time; another writes behind it. Each tick and all its consequences are finished before the next one,
/// and a frame is sealed only between ticks: what a kill loses is whole ticks, so a resumed run
/// continues exactly where an uninterrupted one would have been.
///
/// With `journal: off` events are forgotten when nothing is under way. There is no history then that
/// a successor could fold, so the first failure of an actor ends the run.
class SimSystem final : public System {
 public:
  explicit SimSystem(std::unique_ptr<Core> core);

  void start() override;
  bool run_for(Duration budget) override;
  std::string stop(Duration deadline) override;
  SystemStatus status() const override;
  SystemMetrics metrics() const override;
  SystemRecord record() const override { return *core_->record(); }
  std::uint64_t events(std::uint64_t from, const std::function<bool(const Event&)>& visit) const override;
  RunSummary summary() const override;
  std::string failure() const override { return failure_; }
  bool halt(const LatchFile::Latch& latch, Duration patience) override;
  bool resume(LatchScope scope, const std::string& target, const std::string& who, const std::string& why) override;
  bool instruct(const Instruction& instruction, Duration patience) override;
  void crash(const std::string& actor, const std::string& why) override;
  std::string checkpoint() override;
  Failpoints& failpoints() override { return core_->failpoints; }

 private:
  struct Cell {
    std::unique_ptr<ActorHost> host;
    std::unique_ptr<RuntimeOutside> outside;
    EventBuffer batch;            ///< Feeds: produced and not sequenced yet.
    std::size_t at = 0;           ///< Next event in the batch.
    Pace pace;
    bool opened = false, announced = false;
    std::string crash;            ///< Asked for from outside.
  };

  void settle();
  void crash_those_asked();
  void deliver(Submission& submission);
  void hear_from(std::size_t offset);
  void hear_market(const Event& event);
  void hear_business(const Event& event, std::size_t at);
  void catch_up(std::size_t end);
  void ask_who_listens();
  void hear_stretch(std::span<const std::byte> stretch, std::uint64_t last_seq);
  void take_from(Cell& feed, Time before);
  bool goes_on(const Cell& feed, Time before) const;
  void hear(Cell& cell, const Event& event);
  void announce(Cell& cell);
  void submit(const ActorHost& author, EventBuffer events);
  std::size_t index_of(const Cell& cell) const { return static_cast<std::size_t>(&cell - cells_.data()); }
  void act(std::size_t index);
  void fail_actor(std::size_t index, const std::exception& error);
  void ended_by_crash(std::size_t index, Exit exit, const std::string& why);
  void give_up(const std::string& why);
  void carry_out(Supervision::Commands commands);
  void start_actor(std::size_t index);
  void fold_history(ActorHost& host);
  void keep_state(ActorHost& host);
  void seal();
  void prune(std::uint64_t head);
  bool work(Duration budget);
  void wind_down();
  void broke(const std::string& why);
  bool tick();
  void refill(Cell& cell);
  Time next_wake() const;
  void say(EventBuffer events);
  Time now() const { return sequencer_->last_time(); }

  std::unique_ptr<Core> core_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<ActorHost> record_host_;
  Supervision supervision_;
  std::vector<Cell> cells_;
  std::vector<std::size_t> feeds_;  ///< Which of them are.
  const std::size_t frame_bytes_;   ///< As large as the open events grow.
  // Who hears market data as it comes, and who in stretches, as it could not answer; since the last other event.
  std::vector<Cell*> listeners_, quiet_;
  std::size_t heard_ = 0;  ///< Bytes of the open events that the quiet ones have heard.
  Time quiet_wake_ = ActorHost::kNever;  ///< The first wake_at() of the quiet ones.
  Time wake_ = ActorHost::kNever;        ///< Of all, after the newest market event.
  std::deque<Submission> queue_;
  std::optional<Time> deadline_; ///< supervision_.next_deadline(), kept while nothing happens to the tree.
  std::deque<Supervision::Command> commands_;
  mutable std::optional<FrameWriter> writer_;  ///< Reading history waits for it; none with `journal: off`.
  std::map<std::string, Digest> digests_;      ///< With `journal: off`: of the state each actor was stopped in.
  bool stopped_ = false, braked_ = false, broken_ = false, crash_asked_ = false;
  std::string failure_;
};

}  // namespace holdfast
