#pragma once

#include <functional>
#include <holdfast/testkit/data_files.hpp>
#include <holdfast/trading/order_book.hpp>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "plugin_fixture.hpp"

namespace holdfast::test {

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

/// A tape that tells what it hears to functions; those not set hear nothing.
struct HeardTape : Tape {
  std::function<void(const Quote&, std::uint64_t)> on_quote;
  std::function<void(const Trade&, std::uint64_t)> on_trade;
  std::function<void(const BookLevel&, std::uint64_t)> on_level;
  std::function<void(const BookClear&, std::uint64_t)> on_clear;
  std::uint64_t bad_ticks = 0;

  void quote(const Quote& q, std::uint64_t at) override {
    if (on_quote) on_quote(q, at);
  }
  void trade(const Trade& t, std::uint64_t at) override {
    if (on_trade) on_trade(t, at);
  }
  void level(const BookLevel& l, std::uint64_t at) override {
    if (on_level) on_level(l, at);
  }
  void clear(const BookClear& c, std::uint64_t at) override {
    if (on_clear) on_clear(c, at);
  }
  void bad(const BadTick&, std::uint64_t) override { ++bad_ticks; }
};

/// One feed with its settings, made again at will.
struct FeedCase {
  std::string plugin;
  Setting settings;

  std::shared_ptr<Feed> make() const {
    return load<Feed>(plugin, settings, context(instruments({"BTCUSDT", "ETHUSDT"})));
  }
};

/// Plays at most `records` records.
inline void play(Feed& feed, Tape& tape, std::uint64_t records = ~std::uint64_t{0}) {
  for (std::uint64_t i = 0; i < records; ++i)
    if (feed.next(tape) != Feed::Step::record) return;
}

inline WrittenTape play_all(const FeedCase& feed_case, std::uint64_t records = ~std::uint64_t{0}) {
  WrittenTape tape;
  const auto feed = feed_case.make();
  feed->open(0, [] {});
  play(*feed, tape, records);
  return tape;
}

/// Settings of the replay feed for one file.
inline FeedCase replay(const std::string& format, const std::string& file,
                       std::vector<std::pair<std::string, Written>> more = {}) {
  return {"replay",
          with(map({{"format", format}, {"instrument", "BTCUSDT"}, {"file", file}}), std::move(more))};
}

/// The sentence a feed refuses with, or "" when it plays to its end.
inline std::string refusal(const FeedCase& feed_case) {
  try {
    play_all(feed_case);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace holdfast::test
