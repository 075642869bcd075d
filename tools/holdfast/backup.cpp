// holdfast backup create D --to DIR | list | verify | prune --from DIR, holdfast restore --from DIR --to D
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <holdfast/config/check.hpp>
#include <holdfast/config/secrets.hpp>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/runtime/restore.hpp>
#include <holdfast/runtime/stopped.hpp>
#include <memory>

#include "backup_archive.hpp"
#include "control.hpp"
#include "output.hpp"
#include "status_view.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct BackupOptions {
  std::string data_dir, dir, archive;
  std::vector<std::string> only;
  std::uint64_t id = 0;
  std::size_t keep = 0;
  int keep_days = 0;
  bool json = false, dry_run = false, roll_back = false;
};

Time now() { return Time{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()}; }

std::string size_text(std::uint64_t bytes) { return short_number(static_cast<double>(bytes)) + "B"; }

/// As of a system: a failpoint that the environment names acts here too.
void arm(Failpoints& failpoints) { failpoints.set(process_environment("HOLDFAST_FAILPOINTS").value_or("")); }

BackupDir::Progress shown(const std::string& doing) {
  return [doing](double done) { console().progress(done, doing); };
}

Json manifest_json(const BackupManifest& m) {
  return {{"id", m.id},       {"system", m.system},     {"made", m.made.str()},        {"program_version", m.program},
          {"epoch", m.epoch}, {"head_seq", m.head_seq}, {"head_hash", hex(m.head_hash)}, {"files", m.files.size()},
          {"bytes", m.bytes()}};
}

/// Where the store's files stay as they are while they are copied: a running system is asked for a checkpoint, a
/// stopped one is held.
class Still {
 public:
  explicit Still(const std::string& data_dir) {
    require_store(data_dir);
    const auto reply = ask(data_dir, {{"verb", "checkpoint"}}, 60'000ms);
    if (reply.kind == ControlReply::Kind::silent)
      throw StoreError{StoreError::Kind::in_use, "the system in " + data_dir + " does not answer: stop it, or try again"};
    if (reply.kind == ControlReply::Kind::nobody) {
      hold_.emplace(DataDir::open(data_dir, "", false));
      journal_ = hold_->journal_path();
      return;
    }
    if (reply.body.contains("error")) throw std::runtime_error{reply.body["error"].get<std::string>()};
    // It calls its directory by another name than we do, perhaps.
    checkpoint_ = journal_ = (fs::path{data_dir} / fs::path{reply.body.at("directory").get<std::string>()}.filename()).string();
  }
  ~Still() {
    std::error_code ignored;
    if (!checkpoint_.empty()) fs::remove_all(checkpoint_, ignored);
  }
  Still(const Still&) = delete;
  Still& operator=(const Still&) = delete;
  const std::string& journal() const { return journal_; }
  bool running() const { return !checkpoint_.empty(); }

 private:
  std::optional<DataDir> hold_;
  std::string journal_, checkpoint_;
};

/// A restore exchanges the whole data directory.
void refuse_inside(const std::string& dir, const std::string& data_dir) {
  const auto inner = fs::weakly_canonical(dir), outer = fs::weakly_canonical(data_dir);
  const auto [rest, at] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  if (rest == outer.end()) throw std::invalid_argument{dir + " is inside of the data directory: choose one outside, best on another disk"};
}

int create(const BackupOptions& options) {
  refuse_inside(options.dir, options.data_dir);
  const auto begin = std::chrono::steady_clock::now();
  Failpoints failpoints;
  arm(failpoints);
  require_store(options.data_dir);
  auto into = BackupDir::open(options.dir, BackupDir::Use::writing, system_name_of(options.data_dir));
  BackupDir::Added added;
  bool hot = false;
  {
    const Still still{options.data_dir};
    hot = still.running();
    added = back_up({options.data_dir, still.journal(), HOLDFAST_VERSION, now(), &failpoints, shown("copying")}, into);
  }
  if (!options.archive.empty()) write_archive(into, added.manifest, options.archive);
  console().clear();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto& m = added.manifest;
  if (options.json) {
    Json body = manifest_json(m);
    body.update({{"schema", "holdfast.backup/1"}, {"hot", hot}, {"copied_files", added.copied_files}, {"copied_bytes", added.copied_bytes}, {"seconds", seconds}});
    print(dump(body));
  } else {
    print("backup " + std::to_string(m.id) + " of " + m.system + (hot ? ", which runs," : "") + " up to event " + grouped(m.head_seq) + ": " +
          std::to_string(m.files.size()) + " files, " + size_text(m.bytes()) + ", of which " + std::to_string(added.copied_files) + " files, " +
          size_text(added.copied_bytes) + " are new; " + duration_text(seconds));
  }
  return kOk;
}

int list(const BackupOptions& options) {
  const auto dir = BackupDir::open(options.dir, BackupDir::Use::reading);
  Json all = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& entry : dir.list()) {
    if (!entry.manifest) {
      all.push_back({{"id", entry.id}, {"damaged", entry.why}});
      rows.push_back({std::to_string(entry.id), "damaged: " + entry.why, "", "", ""});
      continue;
    }
    const auto& m = *entry.manifest;
    all.push_back(manifest_json(m));
    rows.push_back({std::to_string(m.id), m.made.str(), grouped(m.head_seq), std::to_string(m.files.size()), size_text(m.bytes())});
  }
  if (options.json) print(dump({{"schema", "holdfast.backups/1"}, {"system", dir.system()}, {"backups", all}}));
  else print(rows.empty() ? "no backup of " + dir.system() + " yet" : table({"backup", "made", "up to event", "files", "size"}, rows));
  return kOk;
}

