#include <holdfast/journal/frame.hpp>

#include <cstddef>

namespace holdfast {

Digest FrameHeader::compute_hash() const {
  return sha256(std::as_bytes(std::span{this, 1}).first(offsetof(FrameHeader, hash)));
}

std::vector<std::byte> Frame::business_events() const {
  std::vector<std::byte> out;
  for (const std::uint32_t offset : business) {
    const auto bytes = business_at(offset).bytes();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

}  // namespace holdfast
