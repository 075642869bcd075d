#include <holdfast/journal/frame.hpp>

#include <cstddef>
#include <cstring>

// The one place that knows which events bytes may hold. When a layout gets a second version, its
// upcast from the first belongs here.

namespace holdfast {

namespace {

struct Layout {
  int size = -1;  ///< Of the payload; -1 where there is no such type.
  int version = 1;
};
template <Payload... E>
constexpr std::array<Layout, 128> layouts() {
  std::array<Layout, 128> table{};
  ((table[static_cast<std::size_t>(E::kType)] = Layout{static_cast<int>(payload_size<E>), version_of<E>}), ...);
  return table;
}

constexpr auto kLayouts =
    layouts<Quote, Trade, BookLevel, BookClear, BadTick, TimeAdvanced, OrderIntent, OrderApproved, OrderDenied,
          OrderSent, OrderAcknowledged, OrderFilled, OrderCancelled, OrderExpired, OrderRejected, CancelIntent,
          CancelSent, CancelRejected, FillBooked, CheckpointSigned, AlertSent, SystemStarted, SystemStopped, SystemRestored, ActorDeclared,
          ActorStarted, ActorFailed, ActorStopped, ActorParked, InstrumentDefined, LatchEngaged, LatchReleased,
          FeedEnded, MarketPruned, OrderReplaced,
            OrderUnknown, OrderAdopted, FillBusted, ReplaceIntent, ReplaceApproved, ReplaceDenied, ReplaceSent,
            ReplaceRejected, OrderRouted, PositionAdjusted, LinkChanged, Reconciled, DifferenceFound, DifferenceAccepted,
            InstrumentChanged, StrategyRemoved, OrderHandedOver, ShareBooked>();

}  // namespace

std::optional<std::string> check_events(std::span<const std::byte> bytes, std::vector<std::uint32_t>* business) {
  std::uint64_t known = 0;  // Type, version, author and sizes of an event that passed.
  std::size_t known_size = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < sizeof(EventHeader)) return "an event is cut short";
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at + offsetof(EventHeader, type), sizeof word);
    if (known_size != 0 && word == known && known_size <= bytes.size() - at) {
      at += known_size;
      continue;
    }
    EventHeader header;  // Copied out: what comes from disk need not be aligned.
    std::memcpy(&header, bytes.data() + at, sizeof header);
    const auto type = static_cast<std::size_t>(header.type);
    if (type >= kLayouts.size() || kLayouts[type].size < 0)
      return "event type " + std::to_string(type) + " is unknown to this version";
    if ((header.version & 0x7f) != kLayouts[type].version)
      return "an event has schema version " + std::to_string(header.version & 0x7f) + ", this program knows " +
             std::to_string(kLayouts[type].version);
    const std::size_t needed = sizeof(EventHeader) + static_cast<std::size_t>(kLayouts[type].size) + header.tail;
    if (header.size % 8 != 0 || header.size < needed || header.size > needed + 7 || header.size > bytes.size() - at)
      return "an event's size does not fit its type";
    if (stream_of(header.type) == Stream::market) {
      known = word;
      known_size = header.size;
    } else if (business != nullptr) {
      business->push_back(static_cast<std::uint32_t>(at));
    }
    at += header.size;
  }
  return std::nullopt;
}

}  // namespace holdfast
