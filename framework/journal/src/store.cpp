#include <holdfast/journal/store.hpp>

#include <rocksdb/convenience.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <cstring>

#include "store_raw.hpp"

namespace holdfast {

namespace {

using Raw = Store::Raw;
constexpr const char* kSchemaKey = Raw::kSchemaKey;
constexpr const char* kPrunedKey = Raw::kPrunedKey;
constexpr const char* kSchema = Raw::kSchema;

void require(const rocksdb::Status& status, const char* doing) {
  if (!status.ok())
    throw StoreError{StoreError::Kind::io, std::string{"the journal failed while "} + doing + ": " +
                                               status.ToString() + "; trading stops, nothing was retried"};
}

std::string snapshot_key(const std::string& actor, std::uint64_t seq) { return actor + '\0' + seq_key(seq); }

bool is_empty(Raw& raw) {
  return std::all_of(raw.families.begin(), raw.families.end(), [&](auto* family) {
    const std::unique_ptr<rocksdb::Iterator> it{raw.db->NewIterator({}, family)};
    it->SeekToFirst();
    return !it->Valid() && it->status().ok();
  });
}

void check_schema(Raw& raw, bool create) {
  std::string value;
  const auto status = raw.db->Get({}, raw.families[Raw::meta], kSchemaKey, &value);
  // A database of somebody else's is not adopted; one that a crash left without its schema is empty.
  if (status.IsNotFound() && create && is_empty(raw)) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    require(raw.db->Put(synced, raw.families[Raw::meta], kSchemaKey, kSchema), "writing its schema");
    return;
  }
  if (status.IsNotFound())
    throw StoreError{StoreError::Kind::foreign, raw.options.path + " is a database, but not a Holdfast journal"};
  require(status, "reading its schema");
  if (value != kSchema)
    throw StoreError{StoreError::Kind::newer, raw.options.path + " has journal schema " + value +
                                                  ", this program knows " + kSchema + ": use a newer Holdfast"};
}

void hit(const Raw& raw, const char* point) {
  if (raw.options.failpoints != nullptr) raw.options.failpoints->hit(point);
}
/// The same where `bytes` pass.
void hit(const Raw& raw, const char* point, std::span<std::byte> bytes) {
  if (raw.options.failpoints != nullptr) raw.options.failpoints->hit(point, bytes);
}

void list_snapshots(Raw& raw) {
  const std::unique_ptr<rocksdb::Iterator> it{raw.db->NewIterator({}, raw.families[Raw::snapshots])};
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const auto key = it->key();
    if (key.size() < 9) damaged("a snapshot has a malformed key");
    raw.snapshot_seqs[std::string{key.data(), key.size() - 9}].push_back(
        key_seq({key.data() + key.size() - 8, 8}));
  }
  require(it->status(), "listing snapshots");
}

}  // namespace

Store::Store(std::unique_ptr<Raw> raw) : raw_{std::move(raw)} {}
Store::~Store() = default;

std::unique_ptr<Store> Store::open(const StoreOptions& options) {
  if (options.failpoints != nullptr) options.failpoints->hit("store.open");
  auto raw = open_raw(options);
  check_schema(*raw, options.create);
  list_snapshots(*raw);
  std::string pruned;
  if (raw->db->Get({}, raw->families[Raw::meta], kPrunedKey, &pruned).ok()) raw->pruned_below = key_seq(pruned);
  std::unique_ptr<Store> store{new Store{std::move(raw)}};
  if (const auto head = store->head(); head && head->compute_hash() != head->hash) damaged("its newest frame was changed");
  hit(*store->raw_, "store.opened");
  return store;
}

