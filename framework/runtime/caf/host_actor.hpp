#pragma once

#include <caf/event_based_actor.hpp>

#include "caf/live.hpp"
#include "src/outside.hpp"

namespace holdfast::live {

/// Runs one incarnation on a CAF worker: woken by a doorbell, it reads frames from the journal,
/// folds, answers and, as an edge, acts. The one border where what an actor throws is caught.
class HostActor final : public caf::event_based_actor {
 public:
  HostActor(caf::actor_config& config, Shared& shared, std::size_t slot, std::uint32_t incarnation);
  const char* name() const override { return "host"; }
  caf::behavior make_behavior() override;

 private:
  template <class F>
  void guarded(F&& work);
  void activate();
  void begin();
  bool catch_up();
  bool linger_for_release();
  bool hear_frame(const Frame& frame);
  void became_live();
  void answer();
  void act();
  void wake_later(const Pace& pace);
  void keep_snapshot();
  bool hit(const char* failpoint) { return shared_.core->failpoints.hit(failpoint, slot_.plan->name); }
  void leave(Exit exit, const std::string& why);
  /// It hung, was given up, and comes back to find a successor: all it may do is go.
  bool replaced() const { return slot_.incarnation.load() != incarnation_; }

  Shared& shared_;
  Cell& cell_;
  ActorSlot& slot_;
  const std::size_t index_;
  const std::uint32_t incarnation_;
  std::unique_ptr<ActorHost> host_;
  RuntimeOutside outside_;
  std::uint64_t next_ = 1;
  bool announced_ = false, gone_ = false;
  Time wake_ = ActorHost::kNever;
  std::optional<Time> alarm_;
  std::int64_t lingered_ = 0;  ///< Nanoseconds of this turn.
};

/// Folds the system's own record, for status() and the next start.
class RecordActor final : public caf::event_based_actor {
 public:
  RecordActor(caf::actor_config& config, Shared& shared);
  const char* name() const override { return "record"; }
  caf::behavior make_behavior() override;

 private:
  Shared& shared_;
};

}  // namespace holdfast::live
