#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <holdfast/sdk/events.hpp>
#include <holdfast/sdk/lifecycle.hpp>

namespace holdfast {

/// The first 32 bytes of every event, in memory, on disk and on the wire alike.
struct EventHeader {
  std::uint64_t seq = 0;     ///< Given by the journal; 0 before.
  Time time;                 ///< Given by the journal; before, the author's own time.
  std::uint64_t origin = 0;  ///< An answer: the sequence number it answers. Spontaneous: the
                             ///< author's external position, which makes it unique.
  EventType type{};
  std::uint8_t version = 1;  ///< Low 7 bits: schema version. High bit: spontaneous.
  ActorId author;
  std::uint16_t size = 0;    ///< Header, payload, tail and padding; a multiple of 8.
  std::uint16_t tail = 0;    ///< Bytes of text before the padding.

  bool spontaneous() const { return (version & 0x80) != 0; }
};
static_assert(sizeof(EventHeader) == 32);

template <class E>
concept Payload = std::is_trivially_copyable_v<E> && requires { E::kType; };
/// Empty structs have a size in C++ but no bytes on disk.
template <Payload E>
constexpr std::size_t payload_size = std::is_empty_v<E> ? 0 : sizeof(E);

/// The schema version that this program writes of an event.
template <Payload E>
constexpr std::uint8_t version_of = [] {
  if constexpr (requires { E::kVersion; }) return E::kVersion;
  else return std::uint8_t{1};
}();

/// Thrown when bytes claim a payload they do not hold.
struct MalformedEvent : std::exception {
  const char* what() const noexcept override { return "an event's bytes do not fit its type"; }
};

/// One event, read in place. Does not own its bytes; valid as long as the frame is.
class Event {
 public:
  explicit Event(const std::byte* bytes) : bytes_{bytes} {}

  const EventHeader& header() const { return *reinterpret_cast<const EventHeader*>(bytes_); }
  EventType type() const { return header().type; }
  std::uint64_t seq() const { return header().seq; }
  Time time() const { return header().time; }
  ActorId author() const { return header().author; }
  bool spontaneous() const { return header().spontaneous(); }
  std::span<const std::byte> bytes() const { return {bytes_, header().size}; }

  /// REQUIRES: type() == E::kType. Fails: MalformedEvent when the bytes are too few.
  template <Payload E>
  const E& as() const {
    if (header().size < sizeof(EventHeader) + payload_size<E> + header().tail) throw MalformedEvent{};
    return *reinterpret_cast<const E*>(bytes_ + sizeof(EventHeader));
  }
  template <Payload E>
  std::string_view tail() const {
    const E& payload = as<E>();
    return {reinterpret_cast<const char*>(&payload) + payload_size<E>, header().tail};
  }
  /// REQUIRES: type() == order_sent or order_approved.
  ApprovedOrder approved() const {
    return ApprovedOrder{type() == EventType::order_sent ? as<OrderSent>().terms : as<OrderApproved>().terms};
  }
  /// REQUIRES: type() == replace_sent.
  ApprovedReplace approved_replace() const { return {as<ReplaceSent>().quantity, as<ReplaceSent>().price}; }

 private:
  const std::byte* bytes_;
};

/// Memory that is not filled with zeros before it is written.
template <class T>
struct Unfilled : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = Unfilled<U>;
  };
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    std::construct_at(at, std::forward<Args>(args)...);
  }
};
using EventBytes = std::vector<std::byte, Unfilled<std::byte>>;

/// Makes `bytes` longer and returns where the new part begins. What was there is moved at once if it must
/// be: a vector with an allocator like this moves, as it inserts, byte after byte.
inline std::byte* extend(EventBytes& bytes, std::size_t by) {
  const std::size_t size = bytes.size();
  if (bytes.capacity() - size < by) [[unlikely]] {
    EventBytes larger;
    larger.reserve(std::max(size + by, 2 * size));
    larger.resize(size);
    if (size != 0) std::memcpy(larger.data(), bytes.data(), size);
    bytes.swap(larger);
  }
  bytes.resize(size + by);
  return bytes.data() + size;
}
inline void append(EventBytes& to, std::span<const std::byte> bytes) {
  if (!bytes.empty()) std::memcpy(extend(to, bytes.size()), bytes.data(), bytes.size());
}

/// Copies what was only just written, a multiple of 8 bytes, in the words it was written in: larger
/// reads would wait until those words have reached the cache.
inline void copy_words(void* to, const void* from, std::size_t size) {
#pragma GCC unroll 8
  for (std::size_t at = 0; at < size; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, static_cast<const std::byte*>(from) + at, 8);
    asm("" : "+r"(word));  // Or the compiler makes larger reads of it again.
    std::memcpy(static_cast<std::byte*>(to) + at, &word, 8);
  }
}

/// Events one after another in one buffer: what authors submit and frames hold.
class EventBuffer {
 public:
  static constexpr std::size_t kMaxTail = 4096;

  /// Appends an event; a tail beyond kMaxTail is cut. Returns its offset.
  template <Payload E>
  std::size_t append(const E& payload, ActorId author, std::uint64_t origin, bool spontaneous,
                     Time time = {}, std::string_view tail = {}) {
    tail = tail.substr(0, kMaxTail);
    const std::size_t offset = bytes_.size();
    const std::size_t size = (sizeof(EventHeader) + payload_size<E> + tail.size() + 7) & ~std::size_t{7};
    std::byte* const at = extend(bytes_, size);
    // Field by field where it will lie: a header made elsewhere and copied waits for its own stores.
    auto& header = *reinterpret_cast<EventHeader*>(at);
    header.seq = 0;
    header.time = time;
    header.origin = origin;
    header.type = E::kType;
    header.version = static_cast<std::uint8_t>(version_of<E> | (spontaneous ? 0x80 : 0));
    header.author = author;
    header.size = static_cast<std::uint16_t>(size);
    header.tail = static_cast<std::uint16_t>(tail.size());
    if constexpr (payload_size<E> % 8 != 0) std::memcpy(at + sizeof header, &payload, sizeof payload);
    else copy_words(at + sizeof header, &payload, payload_size<E>);
    std::byte* const behind = at + sizeof header + payload_size<E>;
    if (!tail.empty()) std::memcpy(behind, tail.data(), tail.size());
    for (std::byte* padding = behind + tail.size(); padding != at + size; ++padding) *padding = {};
    ++count_;
    return offset;
  }
  void append(const Event& event) {
    holdfast::append(bytes_, event.bytes());
    ++count_;
  }
  void append(const EventBuffer& other) {
    holdfast::append(bytes_, other.bytes_);
    count_ += other.count_;
  }

  bool empty() const { return bytes_.empty(); }
  std::size_t count() const { return count_; }
  std::size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  std::span<std::byte> bytes() { return bytes_; }
  Event at(std::size_t offset) const { return Event{bytes_.data() + offset}; }
  void clear() { bytes_.clear(); count_ = 0; }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

 private:
  EventBytes bytes_;
  std::size_t count_ = 0;
};

/// Calls `f(Event)` for each event in well-formed `bytes`.
template <class F>
void for_each_event(std::span<const std::byte> bytes, F&& f) {
  for (std::size_t at = 0; at < bytes.size();) {
    const Event event{bytes.data() + at};
    at += event.header().size;
    f(event);
  }
}

}  // namespace holdfast
