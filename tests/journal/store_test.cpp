#include <algorithm>
#include <rocksdb/db.h>

#include <boost/test/unit_test.hpp>
#include <holdfast/journal/store.hpp>
#include <holdfast/journal/verify.hpp>

#include "journal_fixture.hpp"
#include "refused.hpp"
#include "store_raw.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;

namespace {

std::vector<FramePtr> fill(Store& store, int frames, std::uint64_t seed = 3) {
  Random random{seed};
  Writer writer{store};
  std::vector<FramePtr> written;
  for (int i = 0; i < frames; ++i) written.push_back(writer.write(traffic(random)));
  return written;
}

bool same(const FramePtr& a, const FramePtr& b) {
  return a && b && a->header.hash == b->header.hash && a->events == b->events;
}

Store::Raw& put(Store& store, Store::Raw::Family family, const std::string& key, const std::string& value) {
  BOOST_REQUIRE(store.raw().db->Put({}, store.raw().families[family], key, value).ok());
  return store.raw();
}

std::string get(Store& store, Store::Raw::Family family, const std::string& key) {
  std::string value;
  BOOST_REQUIRE(store.raw().db->Get({}, store.raw().families[family], key, &value).ok());
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_again_after_opening_anew) {
  TempDir dir;
  std::vector<FramePtr> written;
  {
    auto store = Store::open(store_options(dir / "j"));
    BOOST_TEST(!store->head());
    BOOST_TEST(!store->read(1));
    written = fill(*store, 50);
    store->sync();
  }
  const auto store = Store::open(store_options(dir / "j", false));
  BOOST_TEST((store->head()->hash == written.back()->header.hash));
  std::size_t i = 0;
  store->scan(1, [&](FramePtr frame) {
    BOOST_TEST(same(frame, written[i]));
    ++i;
    return true;
  });
  BOOST_TEST(i == written.size());
}

BOOST_AUTO_TEST_CASE(every_event_is_found_in_its_frame) {
  TempDir dir;
  auto store = Store::open(store_options(dir / "j"));
  const auto written = fill(*store, 20);
  for (const auto& frame : written)
    for (std::uint64_t seq = frame->header.first_seq; seq <= frame->header.last_seq(); ++seq)
      BOOST_TEST(same(store->read(seq), frame));
  BOOST_TEST(!store->read(written.back()->header.last_seq() + 1));
}

BOOST_AUTO_TEST_CASE(a_scan_begins_with_the_frame_that_holds_its_start_and_stops_when_told) {
  TempDir dir;
  auto store = Store::open(store_options(dir / "j"));
  const auto written = fill(*store, 20);
  std::vector<FramePtr> seen;
  store->scan(written[7]->header.last_seq(), [&](FramePtr frame) {
    seen.push_back(frame);
    return seen.size() < 3;
  });
  BOOST_REQUIRE(seen.size() == 3u);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(same(seen[i], written[7 + i]));
}

BOOST_AUTO_TEST_CASE(a_business_scan_gives_the_business_events_and_no_others) {
  TempDir dir;
  auto store = Store::open(store_options(dir / "j"));
  const auto written = fill(*store, 20);
  std::vector<std::byte> expected, seen;
  for (const auto& frame : written) {
    const auto business = frame->business_events();
    expected.insert(expected.end(), business.begin(), business.end());
  }
  store->scan_business(1, [&](const FrameHeader&, std::span<const std::byte> business) {
    seen.insert(seen.end(), business.begin(), business.end());
    return true;
  });
  BOOST_TEST(!expected.empty());
  BOOST_TEST((seen == expected));
}

BOOST_AUTO_TEST_CASE(the_newest_snapshots_are_kept_and_the_oldest_dropped) {
  TempDir dir;
  auto options = store_options(dir / "j");
  options.snapshots_kept = 2;
  {
    auto store = Store::open(options);
    Writer writer{*store};
    for (std::uint64_t seq = 1; seq <= 5; ++seq) {
      Snapshot s = snapshot_at("risk", seq);
      s.epoch = 4;
      s.incarnation = 7;
      s.state_version = 2;
      EventBuffer outstanding;
      outstanding.append(quote(5), kFeed, 1, true);
      s.outstanding.assign(outstanding.bytes().begin(), outstanding.bytes().end());
      writer.write(one(kFeed, quote(1)), {s});
    }
    store->write({snapshot_at("ledger", 3)});
    BOOST_TEST((store->snapshots()["risk"] == std::vector<std::uint64_t>{4, 5}));
  }
  const auto store = Store::open(options);
  BOOST_TEST((store->snapshots()["risk"] == std::vector<std::uint64_t>{4, 5}));
  BOOST_TEST((store->snapshots()["ledger"] == std::vector<std::uint64_t>{3}));
  const auto newest = store->snapshot("risk");
  BOOST_REQUIRE(newest);
  BOOST_TEST(newest->seq == 5u);
  BOOST_TEST(newest->epoch == 4u);
  BOOST_TEST(newest->incarnation == 7u);
  BOOST_TEST(newest->state_version == 2);
  BOOST_TEST((newest->state == snapshot_at("risk", 5).state));
  BOOST_TEST(newest->outstanding.size() == sizeof(EventHeader) + sizeof(Quote));
  BOOST_TEST(store->snapshot("risk", 4)->seq == 4u);
  BOOST_TEST(!store->snapshot("risk", 3));
  BOOST_TEST(!store->snapshot("nobody"));
}

BOOST_AUTO_TEST_CASE(texts_are_kept_beside_the_journal) {
  TempDir dir;
  {
    auto store = Store::open(store_options(dir / "j"));
    store->put_text("plan/abc", "system: x\n");
  }
  const auto store = Store::open(store_options(dir / "j", false));
  BOOST_TEST(store->text("plan/abc").value_or("") == "system: x\n");
  BOOST_TEST(!store->text("plan/other"));
}

BOOST_AUTO_TEST_CASE(pruned_market_data_is_gone_and_the_chain_still_verifies) {
  TempDir dir;
  std::uint64_t below = 0;
  {
    auto store = Store::open(store_options(dir / "journal"));
    const auto written = fill(*store, 40);
    store->prune_market(written[20]->header.first_seq + 1);
    below = written[20]->header.first_seq;
    BOOST_TEST(store->market_pruned_below() == below);
    store->prune_market(written[10]->header.first_seq);  // Further back: nothing changes.
    BOOST_TEST(store->market_pruned_below() == below);
    std::size_t i = 0, pruned = 0;
    store->scan(1, [&](FramePtr frame) {
      if (i < 20 && frame->header.market_bytes > 0) {
        BOOST_TEST(frame->market_pruned);
        BOOST_TEST(std::ranges::equal(frame->events, written[i]->business_events()));
        ++pruned;
      } else {
        BOOST_TEST(same(frame, written[i]));
      }
      ++i;
      return true;
    });
    BOOST_TEST(pruned > 10u);
  }
  const auto report = verify_journal(dir.path, "");
  BOOST_TEST((report.verdict == VerifyReport::Verdict::unanchored));
  BOOST_TEST(report.pruned_below == below);
  BOOST_TEST(report.frames == 40u);
}

BOOST_AUTO_TEST_CASE(a_missing_store_is_not_started_empty) {
  TempDir dir;
  BOOST_CHECK_EXCEPTION(
      Store::open(store_options(dir / "j", false)), StoreError,
      refused(StoreError::Kind::missing, (dir / "j") + " holds no journal: check the path"));
  BOOST_TEST(!fs::exists(dir / "j"));
}

BOOST_AUTO_TEST_CASE(a_plain_database_is_refused_even_when_a_store_may_be_created) {
  TempDir dir;
  {
    rocksdb::DB* db = nullptr;
    rocksdb::Options options;
    options.create_if_missing = true;
    BOOST_REQUIRE(rocksdb::DB::Open(options, dir / "j", &db).ok());
    BOOST_REQUIRE(db->Put({}, "their", "data").ok());
    delete db;
  }
  BOOST_CHECK_EXCEPTION(
      Store::open(store_options(dir / "j")), StoreError,
      refused(StoreError::Kind::foreign, (dir / "j") + " is a database, but not a Holdfast journal"));
}

BOOST_AUTO_TEST_CASE(a_database_with_other_column_families_is_refused_untouched) {
  TempDir dir;
  {
    rocksdb::DB* db = nullptr;
    rocksdb::Options options;
    options.create_if_missing = true;
    BOOST_REQUIRE(rocksdb::DB::Open(options, dir / "j", &db).ok());
    rocksdb::ColumnFamilyHandle* family = nullptr;
    BOOST_REQUIRE(db->CreateColumnFamily({}, "theirs", &family).ok());
    db->DestroyColumnFamilyHandle(family);
    delete db;
  }
  BOOST_CHECK_EXCEPTION(
      Store::open(store_options(dir / "j")), StoreError,
      refused(StoreError::Kind::foreign,
              (dir / "j") + " is a database, but not a Holdfast journal (it has a column family "
                            "'theirs'): choose another directory"));
  std::vector<std::string> names;
  BOOST_REQUIRE(rocksdb::DB::ListColumnFamilies({}, dir / "j", &names).ok());
  BOOST_TEST(names.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_store_whose_making_was_interrupted_is_made_whole) {
  TempDir dir;
  {
    rocksdb::DB* db = nullptr;
    rocksdb::Options options;
    options.create_if_missing = true;
    BOOST_REQUIRE(rocksdb::DB::Open(options, dir / "j", &db).ok());
    rocksdb::ColumnFamilyHandle* family = nullptr;
    BOOST_REQUIRE(db->CreateColumnFamily({}, Store::Raw::kNames[Store::Raw::market], &family).ok());
    db->DestroyColumnFamilyHandle(family);
    delete db;
  }
  const auto store = Store::open(store_options(dir / "j"));
  for (int i = 0; i < Store::Raw::kFamilies; ++i)
    BOOST_TEST(store->raw().families[static_cast<std::size_t>(i)]->GetName() == Store::Raw::kNames[static_cast<std::size_t>(i)]);
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused) {
  TempDir dir;
  {
    auto store = Store::open(store_options(dir / "j"));
    put(*store, Store::Raw::meta, Store::Raw::kSchemaKey, "2");
  }
  BOOST_CHECK_EXCEPTION(
      Store::open(store_options(dir / "j")), StoreError,
      refused(StoreError::Kind::newer,
              (dir / "j") + " has journal schema 2, this program knows 1: use a newer Holdfast"));
}

BOOST_AUTO_TEST_CASE(a_store_that_another_holds_is_refused) {
  TempDir dir;
  const auto store = Store::open(store_options(dir / "j"));
  BOOST_CHECK_EXCEPTION(
      Store::open(store_options(dir / "j")), StoreError,
      refused(StoreError::Kind::in_use, (dir / "j") + " is in use by another process: stop it first"));
}

BOOST_AUTO_TEST_CASE(a_changed_newest_frame_is_refused) {
  TempDir dir;
  {
    auto store = Store::open(store_options(dir / "j"));
    const auto key = seq_key(fill(*store, 5).back()->header.first_seq);
    auto value = get(*store, Store::Raw::business, key);
    value[offsetof(FrameHeader, epoch)] ^= 1;
    put(*store, Store::Raw::business, key, value);
  }
  BOOST_CHECK_EXCEPTION(
      Store::open(store_options(dir / "j")), StoreError,
      refused(StoreError::Kind::damaged,
              "the journal is damaged: its newest frame was changed; run `holdfast journal verify` "
              "and restore a backup"));
}

BOOST_AUTO_TEST_CASE(a_damaged_manifest_is_refused) {
  TempDir dir;
  { fill(*Store::open(store_options(dir / "j")), 5); }
  for (const auto& entry : fs::directory_iterator{dir / "j"}) {
    if (!entry.path().filename().string().starts_with("MANIFEST-")) continue;
    std::fstream file{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(20).put('\x7f');
  }
  BOOST_CHECK_EXCEPTION(Store::open(store_options(dir / "j")), StoreError, [](const StoreError& error) {
    return error.kind == StoreError::Kind::damaged &&
           std::string{error.what()}.ends_with("; it is damaged, restore a backup");
  });
}

BOOST_AUTO_TEST_CASE(frames_that_cannot_be_read_are_refused_with_their_place) {
  TempDir dir;
  auto store = Store::open(store_options(dir / "j"));
  Writer writer{*store};
  writer.write(one(kFeed, quote(1)));
  writer.write(one(kFeed, quote(2)));
  const std::string tail = "; run `holdfast journal verify` and restore a backup";
  const auto damaged = [&](const std::string& what) {
    return refused(StoreError::Kind::damaged, "the journal is damaged: " + what + tail);
  };
  const auto business = get(*store, Store::Raw::business, seq_key(1));
  const auto market = get(*store, Store::Raw::market, seq_key(1));
  put(*store, Store::Raw::business, seq_key(1), "short");
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, damaged("the frame at 1 is cut short"));
  put(*store, Store::Raw::business, seq_key(1), get(*store, Store::Raw::business, seq_key(2)));
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, damaged("the frame at 1 is not itself"));
  put(*store, Store::Raw::business, seq_key(1), std::string(sizeof(FrameHeader), 'x'));
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, damaged("there is no frame at 1"));
  put(*store, Store::Raw::business, seq_key(1), business);
  put(*store, Store::Raw::market, seq_key(1), market.substr(8));
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, damaged("market data of frame 1 has the wrong length"));
  put(*store, Store::Raw::market, seq_key(1), std::string(market.size(), '\xff'));
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, damaged("market data of frame 1 cannot be unpacked"));
  BOOST_REQUIRE(store->raw().db->Delete({}, store->raw().families[Store::Raw::market], seq_key(1)).ok());
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, damaged("market data of frame 1 is missing"));
}

BOOST_AUTO_TEST_SUITE_END()
