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

/// Adds to `change` what follows for the words that changed otherwise than predicted. Returns where the
/// row ends; null when it is none.
template <bool kRoom>
const std::uint8_t* read_changes(std::uint64_t* change, const std::uint8_t* nibbles, std::size_t words,
                                 const std::uint8_t* from, const std::uint8_t* end) {
  bool wrong = false;
  for (std::size_t i = 0; i < words; i += 2) {
    const unsigned pair = nibbles[i / 2];
    if (pair == 0) continue;  // The same words of each row, mostly: a branch that is foreseen.
    for (std::size_t j = 0; j < 2; ++j) {
      const unsigned bytes = pair >> (j * 4) & 15;
      std::uint64_t z = 0;
      if constexpr (kRoom) {
        std::memcpy(&z, from, 8);
        z &= kMask[bytes];
      } else {
        if (bytes > 8 || end - from < static_cast<std::ptrdiff_t>(bytes)) return nullptr;
        std::memcpy(&z, from, bytes);
      }
      wrong |= bytes > 8;
      from += std::min(bytes, 8u);
      change[i + j] += unzigzag(z);
    }
  }
  return wrong ? nullptr : from;
}

/// The next row: every word moves on by its change.
void move_on(Row& row, std::size_t words, std::byte* to) {
  std::uint64_t* __restrict value = row.value.data();
  const std::uint64_t* __restrict change = row.change.data();
  for (std::size_t i = 0; i < words; ++i) value[i] += change[i];
  std::memcpy(to, value, 8 * words);
}

/// Business events on their way into their places among those of the market.
class Merging {
 public:
  explicit Merging(std::span<const std::byte> business) : left_{business} { look(); }
  /// Belongs before the market event of number `seq`.
  bool due(std::uint64_t seq) const { return !left_.empty() && next_.seq <= seq; }
  /// Copies the next one; returns its size.
  std::size_t put(std::byte* to) {
    std::memcpy(to, left_.data(), next_.size);
    const std::size_t size = next_.size;
    left_ = left_.subspan(size);
    look();
    return size;
  }
  std::span<const std::byte> left() const { return left_; }

 private:
  void look() {
    if (!left_.empty()) std::memcpy(&next_, left_.data(), sizeof next_);  // What comes from disk need not be aligned.
  }
  std::span<const std::byte> left_;
  EventHeader next_;
};

/// Returns where what it writes ends. The buffer has room for bytes that do not count.
std::uint8_t* pack_row(Row& row, std::size_t words, const std::byte* from, std::uint8_t* to) {
  std::array<std::uint64_t, kMaxWords> fresh;
  std::array<std::uint64_t, kMaxWords + 1> z;
  std::memcpy(fresh.data(), from, 8 * words);
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t change = fresh[i] - row.value[i];
    z[i] = zigzag(change - row.change[i]);
    row.value[i] = fresh[i];
    row.change[i] = change;
  }
  z[words] = 0;
  std::uint8_t* nibbles = to;
  to += (words + 1) / 2;
  for (std::size_t i = 0; i < words; i += 2, ++nibbles) {
    *nibbles = 0;
    if ((z[i] | z[i + 1]) == 0) continue;
    for (std::size_t j = 0; j < 2; ++j) {
      const auto bytes = static_cast<unsigned>(8 - std::countl_zero(z[i + j]) / 8);
      *nibbles |= static_cast<std::uint8_t>(bytes << (j * 4));
      std::memcpy(to, &z[i + j], 8);
      to += bytes;
    }
  }
  return to;
}

}  // namespace

std::vector<std::byte> pack(std::span<const std::byte> events, std::span<const std::uint32_t> without) {
  std::vector<std::byte> out(4 + events.size() + events.size() / 8 + 64);
  auto* to = reinterpret_cast<std::uint8_t*>(out.data()) + 4;
  std::uint32_t total = 0;
  Rows rows{};
  auto left_out = without.begin();
  for (const std::byte *from = events.data(), *end = from + events.size(); from < end;) {
    const std::size_t size = Event{from}.header().size, words = size / 8;
    if (left_out != without.end() && from == events.data() + *left_out) {
      ++left_out;
      from += size;
      continue;
    }
    total += static_cast<std::uint32_t>(size);
    if (words > kMaxWords) {
      *to++ = kPlain;
      std::memcpy(to, from, size);
      to += size;
    } else {
      *to++ = static_cast<std::uint8_t>(words);
      to = pack_row(rows[words], words, from, to);
    }
    from += size;
  }
  std::memcpy(out.data(), &total, 4);
  out.resize(static_cast<std::size_t>(reinterpret_cast<std::byte*>(to) - out.data()));
  return out;
}

std::optional<std::vector<std::byte>> unpack(std::span<const std::byte> packed, std::span<const std::byte> business) {
  std::uint32_t total = 0;
  if (packed.size() < 4) return std::nullopt;
  std::memcpy(&total, packed.data(), 4);
  const auto* from = reinterpret_cast<const std::uint8_t*>(packed.data()) + 4;
  const auto* end = reinterpret_cast<const std::uint8_t*>(packed.data()) + packed.size();
  // Every row takes at least one byte and gives at most 8 * kMaxWords.
  if (total > (packed.size() - 4) * 8 * kMaxWords) return std::nullopt;
  std::vector<std::byte> out(total + business.size());
  Merging merging{business};
  std::byte* to = out.data();
  std::size_t left = total;
  Rows rows{};
  while (from < end) {
    const std::size_t words = *from++;
    std::size_t size = words * 8;
    if (words == kPlain) {
      EventHeader header;
      if (end - from < static_cast<std::ptrdiff_t>(sizeof header)) return std::nullopt;
      std::memcpy(&header, from, sizeof header);
      size = header.size;
      if (end - from < static_cast<std::ptrdiff_t>(size) || left < size || size < sizeof header) return std::nullopt;
      while (merging.due(header.seq)) to += merging.put(to);
      std::memcpy(to, from, size);
      from += size;
    } else {
      const std::size_t nibbles = (words + 1) / 2;
      if (words > kMaxWords || static_cast<std::size_t>(end - from) < nibbles || left < size) return std::nullopt;
      const std::uint8_t* const nibble = from;
      from += nibbles;
      Row& row = rows[words];
      // Every word takes at most eight bytes: with that much left none of them needs a look of its own.
      const bool room = static_cast<std::size_t>(end - from) >= 8 * (words + 1);
      from = room ? read_changes<true>(row.change.data(), nibble, words, from, end)
                  : read_changes<false>(row.change.data(), nibble, words, from, end);
      if (from == nullptr) return std::nullopt;
      while (merging.due(row.value[0] + row.change[0])) to += merging.put(to);
      move_on(row, words, to);
    }
    to += size;
    left -= size;
  }
  if (left != 0) return std::nullopt;
  std::ranges::copy(merging.left(), to);
  return out;
}

}  // namespace holdfast
