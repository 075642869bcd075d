#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/watch.hpp>
#include <holdfast/testkit/written_tape.hpp>

namespace holdfast::testkit {

namespace {

using State = std::vector<std::byte>;

/// A recorded feed plays to its end; one that never ends is listened to for this long.
constexpr std::uint64_t kEnough = 5'000;

State saved(Feed& feed) {
  Archive archive;
  feed.state(archive);
  return archive.take();
}

void restore(Feed& feed, const State& state) {
  Archive archive{state, 1};
  feed.state(archive);
  if (!archive.at_end()) throw StateError{"state() does not read all it wrote"};
}

/// The checks of one feed over one recording.
class FeedCheck {
 public:
  explicit FeedCheck(const Subject& subject) : subject_{subject} {}

  Findings run(std::size_t records) {
    whole_ = listen(*opened(0), kEnough);
    if (whole_.lines.size() < records) {
      fail("tells", "it tells " + std::to_string(whole_.lines.size()) + " records, this check needs " + std::to_string(records));
      return found_;
    }
    positions_grow();
    the_end_stays();
    compare("same twice", whole_.lines, listen(*opened(0), kEnough).lines, "a second instance");
    resumes_without_state();
    resumes_with_state();
    return found_;
  }

 private:
  std::shared_ptr<Feed> opened(std::uint64_t after, const State* state = nullptr) const {
    const auto feed = subject_.make<Feed>();
    if (state != nullptr) restore(*feed, *state);
    feed->open(after, [] {});
    return feed;
  }

  static WrittenTape listen(Feed& feed, std::uint64_t records) {
    WrittenTape tape;
    play(feed, tape, records);
    return tape;
  }

  void fail(const char* check, std::string what) { found_.push_back({check, std::move(what)}); }

  bool compare(const char* check, const std::vector<std::string>& wanted, const std::vector<std::string>& got,
               const std::string& who) {
    for (std::size_t i = 0; i < std::min(wanted.size(), got.size()); ++i)
      if (wanted[i] != got[i]) {
        fail(check, who + " says '" + got[i] + "' where the whole recording says '" + wanted[i] + "'");
        return false;
      }
    // A feed that never ends was cut where both had said enough.
    if (wanted.size() == got.size() || whole_.positions.size() >= kEnough) return true;
    fail(check, who + " says " + std::to_string(got.size()) + " records, " + std::to_string(wanted.size()) + " are left");
    return false;
  }

  /// What of the whole has a position beyond `after`.
  std::vector<std::string> rest(std::uint64_t after) const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < whole_.lines.size(); ++i)
      if (whole_.positions[i] > after) lines.push_back(whole_.lines[i]);
    return lines;
  }

  void positions_grow() {
    const auto feed = opened(0);
    std::uint64_t before = 0;
    for (std::uint64_t i = 0; i < kEnough; ++i) {
      WrittenTape tape;
      if (feed->next(tape) != Feed::Step::record) return;
      if (tape.positions.empty()) return fail("positions", "it says that a record was there and puts none on the tape");
      for (const auto at : tape.positions)
        if (at <= before || at != tape.positions.front())
          return fail("positions", "position " + std::to_string(at) + " follows " + std::to_string(before) +
                                       ": they grow, and are one for all of a record");
      before = tape.positions.back();
    }
  }

  void the_end_stays() {
    const auto feed = opened(0);
    if (listen(*feed, kEnough).lines.size() >= kEnough) return;
    WrittenTape more;
    for (int i = 0; i < 3; ++i)
      if (feed->next(more) == Feed::Step::record || !more.lines.empty())
        return fail("end", "it goes on after its end: " + more.lines.front());
  }

  void resumes_without_state() {
    for (std::uint64_t after = 1; after <= whole_.positions.back(); after += 1 + whole_.positions.back() / 25)
      if (!compare("resume", rest(after), listen(*opened(after), kEnough).lines,
                   "resumed after position " + std::to_string(after) + " it"))
        return;
  }

  /// Saved between two records, loaded by another instance that goes on at the same place, at a
  /// later one, and at an earlier one: what a crash between snapshot and journal leaves.
  void resumes_with_state() {
    for (std::uint64_t records = 1; records < std::min<std::uint64_t>(whole_.lines.size(), 250); records += records < 40 ? 1 : 11) {
      const auto first = opened(0);
      auto heard = listen(*first, records);
      const State state = saved(*first);
      play(*first, heard, records % 4);
      for (const std::uint64_t after : {heard.positions.back(), heard.positions.front()}) {
        const auto second = subject_.make<Feed>();
        restore(*second, state);
        if (saved(*second) != state) return fail("state", "state() writes something else after it was read");
        second->open(after, [] {});
        if (!compare("resume", rest(after), listen(*second, kEnough).lines,
                     "with a state saved after " + std::to_string(records) + " records, resumed after position " +
                         std::to_string(after) + ", it"))
          return;
      }
    }
  }

  const Subject& subject_;
  WrittenTape whole_;
  Findings found_;
};

}  // namespace

Findings check_feed(const Subject& subject, std::size_t records) {
  Findings found = check_settings(subject);
  if (!found.empty()) return found;
  Watch::take();
  try {
    const Watch watch;
    found = FeedCheck{subject}.run(records);
  } catch (const std::exception& error) {
    found.push_back({"throws", error.what()});
  }
  // Libraries that read files look at the environment, for their own sake; the tape does not depend on it.
  for (const auto& what : Watch::take())
    if (what.find("environment") == std::string::npos)
      found.push_back({"outside", "it asks for " + what + ": a recording has its own time, and settings the rest"});
  return found;
}

}  // namespace holdfast::testkit
