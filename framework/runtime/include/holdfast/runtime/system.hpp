#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <holdfast/config/load.hpp>
#include <holdfast/config/plan.hpp>
#include <holdfast/config/secrets.hpp>
#include <holdfast/journal/failpoints.hpp>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/runtime/latch_file.hpp>
#include <holdfast/runtime/record.hpp>
#include <holdfast/runtime/supervision.hpp>

namespace holdfast {

/// The plan cannot be run as it stands; nothing was started. what() has every problem, each with
/// its place, those in `source` with the line and a caret.
struct PlanRefused : std::runtime_error {
  explicit PlanRefused(Problems problems, std::string_view file = {}, std::string_view source = {});
  Problems problems;
};

/// What a run amounts to so far, or at its end. Ordered, so that it prints the same every time.
struct RunSummary {
  struct Line {
    std::string owner, instrument, currency;
    Quantity position;
    Money realized, fees;
    std::uint64_t fills = 0;
  };
  SystemRecord::Counts counts;
  std::vector<Line> positions;
  std::map<std::string, Money> realized_pnl;  ///< By currency, fees taken off.
  std::uint64_t head_seq = 0;
  Digest head_hash{};  ///< Zeros with `journal: off`: there is no chain.
  /// Over the state of every actor, not over lifecycle; valid after stop().
  Digest state_digest{};
};

struct SystemStatus {
  struct ActorLine {
    std::string name, library;
    Supervision::State state{};
    std::uint32_t incarnation = 0, restarts = 0;
    std::uint64_t lag = 0;  ///< Events behind the head.
    std::string last_failure;
    Duration recovery{};  ///< Of the last restart: from the crash until live again; 0: none.
  };
  std::string name, state;  ///< starting, ready, stopping, stopped, failed
  std::string failure;
  std::uint64_t epoch = 0, head_seq = 0, release_seq = 0;
  Duration folding{};  ///< How long it took, when this was opened, to fold what the journal held.
  std::vector<ActorLine> actors;
  std::vector<LatchFile::Latch> latches;
  RunSummary summary;
};

/// Everything a system measures; see metrics.hpp.
struct SystemMetrics;

/// One thing worth telling people, in parts, so that it can be filtered and stored. Values that the
/// plan knows as secrets are already replaced by their names.
struct LogLine {
  enum class Level : std::uint8_t { info, warning, error };
  Level level = Level::info;
  std::string actor;  ///< Who it is about; empty for the system.
  std::string text;
};

/// What an operator tells the brokers.
struct Instruction {
  enum class What : std::uint8_t {
    cancel,  ///< Any open order, external ones too.
    accept,  ///< The venue's word for what is unexplained of an instrument; see Reconciled.
  };
  What what{};
  ClOrdId order;           ///< To cancel.
  std::string instrument;  ///< To accept.
  std::string who, why;
};

/// One trading system in this process: a supervised tree of actors over one journal.
///
/// No globals, no signal handlers, no ports, and no files but those below the data directory and
/// those the plan names. Several may live side by side. Members are [any-thread] on `caf`; on `sim`
/// there is one thread at a time. Only status() and failure() may be asked before start().
class System {
 public:
  enum class Runtime : std::uint8_t {
    caf,  ///< Live: threads, wall time or the feed's.
    sim,  ///< One thread, virtual time, repeatable to the bit.
  };
  /// What the host decides and lends. Functions are called on any thread and may be empty.
  struct Options {
    Runtime runtime = Runtime::caf;
    /// Made when it does not exist, unless `resume`; empty: the plan's. Neither with `journal: off`,
    /// which only `sim` can do.
    std::string data_dir = {};
    bool resume = false;                 ///< There must be a journal to continue.
    std::string failpoints = {};         ///< See Failpoints; for tests and drills.
    std::function<void(const LogLine&)> log = {};
    /// What time it is, in place of the system's clock: never backwards, and at about the speed of
    /// real time, whatever the date. Not for `sim`, where time is virtual.
    std::function<Time()> clock = {};
    /// Where plugins come from: libraries, and those linked into the program. May serve several
    /// systems. Null: the plan's search path, then PluginHost::default_folders().
    std::shared_ptr<PluginHost> plugins = nullptr;
    std::vector<std::string> plugin_path = {};  ///< Without `plugins`: looked in before the plan's.
    /// What `${NAME}` in YAML stands for. Asked while opening only.
    Environment environment = process_environment;
    std::vector<std::string> overrides = {};  ///< `path=value` over what the YAML says; see load_plan().
    std::vector<std::string> profiles = {};   ///< Of the YAML's section `profiles`, in this order.
    /// What `{secret: name}` in settings stands for; empty: settings may name none.
    SecretSource secrets = {};
  };
  /// Checks the plan, takes the data directory and opens the journal; starts nothing.
  /// Fails: PlanRefused, StoreError, std::runtime_error.
  static std::unique_ptr<System> open(Plan plan, Options options);
  /// The same with the plan in `yaml`; relative file names in it start at the working directory.
  static std::unique_ptr<System> open_text(const std::string& yaml, Options options);
  /// The same with the plan in `file`; relative file names in it start at its folder.
  static std::unique_ptr<System> open_file(const std::string& file, Options options);
  /// As the first, with a host that is not shared: `plugins` must outlive the system.
  static std::unique_ptr<System> open(Plan plan, PluginHost& plugins, Options options);
  virtual ~System() = default;

