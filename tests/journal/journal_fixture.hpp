#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <holdfast/journal/anchors.hpp>
#include <holdfast/journal/data_dir.hpp>
#include <holdfast/journal/sequencer.hpp>
#include <holdfast/sdk/random.hpp>
#include <holdfast/trading/position.hpp>
#include <string>
#include <vector>

namespace holdfast::test {

struct TempDir {
  TempDir() {
    std::string name = std::filesystem::temp_directory_path() / "holdfast-test-XXXXXX";
    path = ::mkdtemp(name.data());
  }
  ~TempDir() { std::filesystem::remove_all(path); }
  TempDir(const TempDir&) = delete;
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

inline void write_file(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
}

constexpr ActorId kFeed{1}, kStrategy{2}, kBroker{3}, kLedger{4};
constexpr InstrumentId kInstrument{1};

inline Quote quote(std::int64_t bid) {
  return {kInstrument,     TickFlaw::none,  Price::of(bid), Price::of(bid + 1),
          Quantity::of(1), Quantity::of(1), Time{bid}};
}

template <Payload E>
Submission one(ActorId author, const E& payload, std::string_view tail = {}, std::uint32_t incarnation = 0) {
  Submission s;
  s.author = author;
  s.incarnation = incarnation;
  s.events.append(payload, author, 0, true, Time{}, tail);
  return s;
}

inline Snapshot snapshot_at(const std::string& actor, std::uint64_t seq, std::uint64_t seed = 1) {
  Snapshot s;
  s.actor = actor;
  s.seq = seq;
  s.state.resize(64 + seed % 100, static_cast<std::byte>(seq + seed));
  s.digest = sha256(s.state);
  return s;
}

/// One to eight events of both streams, some with tails.
inline Submission traffic(Random& random) {
  Submission s;
  s.author = kFeed;
  for (std::uint64_t n = 1 + random.below(8), i = 0; i < n; ++i) {
    const auto value = static_cast<std::int64_t>(1 + random.below(100'000));
    if (random.below(4) != 0) {
      s.events.append(quote(value), kFeed, value, true);
    } else {
      OrderIntent intent;
      intent.terms.cl_ord_id = ClOrdId::make(kStrategy, random.next() >> 20);
      intent.terms.instrument = kInstrument;
      intent.terms.quantity = Quantity::of(value);
      s.events.append(intent, kStrategy, 0, false, Time{}, std::string(random.below(40), 'r'));
    }
  }
  return s;
}

/// A clock that goes one microsecond with every look.
struct Clock {
  Time operator()() { return Time{now += 1000}; }
  std::int64_t now = 1'700'000'000'000'000'000;
};

/// Sequences and stores, one frame a call.
class Writer {
 public:
  explicit Writer(Store& store, std::uint64_t epoch = 1)
      : store_{store}, sequencer_{store.head(), epoch, Clock{}} {}
  FramePtr write(Submission submission, const std::vector<Snapshot>& snapshots = {}) {
    sequencer_.add(submission);
    const FramePtr frame = sequencer_.seal();
    store_.write(*frame, snapshots);
    return frame;
  }
  Sequencer& sequencer() { return sequencer_; }

 private:
  Store& store_;
  Sequencer sequencer_;
};

inline StoreOptions store_options(const std::string& path, bool create = true) {
  StoreOptions options;
  options.path = path;
  options.create = create;
  return options;
}

}  // namespace holdfast::test
