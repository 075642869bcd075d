#include <holdfast/journal/frame.hpp>

#include <cstddef>
#include <cstring>

namespace holdfast {

Digest FrameHeader::compute_hash() const {
  return sha256(std::as_bytes(std::span{this, 1}).first(offsetof(FrameHeader, hash)));
}

SplitEvents split(std::span<const std::byte> events) {
  SplitEvents parts;
  for_each_event(events, [&](const Event& event) {
    auto& part = stream_of(event.type()) == Stream::market ? parts.market : parts.business;
    const auto bytes = event.bytes();
    part.insert(part.end(), bytes.begin(), bytes.end());
  });
  return parts;
}

std::vector<std::byte> merge(std::span<const std::byte> market, std::span<const std::byte> business) {
  std::vector<std::byte> events;
  events.reserve(market.size() + business.size());
  // Copied out: what comes from disk need not be aligned.
  const auto head = [](std::span<const std::byte> s) {
    EventHeader header;
    std::memcpy(&header, s.data(), sizeof header);
    return header;
  };
  while (!market.empty() || !business.empty()) {
    auto& next = business.empty() || (!market.empty() && head(market).seq < head(business).seq) ? market : business;
    const auto bytes = next.first(head(next).size);
    events.insert(events.end(), bytes.begin(), bytes.end());
    next = next.subspan(bytes.size());
  }
  return events;
}

}  // namespace holdfast