namespace {

using SnapshotSeqs = std::map<std::string, std::vector<std::uint64_t>>;

/// Adds snapshots to `batch` and drops the ones that are no longer kept. Returns what the list of
/// them is once the batch is written.
SnapshotSeqs put_snapshots(const Raw& raw, rocksdb::WriteBatch& batch, const std::vector<Snapshot>& snapshots) {
  SnapshotSeqs after;
  const std::lock_guard lock{raw.mutex};
  for (const auto& s : snapshots) {
    std::string value = encode(s);
    hit(raw, "snapshot.bytes", std::as_writable_bytes(std::span{value}));
    batch.Put(raw.families[Raw::snapshots], snapshot_key(s.actor, s.seq), value);
    const auto known = raw.snapshot_seqs.find(s.actor);
    auto& seqs = after.try_emplace(s.actor, known == raw.snapshot_seqs.end() ? std::vector<std::uint64_t>{}
                                                                             : known->second).first->second;
    if (seqs.empty() || seqs.back() != s.seq) seqs.push_back(s.seq);
    while (seqs.size() > static_cast<std::size_t>(std::max(1, raw.options.snapshots_kept))) {
      batch.Delete(raw.families[Raw::snapshots], snapshot_key(s.actor, seqs.front()));
      seqs.erase(seqs.begin());
    }
  }
  return after;
}

void write_batch(Raw& raw, rocksdb::WriteBatch& batch, SnapshotSeqs snapshots, const char* doing) {
  require(raw.db->Write({}, &batch), doing);
  const std::lock_guard lock{raw.mutex};
  for (auto& [actor, seqs] : snapshots) raw.snapshot_seqs[actor] = std::move(seqs);
}

}  // namespace

void Store::write(const Frame& frame, const std::vector<Snapshot>& snapshots) {
  hit(*raw_, "journal.before_write");
  rocksdb::WriteBatch batch{sizeof frame.header + frame.header.business_bytes + frame.packed_market.size() + 256};
  const auto key = seq_key(frame.header.first_seq);
  const rocksdb::Slice header{reinterpret_cast<const char*>(&frame.header), sizeof frame.header};
  const rocksdb::Slice key_slice{key};
  if (frame.header.business_bytes == 0) {
    batch.Put(raw_->families[Raw::business], key_slice, header);
    batch.Put(raw_->families[Raw::market], key_slice, slice(frame.packed_market));
  } else {
    std::vector<std::byte> business = frame.business_events();
    hit(*raw_, "journal.bytes", business);
    const rocksdb::Slice value[] = {header, slice(business)};
    batch.Put(raw_->families[Raw::business], {&key_slice, 1}, {value, 2});
    if (!frame.packed_market.empty()) batch.Put(raw_->families[Raw::market], key_slice, slice(frame.packed_market));
  }
  SnapshotSeqs listed;
  if (!snapshots.empty()) {
    hit(*raw_, "snapshot.before_write");
    listed = put_snapshots(*raw_, batch, snapshots);
  }
  write_batch(*raw_, batch, std::move(listed), "writing");
  hit(*raw_, snapshots.empty() ? "journal.after_write" : "snapshot.after_write");
}

void Store::write(const std::vector<Snapshot>& snapshots) {
  hit(*raw_, "snapshot.before_write");
  rocksdb::WriteBatch batch;
  auto listed = put_snapshots(*raw_, batch, snapshots);
  write_batch(*raw_, batch, std::move(listed), "writing a snapshot");
  hit(*raw_, "snapshot.after_write");
}

void Store::sync() { require(raw_->db->SyncWAL(), "syncing"); }

void Store::checkpoint(const std::string& to) const {
  hit(*raw_, "store.checkpoint");
  rocksdb::Checkpoint* made = nullptr;
  require(rocksdb::Checkpoint::Create(raw_->db.get(), &made), "preparing a checkpoint");
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint{made};
  // The log is copied as it is: to flush it first would make those wait who write.
  require(checkpoint->CreateCheckpoint(to, UINT64_MAX), "making a checkpoint");
}

