#include <holdfast/runtime/replay.hpp>

#include <algorithm>

#include <holdfast/config/load.hpp>
#include <holdfast/runtime/system.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

/// One actor on its way through history, beside the snapshots it must meet.
struct Folding {
  std::unique_ptr<ActorHost> host;
  ReplayedActor report;
  std::vector<std::uint64_t> snapshots;  ///< Not met yet, ascending.
};

void meet_snapshots(Folding& f, const Store& store, std::uint64_t seq) {
  while (!f.snapshots.empty() && f.snapshots.front() <= seq) {
    const std::uint64_t at = f.snapshots.front();
    f.snapshots.erase(f.snapshots.begin());
    if (at < seq) continue;
    const auto stored = store.snapshot(f.report.name, at);
    if (!stored || stored->identity != f.host->identity().era) continue;
    ++f.report.compared;
    if (stored->digest != f.host->digest())
      f.report.differences.push_back("at event " + std::to_string(at) + " the journal gives " +
                                     hex(f.host->digest()).substr(0, 16) + ", the stored snapshot is " +
                                     hex(stored->digest).substr(0, 16));
  }
}

/// Where folding may begin: from nothing when all history is there and of this era, otherwise from
/// the oldest snapshot of this era that what is retained still follows.
std::optional<Snapshot> beginning(const Store& store, const std::string& name, const Digest& era,
                                  const std::vector<std::uint64_t>& seqs, bool first_era) {
  const std::uint64_t pruned = store.market_pruned_below();
  if (pruned == 0 && first_era) return std::nullopt;
  for (const std::uint64_t seq : seqs) {
    auto snapshot = store.snapshot(name, seq);
    if (snapshot && snapshot->identity == era && seq + 1 >= pruned) return snapshot;
  }
  return std::nullopt;
}

}  // namespace

bool ReplayReport::equal() const {
  return std::ranges::all_of(actors, [](const auto& a) { return a.differences.empty(); });
}

ReplayReport replay_journal(const std::string& data_dir, PluginHost& plugins, std::uint64_t until,
                            const std::function<void(double)>& progress) {
  StoreOptions options;
  options.path = data_dir + "/journal";
  options.read_only = true;
  const auto store = Store::open(options);
  // Eras are judged by the plan of the newest run and the first identity each actor ever had.
  Digest plan_digest{};
  std::map<std::string, Digest> first_era;
  std::map<std::uint16_t, std::string> names;
  store->scan_business(1, [&](const FrameHeader&, std::span<const std::byte> events) {
    for_each_event(events, [&](const Event& e) {
      if (e.type() == EventType::system_started) plan_digest = e.as<SystemStarted>().plan;
      if (e.type() == EventType::actor_declared) names[e.as<ActorDeclared>().actor.value] = e.tail<ActorDeclared>();
      if (e.type() == EventType::actor_started) {
        const auto& s = e.as<ActorStarted>();
        first_era.try_emplace(names[s.actor.value], s.identity);
      }
    });
    return true;
  });
  const auto text = store->text("plan/" + hex(plan_digest));
  if (!text) throw StoreError{StoreError::Kind::damaged, data_dir + " does not hold the plan it was run with"};
  auto loaded = load_plan_text(*text, "<journal>", store->text("plan/base_dir").value_or("."));
  if (!loaded.plan) throw PlanRefused{loaded.problems};
  const auto core = Core::for_replay(std::move(*loaded.plan), plugins, *store);
  ReplayReport report;
  const auto head = store->head();
  if (!head) return report;
  report.head_seq = head->last_seq();
  until = std::min(until, report.head_seq);
  std::vector<Folding> foldings;
  const auto stored = store->snapshots();
  std::uint64_t from = UINT64_MAX;
  for (std::size_t i = 0; i < core->slots.size(); ++i) {
    Folding f;
    f.host = core->make_host(i, 0);
    f.host->keep_muted();
    f.report.name = core->slots[i]->plan->name;
    if (const auto at = stored.find(f.report.name); at != stored.end()) f.snapshots = at->second;
    const auto era = f.host->identity().era;
    const auto first = first_era.find(f.report.name);
    const auto start = beginning(*store, f.report.name, era, f.snapshots, first == first_era.end() || first->second == era);
    f.report.from_seq = f.host->restore(start);
    from = std::min(from, f.report.from_seq);
    foldings.push_back(std::move(f));
  }
  std::uint64_t frames = 0;
  store->scan(from, [&](const FramePtr& frame) {
    if (progress && ++frames % 64 == 0)
      progress(static_cast<double>(frame->header.first_seq - from) / static_cast<double>(until - from + 1));
    frame->for_each([&](const Event& e) {
      if (e.seq() > until) return;
      for (auto& f : foldings) {
        if (e.seq() < f.report.from_seq || !f.report.differences.empty()) continue;
        try {
          f.host->hear(e);
        } catch (const std::exception& error) {
          f.report.differences.push_back(error.what());
          continue;
        }
        if (!f.snapshots.empty() && f.snapshots.front() <= e.seq()) meet_snapshots(f, *store, e.seq());
      }
    });
    return frame->header.last_seq() < until;
  });
  for (auto& f : foldings) {
    f.report.until_seq = until;
    f.report.digest = f.host->digest();
    report.actors.push_back(std::move(f.report));
  }
  return report;
}

}  // namespace holdfast
