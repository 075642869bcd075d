#pragma once

#include <caf/event_based_actor.hpp>

#include "caf/live.hpp"

namespace holdfast::live {

/// Carries out what Supervision says, on a thread of its own: it shares none with the work.
class SupervisorActor final : public caf::event_based_actor {
 public:
  SupervisorActor(caf::actor_config& config, Shared& shared);
  const char* name() const override { return "supervisor"; }
  caf::behavior make_behavior() override;

 private:
  void carry_out(const Supervision::Commands& commands);
  void start(std::size_t slot);
  void settled();

  Shared& shared_;
  Supervision supervision_;
  std::optional<Time> alarm_;
  bool braked_ = false;
};

}  // namespace holdfast::live