/// All, or the one that was asked for.
std::vector<BackupDir::Entry> chosen(const BackupDir& dir, std::uint64_t id) {
  auto entries = dir.list();
  if (id == 0) return entries;
  std::erase_if(entries, [id](const auto& entry) { return entry.id != id; });
  if (entries.empty()) dir.get(id);  // Says that there is none.
  return entries;
}

int verify(const BackupOptions& options) {
  const auto dir = BackupDir::open(options.dir, BackupDir::Use::writing);
  Json all = Json::array();
  bool sound = true;
  for (const auto& entry : chosen(dir, options.id)) {
    std::vector<std::string> wrong;
    if (!entry.manifest) wrong.push_back(entry.why);
    else wrong = dir.check(*entry.manifest, shown("backup " + std::to_string(entry.id) + ": every byte"));
    if (wrong.empty()) wrong = check_backed_up_store(dir, *entry.manifest, shown("backup " + std::to_string(entry.id) + ": its journal"));
    console().clear();
    sound &= wrong.empty();
    all.push_back({{"id", entry.id}, {"intact", wrong.empty()}, {"wrong", wrong}});
    if (options.json) continue;
    print("backup " + std::to_string(entry.id) + (wrong.empty() ? " is intact" : " is DAMAGED"));
    for (const auto& one : wrong) print("  " + printable(one));
  }
  if (options.json) print(dump({{"schema", "holdfast.backup_verify/1"}, {"intact", sound}, {"backups", all}}));
  else if (all.empty()) print("no backup of " + dir.system() + " yet");
  return sound ? kOk : kRefused;
}

int prune(const BackupOptions& options) {
  if (options.keep == 0 && options.keep_days == 0) throw std::invalid_argument{"say what to keep: --keep N, --keep-days N, or both"};
  auto dir = BackupDir::open(options.dir, BackupDir::Use::writing);
  const Time since = options.keep_days == 0 ? Time{INT64_MAX} : now() - std::chrono::hours{24} * options.keep_days;
  const auto removed = dir.prune(options.keep, since);
  if (options.json) print(dump({{"schema", "holdfast.backup_prune/1"}, {"removed", removed}}));
  else print(std::to_string(removed.size()) + " removed, " + std::to_string(dir.list().size()) + " kept");
  return kOk;
}

/// What a start would say of the configuration that came back; empty: nothing.
std::string wrong_with_plan(const std::string& data_dir) {
  const auto plan = newest_plan(*open_for_reading(data_dir));
  if (!plan) return "its configuration cannot be read";
  PluginHost host{plugin_folders(&*plan)};
  const auto problems = check_plan(*plan, host, no_secrets_needed());
  return problems.empty() ? "" : problems.front().str();
}

std::uint64_t head_of(const std::string& data_dir) {
  try {
    const auto head = open_for_reading(data_dir)->head();
    return head ? head->last_seq() : 0;
  } catch (const StoreError&) {
    return 0;  // Why it was restored, perhaps.
  }
}

int roll_back_to(const BackupOptions& options) {
  const std::string other = roll_back(options.data_dir);
  if (options.json) print(dump({{"schema", "holdfast.restore/1"}, {"rolled_back", true}, {"set_aside", other}}));
  else print(options.data_dir + " is as it was before it was restored; what was restored is " + other);
  return kOk;
}

