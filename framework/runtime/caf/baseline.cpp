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

struct Config : caf::actor_system_config {
  explicit Config(const std::string& policy) {
    set("scheduler.policy", caf::atom_from_string(policy));
    set("scheduler.max-threads", static_cast<std::size_t>(2));
  }
};

using Clock = std::chrono::steady_clock;
using begin_atom = caf::atom_constant<caf::atom("begin")>;
using crash_atom = caf::atom_constant<caf::atom("crash")>;
using stop_atom = caf::atom_constant<caf::atom("stop")>;

/// What a supervised actor and its supervisor measure; messages order who touches it.
struct Crashes {
  std::size_t wanted = 0;
  Clock::time_point thrown;
  std::vector<double> seconds;
  std::promise<void> done;
};

caf::behavior worker(caf::event_based_actor* self, Crashes* crashes) {
  self->set_exception_handler([](std::exception_ptr&) -> caf::error { return caf::sec::runtime_error; });
  return {[crashes](begin_atom) {
            if (crashes->thrown == Clock::time_point{}) return;
            crashes->seconds.push_back(std::chrono::duration<double>(Clock::now() - crashes->thrown).count());
            if (crashes->seconds.size() == crashes->wanted) crashes->done.set_value();
          },
          [crashes](crash_atom) {
            crashes->thrown = Clock::now();
            throw std::runtime_error{"as asked"};
          }};
}

struct Child {
  caf::actor handle;
};

caf::behavior supervisor(caf::stateful_actor<Child>* self, Crashes* crashes) {
  const auto begin = [self, crashes] {
    self->state.handle = self->spawn(worker, crashes);
    self->monitor<caf::message_priority::high>(self->state.handle);
    self->send(self->state.handle, begin_atom::value);
  };
  self->set_down_handler([begin](const caf::down_msg&) { begin(); });
  begin();
  return {[self](crash_atom) { self->send(self->state.handle, crash_atom::value); },
          [self](stop_atom) {
            self->send_exit(self->state.handle, caf::exit_reason::user_shutdown);
            self->quit();
          }};
}

}  // namespace

double raw_chain_rate(const std::string& policy, std::uint64_t messages) {
  Config config{policy};
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

std::vector<double> raw_restart_seconds(int count, Duration tick, int ticks_per_crash) {
  Config config{"sharing"};
  caf::actor_system system{config};
  Crashes crashes;
  crashes.wanted = static_cast<std::size_t>(count);
  auto finished = crashes.done.get_future();
  std::promise<void> ignored;
  const auto last = system.spawn(sink, UINT64_MAX, &ignored);
  const auto middle = system.spawn(relay, last);
  const auto first = system.spawn(relay, middle);
  const auto parent = system.spawn(supervisor, &crashes);
  for (std::int64_t i = 1; finished.wait_for(tick) != std::future_status::ready; ++i) {
    caf::anon_send(first, RawTick{1, 2, 3, 4, i, 1});
    if (i % ticks_per_crash == 0) caf::anon_send(parent, crash_atom::value);
  }
  caf::anon_send(parent, stop_atom::value);
  for (const auto& actor : {first, middle, last}) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  system.await_all_actors_done();
  return std::move(crashes.seconds);
}

void beside_idle_actors(const std::function<void()>& work) {
  Config config{"sharing"};
  caf::actor_system system{config};
  // With an argument: for a function that takes none, CAF 0.17 reads a tuple that is not there.
  const auto idle = system.spawn([](caf::event_based_actor*, bool) -> caf::behavior { return {[](begin_atom) {}}; }, true);
  work();
  caf::anon_send_exit(idle, caf::exit_reason::user_shutdown);
}

}  // namespace holdfast
