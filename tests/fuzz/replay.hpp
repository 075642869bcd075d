#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <holdfast/sdk.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input.hpp"

/// The replay feed, linked in, on a file of any bytes.
extern "C" const holdfast::PluginManifest* holdfast_plugin();

namespace holdfast::fuzz {

/// A file in memory with a name.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_{::memfd_create("fuzz", MFD_CLOEXEC)} {
    for (std::size_t done = 0; done < bytes.size();) {
      const auto n = ::write(fd_, bytes.data() + done, bytes.size() - done);
      require(n > 0, "memory can be written");
      done += static_cast<std::size_t>(n);
    }
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

/// All that is told, in bytes that can be compared.
class BytesTape : public Tape {
 public:
  void quote(const Quote& q, std::uint64_t at) override { add(q, at); }
  void trade(const Trade& t, std::uint64_t at) override { add(t, at); }
  void level(const BookLevel& l, std::uint64_t at) override { add(l, at); }
  void clear(const BookClear& c, std::uint64_t at) override { add(c, at); }
  void bad(const BadTick& b, std::uint64_t at) override { add(b, at); }

  std::uint64_t position = 0;
  EventBuffer told;

 private:
  template <class E>
  void add(const E& payload, std::uint64_t at) {
    require(at >= position && at > 0, "positions grow");
    position = at;
    told.append(payload, ActorId{1}, at, true, payload.venue_time);
  }
};

using Settings = std::vector<std::pair<std::string, std::string>>;

inline std::shared_ptr<Feed> make_replay(const Settings& settings) {
  static const auto known = [] {
    auto made = std::make_shared<Instruments>();
    made->add({{1}, 1, "X", *Price::parse("0.01"), *Quantity::parse("0.00001"), "USD", "24x7"});
    return made;
  }();
  Setting map;
  map.kind = Setting::Kind::map;
  for (const auto& [name, text] : settings) {
    Setting value;
    value.kind = Setting::Kind::scalar;
    value.text = text;
    map.fields.emplace_back(name, value);
    map.keys.push_back({"fuzz.yaml", 1, 1});
  }
  PluginContext context;
  context.actor = "market";
  context.id = ActorId{1};
  context.base_dir = ".";
  context.instruments = known;
  Problems problems;
  auto made = holdfast_plugin()->make(map, context, problems);
  require(made != nullptr, "the settings are right");
  return std::static_pointer_cast<Feed>(made);
}

/// Plays up to `records` records. Returns the sentence it ended with, or "".
inline std::string play(Feed& feed, Tape& tape, std::uint64_t records) {
  try {
    for (std::uint64_t i = 0; i < records; ++i)
      if (feed.next(tape) != Feed::Step::record) return "";
  } catch (const std::runtime_error& refusal) {
    const std::string text = refusal.what();
    require(text.find("; ") != std::string::npos, "a refusal names the remedy");
    return text;
  }
  return "";
}

inline std::string open(Feed& feed, std::uint64_t after) {
  try {
    feed.open(after, [] {});
    return "";
  } catch (const std::runtime_error& refusal) {
    return refusal.what();
  }
}

inline bool same(const EventBuffer& a, const EventBuffer& b) {
  return std::ranges::equal(a.bytes(), b.bytes());
}

/// Plays the file, and once more in two parts, as after a crash behind `pause` records: with the
/// feed's state and without. The parts must tell what the whole told, and end as it ended.
inline void replay(const Settings& settings, std::uint64_t pause) {
  const std::uint64_t kAll = ~std::uint64_t{0};
  BytesTape whole;
  const auto feed = make_replay(settings);
  std::string ended = open(*feed, 0);
  if (ended.empty()) ended = play(*feed, whole, kAll);
  if (pause == 0) return;
  BytesTape first;
  const auto before = make_replay(settings);
  if (!open(*before, 0).empty() || !play(*before, first, pause).empty() || first.position == 0) return;
  Archive saved;
  before->state(saved);
  for (const bool with_state : {true, false}) {
    BytesTape parts;
    parts.told.append(first.told);
    const auto after = make_replay(settings);
    Archive loaded{saved.bytes(), 1};
    if (with_state) after->state(loaded);
    std::string then = open(*after, first.position);
    if (then.empty()) then = play(*after, parts, kAll);
    require(same(whole.told, parts.told), "a feed that was interrupted tells the same");
    require(ended == then, "a feed that was interrupted ends the same");
  }
}

}  // namespace holdfast::fuzz
