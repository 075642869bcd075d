#include "core.hpp"

#include <algorithm>

#include <holdfast/config/check.hpp>
#include <holdfast/config/load.hpp>
#include <holdfast/runtime/removal.hpp>
#include <holdfast/trading/calendar.hpp>

namespace holdfast {

namespace {

constexpr const char* kFramework = "holdfast-1";

/// What tells one state of a plugin's code from another: the library's bytes; linked in, its version.
std::string identity_of(const LoadedPlugin& plugin) {
  return plugin.path.empty() ? plugin.manifest->version : plugin.sha256;
}

void collect_plugins(const Setting& s, std::vector<std::string>& out) {
  if (const Setting* name = s.find("plugin"); name != nullptr) out.push_back(name->text);
  for (const auto& [key, field] : s.fields) collect_plugins(field, out);
  for (const auto& item : s.items) collect_plugins(item, out);
}

}  // namespace

/// Signs what the chain says; the key stays here.
class CoreNotary final : public Notary {
 public:
  explicit CoreNotary(Core& core) : core_{core} {}
  std::string checkpoint(std::uint64_t seq) override {
    const auto header = core_.header_at ? core_.header_at(seq) : std::nullopt;
    if (!header) return "";
    return sign(key(), {"holdfast/" + core_.plan.name, header->last_seq(), header->hash, header->epoch});
  }
  std::string public_key() override {
    return to_pem(key().public_key());
  }

 private:
  const SigningKey& key() {
    if (!core_.signing_key_) core_.signing_key_ = std::make_unique<SigningKey>(core_.dir->path() + "/signing.key");
    return *core_.signing_key_;
  }

