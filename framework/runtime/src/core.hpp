#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/journal/anchors.hpp>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/journal/journal.hpp>
#include <holdfast/runtime/actor_host.hpp>
#include <holdfast/runtime/system.hpp>

namespace holdfast {

/// One actor of the tree with the identity this run gave it.
struct ActorSlot {
  const ActorPlan* plan = nullptr;
  ActorId id;
  ActorKind kind = ActorKind::custom;
  bool edge = false;
  Digest era{};
  std::atomic<std::uint32_t> incarnation{0};
  std::atomic<bool> parked{false};
};

/// What both runtimes stand on: the plan, the store, the record, the latch file, and how to make an
/// incarnation. Built on one thread; afterwards immutable but for atomics and the record.
class Core {
 public:
  /// REQUIRES: options.plugins and options.clock are set.
  Core(Plan plan, const System::Options& options);
  ~Core();
  /// Only what make_host() needs, over a store somebody else opened: no lock, nothing written.
  static std::unique_ptr<Core> for_replay(Plan plan, PluginHost& plugins, const Store& store);

  /// A fresh instance with its settings; throws std::runtime_error when it cannot be made.
  std::unique_ptr<ActorHost> make_host(std::size_t slot, std::uint32_t incarnation) const;
  /// Everybody's first incarnation of this run, made and folded up to the head when the core was: one
  /// after the other, as supervision starts them, each would decode all history alone. Once; null
  /// when there is none of that incarnation.
  std::unique_ptr<ActorHost> take_folded(std::size_t slot, std::uint32_t incarnation);
  /// The host of the system's own record, folded up to the head; speaks never.
  std::unique_ptr<ActorHost> take_record_host() { return std::move(record_host_); }
  std::shared_ptr<SystemRecord> record() const { return record_; }

  /// Everything that opens a run: SystemStarted, new actors, instruments, latches of the file.
  Submission opening(Time now) const;
  Sequencer make_sequencer(std::function<Time()> wall) const;
  /// Market data below it is needed neither by retention nor by any snapshot that is kept; 0: all is.
  std::uint64_t prune_below(std::uint64_t head) const;

  /// Durable business events from `from` on; see System::events().
  std::uint64_t events(std::uint64_t from, std::uint64_t durable, const std::function<bool(const Event&)>& visit) const;

  /// Makes a checkpoint of the store in the data directory. Returns where. [any-thread] Fails: StoreError.
  std::string checkpoint() const;
  /// What the store was restored from since the journal last said so; empty: nothing.
  std::string restored_from() const;
  /// The journal says so, durably.
  void restored_is_known() const;

  void log(LogLine line) const;
  /// `text` of somebody else, without the value of any secret that was handed out. [any-thread]
  std::string redacted(std::string text) const;
  void last_words(const std::string& why, Time when);

  Plan plan;
  PluginHost& plugins;
  std::function<Time()> clock;
  mutable Failpoints failpoints{plan.seed};  ///< Anybody may reach a place.
  std::unique_ptr<DataDir> dir;   ///< Null, as the store is, with `journal: off`.
  std::unique_ptr<Store> store;
  std::unique_ptr<LatchFile> latches;
  std::shared_ptr<Instruments> instruments = std::make_shared<Instruments>();
  std::vector<std::unique_ptr<ActorSlot>> slots;
  std::map<ActorId, std::string> names;  ///< Of everybody the journal knows, those that are gone included.
  std::uint64_t epoch = 0;
  Digest plan_digest{};
  Duration folding{};  ///< See SystemStatus.
  std::shared_ptr<Notary> notary;
  /// Finds the newest sealed frame's header at or below a sequence number; set by the runtime.
  std::function<std::optional<FrameHeader>(std::uint64_t)> header_at;

 private:
  friend class CoreNotary;
  Core(Plan plan, PluginHost& plugins);
  void open_store(const System::Options& options);
  void remove_checkpoints() const;
  std::unique_ptr<ActorHost> make_record_host();
  void recover_names(const Store& from);
  void assign_ids();
  void say_removals(EventBuffer& events, Time now) const;
  void fold_all();
  void fold_record();
  Digest era_of(const ActorPlan& actor) const;
  PluginContext context_of(const ActorSlot& slot) const;

  std::shared_ptr<PluginHost> own_plugins_;
  const SecretReader secrets_;
  mutable std::mutex handed_out_mutex_;
  mutable std::map<std::string, std::string> handed_out_;  ///< Values of secrets, by name.
  std::shared_ptr<SystemRecord> record_;
  std::unique_ptr<ActorHost> record_host_;
  std::vector<std::unique_ptr<ActorHost>> folded_;  ///< By slot; only until it is started.
  std::vector<InstrumentDefined> defined_;
  std::vector<std::string> defined_tails_;
  std::vector<std::pair<ActorDeclared, std::string>> declared_;
  std::function<void(const LogLine&)> log_;
  std::unique_ptr<SigningKey> signing_key_;
  mutable std::atomic<unsigned> checkpoints_{0};
};

/// The lines people ask for, from the record.
RunSummary summarize(const SystemRecord& record);
/// As far as plan and record know it; where actors stand, the runtime adds. One line per slot.
SystemStatus status_of(const Core& core, std::uint64_t head);
std::map<OrdStatus, std::uint64_t> open_orders(const SystemRecord& record);
/// The summary of a run whose journal has ended; of each actor its newest snapshot counts.
RunSummary summary_of(const Core& core);
/// Over the state of every actor, by name.
Digest state_digest(const std::map<std::string, Digest>& digests);
/// Fails: std::invalid_argument, as System::instruct().
EventBuffer instruction_event(const Instruction& instruction, const SystemRecord& record, Time now);
/// Makes a latch into what the journal stores; throws std::invalid_argument for an unknown target.
EventBuffer latch_event(const LatchFile::Latch& latch, const SystemRecord& record, bool release, Time now);

}  // namespace holdfast
