#include <holdfast/runtime/stopped.hpp>

#include <algorithm>
#include <filesystem>

#include <holdfast/config/load.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

/// A record answers nothing, so its stage is never used for more than being there.
class SilentStage final : public Stage {
 public:
  Time now() const override { return {}; }
  bool muted() const override { return true; }
  void log(std::string_view) override {}
  EventBuffer& answers() override { return answers_; }
  ActorId self() const override { return {}; }
  std::uint64_t heard_seq() const override { return 0; }

 private:
  EventBuffer answers_;
};

bool load_snapshot(const Store& store, SystemRecord& record, std::uint64_t& from) {
  const auto snapshot = store.snapshot(SystemRecord::kName);
  if (!snapshot) return true;
  Archive archive{snapshot->state, snapshot->state_version};
  try {
    record.state(archive);
  } catch (const StateError&) {
    return false;  // Another version's: history tells the same.
  }
  from = snapshot->seq + 1;
  return true;
}

std::vector<LatchFile::Latch> latches_in_file(const std::string& data_dir) {
  const std::string path = data_dir + "/latches";
  if (!std::filesystem::exists(path)) return {};
  return LatchFile{path}.engaged();
}

LatchFile::Latch named(const Latches::Key& key, const Latches::Latch& latch, const SystemRecord& record) {
  std::string target;
  if (key.scope == LatchScope::strategy) target = record.actor_name(ActorId{static_cast<std::uint16_t>(key.target)});
  if (key.scope == LatchScope::instrument) target = record.symbol(InstrumentId{key.target});
  return {key.scope, latch.level, target, latch.who, latch.why, latch.since};
}

/// The stricter of file and journal, each latch once.
std::vector<LatchFile::Latch> all_latches(const SystemRecord& record, std::vector<LatchFile::Latch> latches) {
  for (const auto& [key, latch] : record.latches().engaged()) {
    const auto mine = named(key, latch, record);
    const auto same = std::ranges::find_if(
        latches, [&](const auto& l) { return l.scope == mine.scope && l.target == mine.target; });
    if (same == latches.end()) latches.push_back(mine);
    else if (same->level < mine.level) *same = mine;
  }
  return latches;
}

}  // namespace

std::unique_ptr<Store> open_for_reading(const std::string& data_dir) {
  if (system_name_of(data_dir).empty())
    throw StoreError{StoreError::Kind::missing, data_dir + " holds no Holdfast journal: check the path"};
  StoreOptions options;
  options.path = data_dir + "/journal";
  options.read_only = true;
  return Store::open(options);
}

std::unique_ptr<SystemRecord> read_record(const Store& store) {
  auto record = std::make_unique<SystemRecord>();
  std::uint64_t from = 1;
  if (!load_snapshot(store, *record, from)) record = std::make_unique<SystemRecord>();
  SilentStage stage;
  store.scan(from, [&](const FramePtr& frame) {
    frame->for_each([&](const Event& e) {
      if (e.seq() >= from) record->hear(e, stage);
    });
    return true;
  });
  return record;
}

std::optional<Plan> newest_plan(const Store& store) {
  std::string digest;
  store.scan_business(1, [&](const FrameHeader&, std::span<const std::byte> events) {
    for_each_event(events, [&](const Event& e) {
      if (e.type() == EventType::system_started) digest = hex(e.as<SystemStarted>().plan);
    });
    return true;
  });
  const auto text = store.text("plan/" + digest);
  if (!text) return std::nullopt;
  // Secrets are left out of the stored text; nothing that is asked of this plan needs them.
  const auto anything = [](const std::string&) { return std::optional<std::string>{"1"}; };
  return load_plan_text(*text, "<journal>", store.text("plan/base_dir").value_or("."), {}, anything).plan;
}

void check_latch_target(const SystemRecord& record, LatchScope scope, const std::string& target) {
  latch_event({scope, LatchLevel::halted, target, "", "", {}}, record, false, {});
}

SystemStatus stopped_status(const std::string& data_dir) {
  const auto store = open_for_reading(data_dir);
  const auto record = read_record(*store);
  SystemStatus status;
  status.name = system_name_of(data_dir);
  status.state = "stopped";
  status.epoch = record->epoch();
  status.summary = summarize(*record);
  if (const auto head = store->head()) {
    status.head_seq = status.release_seq = status.summary.head_seq = head->last_seq();
    status.summary.head_hash = head->hash;
  }
  for (const auto& [id, entry] : record->actors()) {
    SystemStatus::ActorLine line;
    line.name = entry.name;
    line.state = entry.parked != 0 ? Supervision::State::parked : Supervision::State::down;
    line.incarnation = entry.incarnation;
    line.restarts = entry.failures;
    line.last_failure = entry.last_failure;
    status.actors.push_back(std::move(line));
  }
  status.latches = all_latches(*record, latches_in_file(data_dir));
  return status;
}

bool resume_stopped(const std::string& data_dir, LatchScope scope, const std::string& target, const std::string& who,
                    const std::string& why, Time now) {
  const auto dir = DataDir::open(data_dir, "", false);
  StoreOptions options;
  options.path = dir.journal_path();
  const auto store = Store::open(options);
  const auto record = read_record(*store);
  LatchFile file{data_dir + "/latches"};
  check_latch_target(*record, scope, target);
  const auto matches = [&](const LatchFile::Latch& l) { return l.scope == scope && l.target == target; };
  const auto in_file = file.engaged();
  const auto found = std::ranges::find_if(in_file, matches);
  const auto journaled = all_latches(*record, {});
  const bool known = std::ranges::any_of(journaled, matches);
  if (!known && found == in_file.end()) return false;
  const auto head = store->head();
  // Recorded data has its own time, which an operator's clock must not push forward.
  const auto plan = newest_plan(*store);
  const bool wall = plan && plan->clock == Plan::Clock::wall;
  const Time at = wall || !head ? now : head->last_time;
  Sequencer sequencer{head, record->epoch(), wall ? std::function<Time()>{[now] { return now; }} : nullptr};
  Submission submission;
  if (!known) submission.events = latch_event(*found, *record, false, at);
  submission.events.append(latch_event({scope, LatchLevel::active, target, who, why, at}, *record, true, at));
  sequencer.add(submission);
  store->write(*sequencer.seal(), {});
  store->sync();
  file.release(scope, target);
  return true;
}

}  // namespace holdfast