std::optional<FrameHeader> Store::head() const {
  const std::unique_ptr<rocksdb::Iterator> it{raw_->db->NewIterator({}, raw_->families[Raw::business])};
  it->SeekToLast();
  require(it->status(), "looking for its newest frame");
  if (!it->Valid()) return std::nullopt;
  return decode_header(it->value(), key_seq(it->key()));
}

namespace {

constexpr std::size_t kAheadFrames = 256, kAheadBytes = 256 << 10, kAheadRuns = 16;

FramePtr find_ahead(const std::deque<std::vector<FramePtr>>& runs, std::uint64_t seq) {
  for (const auto& run : runs) {
    if (seq < run.front()->header.first_seq || seq > run.back()->header.last_seq()) continue;
    const auto at = std::partition_point(run.begin(), run.end(),
                                         [seq](const FramePtr& f) { return f->header.last_seq() < seq; });
    if (seq >= (*at)->header.first_seq) return *at;
  }
  return nullptr;
}

}  // namespace

FramePtr Store::read(std::uint64_t seq) const {
  {
    const std::lock_guard lock{raw_->mutex};
    if (auto frame = find_ahead(raw_->ahead, seq)) return frame;
  }
  std::vector<FramePtr> run;
  std::size_t size = 0;
  try {
    scan(seq, [&](FramePtr frame) {
      size += frame->events.size();
      run.push_back(std::move(frame));
      return run.size() < kAheadFrames && size < kAheadBytes;
    });
  } catch (const StoreError&) {
    if (run.empty()) throw;  // Damage further on is told to whoever gets there.
  }
  if (run.empty()) return nullptr;
  auto found = run.front();
  const std::lock_guard lock{raw_->mutex};
  raw_->ahead.push_back(std::move(run));
  if (raw_->ahead.size() > kAheadRuns) raw_->ahead.pop_front();
  return found;
}

void Store::scan(std::uint64_t from, const std::function<bool(FramePtr)>& visit) const {
  auto frames = stored(from);
  while (const auto next = frames.next()) {
    auto frame = std::make_shared<Frame>();
    decode(*next, *frame);
    if (!visit(std::move(frame))) return;
  }
}

StoredFrames Store::stored(std::uint64_t from) const {
  const auto iterator = [&](Raw::Family family) {
    return std::unique_ptr<rocksdb::Iterator>{raw_->db->NewIterator({}, raw_->families[family])};
  };
  return {iterator(Raw::business), iterator(Raw::market), from};
}

StoredFrames::StoredFrames(std::unique_ptr<rocksdb::Iterator> business, std::unique_ptr<rocksdb::Iterator> market,
                           std::uint64_t from)
    : business_{std::move(business)}, market_{std::move(market)}, from_{from} {
  business_->SeekForPrev(seq_key(from));
  if (!business_->Valid()) business_->SeekToFirst();
  if (business_->Valid()) market_->Seek(business_->key());
}

StoredFrames::StoredFrames(StoredFrames&&) noexcept = default;
StoredFrames::~StoredFrames() = default;

std::optional<StoredFrame> StoredFrames::next() {
  for (; business_->Valid(); business_->Next()) {
    const auto key = business_->key();
    while (market_->Valid() && market_->key().compare(key) < 0) market_->Next();
    StoredFrame stored{key_seq(key), business_->value().ToString(), std::nullopt};
    if (decode_header(stored.business, stored.seq).last_seq() < from_) continue;
    if (market_->Valid() && market_->key() == key) stored.market = market_->value().ToString();
    business_->Next();
    return stored;
  }
  require(business_->status(), "reading");
  require(market_->status(), "reading market data");
  return std::nullopt;
}

