// Bytes that claim to be events: as they are stored, packed (first byte even) or plain (odd).
#include <holdfast/journal/frame.hpp>
#include <holdfast/journal/packing.hpp>
#include <holdfast/runtime/record.hpp>

#include "event_text.hpp"
#include "input.hpp"

using namespace holdfast;

namespace {

/// The record answers nothing.
struct NoStage final : Stage {
  Time now() const override { return {}; }
  bool muted() const override { return true; }
  void log(std::string_view) override {}
  EventBuffer& answers() override { return buffer; }
  ActorId self() const override { return {}; }
  std::uint64_t heard_seq() const override { return 0; }
  EventBuffer buffer;
};

/// Everything that is done with events read from a disk.
void read(EventBytes events) {
  if (check_events(events)) return;
  std::size_t count = 0;
  SystemRecord record;
  NoStage stage;
  for_each_event(events, [&](const Event& event) {
    ++count;
    fuzz::require(event.bytes().size() >= sizeof(EventHeader), "an event has its header");
    // Sums of money end the program when they overflow, and are meant to.
    if (event.type() != EventType::fill_booked) record.hear(event, stage);
    cli::event_line(event, record);
    event_json(event, record);
  });
  const auto packed = pack(events);
  fuzz::require(unpack(packed) == events, "what is packed is unpacked to the same");
  Frame frame;
  fuzz::require(!check_events(events, &frame.business), "what was checked is checked again");
  frame.events = events;
  const auto business = frame.business_events();
  fuzz::require(!check_events(business), "the business events are events, too");
  const auto merged = unpack(pack(events, frame.business), business);
  fuzz::require(merged && merged->size() == events.size(), "a merge loses nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const bool plain = input.byte() % 2 == 1;
  const auto bytes = std::as_bytes(std::span{input.rest()});
  if (plain) read({bytes.begin(), bytes.end()});
  else if (auto events = unpack(bytes)) read(std::move(*events));
  return 0;
}
