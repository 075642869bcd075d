#include <holdfast/journal/sequencer.hpp>

#include <holdfast/journal/packing.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace holdfast {

namespace {

/// Facts whose effect waits for the disk: the sync thread is told at once. Everything else rides
/// along with the next one of these or with the periodic sync.
constexpr bool awaits_disk(EventType type) {
  return type == EventType::order_approved || type == EventType::latch_engaged ||
         type == EventType::latch_released;
}

}  // namespace

Sequencer::Sequencer(std::optional<FrameHeader> head, std::uint64_t epoch, std::function<Time()> wall)
    : wall_{std::move(wall)}, epoch_{epoch}, sealer_{head} {
  if (!head) return;
  next_seq_ = frame_first_ = head->last_seq() + 1;
  last_time_ = head->last_time;
}

void Sequencer::fence(ActorId actor, std::uint32_t incarnation) {
  if (fences_.size() <= actor.value) fences_.resize(actor.value + 1u, 0);
  fences_[actor.value] = incarnation;
}

bool Sequencer::add(Submission& s) {
  if (s.author.value != 0 && s.author.value < fences_.size() && s.incarnation < fences_[s.author.value])
    return false;
  std::size_t at = open_.size();
  append(open_, s.events.bytes());
  const Time wall = wall_ ? std::max(wall_(), last_time_) : Time{};
  while (at < open_.size()) {
    auto& header = *reinterpret_cast<EventHeader*>(open_.data() + at);
    if (stream_of(header.type) == Stream::business) business_.push_back(static_cast<std::uint32_t>(at));
    stamp(header, wall);
    at += header.size;
  }
  return true;
}

Event Sequencer::add(const Event& event) {
  const std::size_t at = open_.size();
  append(open_, event.bytes());
  if (stream_of(event.type()) == Stream::business) business_.push_back(static_cast<std::uint32_t>(at));
  stamp(open_.data() + at);
  return Event{open_.data() + at};
}

void Sequencer::stamp(std::byte* event) {
  stamp(*reinterpret_cast<EventHeader*>(event), wall_ ? std::max(wall_(), last_time_) : Time{});
}

inline void Sequencer::stamp(EventHeader& header, Time wall) {
  header.seq = next_seq_++;
  ++count_;
  // What the system says about itself comes from another clock and must not push recorded time.
  const Time said = is_lifecycle(header.type) ? last_time_ : std::max(last_time_, header.time);
  header.time = last_time_ = wall_ ? wall : said;
  if (stream_of(header.type) == Stream::market) {
    ++market_count_;
    cargo_ |= static_cast<std::uint8_t>(Cargo::market);
    return;
  }
  urgent_ |= awaits_disk(header.type);
  cargo_ |= cargo_of(header.type);
  if (header.type == EventType::actor_started) {
    const auto& started = Event{reinterpret_cast<const std::byte*>(&header)}.as<ActorStarted>();
    fence(started.actor, started.incarnation);
  }
}

void Sealer::seal(Frame& frame) {
  FrameHeader& h = frame.header;
  h.previous = previous_;
  const std::vector<std::byte> business = frame.business_events();
  h.business_bytes = static_cast<std::uint32_t>(business.size());
  h.business_digest = sha_.add(business).finish();
  if (h.market_count > 0) frame.packed_market = pack(frame.events, frame.business);
  h.market_bytes = static_cast<std::uint32_t>(frame.packed_market.size());
  h.market_digest = sha_.add(frame.packed_market).finish();
  h.hash = previous_ = h.compute_hash();
}

FramePtr Sequencer::seal(std::chrono::steady_clock::time_point now) {
  auto frame = cut();
  frame->sealed = now;
  sealer_.seal(*frame);
  return frame;
}

std::shared_ptr<Frame> Sequencer::cut() {
  auto frame = std::make_shared<Frame>();
  FrameHeader& h = frame->header;
  h.first_seq = frame_first_;
  h.count = count_;
  h.market_count = market_count_;
  h.epoch = epoch_;
  h.last_time = last_time_;
  frame->events = std::move(open_);
  frame->business = std::exchange(business_, {});
  frame->cargo = cargo_;
  open_ = {};
  open_.reserve(std::min<std::size_t>(frame->events.size() + 1024, 1 << 20));
  begin_frame();
  return frame;
}

void Sequencer::forget() {
  open_.clear();
  business_.clear();
  begin_frame();
}

void Sequencer::begin_frame() {
  frame_first_ = next_seq_;
  count_ = market_count_ = 0;
  urgent_ = false;
  cargo_ = 0;
}

}  // namespace holdfast
