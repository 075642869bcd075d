#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/events.hpp>

namespace holdfast {

/// Where a feed puts what it reads, lent for one call. [actor-thread]
///
/// Every call is one record of the source. `position` numbers records from 1 and must grow; it is
/// journaled with the event, makes it unique and tells the feed where to resume.
class Tape {
 public:
  virtual ~Tape() = default;
  /// The feed actor checks the quote (crossed, locked, zero, out of order) by declared policy.
  virtual void quote(const Quote&, std::uint64_t position) = 0;
  virtual void trade(const Trade&, std::uint64_t position) = 0;
  virtual void level(const BookLevel&, std::uint64_t position) = 0;
  virtual void clear(const BookClear&, std::uint64_t position) = 0;
  /// A record that could not be read as a number at all.
  virtual void bad(const BadTick&, std::uint64_t position) = 0;
};

/// Brings market data into the system. An edge: what it emits is fact, not an answer.
///
/// Pulled, one record at a time, so that whoever runs it decides the pace. A feed with threads of
/// its own queues what they receive and calls `wake` (any-thread) when next() has something again.
class Feed {
 public:
  static constexpr std::string_view kKind = "feed";
  enum class Step : std::uint8_t {
    record,  ///< One record was put on the tape (possibly several events of one position).
    idle,    ///< Nothing now; `wake` will be called.
    ended,   ///< Nothing will ever come again.
  };
  virtual ~Feed();
  /// Before the first next(). `after` is the last journaled position, 0 at the first start. Fails:
  /// throws std::runtime_error with one sentence that names the file, the place and the remedy.
  virtual void open(std::uint64_t after, std::function<void()> wake) = 0;
  virtual Step next(Tape& tape) = 0;
  /// What lets a feed resume without starting over, when it was saved between two records at or
  /// before that position and loaded before open(). The feed actor goes by position alone: what a
  /// feed remembers is no fold over events, so it has no place in an actor's state.
  virtual void state(Archive&) {}
};

}  // namespace holdfast
