#pragma once

#include <holdfast/sdk/feed.hpp>
#include <string>
#include <vector>

namespace holdfast::testkit {

/// Everything a feed says, as text with its position: tapes compare and print.
class WrittenTape : public Tape {
 public:
  void quote(const Quote& q, std::uint64_t at) override {
    write(at,
          "quote " + std::to_string(q.instrument.value) + ' ' + q.bid.str() + ' ' + q.bid_size.str() + " / " +
              q.ask.str() + ' ' + q.ask_size.str(),
          q.venue_time);
  }
  void trade(const Trade& t, std::uint64_t at) override {
    write(at,
          "trade " + std::to_string(t.instrument.value) + ' ' + std::string{to_string(t.aggressor)} + ' ' +
              t.quantity.str() + " at " + t.price.str() + (t.hidden != 0 ? " hidden" : ""),
          t.venue_time);
  }
  void level(const BookLevel& l, std::uint64_t at) override {
    write(at,
          "level " + std::string{to_string(l.side)} + ' ' + l.price.str() + ' ' + l.quantity.str() +
              (l.last != 0 ? " last" : ""),
          l.venue_time);
  }
  void clear(const BookClear& c, std::uint64_t at) override { write(at, "clear", c.venue_time); }
  void bad(const BadTick& b, std::uint64_t at) override {
    write(at, "bad " + std::string{to_string(b.flaw)}, b.venue_time);
  }

  std::vector<std::string> lines;
  std::vector<std::uint64_t> positions;

 private:
  void write(std::uint64_t at, const std::string& text, Time time) {
    lines.push_back(std::to_string(at) + ": " + text + " @" + std::to_string(time.ns));
    positions.push_back(at);
  }
};

/// Plays at most `records` records.
inline void play(Feed& feed, Tape& tape, std::uint64_t records = ~std::uint64_t{0}) {
  for (std::uint64_t i = 0; i < records; ++i)
    if (feed.next(tape) != Feed::Step::record) return;
}

}  // namespace holdfast::testkit
