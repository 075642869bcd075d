#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/config/plan.hpp>
#include <holdfast/sdk/random.hpp>

namespace holdfast {

/// Why an actor's incarnation ended.
enum class Exit : std::uint8_t {
  normal,  ///< Asked to stop, or finished.
  crash,   ///< Threw, or was killed after its shutdown deadline.
  parked,  ///< Diverged: stays down whatever its restart type.
};

/// Erlang/OTP's supervision over a whole tree, as a pure state machine: facts and the time go in,
/// commands come out. Knows neither threads nor clocks; both runtimes carry out what it says.
///
/// Actors are numbered in start order, as actors_of() lists them.
class Supervision {
 public:
  struct Command {
    enum class Kind : std::uint8_t {
      start,    ///< Begin a new incarnation; answer with started() or exited().
      stop,     ///< Ask it to end; exited() follows, or kill at the deadline.
      kill,     ///< The deadline passed: it is not waited for any longer. exited() must follow.
      stopped,  ///< The whole tree is down as asked.
      give_up,  ///< The root's budget is spent and the tree is down: stop trading, say why.
    };
    Kind kind;
    std::size_t actor = 0;
    std::string why;
  };
  using Commands = std::vector<Command>;
  enum class State : std::uint8_t { down, waiting, starting, up, stopping, parked, finished };

  Supervision(const SupervisorPlan& plan, std::uint64_t seed);
  ~Supervision();

  Commands start(Time now);
  Commands started(std::size_t actor, Time now);
  Commands exited(std::size_t actor, Exit exit, Time now);
  /// Back-offs that ended and deadlines that passed; call at next_deadline().
  Commands advance(Time now);
  /// Reverse order, whole tree; ends with `stopped`.
  Commands stop(Time now);

  std::optional<Time> next_deadline() const;
  /// Why the root gave up, from that moment on, while its children still run; empty before. Whoever
  /// carries out commands brakes trading before the first of the stops that follow.
  std::string escalation() const;
  State state(std::size_t actor) const;
  /// Restarts of one actor so far.
  std::uint32_t restarts(std::size_t actor) const;

 private:
  struct Node;
  std::unique_ptr<Node> build(const SupervisorPlan& plan, Node* parent);
  void step(Node& supervisor, Time now, Commands& out);
  void begin(Node& child, Time now, Commands& out);
  void end(Node& child, Time now, Commands& out);
  void went_up(Node& child, Time now, Commands& out);
  void went_down(Node& child, Exit exit, Time now, Commands& out);
  void restart(Node& child, Time now, Commands& out);
  void advance(Node& node, Time now, Commands& out);
  Duration backoff(Node& child, Time now);

  std::unique_ptr<Node> root_;
  std::vector<Node*> actors_;
  Random random_;
};

const char* to_string(Supervision::State state);

}  // namespace holdfast
