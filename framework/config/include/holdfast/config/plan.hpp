#pragma once

#include <cstdint>
#include <holdfast/sdk/events.hpp>
#include <holdfast/sdk/instrument.hpp>
#include <holdfast/sdk/settings.hpp>
#include <holdfast/sdk/time.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast {

/// When a child that ended is started again (Erlang/OTP's words).
enum class Restart : std::uint8_t {
  permanent,  ///< Always.
  transient,  ///< Only after a crash.
  temporary,  ///< Never.
};

/// Who else is restarted with a child that ended (Erlang/OTP's words).
enum class RestartStrategy : std::uint8_t {
  one_for_one,   ///< Nobody.
  one_for_all,   ///< All its siblings.
  rest_for_one,  ///< The siblings started after it.
};

const char* to_string(Restart restart);
const char* to_string(RestartStrategy strategy);

/// How long to wait before a restart. The first restart is immediate; then `initial`, growing by
/// `multiplier` up to `max`, each time spread by up to `jitter` of itself in either direction.
struct BackoffPlan {
  Duration initial = std::chrono::milliseconds{100};
  Duration max = std::chrono::seconds{30};
  double multiplier = 2;
  double jitter = 0.2;
  Duration reset_after = std::chrono::minutes{1};  ///< Healthy this long: immediate again.
};

/// One actor of the tree.
struct ActorPlan {
  std::string name;
  std::string actor;  ///< The library: kind "actor", this name.
  Restart restart = Restart::permanent;
  Duration shutdown = std::chrono::seconds{5};  ///< How long it may take to stop.
  Setting settings;                             ///< Read by the actor's schema.
  std::string pin;                              ///< SHA-256 of the library in hex, or empty.
  Where where;                                  ///< The child in the file.
  Where actor_where;                            ///< The library's name in the file.
  Where pin_where;                              ///< The pin in the file.
};

struct ChildPlan;

/// A supervisor and its children, started in this order and stopped in reverse.
struct SupervisorPlan {
  std::string name = "root";
  RestartStrategy strategy = RestartStrategy::one_for_one;
  int intensity = 3;  ///< More restarts than this within `period` end the supervisor.
  Duration period = std::chrono::seconds{5};
  BackoffPlan backoff;
  Duration shutdown = std::chrono::seconds{30};  ///< How long its children may take together.
  std::vector<ChildPlan> children;
  Where where;
};

struct ChildPlan {
  std::variant<ActorPlan, SupervisorPlan> what;

  const std::string& name() const;
  const ActorPlan* actor() const { return std::get_if<ActorPlan>(&what); }
  const SupervisorPlan* supervisor() const { return std::get_if<SupervisorPlan>(&what); }
};

/// How the journal stores and keeps events.
struct JournalPlan {
  /// There is none: events are numbered, heard and forgotten. For backtests that nobody looks into.
  bool off = false;
  Where off_where;  ///< `off` in the file.
  std::uint64_t frame_bytes = 256 << 10;                  ///< A frame is closed at this size.
  std::uint64_t ring_bytes = 48 << 20;                    ///< Recent frames kept in memory.
  Duration sync_interval = std::chrono::milliseconds{5};  ///< Pause between two syncs; 0: back to back.
  std::uint64_t wal_cap_bytes = 128ULL << 20;             ///< Bounds the time a recovery takes.
  std::uint64_t snapshot_every = 500'000;                 ///< Events between two snapshots.
  std::uint64_t snapshots_kept = 3;
  /// Market events among the newest so many events are kept, older ones as far back as a snapshot
  /// needs them; 0: all.
  std::uint64_t retention_market_events = 0;
};

/// Where people and machines can ask how a running system is.
struct MetricsPlan {
  std::string listen;  ///< Address and port, such as 127.0.0.1:9464; port 0: any; empty: nowhere.
};
/// Both parts of `host:port` or `[IPv6]:port`; empty when `listen` is neither.
std::optional<std::pair<std::string, std::string>> host_and_port(const std::string& listen);

/// A library that must have exactly these bytes.
struct PinPlan {
  std::string kind, name;
  std::string sha256;  ///< Lower-case hex.
  Where where;
};

/// What becomes of the orders and positions of a strategy that is not declared any more.
struct RemovedPlan {
  std::string name;
  Removal what = Removal::cancel;
  std::string heir;  ///< hand_over: the strategy that has them from here on.
  Where where;
};

/// Everything a system is built from, as plain values: from YAML by load_plan(), or made in code.
struct Plan {
  enum class Clock : std::uint8_t {
    wall,  ///< Live: events happen when they happen.
    feed,  ///< Recorded data: its time is the system's time.
  };
  std::string name = "holdfast";
  Clock clock = Clock::wall;
  std::uint64_t seed = 1;
  int workers = 2;
  /// Clock `feed`, live runtime: events the market may be ahead of whoever hears it, and it waits
  /// for orders on their way; 0: as far as fits, which is fastest.
  int in_step = 0;
  std::string base_dir = ".";            ///< Relative file names in settings start here.
  std::string data_dir;                  ///< May be empty: then whoever runs the plan decides.
  std::vector<std::string> plugin_path;  ///< Absolute when loaded from a file.
  std::vector<PinPlan> pins;
  std::vector<Instrument> instruments;  ///< Their ids are 0; the runtime assigns them.
  JournalPlan journal;
  MetricsPlan metrics;
  std::vector<RemovedPlan> removed;
  SupervisorPlan tree;
  /// canonical_text() of this plan, filled by load_plan().
  std::string canonical;
  /// Name and value of every environment variable used that looks like a secret; for redact().
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// The effective configuration as YAML: the same plan always gives the same text, which
/// load_plan_text() reads back to the same plan. For hashing and for storing beside a journal, so
/// that the journal can be replayed without the file it came from. Values of environment
/// variables that look like secrets are left as `${NAME}` in Plan::canonical: reading that text
/// again needs an environment that gives them. Where data lies on this machine (base_dir,
/// data_dir) is no part of it.
std::string canonical_text(const Plan& plan);

/// `text` with the value of every secret replaced by `${NAME}`, fit for logs and messages.
std::string redact(const Plan& plan, std::string text);

/// Every actor of the tree in start order.
std::vector<const ActorPlan*> actors_of(const SupervisorPlan& tree);

}  // namespace holdfast
