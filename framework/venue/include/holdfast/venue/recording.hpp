#pragma once

#include <functional>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include <holdfast/sdk/feed.hpp>
#include <holdfast/venue/exchange.hpp>

namespace holdfast::venue {

/// Another day's market in an instrument, and how it is played.
struct RecordingTerms {
  std::string symbol;          ///< What it is played in.
  InstrumentId instrument;     ///< What the feed calls it; what it says of others is passed over.
  std::shared_ptr<Feed> feed;  ///< Not opened yet.
  Rate speed = Rate::of(1);    ///< So many times as fast as it was.
  int levels = 10;             ///< Prices on each side, at most, where it has the book.
};

/// A market that was, for clients to trade with: its quotes or book stand as nobody's orders, its trades take from what
/// stands, clients' orders first where prices are equal. At its end the last book stays. The same feed, times and
/// client orders give the same market. One thread at a time.
class Recording final : private Tape {
 public:
  /// Opens the feed. Fails: std::runtime_error.
  explicit Recording(RecordingTerms terms);
  /// Plays what is due at `now`; the first record is due at once. Fails: std::runtime_error, when it cannot be read on.
  void tick(Time now, Exchange& exchange, Reports& out);

 private:
  using Said = std::variant<Quote, Trade, BookLevel, BookClear>;

  void quote(const Quote& e, std::uint64_t) override { hear(e.instrument, e.venue_time, e); }
  void trade(const Trade& e, std::uint64_t) override { hear(e.instrument, e.venue_time, e); }
  void level(const BookLevel& e, std::uint64_t) override { hear(e.instrument, e.venue_time, e); }
  void clear(const BookClear& e, std::uint64_t) override { hear(e.instrument, e.venue_time, e); }
  void bad(const BadTick&, std::uint64_t) override {}
  void hear(InstrumentId instrument, Time time, const Said& said);
  bool read(Duration played);
  bool play(const Said& said, const Listing& listing, std::vector<NewOrder>& takers);
  bool stand(const Quote& quote);
  std::vector<NewOrder> orders(const Listing& listing) const;

  RecordingTerms terms_;
  std::vector<Said> said_;  ///< The last record.
  Time said_at_;            ///< By its own clock.
  Time first_, began_;      ///< The first record by its clock and by ours.
  bool waiting_ = false;    ///< The last record is not due yet.
  bool ended_ = false, has_book_ = false;
  std::map<Price, Quantity, std::greater<>> bids_;
  std::map<Price, Quantity> offers_;
};

}  // namespace holdfast::venue
