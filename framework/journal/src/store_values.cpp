#include <holdfast/journal/packing.hpp>

#include <cstring>

#include "store_raw.hpp"

/// Frames and snapshots as values of the database, and back.
namespace holdfast {

void damaged(const std::string& what) {
  throw StoreError{StoreError::Kind::damaged, "the journal is damaged: " + what +
                                                  "; run `holdfast journal verify` and restore a backup"};
}

std::string encode(const Snapshot& s) {
  const Store::Raw::SnapshotHead head{s.seq, s.epoch, s.incarnation, s.state_version, s.identity, s.digest,
                          s.state.size(), s.outstanding.size()};
  std::string value{reinterpret_cast<const char*>(&head), sizeof head};
  value.append(reinterpret_cast<const char*>(s.state.data()), s.state.size());
  value.append(reinterpret_cast<const char*>(s.outstanding.data()), s.outstanding.size());
  return value;
}

Snapshot decode_snapshot(const std::string& actor, const rocksdb::Slice& value) {
  Store::Raw::SnapshotHead head;
  if (value.size() < sizeof head) damaged("a snapshot of " + actor + " is cut short");
  std::memcpy(&head, value.data(), sizeof head);
  const auto rest = bytes(value).subspan(sizeof head);
  if (head.state_bytes > rest.size() || rest.size() - head.state_bytes != head.outstanding_bytes)
    damaged("a snapshot of " + actor + " has the wrong length");
  Snapshot s{actor, head.seq, head.epoch, head.incarnation, head.state_version, head.identity, head.digest, {}, {}};
  const auto state = rest.first(head.state_bytes), outstanding = rest.subspan(head.state_bytes);
  s.state.assign(state.begin(), state.end());
  s.outstanding.assign(outstanding.begin(), outstanding.end());
  if (sha256(s.state) != s.digest) damaged("the snapshot of " + actor + " at " + std::to_string(s.seq) + " was changed");
  if (check_events(s.outstanding)) damaged("the snapshot of " + actor + " holds malformed events");
  return s;
}

FrameHeader decode_header(const rocksdb::Slice& value, std::uint64_t seq) {
  FrameHeader header;
  if (value.size() < sizeof header) damaged("the frame at " + std::to_string(seq) + " is cut short");
  std::memcpy(&header, value.data(), sizeof header);
  if (header.magic != FrameHeader::kMagic) damaged("there is no frame at " + std::to_string(seq));
  if (header.version > FrameHeader::kVersion)
    throw StoreError{StoreError::Kind::newer, "the journal has frames of a newer version: use a newer Holdfast"};
  if (header.first_seq != seq || header.count == 0) damaged("the frame at " + std::to_string(seq) + " is not itself");
  return header;
}

void Store::decode(const StoredFrame& stored, Frame& frame) const {
  const std::uint64_t seq = stored.seq;
  EventBytes memory = std::move(frame.events);
  std::vector<std::uint32_t> offsets = std::move(frame.business);
  offsets.clear();
  frame = {};
  frame.business = std::move(offsets);
  frame.header = decode_header(stored.business, seq);
  const auto business = bytes(stored.business).subspan(sizeof(FrameHeader));
  if (business.size() != frame.header.business_bytes) damaged("the frame at " + std::to_string(seq) + " has the wrong length");
  const auto check = [seq](std::span<const std::byte> events, std::vector<std::uint32_t>* offsets) {
    if (const auto wrong = check_events(events, offsets)) damaged("frame " + std::to_string(seq) + ": " + *wrong);
  };
  check(business, nullptr);
  if (stored.market) {
    const auto market = bytes(*stored.market);
    if (market.size() != frame.header.market_bytes) damaged("market data of frame " + std::to_string(seq) + " has the wrong length");
    auto events = unpack(market, business, std::move(memory));
    if (!events) damaged("market data of frame " + std::to_string(seq) + " cannot be unpacked");
    frame.events = std::move(*events);
  } else {
    if (frame.header.market_bytes > 0) {
      const std::lock_guard lock{raw_->mutex};
      if (seq >= raw_->pruned_below) damaged("market data of frame " + std::to_string(seq) + " is missing");
      frame.market_pruned = true;
    }
    frame.events.assign(business.begin(), business.end());
  }
  check(frame.events, &frame.business);
}

}  // namespace holdfast