void Store::scan_business(
    std::uint64_t from,
    const std::function<bool(const FrameHeader&, std::span<const std::byte>)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> it{raw_->db->NewIterator({}, raw_->families[Raw::business])};
  std::vector<std::byte> business;
  it->SeekForPrev(seq_key(from));
  if (!it->Valid()) it->SeekToFirst();
  for (; it->Valid(); it->Next()) {
    const auto header = decode_header(it->value(), key_seq(it->key()));
    if (header.last_seq() < from) continue;
    const auto stored = bytes(it->value()).subspan(sizeof header);
    business.assign(stored.begin(), stored.end());  // Aligned, as events want to be read.
    if (const auto wrong = check_events(business)) damaged("frame " + std::to_string(header.first_seq) + ": " + *wrong);
    if (!visit(header, business)) return;
  }
  require(it->status(), "reading");
}

std::optional<Snapshot> Store::snapshot(const std::string& actor, std::uint64_t seq) const {
  const auto find = [&]() -> std::optional<std::uint64_t> {
    const std::lock_guard lock{raw_->mutex};
    const auto at = raw_->snapshot_seqs.find(actor);
    if (at == raw_->snapshot_seqs.end()) return std::nullopt;
    const auto after = std::upper_bound(at->second.begin(), at->second.end(), seq);
    if (after == at->second.begin()) return std::nullopt;
    return *std::prev(after);
  };
  std::optional<std::uint64_t> tried;
  while (const auto found = find()) {
    std::string value;
    const auto status = raw_->db->Get({}, raw_->families[Raw::snapshots], snapshot_key(actor, *found), &value);
    // The writer may have replaced it by newer ones in between; then there is another to find.
    if (status.IsNotFound() && tried != found) {
      tried = found;
      continue;
    }
    require(status, "reading a snapshot");
    return decode_snapshot(actor, value);
  }
  return std::nullopt;
}

std::map<std::string, std::vector<std::uint64_t>> Store::snapshots() const {
  const std::lock_guard lock{raw_->mutex};
  return raw_->snapshot_seqs;
}

void Store::put_text(const std::string& key, const std::string& text) {
  hit(*raw_, "store.text");
  rocksdb::WriteOptions synced;
  synced.sync = true;
  require(raw_->db->Put(synced, raw_->families[Raw::meta], "text/" + key, text), "writing");
}

std::optional<std::string> Store::text(const std::string& key) const {
  std::string value;
  const auto status = raw_->db->Get({}, raw_->families[Raw::meta], "text/" + key, &value);
  if (status.IsNotFound()) return std::nullopt;
  require(status, "reading");
  return value;
}

void Store::prune_market(std::uint64_t seq) {
  // Whole frames only, so that every digest in the chain still covers all or nothing of what is there.
  const std::unique_ptr<rocksdb::Iterator> it{raw_->db->NewIterator({}, raw_->families[Raw::business])};
  it->SeekForPrev(seq_key(seq));
  if (!it->Valid() || key_seq(it->key()) <= market_pruned_below()) return;
  const std::uint64_t below = key_seq(it->key());
  {
    // Known before it happens: a reader that finds the data gone must not take it for damage.
    const std::lock_guard lock{raw_->mutex};
    raw_->pruned_below = std::max(raw_->pruned_below, below);
    raw_->ahead.clear();
  }
  rocksdb::WriteBatch batch;
  batch.DeleteRange(raw_->families[Raw::market], seq_key(0), seq_key(below));
  batch.Put(raw_->families[Raw::meta], kPrunedKey, seq_key(below));
  hit(*raw_, "journal.before_prune");
  // Synced: files go below, and a crash must not forget that they were meant to.
  rocksdb::WriteOptions synced;
  synced.sync = true;
  require(raw_->db->Write(synced, &batch), "pruning market data");
  const auto low = seq_key(0), high = seq_key(below);
  const rocksdb::Slice from{low}, to{high};
  rocksdb::RangePtr range{&from, &to};
  require(rocksdb::DeleteFilesInRanges(raw_->db.get(), raw_->families[Raw::market], &range, 1, false),
          "giving pruned files back");
  hit(*raw_, "journal.after_prune");
}

std::uint64_t Store::market_pruned_below() const {
  const std::lock_guard lock{raw_->mutex};
  return raw_->pruned_below;
}

}  // namespace holdfast
