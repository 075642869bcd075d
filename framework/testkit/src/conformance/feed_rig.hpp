#pragma once

#include <holdfast/testkit/written_tape.hpp>
#include <map>

#include "plugin_rig.hpp"

namespace holdfast::testkit {

/// What a feed has said of the traded instrument, as whoever listens from the beginning knows it.
class Told final : public Tape {
 public:
  explicit Told(InstrumentId of) : of_{of} {}
  void quote(const Quote& quote, std::uint64_t at) override;
  void trade(const Trade& trade, std::uint64_t at) override;
  void level(const BookLevel& level, std::uint64_t at) override;
  void clear(const BookClear& clear, std::uint64_t at) override;
  void bad(const BadTick&, std::uint64_t at) override { note(at); }

  /// Best bid and ask; empty when one side is not known, or was taken back.
  std::optional<std::pair<Price, Price>> top() const;
  std::size_t clears() const { return clears_; }
  std::size_t ticks() const { return ticks_; }
  /// Prices or sizes that no venue has, a line each.
  const std::vector<std::string>& impossible() const { return impossible_; }
  std::size_t crossed() const { return crossed_; }    ///< Quotes whose bid is not below their ask.
  std::size_t backwards() const { return backwards_; }  ///< Ticks before the one before.

 private:
  void note(std::uint64_t at) { last_position_ = at; }
  void judge(InstrumentId id, Price price, Quantity size, Time time, const char* what);

  InstrumentId of_;
  std::uint64_t last_position_ = 0;
  std::map<Price, Quantity> bids_, asks_;
  std::size_t clears_ = 0, ticks_ = 0, crossed_ = 0, backwards_ = 0;
  std::map<InstrumentId, Time> newest_;
  std::vector<std::string> impossible_;
};

/// Attempts to connect to a port of this machine, in the place of a venue that is gone. Each is hung up on.
class Knocks {
 public:
  /// Fails: VenueTrouble, when the port is taken.
  explicit Knocks(int port);
  ~Knocks();
  Knocks(const Knocks&) = delete;
  Knocks& operator=(const Knocks&) = delete;
  /// How often somebody has tried in so long.
  int count(Duration within);

 private:
  int listener_ = -1;
};

/// One feed: a recording that is listened to again and again, or a connection to a venue. [one thread]
class FeedRig final : public PluginRig {
 public:
  /// A recording plays to its end; one that never ends is listened to for this long.
  static constexpr std::uint64_t kEnough = 5'000;
  using State = std::vector<std::byte>;

  FeedRig(const FeedSubject& subject, std::uint64_t seed)
      : PluginRig{Feed::kKind, subject.plugin, seed}, subject_{subject}, hosted_{subject.plugin}, told_{subject.instrument} {}
  ~FeedRig() override;
  bool meets(Need need) const override;
  void prepare() override;
  std::shared_ptr<void> made() override { return feed(); }
  void open(const std::shared_ptr<void>& plugin) override;
  void ask(const std::shared_ptr<void>& plugin) override;
  const FeedSubject& subject() const { return subject_; }
  std::shared_ptr<Feed> feed();

  // ---- recordings ----
  std::shared_ptr<Feed> opened(std::uint64_t after, const State* state = nullptr);
  static WrittenTape listen(Feed& feed, std::uint64_t records = kEnough);
  /// All it tells, once. Fails: CaseFailed, when that is too little.
  const WrittenTape& whole();
  /// `got` is what `wanted` is. Fails: CaseFailed.
  void expect_same(const std::vector<std::string>& wanted, const std::vector<std::string>& got, const std::string& who);
  /// What of the whole has a position beyond `after`.
  std::vector<std::string> rest(std::uint64_t after);

  // ---- connections ----
  VenueUnderTest& venue() {
    prepare();
    return *venue_;
  }
  void take_wrong_secrets();
  int port();
  void quote(int bid_ticks, int ask_ticks);
  void inject(const std::string& pathology);
  /// Listens until `so`. Fails: CaseFailed, "`what` within 10 s".
  void until(const std::function<bool()>& so, const std::string& what);
  void until_top(int bid_ticks, int ask_ticks, const std::string& what);
  /// Listens for so long.
  void listen_for(Duration time);
  const Told& told() const { return told_; }

 private:
  Price px(int ticks) const;
  void pump(Duration patience);

  const FeedSubject& subject_;
  std::unique_ptr<VenueUnderTest> venue_;
  Subject hosted_;  ///< The plugin with the settings it has at this venue.
  Told told_;
  Waker waker_;
  std::shared_ptr<Feed> feed_;  ///< Of the connection.
  std::optional<WrittenTape> whole_;
};

std::vector<FeedCase> recording_cases();
std::vector<FeedCase> connection_cases();

}  // namespace holdfast::testkit
