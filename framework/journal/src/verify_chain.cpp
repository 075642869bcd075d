#include "verify_chain.hpp"

#include <algorithm>
#include <cstring>
#include <holdfast/journal/packing.hpp>

namespace holdfast {

namespace {

std::string range(std::uint64_t from, std::uint64_t to) {
  return from == to ? "event " + std::to_string(from)
                    : "events " + std::to_string(from) + " to " + std::to_string(to);
}

/// A damaged block is a finding; a file that vanished (a running system compacted it away) or a
/// disk that fails is not.
void require_corruption(const rocksdb::Status& status) {
  if (!status.ok() && !status.IsCorruption())
    throw StoreError{StoreError::Kind::io, "the journal cannot be read: " + status.ToString()};
}

}  // namespace

ChainWalk::ChainWalk(Store::Raw& raw, Findings& findings, VerifyReport& report,
                     std::map<std::uint64_t, std::optional<FrameEnd>>& wanted)
    : raw_{raw},
      findings_{findings},
      report_{report},
      wanted_{wanted},
      balances_{findings},
      it_{iterate(Store::Raw::business)},
      market_{iterate(Store::Raw::market)} {}

std::unique_ptr<rocksdb::Iterator> ChainWalk::iterate(Store::Raw::Family family) const {
  return std::unique_ptr<rocksdb::Iterator>{raw_.db->NewIterator({}, raw_.families[family])};
}

void ChainWalk::run(const std::function<void(double)>& progress) {
  it_->SeekToLast();
  if (it_->Valid() && it_->key().size() == 8) head_key_ = key_seq(it_->key());
  market_->SeekToFirst();
  it_ = iterate(Store::Raw::business);
  it_->SeekToFirst();
  if (!it_->Valid() && !it_->status().ok() && !head_key_)
    throw StoreError{StoreError::Kind::damaged,
                     "nothing in the journal can be read: " + it_->status().ToString()};
  while (it_->Valid() || resume()) {
    record(it_->key(), it_->value());
    if (progress && head_key_ && report_.frames % 256 == 0)
      progress(std::min(
          1.0, static_cast<double>(last_key_) / static_cast<double>(std::max<std::uint64_t>(1, *head_key_))));
    it_->Next();
  }
  require_corruption(market_->status());
  while (market_->Valid() && key_seq(market_->key()) <= report_.head_seq) market_->Next();
  if (market_->Valid())
    findings_.add("truncated", report_.head_seq + 1, "market data goes on beyond the newest frame");
  balances_.finish();
}

/// The iterator ended: at the end of the journal, or at a damaged block. Then on behind the block.
bool ChainWalk::resume() {
  if (it_->status().ok()) return false;
  require_corruption(it_->status());
  const std::uint64_t from = expected_.value_or(last_key_ + 1);
  findings_.add_to_chain("malformed", from, "a block on disk is damaged: " + it_->status().ToString());
  lose();
  std::uint64_t low = from, high = head_key_.value_or(0);
  const auto readable = [&](std::uint64_t seq) {
    it_ = iterate(Store::Raw::business);  // One that met damage does not leave it behind.
    it_->Seek(seq_key(seq));
    return it_->Valid();
  };
  if (high <= low || !readable(high)) return false;
  while (low + 1 < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    (readable(middle) ? high : low) = middle;
  }
  return readable(high);
}

void ChainWalk::lose() {
  expected_.reset();
  links_.reset();
  balances_.lose();
}

void ChainWalk::record(const rocksdb::Slice& key, const rocksdb::Slice& value) {
  const std::uint64_t at = key_seq(key);
  if (key.size() != 8) {
    findings_.add_to_chain("malformed", expected_.value_or(last_key_ + 1),
                           "a record has no sequence number as its key");
    return;
  }
  last_key_ = at;
  FrameHeader header;
  const bool long_enough = value.size() >= sizeof header;
  if (long_enough) std::memcpy(&header, value.data(), sizeof header);
  if (!long_enough || header.magic != FrameHeader::kMagic || header.version != FrameHeader::kVersion ||
      header.count == 0) {
    findings_.add_to_chain("malformed", at, "there is no frame in this record");
    return lose();
  }
  const Digest computed = header.compute_hash();
  const bool whole = computed == header.hash;
  if (whole && header.first_seq != at) {
    findings_.add_to_chain("reorder", at,
                           "the frame that belongs at " + std::to_string(header.first_seq) + " stands here");
    return lose();
  }
  const bool quiet = !expected_ || *expected_ != at;
  if (!place(at, header, whole)) return;
  ++report_.frames;
  const Market market = market_at(key, quiet);
  if (whole) {
    report_.events += header.count;
    contents(header, bytes(value).subspan(sizeof header), market);
  } else {
    findings_.add_to_chain("hash_mismatch", at, "the frame's header was changed");
    balances_.lose();
  }
  if (const auto check = wanted_.find(header.last_seq()); whole && check != wanted_.end())
    check->second = FrameEnd{header.hash, header.epoch};
  // A count that was changed says nothing about where the frame ends.
  report_.head_seq = whole ? header.last_seq() : std::max(report_.head_seq, at);
  report_.head_hash = header.hash;
  links_ = {header.hash, computed};
  expected_ = whole ? std::optional{header.last_seq() + 1} : std::nullopt;
}

/// Whether the frame stands behind its predecessor. False: it has no place in the sequence.
bool ChainWalk::place(std::uint64_t at, const FrameHeader& header, bool whole) {
  if (expected_ && at < *expected_) {
    findings_.add_to_chain("reorder", at, "a frame begins here, in the middle of the one before it");
    return false;
  }
  if (expected_ && at > *expected_) {
    findings_.add_to_chain("gap", *expected_, range(*expected_, at - 1) + " missing");
    balances_.lose();
  } else if (whole && links_ && header.previous != (*links_)[0] && header.previous != (*links_)[1]) {
    findings_.add_to_chain("link_mismatch", at, "the frame does not follow from the one before it");
    balances_.lose();
  }
  return true;
}

ChainWalk::Market ChainWalk::market_at(const rocksdb::Slice& key, bool quiet) {
  const auto pass_damage = [&] {
    if (market_->Valid() || market_->status().ok()) return;
    market_ = iterate(Store::Raw::market);
    market_->Seek(key);
  };
  pass_damage();
  while (market_->Valid() && market_->key().compare(key) < 0) {
    // Beside a gap among the frames this is only its other half.
    if (!quiet) findings_.add("malformed", key_seq(market_->key()), "market data belongs to no frame");
    market_->Next();
    pass_damage();
  }
  Market found;
  if (!market_->Valid()) {
    require_corruption(market_->status());
    found.readable = market_->status().ok();
  } else if (market_->key() == key) {
    const auto stored = bytes(market_->value());
    found.bytes.emplace(stored.begin(), stored.end());
    market_->Next();
  }
  return found;
}

bool ChainWalk::check_market(const FrameHeader& header, const Market& market) {
  const auto report = [&](bool& known, bool now, const char* kind, const std::string& what) {
    if (now && !known) findings_.add(kind, header.first_seq, what);
    known = now;
    return !now;
  };
  const bool missing =
      market.readable && !market.bytes && header.market_bytes > 0 && header.first_seq >= report_.pruned_below;
  // One line for a stretch, however many frames it takes.
  if (!report(market_unreadable_, !market.readable, "malformed", "a block of market data on disk is damaged"))
    return false;
  if (!report(market_gone_, missing, "market_missing", "market data is missing above what was pruned"))
    return false;
  if (!market.bytes) return true;
  if (market.bytes->size() == header.market_bytes && sha256(*market.bytes) == header.market_digest)
    return true;
  findings_.add("hash_mismatch", header.first_seq, "market events of this frame were changed");
  return false;
}

void ChainWalk::contents(const FrameHeader& header, std::span<const std::byte> business,
                         const Market& market) {
  business_.assign(business.begin(), business.end());
  const bool business_good =
      business_.size() == header.business_bytes && sha256(business_) == header.business_digest;
  if (!business_good) {
    findings_.add("hash_mismatch", header.first_seq, "business events of this frame were changed");
    balances_.lose();
  }
  const bool market_good = check_market(header, market);
  if (!business_good) {
    last_time_ = header.last_time;
    return;
  }
  const auto wrong = check_events(business_);
  EventBytes market_events;
  std::optional<std::string> market_wrong;
  if (market_good && market.bytes) {
    if (auto unpacked = unpack(*market.bytes)) {
      market_events = std::move(*unpacked);
      market_wrong = check_events(market_events);
    } else {
      market_wrong = "market events cannot be unpacked";
    }
  }
  if (wrong || market_wrong) {
    findings_.add("malformed", header.first_seq, wrong ? *wrong : *market_wrong);
    balances_.lose();
    last_time_ = header.last_time;
    return;
  }
  const bool have_market = market_good && market.bytes;
  events(header, market_events, !have_market && header.market_bytes > 0);
}

/// Numbers, streams and times inside a frame whose digests hold.
void ChainWalk::events(const FrameHeader& header, std::span<const std::byte> market, bool pruned) {
  std::span<const std::byte> business{business_};
  std::uint64_t next = header.first_seq, count = 0;
  const char* wrong = nullptr;
  bool back = false;
  while (!market.empty() || !business.empty()) {
    const bool from_market =
        business.empty() || (!market.empty() && Event{market.data()}.seq() < Event{business.data()}.seq());
    auto& side = from_market ? market : business;
    const Event event{side.data()};
    if (event.seq() < next || (event.seq() != next && !pruned) || event.seq() > header.last_seq())
      wrong = "an event has another number than its place";
    if ((stream_of(event.type()) == Stream::market) != from_market) wrong = "an event is in the wrong stream";
    if (wrong != nullptr) break;
    if (event.time() < last_time_ && !back) {
      findings_.add("clock_regression", event.seq(),
                    "time goes back from " + last_time_.str() + " to " + event.time().str());
      back = true;
    }
    last_time_ = event.time();
    if (!from_market) balances_.hear(event);
    next = event.seq() + 1;
    ++count;
    side = side.subspan(event.header().size);
  }
  report_.fills = balances_.fills();
  if (wrong == nullptr && count + (pruned ? header.market_count : 0) != header.count)
    wrong = "events of this frame are missing";
  if (wrong != nullptr) {
    findings_.add("malformed", next, wrong);
    balances_.lose();
  } else if (!back && (pruned ? header.last_time < last_time_ : header.last_time != last_time_)) {
    findings_.add("clock_regression", header.last_seq(),
                  "the frame ends at another time than its last event");
  }
  last_time_ = header.last_time;
}

}  // namespace holdfast