  Core& core_;
};

Core::Core(Plan p, const System::Options& options)
    : plan{std::move(p)}, plugins{*options.plugins}, clock{options.clock}, own_plugins_{options.plugins},
      secrets_{secret_reader(options.secrets)}, log_{options.log} {
  failpoints.set(options.failpoints);
  failpoints.hit("system.check");
  if (auto problems = check_plan(plan, plugins, secrets_); !problems.empty()) throw PlanRefused{std::move(problems)};
  if (plan.canonical.empty()) plan.canonical = canonical_text(plan);
  plan_digest = sha256(plan.canonical);
  notary = std::make_shared<CoreNotary>(*this);
  if (plan.journal.off) {
    latches = std::make_unique<LatchFile>();
    record_host_ = make_record_host();
  } else {
    open_store(options);
  }
  epoch = record_->epoch() + 1;
  if (auto problems = undecided_removals(plan, *record_); !problems.empty()) throw PlanRefused{std::move(problems)};
  assign_ids();
  if (!store) return;
  store->put_text("plan/" + hex(plan_digest), plan.canonical);
  store->put_text("plan/base_dir", plan.base_dir);
  const auto begin = std::chrono::steady_clock::now();
  fold_all();
  failpoints.hit("system.folded");
  folding = std::chrono::steady_clock::now() - begin;
}

void Core::open_store(const System::Options& options) {
  dir = std::make_unique<DataDir>(DataDir::open(options.data_dir, plan.name, !options.resume));
  StoreOptions store_options;
  store_options.path = dir->journal_path();
  store_options.create = dir->fresh();
  store_options.wal_cap = plan.journal.wal_cap_bytes;
  store_options.snapshots_kept = static_cast<int>(plan.journal.snapshots_kept);
  store_options.failpoints = &failpoints;
  remove_checkpoints();
  store = Store::open(store_options);
  dir->mark_created(plan.name);
  latches = std::make_unique<LatchFile>(dir->path() + "/latches");
  recover_names(*store);
}

Core::~Core() = default;

Core::Core(Plan p, PluginHost& host) : plan{std::move(p)}, plugins{host}, secrets_{no_secrets_needed()} {}

std::unique_ptr<Core> Core::for_replay(Plan plan, PluginHost& plugins, const Store& store) {
  if (auto problems = check_plan(plan, plugins, no_secrets_needed()); !problems.empty())
    throw PlanRefused{std::move(problems)};
  std::unique_ptr<Core> core{new Core{std::move(plan), plugins}};
  core->recover_names(store);
  core->assign_ids();
  return core;
}

std::unique_ptr<ActorHost> Core::make_record_host() {
  record_ = std::make_shared<SystemRecord>();
  ActorHost::Identity identity{SystemRecord::kName, ActorId{}, ActorKind::system, 0, sha256(kFramework), false};
  auto host = std::make_unique<ActorHost>(std::move(identity), record_,
                                          ActorHost::Options{plan.journal.snapshot_every, 0, {}});
  host->keep_muted();
  return host;
}

/// The record as far as business events tell it: who is who, and in which incarnation.
void Core::recover_names(const Store& from_store) {
  const auto host = make_record_host();
  const auto from = host->restore(from_store.snapshot(SystemRecord::kName));
  from_store.scan_business(from, [&](const FrameHeader&, std::span<const std::byte> events) {
    for_each_event(events, [&](const Event& e) {
      if (e.seq() >= from) host->hear(e);
    });
    return true;
  });
}

void Core::assign_ids() {
  std::uint16_t next_actor = 1;
  for (const auto& [id, entry] : record_->actors()) {
    next_actor = std::max<std::uint16_t>(next_actor, id + 1);
    names[ActorId{id}] = entry.name;
  }
  for (const ActorPlan* actor : actors_of(plan.tree)) {
    auto slot = std::make_unique<ActorSlot>();
    slot->plan = actor;
    slot->kind = actor_kind(actor->actor);
    if (const auto* known = record_->find(actor->name, &slot->id)) slot->incarnation = known->incarnation;
    else {
      slot->id = ActorId{next_actor++};
      declared_.push_back({{slot->id, {}, static_cast<std::uint64_t>(slot->kind)}, actor->name});
    }
    Problems ignored;
    const auto* plugin = plugins.load("actor", actor->actor, actor->where, ignored);
    slot->edge = plugin != nullptr && std::string_view{plugin->manifest->purity} == "edge";
    slot->era = era_of(*actor);
    const auto* known = record_->find(actor->name);
    slot->parked = known != nullptr && known->parked != 0 && known->era == slot->era;
    names[slot->id] = actor->name;
    slots.push_back(std::move(slot));
  }
  std::uint32_t next_instrument = 1;
  for (const auto& [id, entry] : record_->instruments()) next_instrument = std::max(next_instrument, id + 1);
  for (Instrument instrument : plan.instruments) {
    const SystemRecord::InstrumentEntry* known = nullptr;
    for (const auto& [id, entry] : record_->instruments())
      if (entry.symbol == instrument.symbol) {
        instrument.id = InstrumentId{id};
        known = &entry;
      }
    if (known == nullptr) instrument.id = InstrumentId{next_instrument++};
    const bool changed = known == nullptr || known->tick != instrument.tick || known->lot != instrument.lot ||
                         known->currency != instrument.currency || known->session != instrument.session;
    instrument.version = known == nullptr ? 1 : known->version + (changed ? 1 : 0);
    if (changed) {
      defined_.push_back({instrument.id, instrument.version, instrument.tick, instrument.lot});
      defined_tails_.push_back(instrument.symbol + "\n" + instrument.currency + "\n" + instrument.session);
    }
    instruments->add(std::move(instrument));
  }
}

Digest Core::era_of(const ActorPlan& actor) const {
  Sha256 sha;
  sha.add(kFramework).add("\n").add(actor.name).add("\n").add(actor.settings.canonical());
  std::vector<std::string> names;
  collect_plugins(actor.settings, names);
  Problems ignored;
  if (const auto* p = plugins.load("actor", actor.actor, actor.where, ignored)) sha.add(identity_of(*p));
  for (const auto& name : names)
    for (const char* kind : {"strategy", "feed", "broker", "risk_rule"})
      if (plugins.probe(kind, name, actor.where).empty())
        if (const auto* p = plugins.load(kind, name, actor.where, ignored)) sha.add("\n").add(identity_of(*p));
  // The instruments' terms decide what a strategy asks for as much as its settings do.
  for (const auto& i : plan.instruments)
    sha.add("\n").add(i.symbol).add(" ").add(i.tick.str()).add(" ").add(i.lot.str()).add(" ").add(i.currency).add(" ").add(i.session)
        .add(Calendar::parse(i.session).value_or(Calendar{}).zone_rules());
  sha.add("\n").add(std::to_string(plan.seed));
  return sha.finish();
}

PluginContext Core::context_of(const ActorSlot& slot) const {
  PluginContext context;
  context.actor = slot.plan->name;
  context.id = slot.id;
  const Digest mixed = sha256(std::to_string(plan.seed) + "/" + slot.plan->name);
  for (int i = 0; i < 8; ++i) context.seed = context.seed << 8 | mixed[static_cast<std::size_t>(i)];
  context.base_dir = plan.base_dir;
  context.feed_clock = plan.clock == Plan::Clock::feed;
  if (dir) context.keep_dir = dir->path() + "/kept/" + slot.plan->name;
  context.instruments = instruments;
  context.plugins = &plugins;
  // What a plugin says when it fails may hold what it was given.
  context.secrets = [this](const std::string& name, Problem& why_not) {
    auto secret = secrets_ ? secrets_(name, why_not) : std::nullopt;
    const std::lock_guard lock{handed_out_mutex_};
    if (secret) handed_out_[name] = secret->reveal();
    return secret;
  };
  context.notary = notary;
  return context;
}

std::unique_ptr<ActorHost> Core::make_host(std::size_t index, std::uint32_t incarnation) const {
  const ActorSlot& slot = *slots[index];
  failpoints.hit("plugin.make", slot.plan->name);
  Problems problems;
  auto made = plugins.make("actor", slot.plan->actor, slot.plan->settings, context_of(slot), problems);
  if (made == nullptr) {
    std::string why = "'" + slot.plan->name + "' cannot be made";
    for (const auto& p : problems) why += ": " + p.str();
    throw std::runtime_error{why};
  }
  ActorHost::Identity identity{slot.plan->name, slot.id, slot.kind, incarnation, slot.era, slot.edge};
  return std::make_unique<ActorHost>(std::move(identity), std::static_pointer_cast<Actor>(made),
                                     ActorHost::Options{plan.journal.snapshot_every, epoch,
                                                        [this, name = slot.plan->name](const std::string& text) {
                                                          log({LogLine::Level::info, name, text});
                                                        }});
}

Submission Core::opening(Time now) const {
  Submission s;
  auto& events = s.events;
  events.append(SystemStarted{epoch, plan_digest}, ActorId{}, epoch, true, now, plan.name);
  if (const auto restored = restored_from(); !restored.empty()) events.append(SystemRestored{epoch}, ActorId{}, epoch, true, now, restored);
  for (const auto& [declared, name] : declared_)
    events.append(declared, ActorId{}, declared.actor.value, true, now, name);
  for (std::size_t i = 0; i < defined_.size(); ++i)
    events.append(defined_[i], ActorId{}, defined_[i].instrument.value, true, now, defined_tails_[i]);
  say_removals(events, now);
  // The stricter of file and journal wins, and both know it from here on.
  for (const auto& latch : latches->engaged()) {
    Latches::Key key{latch.scope, 0};
    if (latch.scope == LatchScope::strategy)
      for (const auto& slot : slots) key.target = slot->plan->name == latch.target ? slot->id.value : key.target;
    if (latch.scope == LatchScope::instrument)
      if (const auto* i = instruments->find(latch.target)) key.target = i->id.value;
    if (latch.scope != LatchScope::system && key.target == 0) continue;
    const auto known = record_->latches().engaged().find(key);
    if (known != record_->latches().engaged().end() && known->second.level >= latch.level) continue;
    events.append(LatchEngaged{latch.scope, latch.level, 0, key.target}, ActorId{}, 0, true, now,
                  latch.who + "\n" + latch.why);
  }
  for (const auto& [key, latch] : record_->latches().engaged()) {
    std::string target;
    if (key.scope == LatchScope::strategy) target = record_->actor_name(ActorId{static_cast<std::uint16_t>(key.target)});
    if (key.scope == LatchScope::instrument) target = record_->symbol(InstrumentId{key.target});
    bool stricter = true;
    for (const auto& in_file : latches->engaged())
      stricter &= !(in_file.scope == key.scope && in_file.target == target && in_file.level >= latch.level);
    if (stricter) latches->engage({key.scope, latch.level, target, latch.who, latch.why, latch.since});
  }
  return s;
}

Sequencer Core::make_sequencer(std::function<Time()> wall) const {
  Sequencer sequencer{store ? store->head() : std::nullopt, epoch, std::move(wall)};
  for (const auto& [id, entry] : record_->actors()) sequencer.fence(ActorId{id}, entry.incarnation);
  return sequencer;
}

std::uint64_t Core::prune_below(std::uint64_t head) const {
  const std::uint64_t kept = plan.journal.retention_market_events;
  if (kept == 0 || head <= kept) return 0;
  std::uint64_t below = head - kept;
  const auto snapshots = store->snapshots();
  const auto oldest = [&](const std::string& name) {
    const auto at = snapshots.find(name);
    return at == snapshots.end() || at->second.empty() ? 0 : at->second.front() + 1;
  };
  below = std::min(below, oldest(SystemRecord::kName));
  for (const auto& slot : slots) below = std::min(below, oldest(slot->plan->name));
  // Frames go a tenth of what is kept at a time, so that pruning is rare.
  return below > store->market_pruned_below() + kept / 10 ? below : 0;
}

std::uint64_t Core::events(std::uint64_t from, std::uint64_t durable,
                           const std::function<bool(const Event&)>& visit) const {
  std::uint64_t next = from;
  bool more = true;
  store->scan_business(from, [&](const FrameHeader& header, std::span<const std::byte> events) {
    for_each_event(events, [&](const Event& e) {
      if (!more || e.seq() < from || e.seq() > durable) return;
      more = visit(e);
      next = e.seq() + 1;
    });
    return more && header.last_seq() < durable;
  });
  return more ? std::max(from, durable + 1) : next;
}

void Core::log(LogLine line) const {
  if (!log_) return;
  line.text = redacted(std::move(line.text));
  log_(line);
}

std::string Core::redacted(std::string text) const {
  const std::lock_guard lock{handed_out_mutex_};
  for (const auto& [name, value] : handed_out_) {
    const std::string instead = "{secret: " + name + "}";
    if (value.empty()) continue;
    for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; at += instead.size())
      text.replace(at, value.size(), instead);
  }
  return redact(plan, std::move(text));
}

