#include <holdfast/journal/packing.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include <holdfast/sdk/event.hpp>

namespace holdfast {

namespace {

/// Rows longer than this are stored in plain: texts predict nothing.
constexpr std::size_t kMaxWords = 32;
constexpr std::uint8_t kPlain = 0xff;
/// What most rows are gets a loop of its own.
constexpr std::size_t kQuoteWords = (sizeof(EventHeader) + payload_size<Quote>) / 8;

struct Row {
  std::array<std::uint64_t, kMaxWords> value{}, change{};
};
using Rows = std::array<Row, kMaxWords + 1>;

std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1) ^ (0 - (difference >> 63));
}

/// Two words at once, always loaded and stored as such: parts of what was only just stored would have to wait.
using Pair = std::uint64_t __attribute__((vector_size(16)));
Pair load_pair(const std::uint64_t* from) {
  Pair pair;
  std::memcpy(&pair, from, sizeof pair);
  return pair;
}
Pair unzigzag(Pair z) { return (z >> 1) ^ (Pair{} - (z & Pair{1, 1})); }

/// The low bytes that count, by the byte that says how many do of either word.
constexpr auto kMask = [] {
  const auto mask = [](unsigned bytes) { return bytes == 0 || bytes > 8 ? 0 : ~0ULL >> (64 - 8 * bytes); };
  std::array<std::array<std::uint64_t, 2>, 256> masks{};
  for (unsigned pair = 0; pair < 256; ++pair) masks[pair] = {mask(pair & 15), mask(pair >> 4)};
  return masks;
}();

/// How many bytes follow for a pair of words, by the byte that says so; kWrong where it is not ours.
constexpr std::uint8_t kWrong = 0x80;
constexpr auto kPairBytes = [] {
  std::array<std::uint8_t, 256> sum{};
  for (unsigned pair = 0; pair < 256; ++pair) {
    const unsigned first = pair & 15, second = pair >> 4;
    sum[pair] = static_cast<std::uint8_t>((first + second) | (first > 8 || second > 8 ? kWrong : 0));
  }
  return sum;
}();
/// So many bytes are looked at for a pair, whatever it says.
constexpr std::size_t kPairReach = 32;

/// One row, moved on by what follows for the words that changed otherwise than predicted, and written.
/// Returns where that ends; null when it is none.
/// REQUIRES: kPairReach readable bytes for each pair.
template <std::size_t kWords>
const std::uint8_t* move_on(Row& row, const std::uint8_t* nibbles, std::size_t words, const std::uint8_t* from, std::byte* to) {
  std::uint8_t seen = 0;
  const std::size_t count = kWords != 0 ? kWords : words;
#pragma GCC unroll 8
  for (std::size_t i = 0; i < count; i += 2) {
    const unsigned sizes = nibbles[i / 2];
    Pair change = load_pair(&row.change[i]);
    if (sizes != 0) {  // For the same words of each row, mostly: a branch that is foreseen.
      std::uint64_t first, second;
      std::memcpy(&first, from, 8);
      std::memcpy(&second, from + (sizes & 15), 8);
      const Pair z{first, second};
      change += unzigzag(z & load_pair(kMask[sizes].data()));
      std::memcpy(&row.change[i], &change, sizeof change);
      seen |= kPairBytes[sizes];
      from += kPairBytes[sizes] & ~kWrong;
    }
    const Pair value = load_pair(&row.value[i]) + change;
    std::memcpy(&row.value[i], &value, sizeof value);
    std::memcpy(to + 8 * i, &value, i + 1 < count ? 16 : 8);
  }
  return (seen & kWrong) == 0 ? from : nullptr;
}

/// The same near the end of what is packed: from a copy that may be looked at beyond it.
[[gnu::noinline]] const std::uint8_t* move_on_at_end(Row& row, const std::uint8_t* nibbles, std::size_t words,
                                                     const std::uint8_t* from, const std::uint8_t* end, std::byte* to) {
  std::array<std::uint8_t, kPairReach * (kMaxWords / 2 + 1)> copy{};
  const auto left = std::min(static_cast<std::size_t>(end - from), copy.size());
  std::memcpy(copy.data(), from, left);
  const std::uint8_t* const at = move_on<0>(row, nibbles, words, copy.data(), to);
  const bool right = at != nullptr && at <= copy.data() + left;
  return right ? from + (at - copy.data()) : nullptr;
}

const std::uint8_t* move_on(Row& row, const std::uint8_t* nibbles, std::size_t words, const std::uint8_t* from,
                            const std::uint8_t* end, std::byte* to) {
  if (static_cast<std::size_t>(end - from) < kPairReach * (words / 2 + 1)) [[unlikely]]
    return move_on_at_end(row, nibbles, words, from, end, to);
  if (words == kQuoteWords) [[likely]] return move_on<kQuoteWords>(row, nibbles, words, from, to);
  return move_on<0>(row, nibbles, words, from, to);
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

std::optional<EventBytes> unpack(std::span<const std::byte> packed, std::span<const std::byte> business, EventBytes reuse) {
  std::uint32_t total = 0;
  if (packed.size() < 4) return std::nullopt;
  std::memcpy(&total, packed.data(), 4);
  const auto* from = reinterpret_cast<const std::uint8_t*>(packed.data()) + 4;
  const auto* end = reinterpret_cast<const std::uint8_t*>(packed.data()) + packed.size();
  // Every row takes at least one byte and gives at most 8 * kMaxWords.
  if (total > (packed.size() - 4) * 8 * kMaxWords) return std::nullopt;
  EventBytes out{std::move(reuse)};
  out.clear();  // Or what it held is carried along where it has to grow.
  out.resize(total + business.size());
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
      from = move_on(row, nibble, words, from, end, to);
      if (from == nullptr) return std::nullopt;
      if (merging.due(row.value[0])) [[unlikely]] {
        do to += merging.put(to);
        while (merging.due(row.value[0]));
        std::memcpy(to, row.value.data(), size);
      }
    }
    to += size;
    left -= size;
  }
  if (left != 0) return std::nullopt;
  std::ranges::copy(merging.left(), to);
  return out;
}

}  // namespace holdfast
