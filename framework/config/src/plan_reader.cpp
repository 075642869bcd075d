#include "plan_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <holdfast/config/describe.hpp>
#include <map>

#include "sections.hpp"

namespace holdfast::config {

namespace {

const PluginContext kNothing;

template <class Section>
Section read_section(const Setting* s, const Schema<Section>& schema, Problems& problems) {
  if (s == nullptr || s->kind == Setting::Kind::missing) return {};
  return schema.read(*s, kNothing, problems);
}

void read_version(const Setting& root, const std::string& file, Problems& problems) {
  const Setting* version = root.find("holdfast");
  const Where top{file, 1, 1};
  if (version == nullptr) {
    problems.push_back({top, "the version of the format is missing", "begin with `holdfast: 1`"});
    return;
  }
  std::uint64_t number = 0;
  if (!read_setting(*version, kNothing, problems, number) || number == 1) return;
  problems.push_back({version->where, "version " + version->text + " of the format is not known",
                      number == 0 ? "write holdfast: 1" : "this program reads version 1: take a newer one"});
}

void read_system(const Setting& root, const std::string& file, Plan& plan, Problems& problems) {
  const Setting* section = root.find("system");
  const Where top{file, 1, 1};
  if (section == nullptr) {
    problems.push_back({top, "the section system is missing", "write system: { name: … }"});
    return;
  }
  const auto system = read_section(section, system_schema(), problems);
  plan.name = system.name;
  plan.clock = system.clock == "feed" ? Plan::Clock::feed : Plan::Clock::wall;
  plan.seed = system.seed;
  plan.workers = system.workers;
  plan.in_step = system.in_step;
  plan.data_dir = system.data_dir;
}

void read_journal(const Setting& root, Plan& plan, Problems& problems) {
  const Setting* written = root.find("journal");
  if (written != nullptr && written->kind == Setting::Kind::scalar) {
    plan.journal.off = written->text == kJournalOff;
    plan.journal.off_where = written->where;
    if (!plan.journal.off)
      problems.push_back({written->where, "journal is '" + written->text + "', must be off or settings",
                          "write `journal: off`, or settings such as { frame: 256KiB }"});
    return;
  }
  const auto section = read_section(written, journal_schema(), problems);
  plan.journal.frame_bytes = section.frame.bytes;
  plan.journal.ring_bytes = section.ring.bytes;
  plan.journal.sync_interval = section.sync_interval;
  plan.journal.wal_cap_bytes = section.wal_cap.bytes;
  plan.journal.snapshot_every = section.snapshot_every;
  plan.journal.snapshots_kept = section.snapshots_kept;
  plan.journal.retention_market_events =
      read_section(&section.retention, retention_schema(), problems).market_events;
}

void read_pin(const std::string& library, const Where& key, const Setting& value, Plan& plan,
              Problems& problems) {
  static const std::vector<std::string> kKinds{"actor", "feed", "strategy", "broker", "risk_rule", "notifier"};
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const std::string& k) {
    return library.size() > k.size() + 1 && library.compare(0, k.size() + 1, k + "_") == 0;
  });
  if (kind == kKinds.end()) {
    problems.push_back(
        {key, "'" + library + "' names no library", "write <kind>_<name>, such as strategy_crossover"});
  } else if (value.kind != Setting::Kind::scalar || !is_sha256(value.text)) {
    problems.push_back({value.where, "expected a SHA-256", "write 64 hexadecimal digits"});
  } else {
    std::string digest = value.text;
    std::transform(digest.begin(), digest.end(), digest.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    plan.pins.push_back({*kind, library.substr(kind->size() + 1), digest, value.where});
  }
}

void read_plugins(const Setting& root, Plan& plan, Problems& problems) {
  const auto section = read_section(root.find("plugins"), plugins_schema(), problems);
  const auto base = std::filesystem::absolute(plan.base_dir);
  for (const auto& folder : section.path)
    plan.plugin_path.push_back((base / folder).lexically_normal().string());
  const Setting& pins = section.pins;
  if (pins.kind != Setting::Kind::map && pins.kind != Setting::Kind::missing)
    problems.push_back({pins.where, "expected a map", "write one `strategy_crossover: digest` per line"});
  for (std::size_t i = 0; i < pins.fields.size(); ++i)
    read_pin(pins.fields[i].first, pins.keys[i], pins.fields[i].second, plan, problems);
}

void read_removed(const Setting& root, Plan& plan, Problems& problems) {
  const Setting* list = root.find("removed");
  if (list == nullptr) return;
  const std::string mend = "write `name: cancel`, `name: flatten` or `name: { hand_over: another strategy }`";
  if (list->kind != Setting::Kind::map) return problems.push_back({list->where, "expected a map", mend});
  for (std::size_t i = 0; i < list->fields.size(); ++i) {
    const auto& [name, value] = list->fields[i];
    RemovedPlan removed{name, Removal::cancel, "", list->keys[i]};
    const Setting* heir = value.find("hand_over");
    if (heir != nullptr && value.fields.size() == 1 && heir->kind == Setting::Kind::scalar) {
      removed.what = Removal::hand_over;
      removed.heir = heir->text;
    } else if (value.kind == Setting::Kind::scalar && value.text == to_string(Removal::flatten)) {
      removed.what = Removal::flatten;
    } else if (value.kind != Setting::Kind::scalar || value.text != to_string(Removal::cancel)) {
      problems.push_back({value.where, "'" + name + "' says nothing that can be done with what it had", mend});
    }
    plan.removed.push_back(std::move(removed));
  }
}

/// A key with nothing behind it is more often a slip than a wish. Reported once, then taken out.
void refuse_nothing(Setting& s, Problems& problems) {
  const std::string mend = "write one, or remove the line";
  for (std::size_t i = s.items.size(); i-- > 0;) {
    refuse_nothing(s.items[i], problems);
    if (s.items[i].kind != Setting::Kind::missing) continue;
    problems.push_back({s.items[i].where, "an entry has no value", mend});
    s.items.erase(s.items.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t i = s.fields.size(); i-- > 0;) {
    refuse_nothing(s.fields[i].second, problems);
    if (s.fields[i].second.kind != Setting::Kind::missing) continue;
    problems.push_back({s.keys[i], "'" + s.fields[i].first + "' has no value", mend});
    s.fields.erase(s.fields.begin() + static_cast<std::ptrdiff_t>(i));
    s.keys.erase(s.keys.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace

Plan read_plan(Setting root, const std::string& base_dir, Problems& problems) {
  Plan plan;
  plan.base_dir = base_dir;
  if (root.kind != Setting::Kind::map) {
    problems.push_back(
        {root.where, "expected a system, one `section:` after another", "begin with `holdfast: 1`"});
    return plan;
  }
  refuse_nothing(root, problems);
  std::vector<std::string> known;
  for (const auto& part : root_schema().describe()) known.push_back(part.name);
  refuse_unknown(root, known, problems);
  read_version(root, root.where.file, problems);
  read_system(root, root.where.file, plan, problems);
  read_plugins(root, plan, problems);
  read_journal(root, plan, problems);
  plan.metrics.listen = read_section(root.find("metrics"), metrics_schema(), problems).listen;
  if (const Setting* list = root.find("instruments")) plan.instruments = read_instruments(*list, problems);
  read_removed(root, plan, problems);
  const Where top{root.where.file, 1, 1};
  if (const Setting* tree = root.find("tree")) plan.tree = read_tree(*tree, problems);
  else problems.push_back({top, "the section tree is missing", "write tree: with its children"});
  return plan;
}

}  // namespace holdfast::config

namespace holdfast {

std::vector<Instrument> read_instruments(const Setting& list, Problems& problems) {
  std::vector<Instrument> instruments;
  if (list.kind == Setting::Kind::missing) return instruments;
  if (list.kind != Setting::Kind::list) {
    problems.push_back({list.where, "expected a list of instruments", "write one `- { symbol: … }` per line"});
    return instruments;
  }
  std::map<std::string, Where> seen;
  for (const auto& item : list.items) {
    auto section = config::read_section(&item, config::instrument_schema(), problems);
    Instrument instrument;
    instrument.symbol = section.symbol;
    instrument.tick = section.tick;
    instrument.lot = section.lot;
    instrument.currency = section.currency;
    instrument.session = section.session;
    const Setting* symbol = item.find("symbol");
    const Where where = symbol == nullptr ? item.where : symbol->where;
    const auto [first, fresh] = seen.emplace(instrument.symbol, where);
    if (!fresh && !instrument.symbol.empty())
      problems.push_back({where,
                          "the instrument '" + instrument.symbol + "' is here twice, first in line " +
                              std::to_string(first->second.line),
                          "remove one of them"});
    instruments.push_back(std::move(instrument));
  }
  return instruments;
}

}  // namespace holdfast