void Core::last_words(const std::string& why, Time when) {
  latches->engage({LatchScope::system, LatchLevel::halted, "", "holdfast", why, when});
  log({LogLine::Level::error, "", "trading stopped: " + why});
}

RunSummary summarize(const SystemRecord& record) {
  RunSummary summary;
  summary.counts = record.counts();
  for (const auto& [key, holding] : record.holdings()) {
    const auto instrument = record.instruments().find(key.second);
    RunSummary::Line line;
    line.owner = record.actor_name(ActorId{key.first});
    line.instrument = record.symbol(InstrumentId{key.second});
    line.currency = instrument == record.instruments().end() ? "" : instrument->second.currency;
    line.position = holding.position;
    line.realized = holding.realized;
    line.fees = holding.fees;
    line.fills = holding.fills;
    summary.realized_pnl[line.currency] += holding.realized - holding.fees;
    summary.positions.push_back(std::move(line));
  }
  return summary;
}

SystemStatus status_of(const Core& core, std::uint64_t head) {
  SystemStatus s;
  s.name = core.plan.name;
  s.epoch = core.epoch;
  s.head_seq = s.release_seq = head;
  s.folding = core.folding;
  for (const auto& slot : core.slots) {
    const auto* entry = core.record()->find(slot->plan->name);
    s.actors.push_back({slot->plan->name, slot->plan->actor, {}, slot->incarnation, 0, 0,
                        entry != nullptr ? entry->last_failure : "", {}});
  }
  s.latches = core.latches->engaged();
  s.summary = summarize(*core.record());
  s.summary.head_seq = head;
  return s;
}

RunSummary summary_of(const Core& core) {
  RunSummary s = summarize(*core.record());
  if (const auto head = core.store->head()) {
    s.head_seq = head->last_seq();
    s.head_hash = head->hash;
  }
  std::map<std::string, Digest> digests;
  for (const auto& slot : core.slots)
    if (const auto snapshot = core.store->snapshot(slot->plan->name)) digests[slot->plan->name] = snapshot->digest;
  s.state_digest = state_digest(digests);
  return s;
}

Digest state_digest(const std::map<std::string, Digest>& digests) {
  Sha256 sha;
  for (const auto& [name, digest] : digests) sha.add(name).add("=").add(hex(digest)).add("\n");
  return sha.finish();
}

PlanRefused::PlanRefused(Problems p, std::string_view file, std::string_view source)
    : std::runtime_error{render(p, file, source, false)}, problems{std::move(p)} {}

}  // namespace holdfast
