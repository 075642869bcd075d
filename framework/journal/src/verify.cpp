#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <holdfast/journal/anchors.hpp>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/journal/verify.hpp>
#include <sstream>

#include "verify_chain.hpp"

namespace fs = std::filesystem;

namespace holdfast {

bool Findings::chain_broken_in(std::uint64_t from, std::uint64_t to) const {
  return std::any_of(chain_.begin(), chain_.end(),
                     [&](std::uint64_t seq) { return seq >= from && seq <= to; });
}

std::vector<Break> Findings::take() {
  std::stable_sort(breaks_.begin(), breaks_.end(),
                   [](const Break& a, const Break& b) { return a.seq < b.seq; });
  if (omitted_ > 0) breaks_.back().what += " (and " + std::to_string(omitted_) + " more breaks)";
  return std::move(breaks_);
}

namespace {

using Raw = Store::Raw;
using Kind = StoreError::Kind;
using Wanted = std::map<std::uint64_t, std::optional<FrameEnd>>;

struct Anchor {
  std::string file;
  Checkpoint checkpoint;
};

std::string read_text(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What a checkpoint that cannot be trusted claims to cover.
std::uint64_t claimed_seq(const std::string& text) {
  std::istringstream lines{text};
  std::string origin;
  std::uint64_t seq = 0;
  std::getline(lines, origin);
  lines >> seq;
  return seq;
}

/// Checkpoints with a good signature, ascending.
std::vector<Anchor> read_anchors(const std::string& dir, const std::string& system, Findings& findings) {
  std::vector<Anchor> anchors;
  std::error_code error;
  const std::string key = read_text(fs::path{dir} / "audit.pub");
  const std::string origin = "holdfast/" + system;
  for (const auto& entry : fs::directory_iterator{dir, error}) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("checkpoint-") || !name.ends_with(".txt")) continue;
    const std::string text = read_text(entry.path());
    auto opened = open_checkpoint(text, key);
    if (!opened.checkpoint)
      findings.add("bad_signature", claimed_seq(text), name + " cannot be trusted: " + opened.why);
    else if (opened.checkpoint->origin != origin)
      findings.add("checkpoint_mismatch", opened.checkpoint->seq,
                   name + " is of " + opened.checkpoint->origin + ", this journal is " + origin);
    else anchors.push_back({name, std::move(*opened.checkpoint)});
  }
  std::sort(anchors.begin(), anchors.end(), [](const Anchor& a, const Anchor& b) {
    return std::tie(a.checkpoint.seq, a.file) < std::tie(b.checkpoint.seq, b.file);
  });
  return anchors;
}

/// Each checkpoint against the frame that ends where it does. One line per disagreement, not one
/// per checkpoint: what follows a fork differs for ever.
void check_anchors(const std::vector<Anchor>& anchors, const Wanted& ends, const VerifyReport& report,
                   Findings& findings) {
  std::uint64_t good = 0;
  for (const auto& [file, checkpoint] : anchors) {
    if (checkpoint.seq > report.head_seq) {
      findings.add("truncated", report.head_seq + 1,
                   "the journal ends at " + std::to_string(report.head_seq) + ", but " + anchors.back().file +
                       " witnesses " + std::to_string(anchors.back().checkpoint.seq));
      return;
    }
    const auto& end = ends.at(checkpoint.seq);
    if (end && end->hash == checkpoint.hash && end->epoch == checkpoint.epoch) {
      good = checkpoint.seq;
      continue;
    }
    const bool broken = findings.chain_broken_in(good + 1, checkpoint.seq);
    if (!end && broken) continue;  // The frame that ended here is what is broken.
    findings.add(broken ? "checkpoint_mismatch" : "fork", broken ? checkpoint.seq : good + 1,
                 (broken ? "the frame is not the one that " : "the journal is whole, but not the one that ") +
                     file + " witnesses: they part between " + std::to_string(good + 1) + " and " +
                     std::to_string(checkpoint.seq));
    return;
  }
}

/// Empty when the bytes are the snapshot that was taken.
std::string snapshot_flaw(std::uint64_t seq, const rocksdb::Slice& value) {
  Raw::SnapshotHead head;
  if (value.size() < sizeof head) return "is cut short";
  std::memcpy(&head, value.data(), sizeof head);
  const std::size_t rest = value.size() - sizeof head;
  if (head.seq != seq) return "covers " + std::to_string(head.seq);
  if (head.state_bytes > rest || rest - head.state_bytes != head.outstanding_bytes)
    return "has the wrong length";
  const auto* state = reinterpret_cast<const std::byte*>(value.data()) + sizeof head;
  if (sha256({state, head.state_bytes}) != head.digest) return "has another digest than its state";
  if (const auto wrong = check_events({state + head.state_bytes, head.outstanding_bytes}))
    return "is malformed: " + *wrong;
  return "";
}

void check_snapshots(Raw& raw, VerifyReport& report, Findings& findings) {
  const std::unique_ptr<rocksdb::Iterator> it{raw.db->NewIterator({}, raw.families[Raw::snapshots])};
  bool beyond = false;
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::string key = it->key().ToString();
    ++report.snapshots;
    if (key.size() < 9 || key[key.size() - 9] != '\0') {
      findings.add("snapshot_changed", 0, "a snapshot has a malformed key");
      continue;
    }
    const std::uint64_t seq = key_seq({key.data() + key.size() - 8, 8});
    const std::string name =
        "the snapshot of " + key.substr(0, key.size() - 9) + " at " + std::to_string(seq) + " ";
    if (const auto flaw = snapshot_flaw(seq, it->value()); !flaw.empty())
      findings.add("snapshot_changed", seq, name + flaw);
    else if (seq > report.head_seq && !beyond) {
      findings.add("truncated", report.head_seq + 1, name + "lies beyond the newest frame");
      beyond = true;
    }
  }
  if (it->status().IsCorruption())
    findings.add("malformed", 0, "a block of snapshots on disk is damaged: " + it->status().ToString());
  else if (!it->status().ok())
    throw StoreError{Kind::io, "the snapshots cannot be read: " + it->status().ToString()};
}

