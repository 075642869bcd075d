#pragma once

#include "core.hpp"

namespace holdfast {

/// What an edge sees of the world, on either runtime: set before each act().
class RuntimeOutside final : public Outside {
 public:
  RuntimeOutside(const Core& core, std::size_t slot) : core_{core}, slot_{slot} {}

  Time now() const override { return now_; }
  std::uint64_t release_seq() const override { return release_seq_; }
  LatchLevel latch(ActorId owner, InstrumentId instrument) const override;
  std::size_t halt(InstrumentId instrument, std::string_view why, std::uint64_t position) override;
  std::size_t room() const override { return room_; }
  EventBuffer& facts() override { return facts_; }
  ActorId self() const override { return core_.slots[slot_]->id; }
  void log(std::string_view text) override { core_.log({LogLine::Level::info, core_.slots[slot_]->plan->name, std::string{text}}); }

  void set(Time now, std::uint64_t release_seq, std::size_t room) {
    now_ = now;
    release_seq_ = release_seq;
    room_ = room;
  }
  EventBuffer take_facts() {
    EventBuffer out = std::move(facts_);
    facts_ = {};
    facts_.reserve(out.size());  // The next batch is likely to be as large.
    return out;
  }

 private:
  const Core& core_;
  std::size_t slot_;
  Time now_;
  std::uint64_t release_seq_ = 0;
  std::size_t room_ = 0;
  EventBuffer facts_;
};

}  // namespace holdfast