  /// Recovers and starts every actor; returns when all are live and trading may begin.
  /// Fails: std::runtime_error when the tree gives up before that.
  virtual void start() = 0;
  /// Lets it work for about `budget` of real time. False when nothing more will happen by itself:
  /// every feed has ended and everything they caused is done, or the system failed.
  virtual bool run_for(Duration budget) = 0;
  /// Feeds stop, what is under way is finished, everything is synced and snapshotted, actors stop
  /// in reverse order. Returns what was left undone when `deadline` ran out; empty is clean.
  virtual std::string stop(Duration deadline) = 0;

  virtual SystemStatus status() const = 0;
  /// For scraping: costs about what status() does. Durations are measured on `caf` only.
  virtual SystemMetrics metrics() const = 0;
  /// A copy of what the system knows about itself: names, instruments, holdings, counts.
  virtual SystemRecord record() const = 0;
  /// Calls `visit` for business events from `from` on, those that are durable, until it returns
  /// false. Returns where to go on. Reads beside the journal's writer and never keeps it waiting.
  /// Fails: std::logic_error with `journal: off`.
  virtual std::uint64_t events(std::uint64_t from, const std::function<bool(const Event&)>& visit) const = 0;
  /// REQUIRES: stop() was called.
  virtual RunSummary summary() const = 0;
  /// Why it failed, or empty. A failed system has its latch engaged and sends nothing.
  virtual std::string failure() const = 0;

  /// Effective for every send before it returns; true when also durable within `patience`. Without
  /// `since` it is engaged from now on.
  /// `target` names a strategy or an instrument; unknown names throw std::invalid_argument.
  virtual bool halt(const LatchFile::Latch& latch, Duration patience) = 0;
  /// The journal first, then the file: dying in between leaves the brake on. False when there was none.
  virtual bool resume(LatchScope scope, const std::string& target, const std::string& who, const std::string& why) = 0;
  /// True when durable within `patience`; what becomes of it, the broker tells. Fails: std::invalid_argument
  /// when there is no such open order, or nothing unexplained of the instrument.
  virtual bool instruct(const Instruction& instruction, Duration patience) = 0;
  /// Makes an actor fail as if it had thrown, for tests and drills.
  virtual void crash(const std::string& actor, const std::string& why) = 0;
  /// Makes a checkpoint of the store below the data directory, to be backed up and removed. Returns where.
  /// [any-thread] Fails: StoreError.
  virtual std::string checkpoint() = 0;
  /// Where it can be made to fail while it runs. [any-thread]
  virtual Failpoints& failpoints() = 0;
};

}  // namespace holdfast