std::string get(Raw& raw, const char* key) {
  std::string value;
  const auto status = raw.db->Get({}, raw.families[Raw::meta], key, &value);
  if (!status.ok() && !status.IsNotFound())
    throw StoreError{status.IsCorruption() ? Kind::damaged : Kind::io,
                     "the journal's schema cannot be read: " + status.ToString()};
  return value;
}

VerifyReport verify_once(const std::string& data_dir, const std::string& anchors_dir,
                         const std::function<void(double)>& progress) {
  VerifyReport report;
  StoreOptions options;
  options.path = data_dir + "/journal";
  options.read_only = true;
  const auto raw = open_raw(options);
  const std::string schema = get(*raw, Raw::kSchemaKey), pruned = get(*raw, Raw::kPrunedKey);
  if (schema != Raw::kSchema)
    throw StoreError{Kind::newer, schema.empty() ? options.path + " is a database, but not a Holdfast journal"
                                                 : options.path + " has journal schema " + schema +
                                                       ", this program knows " + Raw::kSchema +
                                                       ": use a newer Holdfast"};
  Findings findings;
  report.pruned_below = key_seq(pruned);
  std::vector<Anchor> anchors;
  if (!anchors_dir.empty()) anchors = read_anchors(anchors_dir, system_name_of(data_dir), findings);
  Wanted ends;
  for (const auto& anchor : anchors) ends[anchor.checkpoint.seq];
  ChainWalk{*raw, findings, report, ends}.run(progress);
  check_snapshots(*raw, report, findings);
  check_anchors(anchors, ends, report, findings);
  report.anchors = anchors.size();
  report.breaks = findings.take();
  using Verdict = VerifyReport::Verdict;
  report.verdict = !report.breaks.empty() ? Verdict::tampered
                   : anchors.empty()      ? Verdict::unanchored
                                          : Verdict::intact;
  if (progress) progress(1.0);
  return report;
}

}  // namespace

VerifyReport verify_journal(const std::string& data_dir, const std::string& anchors_dir,
                            const std::function<void(double)>& progress) {
  // A running system compacts and prunes: a file may be gone before it was read. Then once more.
  constexpr int kAttempts = 3;
  VerifyReport report;
  std::error_code error;
  if (!fs::is_directory(data_dir, error)) {
    report.unreadable = data_dir + " is not a data directory: check the path";
    return report;
  }
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    try {
      return verify_once(data_dir, anchors_dir, progress);
    } catch (const StoreError& failed) {
      report.unreadable = failed.what();
      if (failed.kind != Kind::io && failed.kind != Kind::damaged) break;
    }
  }
  return report;
}

}  // namespace holdfast
