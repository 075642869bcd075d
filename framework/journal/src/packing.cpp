#include <holdfast/journal/packing.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include <holdfast/sdk/event.hpp>

namespace holdfast {

namespace {

/// Rows longer than this are stored in plain: texts predict nothing.
constexpr std::size_t kMaxWords = 32;
constexpr std::uint8_t kPlain = 0xff;

struct Row {
  std::array<std::uint64_t, kMaxWords> value{}, change{};
};
using Rows = std::array<Row, kMaxWords + 1>;

std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1) ^ (0 - (difference >> 63));
}
std::uint64_t unzigzag(std::uint64_t z) { return (z >> 1) ^ (0 - (z & 1)); }

/// The low bytes that count, by how many do.
constexpr auto kMask = [] {
  std::array<std::uint64_t, 16> mask{};
  for (unsigned bytes = 1; bytes <= 8; ++bytes) mask[bytes] = ~0ULL >> (64 - 8 * bytes);
  return mask;
}();

/// Returns where the row ends; null when it is none.
template <bool kRoom>
const std::uint8_t* unpack_row(Row& row, const std::uint8_t* nibbles, std::size_t words, const std::uint8_t* from,
                               const std::uint8_t* end, std::byte* to) {
  bool wrong = false;
  for (std::size_t i = 0; i < words; ++i) {
    const unsigned bytes = nibbles[i / 2] >> (i % 2 * 4) & 15;
    std::uint64_t z = 0;
    if constexpr (kRoom) {
      wrong |= bytes > 8;
      std::memcpy(&z, from, 8);
      z &= kMask[bytes];
      from += std::min(bytes, 8u);
    } else {
      if (bytes > 8 || end - from < static_cast<std::ptrdiff_t>(bytes)) return nullptr;
      std::memcpy(&z, from, bytes);
      from += bytes;
    }
    row.change[i] += unzigzag(z);
    row.value[i] += row.change[i];
    std::memcpy(to + 8 * i, &row.value[i], 8);
  }
  return wrong ? nullptr : from;
}

}  // namespace

std::vector<std::byte> pack(std::span<const std::byte> events) {
  std::vector<std::byte> out(4 + events.size() + events.size() / 8 + 64);
  const auto total = static_cast<std::uint32_t>(events.size());
  std::memcpy(out.data(), &total, 4);
  auto* to = reinterpret_cast<std::uint8_t*>(out.data()) + 4;
  Rows rows{};
  for (const std::byte *from = events.data(), *end = from + events.size(); from < end;) {
    const std::size_t size = Event{from}.header().size, words = size / 8;
    if (words > kMaxWords) {
      *to++ = kPlain;
      std::memcpy(to, from, size);
      to += size;
      from += size;
      continue;
    }
    *to++ = static_cast<std::uint8_t>(words);
    std::uint8_t* nibbles = to;
    to += (words + 1) / 2;
    std::memset(nibbles, 0, (words + 1) / 2);
    Row& row = rows[words];
    for (std::size_t i = 0; i < words; ++i) {
      std::uint64_t value;
      std::memcpy(&value, from + 8 * i, 8);
      const std::uint64_t change = value - row.value[i];
      const std::uint64_t z = zigzag(change - row.change[i]);
      const auto bytes = static_cast<unsigned>(8 - std::countl_zero(z) / 8);
      row.value[i] = value;
      row.change[i] = change;
      nibbles[i / 2] |= static_cast<std::uint8_t>(bytes << (i % 2 * 4));
      std::memcpy(to, &z, 8);  // The buffer has room for the bytes that do not count.
      to += bytes;
    }
    from += size;
  }
  out.resize(static_cast<std::size_t>(reinterpret_cast<std::byte*>(to) - out.data()));
  return out;
}

std::optional<std::vector<std::byte>> unpack(std::span<const std::byte> packed) {
  std::uint32_t total = 0;
  if (packed.size() < 4) return std::nullopt;
  std::memcpy(&total, packed.data(), 4);
  const auto* from = reinterpret_cast<const std::uint8_t*>(packed.data()) + 4;
  const auto* end = reinterpret_cast<const std::uint8_t*>(packed.data()) + packed.size();
  // Every row takes at least one byte and gives at most 8 * kMaxWords.
  if (total > (packed.size() - 4) * 8 * kMaxWords) return std::nullopt;
  std::vector<std::byte> out(total);
  std::size_t at = 0;
  Rows rows{};
  while (from < end) {
    const std::size_t words = *from++;
    if (words == kPlain) {
      if (end - from < static_cast<std::ptrdiff_t>(sizeof(EventHeader))) return std::nullopt;
      std::uint16_t size;
      std::memcpy(&size, from + offsetof(EventHeader, size), 2);
      if (end - from < size || total - at < size || size < sizeof(EventHeader)) return std::nullopt;
      std::memcpy(out.data() + at, from, size);
      from += size;
      at += size;
      continue;
    }
    const std::size_t nibbles = (words + 1) / 2;
    if (words > kMaxWords || static_cast<std::size_t>(end - from) < nibbles || total - at < words * 8) return std::nullopt;
    const std::uint8_t* nibble = from;
    from += nibbles;
    Row& row = rows[words];
    std::byte* const to = out.data() + at;
    // Every word takes at most eight bytes: with that much left none of them needs a look of its own.
    const bool room = static_cast<std::size_t>(end - from) >= 8 * words;
    const auto* const next = room ? unpack_row<true>(row, nibble, words, from, end, to)
                                  : unpack_row<false>(row, nibble, words, from, end, to);
    if (next == nullptr) return std::nullopt;
    from = next;
    at += words * 8;
  }
  if (at != total) return std::nullopt;
  return out;
}

}  // namespace holdfast
