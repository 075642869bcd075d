#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/journal/journal.hpp>
#include <holdfast/journal/verify.hpp>

#include "fault_fs.hpp"
#include "journal_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

namespace {

constexpr const char* kPoints[] = {"journal.before_write", "journal.after_write",   "journal.before_sync",
                                   "journal.after_sync",   "snapshot.before_write", "snapshot.after_write"};
constexpr CrashMode kModes[] = {CrashMode::drop, CrashMode::torn, CrashMode::reorder};
constexpr std::uint64_t kSeeds = 6;

/// A store that lives several lives on a file system that forgets. Each life writes until its
/// failpoint, then the power goes. What was promised and what was said is kept out here.
class Lives {
 public:
  explicit Lives(std::uint64_t seed) : random_{seed} {
    std::filesystem::create_directory(dir_ / "journal");
    open(true).reset();  // The birth is not what is tested: it is durable.
  }
  FaultFs& disk() { return *disk_; }

  /// Submits seeded traffic until `failpoint` acts or everything is sequenced.
  void live(const std::string& failpoint) {
    Failpoints points;
    points.set(failpoint);
    const auto store = open(false, &points);
    if (const auto head = store->head()) forget_after(head->last_seq());
    std::mutex mutex;
    std::condition_variable changed;
    bool failed = false;
    Journal::Options options;
    options.wall = Clock{};
    options.frame_bytes = 2048;
    options.sync_interval = std::chrono::milliseconds{0};
    options.failpoints = &points;
    Journal::Listener listener;
    const auto wake = [&] {
      const std::lock_guard lock{mutex};
      changed.notify_all();
    };
    listener.on_frame = [&](const Frame&) { wake(); };
    listener.on_written = [] {};
    listener.on_release = wake;
    listener.on_failure = [&](const std::string&) {
      disk_->freeze();  // The power goes right here.
      const std::lock_guard lock{mutex};
      failed = true;
      changed.notify_all();
    };
    Journal journal{*store, Sequencer{store->head(), ++epoch_, Clock{}}, options, listener};
    const std::uint64_t before = journal.head();
    std::uint64_t submitted = before;
    for (int i = 0; i < 60; ++i) {
      Submission s = traffic(random_);
      if (i % 8 == 5)
        s.snapshots.push_back(snapshot_at("risk", journal.head() + (journal.head() == 0), random_.next()));
      submitted += s.events.count();
      journal.submit(std::move(s));
      if (i % 4 != 3) continue;
      std::unique_lock lock{mutex};  // Pieces of their own, so that there are many frames and syncs.
      changed.wait(lock, [&] { return failed || journal.release_seq() >= submitted; });
      if (failed) break;
    }
    disk_->freeze();
    released_ = journal.release_seq();
    store->scan(1, [&](FramePtr frame) {
      said_[frame->header.last_seq()] = frame->header.hash;
      return true;
    });
    // What was broadcast and not stored counts as said too.
    for (std::uint64_t seq = before + 1; seq <= journal.head();) {
      const FramePtr frame = journal.read(seq);
      said_[frame->header.last_seq()] = frame->header.hash;
      seq = frame->header.last_seq() + 1;
    }
    journal.stop();
  }

  void crash(CrashMode mode) { disk_->crash(random_.next(), mode); }

  /// What is wrong with what the crash left; empty when every promise was kept.
  std::string loss() {
    const auto report_after = [&]() -> std::string {
      const auto store = open(false);
      const auto head = store->head();
      const std::uint64_t end = head ? head->last_seq() : 0;
      if (end < released_)
        return "released " + std::to_string(released_) + ", but only " + std::to_string(end) + " is left";
      if (head && (!said_.contains(end) || said_[end] != head->hash))
        return "the newest frame is not one that was written";
      std::string wrong;
      store->scan(1, [&](FramePtr frame) {
        const auto at = said_.find(frame->header.last_seq());
        if (at == said_.end() || at->second != frame->header.hash)
          wrong = "a frame is not one that was written";
        return wrong.empty();
      });
      for (const auto& [actor, seqs] : store->snapshots())
        for (const auto seq : seqs)
          if (seq > end || !store->snapshot(actor, seq)) wrong = "a snapshot lies beyond the journal";
      return wrong;
    };
    try {
      if (auto wrong = report_after(); !wrong.empty()) return wrong;
    } catch (const StoreError& error) {
      return error.what();
    }
    const auto report = verify_journal(dir_.path, "");
    if (report.verdict == VerifyReport::Verdict::unanchored) return "";
    return report.breaks.empty() ? report.unreadable : report.breaks[0].kind + ": " + report.breaks[0].what;
  }
  std::uint64_t released() const { return released_; }

 private:
  std::unique_ptr<Store> open(bool create, Failpoints* points = nullptr) {
    StoreOptions options = store_options(dir_ / "journal", create);
    options.file_system = disk_;
    options.failpoints = points;
    options.wal_cap = 256 << 10;  // Small, so that tables are written too.
    return Store::open(options);
  }
  void forget_after(std::uint64_t end) { said_.erase(said_.upper_bound(end), said_.end()); }

  TempDir dir_;
  std::shared_ptr<FaultFs> disk_ = std::make_shared<FaultFs>();
  Random random_;
  std::map<std::uint64_t, Digest> said_;  ///< Hash of each frame that anybody heard, by its end.
  std::uint64_t released_ = 0, epoch_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(durability)

BOOST_DATA_TEST_CASE(nothing_released_is_lost_over_three_crashes, data::make(kPoints) * data::make(kModes),
                     point, mode) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Lives lives{seed * 1000};
    Random random{seed};
    for (int life = 1; life <= 3; ++life) {
      BOOST_TEST_CONTEXT("crash " << mode << ", seed " << seed << ", life " << life) {
        lives.live(std::string{point} + "=throw@" + std::to_string(1 + random.below(7)));
        lives.crash(mode);
        BOOST_REQUIRE_EQUAL(lives.loss(), "");
      }
    }
  }
}

BOOST_DATA_TEST_CASE(what_is_appended_after_a_torn_tail_survives_later_restarts, data::make(kModes), mode) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Lives lives{seed};
    std::uint64_t promised = 0;
    for (int life = 1; life <= 5; ++life) {
      lives.live(life % 2 == 1 ? "journal.before_sync=throw@" + std::to_string(2 + seed) : "");
      lives.crash(mode);
      BOOST_REQUIRE_EQUAL(lives.loss(), "");
      BOOST_TEST(lives.released() >= promised);
      promised = lives.released();
    }
    BOOST_TEST(promised > 0u);
  }
}

BOOST_DATA_TEST_CASE(with_the_sync_taken_out_the_same_check_finds_a_loss,
                     data::make(kPoints) * data::make({".log", ""}), point, ignored) {
  // An empty suffix ignores the syncs of every file.
  std::size_t losses = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Lives lives{seed * 1000};
    lives.disk().ignore_syncs(ignored);
    lives.live(std::string{point} + "=throw@7");
    lives.crash(CrashMode::drop);
    BOOST_REQUIRE(lives.released() > 0u);
    losses += !lives.loss().empty();
  }
  BOOST_TEST(losses == kSeeds);
}

BOOST_AUTO_TEST_SUITE_END()
