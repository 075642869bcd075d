#pragma once

#include <functional>
#include <holdfast/testkit/data_files.hpp>
#include <holdfast/testkit/written_tape.hpp>
#include <holdfast/trading/order_book.hpp>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "plugin_fixture.hpp"

namespace holdfast::test {

using testkit::play;
using testkit::WrittenTape;

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
