#pragma once

#include <functional>
#include <map>

#include <holdfast/fix/message.hpp>
#include <holdfast/sdk.hpp>

namespace holdfast::fix_feed {

/// One instrument's book as its subscription has told it, and its place in the venue's numbering (RptSeq).
class Book {
 public:
  /// Writes what the feed is to say of one message; positions are given behind it.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void quote(const Quote&) = 0;
    virtual void trade(const Trade&) = 0;
    virtual void level(const BookLevel&) = 0;
    virtual void clear(const BookClear&) = 0;
    virtual void bad(const BadTick&) = 0;
  };
  enum class Outcome : std::uint8_t {
    fine,
    lost,  ///< Something is missing or garbled: the book says nothing any more until a snapshot comes.
  };

  /// `top_only`: quotes are written, otherwise levels.
  Book(InstrumentId instrument, bool top_only) : instrument_{instrument}, top_only_{top_only} {}

  /// FIX W.
  Outcome snapshot(const fix::Message& message, Sink& sink);
  /// The entries of an X that are about this instrument.
  Outcome update(const std::vector<const fix::Entry*>& entries, Time time, Sink& sink);
  /// The connection, or our place, is lost.
  void lose(Time time, Sink& sink);

 private:
  struct Change {
    Side side = Side::buy;
    Price price;
    Quantity quantity;
  };
  bool read_level(const fix::Entry& entry, bool removed, Change& out) const;
  bool in_sequence(const fix::Entry& entry, std::uint64_t before, bool& gap);
  Outcome garbled(Time time, Sink& sink);
  void take_back(Time time, Sink& sink);
  void apply(const Change& change);
  void write(const std::vector<Change>& changes, Time time, Sink& sink);
  void write_top(Time time, Sink& sink);

  InstrumentId instrument_;
  bool top_only_;
  std::uint64_t seq_ = 0;  ///< 0: no snapshot yet.
  bool shown_ = false;     ///< Something was written that a clear takes back.
  Quote last_{};           ///< Written last.
  std::map<Price, Quantity, std::greater<>> bids_;
  std::map<Price, Quantity> offers_;
};

}  // namespace holdfast::fix_feed
