#include <holdfast/runtime/baseline.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <future>

namespace holdfast {

namespace {

/// As large as a quote: the comparison is of transport, not of cargo.
struct RawTick {
  std::int64_t bid, ask, bid_size, ask_size, time, instrument;
};

}  // namespace

}  // namespace holdfast

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(holdfast::RawTick)

namespace holdfast {

namespace {

caf::behavior relay(caf::event_based_actor* self, const caf::actor& next) {
  return {[self, next](const RawTick& tick) { self->send(next, tick); }};
}

struct Count {
  std::uint64_t left = 0;
};

caf::behavior sink(caf::stateful_actor<Count>* self, std::uint64_t messages, std::promise<void>* done) {
  self->state.left = messages;
  return {[self, done](const RawTick&) {
    if (--self->state.left == 0) {
      done->set_value();
      self->quit();
    }
  }};
}

}  // namespace

double raw_chain_rate(const std::string& policy, std::uint64_t messages) {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom_from_string(policy));
  config.set("scheduler.max-threads", static_cast<std::size_t>(2));
  caf::actor_system system{config};
  std::promise<void> done;
  auto finished = done.get_future();
  const auto last = system.spawn(sink, messages, &done);
  const auto middle = system.spawn(relay, last);
  const auto first = system.spawn(relay, middle);
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < messages; ++i)
    caf::anon_send(first, RawTick{1, 2, 3, 4, static_cast<std::int64_t>(i), 1});
  finished.wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  caf::anon_send_exit(first, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(middle, caf::exit_reason::user_shutdown);
  return static_cast<double>(messages) / took.count();
}

}  // namespace holdfast
