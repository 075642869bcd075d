#include <algorithm>
#include <filesystem>
#include <fstream>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/journal/verify.hpp>
#include <holdfast/runtime/restore.hpp>
#include <holdfast/runtime/stopped.hpp>

#include "core.hpp"

namespace holdfast {

namespace {

constexpr const char* kCheckpoint = "checkpoint-";

namespace fs = std::filesystem;
using Files = std::vector<std::pair<std::string, std::string>>;

void add_folder(const std::string& part, const fs::path& folder, Files& files) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder, error}) {
    const std::string name = entry.path().filename().string();
    // An anchor that is being written has another name yet, and may be gone before it is copied.
    if (entry.is_regular_file() && name != "LOCK" && !name.ends_with(".tmp")) files.emplace_back(part + "/" + name, entry.path().string());
  }
}

/// Where the audit actors of the plan put their anchors.
void add_anchors(const Plan& plan, Files& files) {
  for (const ActorPlan* actor : actors_of(plan.tree)) {
    if (actor->actor != "audit") continue;
    const Setting* anchors = actor->settings.find("anchors");
    if (anchors == nullptr || anchors->text.empty()) continue;
    const fs::path folder = fs::path{anchors->text}.is_absolute() ? fs::path{anchors->text} : fs::path{plan.base_dir} / anchors->text;
    add_folder("audit", folder, files);
  }
}

std::unique_ptr<Store> open_at(const std::string& journal) {
  StoreOptions options;
  options.path = journal;
  options.read_only = true;
  return Store::open(options);
}

/// A directory that goes with its object.
struct Scratch {
  fs::path path;
  explicit Scratch(fs::path p) : path{std::move(p)} {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

}  // namespace

/// Those that a backup left when it was interrupted.
void Core::remove_checkpoints() const {
  for (const auto& entry : fs::directory_iterator{dir->path()})
    if (entry.path().filename().string().starts_with(kCheckpoint)) fs::remove_all(entry.path());
}

std::string Core::restored_from() const {
  if (!dir) return "";
  std::ifstream in{dir->path() + "/restored"};
  std::string line;
  std::getline(in, line);
  return line;
}

void Core::restored_is_known() const {
  if (dir) fs::remove(dir->path() + "/restored");
}

std::string Core::checkpoint() const {
  const std::string to = dir->path() + "/" + kCheckpoint + std::to_string(++checkpoints_);
  fs::remove_all(to);
  store->checkpoint(to);
  return to;
}

const std::vector<std::string>& backup_parts() {
  static const std::vector<std::string> parts{"journal", "latches", "config", "audit"};
  return parts;
}

BackupDir::Added back_up(const BackupSource& source, BackupDir& into) {
  BackupManifest manifest;
  manifest.program = source.program;
  manifest.schema = DataDir::kSchema;
  manifest.made = source.now;
  Files files;
  const Scratch scratch{fs::path{into.path()} / "scratch"};
  {
    const auto store = open_at(source.journal);
    if (const auto head = store->head()) {
      manifest.head_seq = head->last_seq();
      manifest.head_hash = head->hash;
      manifest.epoch = head->epoch;
    }
    if (const auto plan = newest_plan(*store)) {
      const auto text = plan->canonical;
      std::ofstream{scratch.path / "plan.yaml", std::ios::binary} << text;
      files.emplace_back("config/plan.yaml", (scratch.path / "plan.yaml").string());
      add_anchors(*plan, files);
    }
  }
  add_folder("journal", source.journal, files);
  if (const auto latches = source.data_dir + "/latches"; fs::exists(latches)) files.emplace_back("latches", latches);
  return into.add(std::move(manifest), std::move(files), source.failpoints, source.progress);
}

std::vector<std::string> check_backed_up_store(const BackupDir& dir, const BackupManifest& manifest, const BackupDir::Progress& progress) {
  try {
    const Scratch scratch{fs::path{dir.path()} / "scratch"};
    const auto journal = [](const std::string& path) { return path.starts_with("journal/"); };
    dir.take_out(manifest, scratch.path.string(), journal, true, nullptr);
    std::ofstream{scratch.path / "holdfast.store"} << "schema " << DataDir::kSchema << "\nsystem " << manifest.system << '\n';
    const auto head = open_at((scratch.path / "journal").string())->head();
    if ((head ? head->last_seq() : 0) != manifest.head_seq) return {"its journal ends at event " + std::to_string(head ? head->last_seq() : 0) +
                                                                    ", the manifest says " + std::to_string(manifest.head_seq)};
    const VerifyReport report = verify_journal(scratch.path.string(), "", progress);
    std::vector<std::string> wrong;
    if (!report.unreadable.empty()) wrong.push_back(report.unreadable);
    for (const auto& found : report.breaks) wrong.push_back("its journal is broken at event " + std::to_string(found.seq) + ": " + found.what);
    return wrong;
  } catch (const StoreError& error) {
    return {error.what()};
  }
}

}  // namespace holdfast