int restore_from(const BackupOptions& options) {
  if (options.roll_back) return roll_back_to(options);
  if (options.dir.empty()) throw std::invalid_argument{"--from is missing: the directory of backups"};
  refuse_inside(options.dir, options.data_dir);
  const auto begin = std::chrono::steady_clock::now();
  Failpoints failpoints;
  arm(failpoints);
  const auto from = BackupDir::open(options.dir, BackupDir::Use::reading);
  const BackupManifest manifest = from.get(options.id);
  const std::uint64_t before = head_of(options.data_dir);
  const Restored done = restore(from, manifest, {options.data_dir, options.only, options.dry_run, &failpoints, shown("restoring")});
  console().clear();
  const std::string what = "backup " + std::to_string(manifest.id) + " of " + manifest.system + ", up to event " + grouped(manifest.head_seq);
  const std::uint64_t lost = before > manifest.head_seq ? before - manifest.head_seq : 0;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const std::string plan = options.dry_run ? "" : wrong_with_plan(options.data_dir);
  if (options.json) {
    print(dump({{"schema", "holdfast.restore/1"}, {"backup", manifest_json(manifest)}, {"dry_run", options.dry_run}, {"rolled_back", false},
                {"set_aside", done.set_aside}, {"events_after", lost}, {"configuration", plan}, {"seconds", seconds}}));
    return kOk;
  }
  if (options.dry_run) {
    print(what + ", is intact and can be restored to " + options.data_dir + "; nothing was changed");
    return kOk;
  }
  print(what + ", is restored to " + options.data_dir + " and verified; " + duration_text(seconds));
  if (!done.set_aside.empty()) print("what was there is " + done.set_aside + ": `holdfast restore --roll-back --to " + options.data_dir + "` brings it back");
  if (lost > 0) print(grouped(lost) + " events after it are only there");
  if (!plan.empty()) print("its configuration would be refused now: " + printable(plan));
  print("it starts disarmed, compares with its venues, and trades when they agree");
  return kOk;
}

CLI::App* add(CLI::App& app, Action& action, const char* name, const char* text, int (*run)(const BackupOptions&),
              const std::shared_ptr<BackupOptions>& options) {
  auto* verb = app.add_subcommand(name, text);
  verb->add_flag("--json", options->json, "Result as JSON");
  verb->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
  return verb;
}

}  // namespace

void add_backup(CLI::App& app, Action& action) {
  const auto options = std::make_shared<BackupOptions>();
  auto* verb = app.add_subcommand("backup", "Backups of a system, running or stopped");
  verb->require_subcommand(1);
  auto* made = add(*verb, action, "create", "Add a backup: what has changed since the last one is copied", create, options);
  made->add_option("D", options->data_dir, "Data directory of the system")->required();
  made->add_option("--to", options->dir, "Directory of backups, made when there is none")->required()->type_name("DIR");
  made->add_option("--archive", options->archive, "Write it as one file, too, to be carried away: tar, zstd")->type_name("FILE");
  const auto from = [&](CLI::App* sub) { sub->add_option("--from", options->dir, "Directory of backups")->required()->type_name("DIR"); };
  from(add(*verb, action, "list", "What backups there are", list, options));
  auto* checked = add(*verb, action, "verify", "Read every byte, open the journal and verify it", verify, options);
  from(checked);
  checked->add_option("--id", options->id, "Only this one")->type_name("N");
  auto* pruned = add(*verb, action, "prune", "Remove old backups; the newest stays", prune, options);
  from(pruned);
  pruned->add_option("--keep", options->keep, "The newest ones to keep")->type_name("N");
  pruned->add_option("--keep-days", options->keep_days, "Keep what is younger")->type_name("N")->check(CLI::Range(1, 36'500));
}

void add_restore(CLI::App& app, Action& action) {
  const auto options = std::make_shared<BackupOptions>();
  auto* verb = add(app, action, "restore", "Put a backup in place of a data directory", restore_from, options);
  verb->add_option("--from", options->dir, "Directory of backups")->type_name("DIR");
  verb->add_option("--to", options->data_dir, "Data directory of the system")->required()->type_name("D");
  verb->add_option("--id", options->id, "Which backup; the newest unless said")->type_name("N");
  verb->add_option("--only", options->only, "Only this part: journal, latches, config or audit; may be given several times")->type_name("PART");
  verb->add_flag("--dry-run", options->dry_run, "Check everything, change nothing");
  verb->add_flag("--roll-back", options->roll_back, "Bring back what was there before the last restore");
}

}  // namespace holdfast::cli
