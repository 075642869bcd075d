#pragma once

#include <functional>
#include <holdfast/runtime/actor_host.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// One actor host beside a journal of a few lines.
namespace holdfast::test {

inline constexpr ActorId kSelf{5}, kFeed{9};
inline constexpr Digest kEra{1}, kOtherEra{2};

/// Asks for an order of its running count at every `every`-th quote, and again for every denial.
class Asker : public Actor {
 public:
  explicit Asker(std::int64_t every = 1, std::int64_t factor = 1) : every_{every}, factor_{factor} {}
  void hear(const Event& event, Stage& stage) override {
    if (event.type() == EventType::order_denied) return ask(stage);
    if (event.type() == EventType::quote && ++heard_ % every_ == 0) ask(stage);
  }
  void state(Archive& a) override { a(heard_, asked_); }
  std::int64_t heard() const { return heard_; }

 private:
  void ask(Stage& stage) {
    OrderIntent intent;
    intent.terms.cl_ord_id = ClOrdId::make(stage.self(), static_cast<std::uint64_t>(++asked_));
    intent.terms.quantity = Quantity::of(asked_ * factor_);
    stage.answer(intent, "asked");
  }
  std::int64_t every_, factor_, heard_ = 0, asked_ = 0;
};

inline ActorHost host_of(std::shared_ptr<Actor> actor, std::uint32_t incarnation, Digest era = kEra,
                         ActorKind kind = ActorKind::strategy) {
  return ActorHost{{"asker", kSelf, kind, incarnation, era, false}, std::move(actor), {1'000'000, 1, {}}};
}

/// Gives events their numbers and keeps them, as a journal does.
class Line {
 public:
  template <Payload E>
  std::uint64_t add(const E& payload, ActorId author = kFeed, bool spontaneous = true,
                    std::uint64_t origin = 0, std::string_view tail = {}) {
    EventBuffer one;
    one.append(payload, author, origin, spontaneous, Time{static_cast<std::int64_t>(events_.size() + 1)},
               tail);
    return add(one);
  }
  /// What an actor has answered. Returns the last number given.
  std::uint64_t add(const EventBuffer& answers) {
    for_each_event(answers.bytes(), [&](const Event& e) {
      auto& bytes = events_.emplace_back(e.bytes().begin(), e.bytes().end());
      reinterpret_cast<EventHeader*>(bytes.data())->seq = events_.size();
    });
    return events_.size();
  }
  std::uint64_t quote() { return add(Quote{}); }
  std::uint64_t started(std::uint32_t incarnation, Digest era = kEra, ActorId actor = kSelf) {
    return add(ActorStarted{actor, 0, incarnation, era}, ActorId{});
  }
  Event at(std::uint64_t seq) { return Event{events_[seq - 1].data()}; }
  void tell(ActorHost& host, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t seq = from; seq <= to; ++seq) host.hear(at(seq));
  }
  std::uint64_t head() const { return events_.size(); }

 private:
  std::vector<std::vector<std::byte>> events_;
};

/// Counters of the orders asked for in `answers`.
inline std::vector<std::uint64_t> asked(const EventBuffer& answers) {
  std::vector<std::uint64_t> out;
  for_each_event(answers.bytes(), [&](const Event& e) {
    if (e.type() == EventType::order_intent) out.push_back(e.as<OrderIntent>().terms.cl_ord_id.counter());
  });
  return out;
}

}  // namespace holdfast::test
